package io.threatengine.onboarding.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialRotation;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.credential.VaultOutcome;
import io.threatengine.onboarding.error.AccessDeniedException;
import io.threatengine.onboarding.error.CredentialRefusedException;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.CredentialUnavailableException.Reason;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.error.RotationConflictException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.error.ThrottledException;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult.Outcome;
import io.threatengine.onboarding.tenant.TenantId;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.invocation.InvocationOnMock;
import org.mockito.stubbing.Answer;

class CachingVaultTest {
    private static final CredentialKey KEY = CredentialKey.of(TenantId.of("t1"), AccountId.of("a1"));

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T08:17:00Z"));
    private final CredentialVault behind = mock(CredentialVault.class);
    private final Deque<Runnable> background = new ArrayDeque<>();
    private final CacheOptions options =
            CacheOptions.defaults().withTimeToLive(Duration.ofMinutes(5)).withExecutor(background::add);
    private final CachingVault vault = CachingVault.over(behind, options, now::get);

    @Test
    void asksTheVaultOnceUntilItsTimeHasPassed() {
        answer("v1", null);

        StoredCredential first = vault.load(KEY);
        assertThat(vault.load(KEY)).isSameAs(first);
        assertThat(vault.get(KEY)).isSameAs(first.credential());
        assertHitsAndLoads(2, 1);

        now.updateAndGet(time -> time.plus(Duration.ofMinutes(5)));
        vault.load(KEY);
        assertHitsAndLoads(2, 2);
    }

    @Test
    void aRowThatKnowsOfANewerVersionIsNeverAnsweredWithTheOlder() {
        answer("v1", null);
        vault.load(KEY.at(null, "v1"));
        answer("v2", null);

        assertThat(vault.load(KEY.at(null, "v1")).version().versionId()).isEqualTo("v1");
        assertThat(vault.load(KEY.at(null, "v2")).version().versionId()).isEqualTo("v2");
        assertThat(vault.load(KEY.at(null, "v2")).version().versionId()).isEqualTo("v2");
        assertHitsAndLoads(2, 2);
    }

    @Test
    void rowsThatAreOlderThanTheCacheCostOneCallAndGetTheNewer() {
        answer("v3", null);

        for (int i = 0; i < 3; i++) {
            assertThat(vault.load(KEY.at(null, "v1")).version().versionId()).isEqualTo("v3");
            assertThat(vault.load(KEY.at(null, "v2")).version().versionId()).isEqualTo("v3");
            assertThat(vault.load(KEY).version().versionId()).isEqualTo("v3");
        }

        assertHitsAndLoads(7, 2);
    }

