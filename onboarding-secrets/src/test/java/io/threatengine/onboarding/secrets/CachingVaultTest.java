package io.threatengine.onboarding.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.ThrottledException;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CachingVaultTest {
    private static final CredentialKey KEY = CredentialKey.of(TenantId.of("t1"), AccountId.of("a1"));

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T08:17:00Z"));
    private final CredentialVault behind = mock(CredentialVault.class);
    private final CachingVault vault =
            CachingVault.over(behind, CacheOptions.defaults().withTimeToLive(Duration.ofMinutes(5)), now::get);

    @Test
    void asksTheVaultOnceUntilItsTimeHasPassed() {
        answer("v1", null);

        StoredCredential first = vault.load(KEY);
        assertThat(vault.load(KEY)).isSameAs(first);
        assertThat(vault.get(KEY)).isSameAs(first.credential());
        assertThat(vault.statistics()).isEqualTo(new CacheStatistics(2, 1));

        now.updateAndGet(time -> time.plus(Duration.ofMinutes(5)));
        vault.load(KEY);
        assertThat(vault.statistics()).isEqualTo(new CacheStatistics(2, 2));
    }

    @Test
    void aRowThatKnowsOfANewerVersionIsNeverAnsweredWithTheOlder() {
        answer("v1", null);
        vault.load(KEY.at(null, "v1"));
        answer("v2", null);

        assertThat(vault.load(KEY.at(null, "v1")).version().versionId()).isEqualTo("v1");
        assertThat(vault.load(KEY.at(null, "v2")).version().versionId()).isEqualTo("v2");
        assertThat(vault.load(KEY.at(null, "v2")).version().versionId()).isEqualTo("v2");
        assertThat(vault.statistics()).isEqualTo(new CacheStatistics(2, 2));
    }

    @Test
    void rowsThatAreOlderThanTheCacheCostOneCallAndGetTheNewer() {
        answer("v3", null);

        for (int i = 0; i < 3; i++) {
            assertThat(vault.load(KEY.at(null, "v1")).version().versionId()).isEqualTo("v3");
            assertThat(vault.load(KEY.at(null, "v2")).version().versionId()).isEqualTo("v3");
            assertThat(vault.load(KEY).version().versionId()).isEqualTo("v3");
        }

        assertThat(vault.statistics()).isEqualTo(new CacheStatistics(7, 2));
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
        assertThat(vault.statistics()).isEqualTo(new CacheStatistics(1, 3));
    }

    @Test
    void aCredentialIsNotAnsweredAfterItsExpiry() {
        answer("v1", now.get().plusSeconds(10));
        vault.load(KEY);
        now.updateAndGet(time -> time.plusSeconds(9));
        vault.load(KEY);
        assertThat(vault.statistics()).isEqualTo(new CacheStatistics(1, 1));

        now.updateAndGet(time -> time.plusSeconds(1));
        vault.load(KEY);
        assertThat(vault.statistics()).isEqualTo(new CacheStatistics(1, 2));
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

        assertThat(vault.statistics()).isEqualTo(new CacheStatistics(0, 4));
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
                .isThrownBy(() -> CacheOptions.defaults().withMaximumSize(0));
    }

    private void answer(String versionId, @Nullable Instant expiresAt) {
        when(behind.load(any())).thenReturn(stored(versionId, expiresAt));
    }

    private static StoredCredential stored(String versionId, @Nullable Instant expiresAt) {
        return new StoredCredential(
                new IbmApiKey(Secret.of("key")), new CredentialVersion("a/secret", versionId), null, expiresAt);
    }
}