    @Test
    void aKeyOfAnotherPlaceOrTenantIsNotAnsweredFromTheCache() {
        answer("v1", null);
        vault.load(KEY);

        vault.load(KEY.at("another/secret", null));
        CredentialKey stranger = CredentialKey.of(TenantId.of("t2"), KEY.accountId());
        when(behind.load(stranger)).thenThrow(new NotFoundException("credential", stranger.toString()));

        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault.load(stranger));
        vault.load(KEY.at("another/secret", null));
        assertHitsAndLoads(1, 3);
    }

    @Test
    void aCredentialIsNotAnsweredAfterItsExpiry() {
        answer("v1", now.get().plusSeconds(10));
        vault.load(KEY);
        now.updateAndGet(time -> time.plusSeconds(9));
        vault.load(KEY);
        assertHitsAndLoads(1, 1);

        now.updateAndGet(time -> time.plusSeconds(1));
        vault.load(KEY);
        assertHitsAndLoads(1, 2);
    }

    @Test
    void aWriteThroughItIsSeenByTheNextReadAlsoWhenItFails() {
        answer("v1", null);
        vault.load(KEY);
        when(behind.store(any(), any(), any())).thenThrow(new ThrottledException("PutSecretValue", "s", null));

        assertThatExceptionOfType(ThrottledException.class)
                .isThrownBy(() -> vault.store(KEY, new IbmApiKey(Secret.of("k"))));
        vault.load(KEY);
        vault.delete(KEY);
        vault.load(KEY);
        vault.restore(KEY);
        vault.load(KEY);

        assertHitsAndLoads(0, 4);
    }

    @ParameterizedTest
    @MethodSource
    void aWriteThatIsRefusedTakesNothingAway(OnboardingException refusal) {
        answer("v1", null);
        vault.load(KEY);
        pass(Duration.ofMinutes(5));
        fail(new ThrottledException("GetSecretValue", "s", null));
        assertThat(versionOf(KEY)).isEqualTo("v1");
        CredentialRotation rotation = mock(CredentialRotation.class);
        when(behind.rotation()).thenReturn(rotation);
        when(behind.store(any(), any(), any())).thenThrow(refusal);
        when(rotation.rollback(any())).thenThrow(refusal);
        when(behind.delete(any())).thenThrow(refusal);
        when(behind.deleteUnless(any(), any())).thenReturn(Optional.empty());

        assertThatExceptionOfType(refusal.getClass()).isThrownBy(() -> vault.store(KEY, new IbmApiKey(Secret.of("k"))));
        assertThat(versionOf(KEY)).isEqualTo("v1");
        assertThatExceptionOfType(refusal.getClass())
                .isThrownBy(() -> vault.rotation().rollback(KEY));
        assertThat(versionOf(KEY)).isEqualTo("v1");
        assertThatExceptionOfType(refusal.getClass()).isThrownBy(() -> vault.delete(KEY));
        assertThat(versionOf(KEY)).isEqualTo("v1");
        assertThat(vault.deleteUnless(KEY, credential -> true)).isEmpty();
        assertThat(versionOf(KEY)).isEqualTo("v1");
    }

    static Stream<OnboardingException> aWriteThatIsRefusedTakesNothingAway() {
        return Stream.of(
                new InvalidValueException("credential", "is bad", "x"),
                new CredentialRefusedException("s", new IllegalStateException("no")),
                new RotationConflictException("s", RotationConflictException.Reason.IN_PROGRESS),
                new AccessDeniedException("PutSecretValue", "s", null),
                new NotFoundException("pending rotation", "t1/a1"));
    }

    @ParameterizedTest
    @MethodSource
    void aWriteThatMayHaveTakenEffectIsSeenByTheNextRead(Throwable failure) {
        answer("v1", null);
        vault.load(KEY);
        when(behind.store(any(), any(), any())).thenThrow(failure);

        assertThatExceptionOfType(failure.getClass()).isThrownBy(() -> vault.store(KEY, new IbmApiKey(Secret.of("k"))));
        vault.load(KEY);
        assertHitsAndLoads(0, 2);
    }

    static Stream<Throwable> aWriteThatMayHaveTakenEffectIsSeenByTheNextRead() {
        return Stream.of(
                new ServiceUnavailableException("PutSecretValue", "s", null),
                new OperationInterruptedException("PutSecretValue", null),
                new CredentialUnavailableException("s", Reason.PENDING_DELETION),
                new IllegalStateException("closed"),
                new StackOverflowError());
    }

    @Test
    void aWriteThatMetAnothersHasTheCredentialLookedForInTheBackground() {
        answer("v1", null);
        vault.load(KEY);
        when(behind.store(any(), any(), any()))
                .thenThrow(new RotationConflictException("s", RotationConflictException.Reason.OVERTAKEN));
        answer("v2", null);

        assertThatExceptionOfType(RotationConflictException.class)
                .isThrownBy(() -> vault.store(KEY, new IbmApiKey(Secret.of("k"))));
        assertThat(versionOf(KEY)).isEqualTo("v1");
        runBackground();
        assertThat(versionOf(KEY)).isEqualTo("v2");
    }

    @Test
    void whatTheVaultRefusesIsForgotten() {
        answer("v1", null);
        vault.load(KEY);
        when(behind.load(any())).thenThrow(new NotFoundException("credential", "t1/a1"));

        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault.load(KEY.at(null, "v2")));
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault.load(KEY));
        assertThat(vault.find(KEY)).isEmpty();
    }

    @Test
    void manyReadersThatMissCauseOneLoad() throws Exception {
        var release = new CountDownLatch(1);
        when(behind.load(any())).thenAnswer(call -> {
            release.await();
            return stored("v1", null);
        });
        int readers = 16;
        List<Callable<StoredCredential>> reads = new ArrayList<>();
        for (int i = 0; i < readers; i++) {
            reads.add(() -> vault.load(KEY));
        }

        var threads = Executors.newFixedThreadPool(readers);
        try {
            List<Future<StoredCredential>> answers = new ArrayList<>();
            reads.forEach(read -> answers.add(threads.submit(read)));
            release.countDown();
            for (Future<StoredCredential> answer : answers) {
                assertThat(answer.get().version().versionId()).isEqualTo("v1");
            }
        } finally {
            threads.shutdownNow();
        }
        verify(behind).load(KEY);
    }

    @Test
    void closingClosesTheVaultAndForgets() {
        answer("v1", null);
        vault.load(KEY);

        vault.close();

        verify(behind).close();
        vault.load(KEY);
        assertThat(vault.statistics().loads()).isEqualTo(2);
    }

    @Test
    void optionsArePositive() {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> CacheOptions.defaults().withTimeToLive(Duration.ZERO));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> CacheOptions.defaults().withMaximumBytes(0));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> CacheOptions.defaults().withStaleFor(Duration.ofSeconds(-1)));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> CacheOptions.defaults().withNotFoundFor(Duration.ofDays(366)));
    }

    // ---- versions

    @Test
    void aVersionThatWasRolledBackToIsAskedForByALaterRow() {
        answer("v2", null);
        CredentialKey lagging = KEY.at(null, "v1").asOf(7);
        assertThat(versionOf(lagging)).isEqualTo("v2");
        assertThat(versionOf(lagging)).isEqualTo("v2");
        assertHitsAndLoads(1, 1);

        answer("v1", null); // rolled back, and the row was written
        assertThat(versionOf(lagging.asOf(8))).isEqualTo("v1");
        assertThat(versionOf(lagging.asOf(8))).isEqualTo("v1");
        assertThat(versionOf(KEY)).isEqualTo("v1");
        assertThat(versionOf(KEY.at(null, "v2").asOf(7))).isEqualTo("v1");
        assertThat(versionOf(KEY.at(null, "v2").asOf(6))).isEqualTo("v1");
        assertHitsAndLoads(4, 3);
    }

    @Test
    void thatARowIsOldIsBelievedForSecondsUntilItHasBeenSaidForAMinute() {
        CredentialKey row = KEY.at(null, "v1").asOf(8);
        answer("v2", null); // from before a rollback to v1
        assertThat(versionOf(row)).isEqualTo("v2");
        assertThat(versionOf(row.asOf(7))).isEqualTo("v2");
        assertHitsAndLoads(1, 1);

        pass(Duration.ofSeconds(5));
        assertThat(versionOf(row.asOf(7))).isEqualTo("v2");
        assertThat(versionOf(row)).isEqualTo("v2");
        assertHitsAndLoads(2, 2);

        pass(Duration.ofSeconds(55));
        assertThat(versionOf(row)).isEqualTo("v2");
        pass(Duration.ofMinutes(3));
        assertThat(versionOf(row)).isEqualTo("v2");
        assertHitsAndLoads(3, 3);

        answer("v1", null);
        assertThat(versionOf(row.asOf(9))).isEqualTo("v1");
    }

    @Test
    void aRowThatIsNoLongerBelievedToBeOldIsAskedFor() {
        answer("v2", null); // from before a rollback to v1
        vault.load(KEY.at(null, "v1"));
        answer("v1", null);
        pass(Duration.ofSeconds(5));

        assertThat(versionOf(KEY.at(null, "v1"))).isEqualTo("v1");
    }

    @Test
    void whatOlderRowsNameIsKnownAsLongAsTheVersionStays() {
        answer("v2", null);
        vault.load(KEY.at(null, "v1"));
        pass(Duration.ofMinutes(4));
        assertThat(versionOf(KEY)).isEqualTo("v2");
        answer("v1", null); // rolled back, and the row stays as it is
        runBackground();

        assertThat(versionOf(KEY.at(null, "v1"))).isEqualTo("v1");
        assertThat(vault.statistics().loads()).isEqualTo(2);
    }

    @Test
    void ofManyOlderVersionsTheLastAreRemembered() {
        answer("v20", null);
        for (int i = 0; i < 10; i++) {
            vault.load(KEY.at(null, "v" + i));
        }
        vault.load(KEY.at(null, "v9"));
        vault.load(KEY.at(null, "v2"));
        assertHitsAndLoads(2, 10);
        vault.load(KEY.at(null, "v1"));
        assertHitsAndLoads(2, 11);
    }

    @Test
    void aLoadThatBeganBeforeARotationIsNoAnswerForItsRow() throws Exception {
        var slow = new Slow("v1");
        when(behind.load(KEY)).thenAnswer(slow);
        when(behind.load(KEY.at(null, "v2"))).thenReturn(stored("v2", null));

        try (var threads = new Threads()) {
            Task<StoredCredential> before = threads.begin(() -> vault.load(KEY));
            slow.awaitBegun();
            Task<StoredCredential> after = threads.begin(() -> vault.load(KEY.at(null, "v2")));
            after.awaitWaiting();
            slow.goOn();

            assertThat(before.get().version().versionId()).isEqualTo("v1");
            assertThat(after.get().version().versionId()).isEqualTo("v2");
        }
        assertThat(versionOf(KEY)).isEqualTo("v2");
        assertHitsAndLoads(1, 2);
    }

    @Test
    void aRefreshThatBeganBeforeARotationIsNoAnswerForItsRow() {
        answer("v1", null);
        vault.load(KEY);
        pass(Duration.ofMinutes(4));
        vault.load(KEY); // begins the refresh
        when(behind.load(KEY.at(null, "v2"))).thenReturn(stored("v2", null));

        assertThat(versionOf(KEY.at(null, "v2"))).isEqualTo("v2");
        runBackground();
        assertThat(versionOf(KEY)).isEqualTo("v2");
    }

    @Test
    void anOutageIsNoReasonToAnswerWithAnOlderVersion() {
        answer("v1", null);
        vault.load(KEY);
        fail(new ThrottledException("GetSecretValue", "s", null));

        assertThatExceptionOfType(ThrottledException.class).isThrownBy(() -> vault.load(KEY.at(null, "v2")));
        assertThatExceptionOfType(ThrottledException.class).isThrownBy(() -> vault.load(KEY.at(null, "v2")));
        assertThat(versionOf(KEY)).isEqualTo("v1");
        assertHitsAndLoads(1, 2);

        answer("v2", null);
        pass(Duration.ofSeconds(3));
        assertThat(versionOf(KEY.at(null, "v2"))).isEqualTo("v2");
    }

    // ---- refresh

    @Test
    void isRefreshedAheadInTheBackgroundOnce() {
        answer("v1", null);
        StoredCredential first = vault.load(KEY);
        pass(Duration.ofMinutes(3));
        assertThat(vault.load(KEY)).isSameAs(first);
        assertThat(background).isEmpty();

        pass(Duration.ofMinutes(1));
        answer("v2", null);
        for (int i = 0; i < 3; i++) {
            assertThat(vault.load(KEY)).isSameAs(first);
        }
        assertThat(background).hasSize(1);
        runBackground();

        assertThat(versionOf(KEY)).isEqualTo("v2");
        pass(Duration.ofMinutes(3));
        assertThat(versionOf(KEY)).isEqualTo("v2");
        assertHitsAndLoads(6, 2);
        assertThat(vault.statistics().refreshes()).isEqualTo(1);
    }

    @Test
    void timesAreJittered() {
        when(behind.load(any())).thenAnswer(call -> stored("v1", null));
        List<CredentialKey> keys = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            keys.add(CredentialKey.of(TenantId.of("t1"), AccountId.of("a" + i)));
        }
        keys.forEach(vault::load);

        pass(Duration.ofSeconds(5 * 60 * 70 / 100 - 1));
        keys.forEach(vault::load);
        assertThat(background).isEmpty();

        pass(Duration.ofSeconds(16)); // the middle of 70 to 80 %
        keys.forEach(vault::load);
        assertThat(background).hasSizeBetween(40, 160);
        background.clear();

        pass(Duration.ofSeconds(15 + 45)); // the middle of 90 to 100 %
        keys.forEach(vault::load);
        assertThat(vault.statistics().loads()).isBetween(200L + 40, 200L + 160);
    }

    @Test
    void aRefreshThatCannotBeginIsTriedLater() {
        var busy = new AtomicBoolean(true);
        var begun = new ArrayList<Runnable>();
        var cache = CachingVault.over(
                behind,
                options.withExecutor(task -> {
                    if (busy.get()) {
                        throw new RejectedExecutionException();
                    }
                    begun.add(task);
                }),
                now::get);
        answer("v1", null);
        cache.load(KEY);
        pass(Duration.ofMinutes(4));
        cache.load(KEY);
        busy.set(false);
        cache.load(KEY);
        assertThat(begun).isEmpty();

        pass(Duration.ofSeconds(1));
        cache.load(KEY);
        assertThat(begun).hasSize(1);
        begun.get(0).run();
        assertThat(cache.statistics().loads()).isEqualTo(2);
        assertThat(cache.statistics().refreshes()).isEqualTo(1);
    }

    @Test
    void anExecutorThatDropsRefreshesDoesNoHarm() {
        var cache = CachingVault.over(behind, options.withExecutor(task -> {}), now::get);
        answer("v1", null);
        cache.load(KEY);
        pass(Duration.ofMinutes(5));
        fail(new ThrottledException("GetSecretValue", "s", null));
        cache.load(KEY);
        pass(Duration.ofSeconds(3));
        cache.load(KEY); // tries again, in the background
        answer("v2", null);
        pass(Duration.ofSeconds(20));

        assertThat(cache.load(KEY).version().versionId()).isEqualTo("v2");
    }

    @Test
    void anExecutorThatFailsDoesNoHarm() {
        var failures = new ArrayDeque<Throwable>(List.of(new IllegalStateException("closed"), new OutOfMemoryError()));
        var cache = CachingVault.over(
                behind,
                options.withExecutor(task -> {
                    Throwable failure = failures.poll();
                    if (failure instanceof Error error) {
                        throw error;
                    }
                    if (failure instanceof RuntimeException exception) {
                        throw exception;
                    }
                    task.run();
                }),
                now::get);
        answer("v1", null);
        cache.load(KEY);
        pass(Duration.ofMinutes(4));
        answer("v2", null);

        assertThat(cache.load(KEY).version().versionId()).isEqualTo("v1");
        pass(Duration.ofSeconds(1));
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> cache.load(KEY));
        assertThat(cache.statistics().refreshes()).isZero();
        pass(Duration.ofSeconds(1));
        cache.load(KEY);
        assertThat(cache.load(KEY).version().versionId()).isEqualTo("v2");
    }

    @Test
    void whoCannotWaitForAQueuedRefreshDoesItItself() {
        answer("v1", null);
        vault.load(KEY);
        pass(Duration.ofMinutes(4));
        vault.load(KEY);
        pass(Duration.ofMinutes(1));
        answer("v2", null);

        assertThat(versionOf(KEY)).isEqualTo("v2");
        runBackground();
        assertHitsAndLoads(1, 2);
    }

    @Test
    void refreshesOnThreadsOfItsOwn() throws Exception {
        try (var cache = CachingVault.over(behind, CacheOptions.defaults(), now::get)) {
            answer("v1", null);
            cache.load(KEY);
            var refreshed = new CompletableFuture<Thread>();
            when(behind.load(any())).thenAnswer(call -> {
                refreshed.complete(Thread.currentThread());
                return stored("v2", null);
            });
            pass(Duration.ofMinutes(4));
            cache.load(KEY);

            assertThat(refreshed.get().isDaemon()).isTrue();
            assertThat(refreshed.get()).isNotSameAs(Thread.currentThread());
        }
    }

    // ---- failures

    @Test
    void anOutageCostsFewCallsAndNobodyWaits() {
        answer("v1", null);
        vault.load(KEY);
        pass(Duration.ofMinutes(5));
        fail(new ServiceUnavailableException("GetSecretValue", "s", null));

        for (int second = 0; second < 20; second++) {
            assertThat(versionOf(KEY)).isEqualTo("v1");
            assertThat(versionOf(KEY)).isEqualTo("v1");
            runBackground();
            pass(Duration.ofSeconds(1));
        }
        assertThat(vault.statistics().loads() - 1).isBetween(3L, 5L);
        assertThat(vault.statistics().staleServed()).isEqualTo(40);
        assertThat(vault.statistics().refreshes()).isEqualTo(vault.statistics().loads() - 2);
        assertThat(vault.statistics().failures(VaultOutcome.UNAVAILABLE))
                .isEqualTo(vault.statistics().loads() - 1);

        answer("v2", null);
        pass(Duration.ofSeconds(16));
        vault.load(KEY);
        runBackground();
        assertThat(versionOf(KEY)).isEqualTo("v2");
    }

    @Test
    void theFirstAfterALongPauseAsksItself() {
        answer("v1", null);
        vault.load(KEY);
        pass(Duration.ofMinutes(5));
        fail(new ThrottledException("GetSecretValue", "s", null));
        vault.load(KEY);
        answer("v2", null);

        pass(Duration.ofMinutes(1));
        assertThat(versionOf(KEY)).isEqualTo("v2");
        assertThat(background).isEmpty();
    }

    @Test
    void whileOneAsksAfterALongPauseTheOthersAreAnswered() throws Exception {
        answer("v1", null);
        vault.load(KEY);
        pass(Duration.ofMinutes(5));
        fail(new ThrottledException("GetSecretValue", "s", null));
        vault.load(KEY);
        pass(Duration.ofMinutes(1));
        var slow = new Slow("v2");
        doAnswer(slow).when(behind).load(any());

        try (var threads = new Threads()) {
            Task<StoredCredential> first = threads.begin(() -> vault.load(KEY));
            slow.awaitBegun();
            assertThat(versionOf(KEY)).isEqualTo("v1");
            slow.goOn();
            assertThat(first.get().version().versionId()).isEqualTo("v2");
        }
        assertThat(versionOf(KEY)).isEqualTo("v2");
    }

    @Test
    void ofManyTheStaleAreAskedForAfterALongPause() {
        batches();
        answer("v1", null);
        vault.load(KEY);
        pass(Duration.ofMinutes(5));
        fail(new ThrottledException("GetSecretValue", "s", null));
        vault.load(KEY);
        pass(Duration.ofMinutes(1));
        answer("v2", null);

        assertThat(vault.warm(List.of(KEY)).values()).containsExactly(new CredentialVersion("a/secret", "v2"));
    }

    @Test
    void staleIsBounded() {
        answer("v1", null);
        vault.load(KEY);
        fail(new ThrottledException("GetSecretValue", "s", null));
        pass(Duration.ofMinutes(5 + 60));

        assertThatExceptionOfType(ThrottledException.class).isThrownBy(() -> vault.load(KEY));
        assertThat(vault.statistics().staleServed()).isZero();
    }

    @Test
    void anExpiredCredentialIsNotAnsweredStale() {
        answer("v1", now.get().plusSeconds(600));
        vault.load(KEY);
        fail(new ThrottledException("GetSecretValue", "s", null));
        pass(Duration.ofSeconds(599));
        vault.load(KEY);
        pass(Duration.ofSeconds(1));

        assertThatExceptionOfType(ThrottledException.class).isThrownBy(() -> vault.load(KEY));
    }

    @Test
    void withoutACredentialAnOutageCostsFewCallsToo() {
        fail(new ThrottledException("GetSecretValue", "s", null));
        for (int second = 0; second < 20; second++) {
            assertThatExceptionOfType(ThrottledException.class).isThrownBy(() -> vault.load(KEY));
            pass(Duration.ofSeconds(1));
        }
        assertThat(vault.statistics().loads()).isBetween(3L, 5L);
        assertThat(vault.statistics().misses()).isEqualTo(20);
    }

    static Stream<OnboardingException> refusals() {
        return Stream.of(
                new AccessDeniedException("GetSecretValue", "s", null),
                new NotFoundException("credential", "t1/a1"),
                new CredentialUnavailableException("s", Reason.PENDING_DELETION),
                new CredentialUnavailableException("s", Reason.KEY_UNUSABLE),
                new CredentialUnavailableException("s", Reason.EXPIRED),
                new MalformedDataException("s", "it is no JSON object"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatIsRefusedToARefreshIsForgottenAtOnce(OnboardingException refusal) {
        answer("v1", null);
        vault.load(KEY);
        pass(Duration.ofMinutes(4));
        fail(refusal);
        vault.load(KEY);
        runBackground();

        assertThatExceptionOfType(OnboardingException.class)
                .isThrownBy(() -> vault.load(KEY))
                .withMessage(refusal.getMessage());
        fail(new ThrottledException("GetSecretValue", "s", null));
        assertThatExceptionOfType(ThrottledException.class).isThrownBy(() -> vault.load(KEY.at(null, "v1")));
        assertThat(vault.statistics().staleServed()).isZero();
        assertThat(vault.statistics().failures(VaultOutcome.of(refusal))).isPositive();
    }

    @Test
    void notFoundIsBelievedForATime() {
        fail(new NotFoundException("credential", "t1/a1"));
        assertThat(vault.find(KEY)).isEmpty();
        assertThat(vault.find(KEY)).isEmpty();
        assertThat(vault.statistics().loads()).isEqualTo(1);

        pass(Duration.ofSeconds(5));
        answer("v1", null);
        assertThat(vault.find(KEY)).isPresent();
    }

    @Test
    void notFoundIsNotBelievedAfterAWriteNorByAKeyThatKnowsAVersionOrAnotherPlace() {
        fail(new NotFoundException("credential", "t1/a1"));
        vault.find(KEY);
        when(behind.store(any(), any(), any())).thenReturn(new CredentialVersion("a/secret", "v1"));
        vault.store(KEY, new IbmApiKey(Secret.of("k")));
        answer("v1", null);
        assertThat(vault.find(KEY)).isPresent();

        fail(new NotFoundException("credential", "t1/a1"));
        pass(Duration.ofMinutes(5));
        vault.find(KEY);
        answer("v1", null);
        assertThat(vault.find(KEY.at(null, "v1"))).isPresent();

        fail(new NotFoundException("credential", "t1/a1"));
        pass(Duration.ofMinutes(5));
        vault.find(KEY);
        answer("v1", null);
        assertThat(vault.find(KEY.at("another/place", null))).isPresent();
    }

    @Test
    void aStrangersNotFoundDoesNotStandInTheWay() {
        CredentialKey stranger = CredentialKey.of(TenantId.of("t2"), KEY.accountId());
        when(behind.load(stranger)).thenThrow(new NotFoundException("credential", "t2/a1"));
        when(behind.load(KEY)).thenReturn(stored("v1", null));

        assertThat(vault.find(stranger)).isEmpty();
        vault.load(KEY);
        assertThat(vault.find(stranger)).isEmpty();
        vault.load(KEY);
        assertHitsAndLoads(1, 3);
    }

    // ---- writes

    @Test
    void aReadAfterAWriteLooksForTheVersionThatWasWritten() {
        when(behind.store(any(), any(), any())).thenReturn(new CredentialVersion("a/secret", "v2"));
        when(behind.load(KEY)).thenReturn(stored("v1", null)); // the service answers from before the write
        when(behind.load(KEY.at(null, "v2"))).thenReturn(stored("v2", null));

        vault.store(KEY, new IbmApiKey(Secret.of("k")));
        assertThat(versionOf(KEY)).isEqualTo("v2");
        assertThat(versionOf(KEY)).isEqualTo("v2");
    }

    @Test
    void aLoadThatBeganBeforeAWriteDoesNotPutTheOlderBack() throws Exception {
        var slow = new Slow("v1");
        when(behind.load(any())).thenAnswer(slow);
        try (var threads = new Threads()) {
            Task<StoredCredential> before = threads.begin(() -> vault.load(KEY));
            slow.awaitBegun();
            when(behind.store(any(), any(), any())).thenReturn(new CredentialVersion("a/secret", "v2"));
            vault.store(KEY, new IbmApiKey(Secret.of("k")));
            slow.goOn();
            assertThat(before.get().version().versionId()).isEqualTo("v1");
        }
        answer("v2", null);
        assertThat(versionOf(KEY)).isEqualTo("v2");
    }

    @Test
    void aReadThatBeginsAfterAWriteDoesNotWaitForALoadFromBeforeIt() throws Exception {
        var slow = new Slow("v1");
        when(behind.load(KEY)).thenAnswer(slow);
        try (var threads = new Threads()) {
            Task<StoredCredential> before = threads.begin(() -> vault.load(KEY));
            slow.awaitBegun();
            vault.delete(KEY);
            doReturn(stored("v2", null)).when(behind).load(KEY);
            assertThat(versionOf(KEY)).isEqualTo("v2");
            slow.goOn();
            before.get();
        }
        assertThat(versionOf(KEY)).isEqualTo("v2");
    }

    @Test
    void aRotationIsSeenByTheNextReadAlsoOfAccountsThatShareTheSecret() {
        CredentialKey sharing =
                CredentialKey.of(TenantId.of("t1"), AccountId.of("a2")).at("a/secret", null);
        CredentialRotation rotation = mock(CredentialRotation.class);
        when(behind.rotation()).thenReturn(rotation);
        when(rotation.rotate(any(), any(), any(), any())).thenReturn(new CredentialVersion("a/secret", "v2"));
        when(rotation.rollback(any())).thenReturn(new CredentialVersion("a/secret", "v1"));
        CredentialKey other = CredentialKey.of(TenantId.of("t1"), AccountId.of("a3"));
        doReturn(new StoredCredential(
                        new IbmApiKey(Secret.of("key")), new CredentialVersion("another/secret", "v1"), null, null))
                .when(behind)
                .load(other);
        when(behind.load(KEY)).thenReturn(stored("v1", null));
        when(behind.load(sharing)).thenReturn(stored("v1", null));
        vault.load(KEY);
        vault.load(sharing);
        vault.load(other);

        when(behind.load(KEY.at(null, "v2"))).thenReturn(stored("v2", null));
        when(behind.load(sharing)).thenReturn(stored("v2", null));
        vault.rotation().rotate(KEY, new IbmApiKey(Secret.of("next")), null, credential -> {});
        assertThat(versionOf(KEY)).isEqualTo("v2");
        assertThat(versionOf(sharing)).isEqualTo("v2");

        when(behind.load(KEY.at(null, "v1"))).thenReturn(stored("v1", null));
        when(behind.load(sharing)).thenReturn(stored("v1", null));
        vault.rotation().rollback(KEY);
        assertThat(versionOf(KEY)).isEqualTo("v1");
        assertThat(versionOf(sharing)).isEqualTo("v1");
        vault.load(other);
        assertHitsAndLoads(1, 7);
    }

    // ---- concurrency

    @Test
    void loadsOfDifferentCredentialsDoNotWaitForEachOther() throws Exception {
        var slow = new Slow("v1");
        when(behind.load(KEY)).thenAnswer(slow);
        try (var threads = new Threads()) {
            Task<StoredCredential> first = threads.begin(() -> vault.load(KEY));
            slow.awaitBegun();
            for (int i = 0; i < 1_000; i++) { // of these, many share a bin of every table with the first
                CredentialKey other = CredentialKey.of(TenantId.of("t1"), AccountId.of("b" + i));
                when(behind.load(other)).thenReturn(stored("v1", null));
                vault.load(other);
            }
            assertThat(first.isDone()).isFalse();
            slow.goOn();
            first.get();
        }
    }

    @Test
    void manyReadersShareAFailure() throws Exception {
        var begun = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        when(behind.load(any())).thenAnswer(call -> {
            begun.countDown();
            release.await();
            throw new AccessDeniedException("GetSecretValue", "s", null);
        });
        try (var threads = new Threads()) {
            List<Task<StoredCredential>> reads = new ArrayList<>();
            reads.add(threads.begin(() -> vault.load(KEY)));
            begun.await();
            for (int i = 0; i < 8; i++) {
                reads.add(threads.begin(() -> vault.load(KEY)));
                reads.get(i).awaitWaiting();
            }
            reads.get(8).awaitWaiting();
            release.countDown();
            for (Task<StoredCredential> read : reads) {
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(read::get)
                        .withCauseInstanceOf(AccessDeniedException.class);
            }
        }
        assertThat(vault.statistics().loads()).isEqualTo(1);
    }

    @Test
    void anInterruptedLoadIsTheAffairOfItsOwnThread() throws Exception {
        var begun = new CountDownLatch(1);
        when(behind.load(any()))
                .thenAnswer(call -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new OperationInterruptedException("GetSecretValue", e);
                    }
                    throw new IllegalStateException();
                })
                .thenReturn(stored("v1", null));
        try (var threads = new Threads()) {
            Task<StoredCredential> first = threads.begin(() -> vault.load(KEY));
            begun.await();
            Task<StoredCredential> second = threads.begin(() -> vault.load(KEY));
            second.awaitWaiting();
            first.thread.interrupt();

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(first::get)
                    .withCauseInstanceOf(OperationInterruptedException.class);
            assertThat(second.get().version().versionId()).isEqualTo("v1");
        }
    }

    @Test
    void aReaderThatIsInterruptedStopsWaiting() throws Exception {
        var slow = new Slow("v1");
        when(behind.load(any())).thenAnswer(slow);
        try (var threads = new Threads()) {
            Task<StoredCredential> first = threads.begin(() -> vault.load(KEY));
            slow.awaitBegun();
            Task<StoredCredential> second = threads.begin(() -> vault.load(KEY));
            second.awaitWaiting();
            second.thread.interrupt();

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(second::get)
                    .withCauseInstanceOf(OperationInterruptedException.class);
            slow.goOn();
            assertThat(first.get().version().versionId()).isEqualTo("v1");
        }
    }

    @Test
    void anErrorOfTheVaultReachesItsReaders() {
        fail(new IllegalStateException("closed"));
        assertThatIllegalStateException().isThrownBy(() -> vault.load(KEY)).withMessage("closed");
        fail(new StackOverflowError());
        assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> vault.load(KEY));
        answer("v1", null);
        vault.load(KEY);
    }

    // ---- many

    @Test
    void manyAreAskedForTogetherAndThoseThatAreHeldNotAtAll() {
        List<CredentialKey> keys = keys(45);
        batches();
        answer("v1", null);
        vault.load(keys.get(7));

        List<Outcome<CredentialKey, StoredCredential>> outcomes =
                vault.loadAll(keys, BulkOptions.defaults()).outcomes();
        assertThat(outcomes).extracting(Outcome::input).containsExactlyElementsOf(keys);
        assertThat(outcomes).allMatch(Outcome::succeeded);
        verify(behind, times(3)).loadAll(any(), any());
        assertHitsAndLoads(1, 45);

        assertThat(vault.warm(keys).values()).hasSize(45).containsOnly(new CredentialVersion("a/secret", "v1"));
        assertHitsAndLoads(46, 45);
        keys.forEach(vault::load);
        assertHitsAndLoads(91, 45);
    }

    @Test
    void eachOfManyHasItsOwnOutcome() {
        List<CredentialKey> keys = keys(3);
        batches();
        answer("v1", null);
        doThrow(new NotFoundException("credential", "t1/b1")).when(behind).load(keys.get(1));

        List<Outcome<CredentialKey, StoredCredential>> outcomes =
                vault.loadAll(keys, BulkOptions.defaults()).outcomes();
        assertThat(outcomes).extracting(Outcome::succeeded).containsExactly(true, false, true);
        assertThat(vault.find(keys.get(1))).isEmpty();
        assertThat(vault.statistics().failures(VaultOutcome.NOT_FOUND)).isEqualTo(1);
        assertHitsAndLoads(0, 3);
    }

    @Test
    void ofManyInAnOutageTheStaleAreAnswered() {
        List<CredentialKey> keys = keys(2);
        batches();
        answer("v1", null);
        vault.load(keys.get(0));
        pass(Duration.ofMinutes(5));
        fail(new ThrottledException("BatchGetSecretValue", "s", null));

        List<Outcome<CredentialKey, StoredCredential>> outcomes =
                vault.loadAll(keys, BulkOptions.defaults()).outcomes();
        assertThat(outcomes).extracting(Outcome::succeeded).containsExactly(true, false);
        assertThat(vault.loadAll(keys, BulkOptions.defaults()).outcomes())
                .extracting(Outcome::succeeded)
                .containsExactly(true, false);
        assertHitsAndLoads(0, 3);
        assertThat(vault.statistics().staleServed()).isEqualTo(2);
    }

    @Test
    void whoReadsOneOfManyWaitsForItsPortion() throws Exception {
        List<CredentialKey> keys = keys(5);
        var begun = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        batches();
        when(behind.load(any())).thenAnswer(call -> {
            begun.countDown();
            release.await();
            return stored("v1", null);
        });
        try (var threads = new Threads()) {
            var many = threads.begin(() -> vault.loadAll(keys, BulkOptions.defaults()));
            begun.await();
            Task<StoredCredential> one = threads.begin(() -> vault.load(keys.get(4)));
            one.awaitWaiting();
            release.countDown();
            assertThat(many.get().values().get(4)).isSameAs(one.get());
        }
        assertThat(vault.statistics().loads()).isEqualTo(5);
    }

    @Test
    void manyWaitForOneThatIsBeingLoaded() throws Exception {
        List<CredentialKey> keys = keys(2);
        var slow = new Slow("v1");
        batches();
        answer("v1", null);
        doAnswer(slow).when(behind).load(keys.get(0));
        try (var threads = new Threads()) {
            Task<StoredCredential> one = threads.begin(() -> vault.load(keys.get(0)));
            slow.awaitBegun();
            var many = threads.begin(() -> vault.loadAll(keys, BulkOptions.defaults()));
            many.awaitWaiting();
            slow.goOn();
            assertThat(many.get().values().get(0)).isSameAs(one.get());
        }
        assertThat(vault.statistics().loads()).isEqualTo(2);
    }

    @Test
    void aStrangersKeyAmongManyIsNotAnsweredFromTheCache() {
        batches();
        answer("v1", null);
        vault.load(KEY);
        CredentialKey stranger = CredentialKey.of(TenantId.of("t2"), KEY.accountId());
        doThrow(new NotFoundException("credential", "t2/a1")).when(behind).load(stranger);

        assertThat(vault.loadAll(List.of(stranger, KEY), BulkOptions.defaults()).outcomes())
                .extracting(Outcome::succeeded)
                .containsExactly(false, true);
        assertThat(versionOf(KEY)).isEqualTo("v1");
        assertHitsAndLoads(2, 2);
    }

    @Test
    void whereOneOfManyIsAskedForTwiceEachGetsItsOwnAlsoIfItsTimePassesMeanwhile() {
        batches();
        when(behind.load(any())).thenAnswer(call -> {
            CredentialKey key = call.getArgument(0);
            return stored("of " + key.accountId(), null);
        });
        List<CredentialKey> keys = keys(2);
        List<CredentialKey> wanted = List.of(keys.get(0), keys.get(0), keys.get(1), keys.get(0));

        for (int late = 1; late < 8; late++) {
            int lateFrom = late;
            var looks = new AtomicInteger();
            var cache = CachingVault.over(
                    behind,
                    options.withStaleFor(Duration.ZERO),
                    () -> now.get().plus(Duration.ofMinutes(looks.incrementAndGet() < lateFrom ? 0 : 5)));
            cache.load(keys.get(0));
            assertThat(cache.loadAll(wanted, BulkOptions.defaults()).values())
                    .extracting(stored -> stored.version().versionId())
                    .containsExactly("of b0", "of b0", "of b1", "of b0");
        }
    }

    private void batches() {
        when(behind.loadAll(any(), any())).thenCallRealMethod();
    }

    private static List<CredentialKey> keys(int count) {
        List<CredentialKey> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(CredentialKey.of(TenantId.of("t1"), AccountId.of("b" + i)));
        }
        return keys;
    }

    // ---- memory

    @Test
    void isBoundedByWeight() {
        var cache = CachingVault.over(behind, options.withMaximumBytes(100_000), now::get);
        when(behind.load(any()))
                .thenAnswer(call -> new StoredCredential(
                        new IbmApiKey(Secret.of("k".repeat(9_000))),
                        new CredentialVersion("a/secret", "v1"),
                        null,
                        null));
        for (int i = 0; i < 100; i++) {
            cache.load(CredentialKey.of(TenantId.of("t1"), AccountId.of("a" + i)));
        }

        assertThat(cache.statistics().evictions()).isEqualTo(90);
    }

    @Test
    void keepsNothingOfWhatItHasForgotten() {
        var secrets = new ArrayList<WeakReference<Credential>>();
        when(behind.load(any())).thenAnswer(call -> {
            StoredCredential stored = stored("v1", null);
            secrets.add(new WeakReference<>(stored.credential()));
            return stored;
        });
        vault.load(KEY);
        vault.delete(KEY);
        vault.load(KEY);
        pass(Duration.ofMinutes(4));
        vault.load(KEY);
        doThrow(new AccessDeniedException("GetSecretValue", "s", null))
                .when(behind)
                .load(any());
        runBackground();
        assertThat(secrets).hasSize(2);

        secrets.forEach(CachingVaultTest::assertGone);
        assertThat(vault.statistics().loads()).isEqualTo(3);
    }

    @Test
    void whatIsOverLeavesThoughNobodyReads() {
        var sweeps = new ArrayDeque<Runnable>();
        var secrets = new ArrayList<WeakReference<Object>>();
        var cache = CachingVault.over(behind, options.withExecutor(task -> {}), now::get, sweeps::add);
        CredentialKey expiring = CredentialKey.of(TenantId.of("t1"), AccountId.of("a2"));
        CredentialKey missing = CredentialKey.of(TenantId.of("t1"), AccountId.of("a3"));
        when(behind.load(any())).thenAnswer(call -> {
            if (call.getArgument(0).equals(missing)) {
                var failure = new NotFoundException("credential", missing.toString());
                secrets.add(new WeakReference<>(failure));
                throw failure;
            }
            Instant expiresAt = call.getArgument(0).equals(expiring) ? now.get().plusSeconds(600) : null;
            StoredCredential stored = stored("v1", expiresAt);
            secrets.add(new WeakReference<>(stored.credential()));
            return stored;
        });
        cache.load(KEY);
        cache.load(expiring);
        assertThat(cache.find(missing)).isEmpty();
        assertThat(sweeps).hasSize(1);
        assertGone(secrets.get(2)); // its text alone is kept
        pass(Duration.ofMinutes(4));
        cache.load(KEY); // the refresh is dropped
        cache.load(expiring);

        pass(Duration.ofMinutes(6));
        sweeps.remove().run();
        assertGone(secrets.get(1));
        assertThat(secrets.get(0).get()).isNotNull();
        assertThat(sweeps).hasSize(1);

        pass(Duration.ofMinutes(55));
        sweeps.remove().run();
        assertGone(secrets.get(0));
        assertThat(sweeps).isEmpty();
        cache.load(KEY);
        assertThat(sweeps).hasSize(1);
        assertThat(cache.statistics().evictions()).isZero();
    }

    @Test
    void aVaultThatNobodyUsesIsNotKeptByWhatItIsToSweep() {
        var sweeps = new ArrayDeque<Runnable>();
        answer("v1", null);
        var cache = new WeakReference<>(CachingVault.over(behind, options, now::get, sweeps::add));
        cache.get().load(KEY);

        assertGone(cache);
        sweeps.remove().run();
        assertThat(sweeps).isEmpty();
    }

    private static void assertGone(WeakReference<?> reference) {
        for (int i = 0; i < 100 && reference.get() != null; i++) {
            System.gc();
        }
        assertThat(reference.get()).isNull();
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    private void runBackground() {
        while (!background.isEmpty()) {
            background.remove().run();
        }
    }

    private void fail(Throwable failure) {
        doThrow(failure).when(behind).load(any());
    }

    private String versionOf(CredentialKey key) {
        return vault.load(key).version().versionId();
    }

    private void assertHitsAndLoads(long hits, long loads) {
        assertThat(vault.statistics().hits()).isEqualTo(hits);
        assertThat(vault.statistics().loads()).isEqualTo(loads);
    }

    private void answer(String versionId, @Nullable Instant expiresAt) {
        doReturn(stored(versionId, expiresAt)).when(behind).load(any());
    }

    private static StoredCredential stored(String versionId, @Nullable Instant expiresAt) {
        return new StoredCredential(
                new IbmApiKey(Secret.of("key")), new CredentialVersion("a/secret", versionId), null, expiresAt);
    }

    /** An answer that comes when it is let go. */
    private static final class Slow implements Answer<StoredCredential> {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final String versionId;

        Slow(String versionId) {
            this.versionId = versionId;
        }

        @Override
        public StoredCredential answer(InvocationOnMock call) throws InterruptedException {
            begun.countDown();
            released.await();
            return stored(versionId, null);
        }

        void awaitBegun() throws InterruptedException {
            begun.await();
        }

        void goOn() {
            released.countDown();
        }
    }

    /** A task with a thread of its own. */
    private static final class Task<T> extends FutureTask<T> {
        private final Thread thread = new Thread(this);

        Task(Callable<T> task) {
            super(task);
        }

        /** Until the task waits for somebody. */
        void awaitWaiting() {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
    }

    private static final class Threads implements AutoCloseable {
        private final List<Task<?>> running = new ArrayList<>();

        <T> Task<T> begin(Callable<T> work) {
            var task = new Task<>(work);
            running.add(task);
            task.thread.start();
            return task;
        }

        @Override
        public void close() {
            running.forEach(task -> task.thread.interrupt());
        }
    }
}
