package io.threatengine.onboarding.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.AwsIamRole;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialProof;
import io.threatengine.onboarding.credential.CredentialRotation;
import io.threatengine.onboarding.credential.CredentialStage;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.credential.Kubeconfig;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.credential.StoreOptions;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.credential.VersionDescription;
import io.threatengine.onboarding.error.CredentialRefusedException;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.error.RotationConflictException;
import io.threatengine.onboarding.error.RotationConflictException.Reason;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.testkit.Deviation;
import io.threatengine.onboarding.testkit.SettableClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** How every {@link CredentialVault} replaces credentials in stages. */
public interface CredentialRotationContract extends Contract {
    /** Accepts everything. */
    CredentialProof ACCEPTED = credential -> {};

    /** The vault under test. */
    CredentialVault vault();

    /** The clock of the vault under test. */
    SettableClock clock();

    private CredentialRotation rotation() {
        return vault().rotation();
    }

    private CredentialKey stored(Credential credential) {
        CredentialKey key = key();
        CredentialVersion version = vault().store(key, credential);
        return key.at(version.reference(), version.versionId());
    }

    @Test
    default void aProvenCredentialBecomesCurrentAndTheOldOneStaysBehindIt() {
        CredentialKey key = stored(role("1"));
        var tried = new ArrayList<Credential>();
        var readMeanwhile = new ArrayList<Credential>();

        CredentialVersion version = rotation().rotate(key, role("2"), credential -> {
            tried.add(credential);
            readMeanwhile.add(vault().get(key));
        });

        assertThat(tried).containsExactly(role("2"));
        assertThat(readMeanwhile).containsExactly(role("1"));
        assertThat(vault().load(key).version()).isEqualTo(version);
        assertThat(vault().get(key)).isEqualTo(role("2"));
        StoredCredential previous = rotation().load(key, CredentialStage.PREVIOUS);
        assertThat(previous.credential()).isEqualTo(role("1"));
        assertThat(previous.version().versionId()).isEqualTo(key.versionId().orElseThrow());
        notFound(() -> rotation().load(key, CredentialStage.PENDING));
        notFound(() -> rotation().resume(key, ACCEPTED));
    }

    @Test
    default void aRotationKeepsTheDateOfTheFirstVersionAndTakesAnExpiry() {
        Instant begun = clock().instant();
        CredentialKey key = stored(role("1"));
        Instant expiry = begun.plus(Duration.ofHours(1));
        clock().advance(Duration.ofMinutes(1));

        rotation().rotate(key, role("2"), expiry, ACCEPTED);

        assertThat(vault().load(key).createdAt()).isEqualTo(begun);
        assertThat(vault().load(key).expiresAt()).isEqualTo(expiry);
    }

    @Test
    default void aRefusedCredentialIsDiscardedAndTheOldOneStays() {
        CredentialKey key = stored(role("1"));
        var problem = new IOException("no such role");

        assertThatExceptionOfType(CredentialRefusedException.class)
                .isThrownBy(() -> rotation().rotate(key, role("2"), credential -> {
                    throw problem;
                }))
                .withCause(problem)
                .satisfies(e -> assertThat(e.secretName()).isNotEmpty());

        assertThat(vault().get(key)).isEqualTo(role("1"));
        assertThat(vault().describe(key).version().versionId())
                .isEqualTo(key.versionId().orElseThrow());
        notFound(() -> rotation().load(key, CredentialStage.PENDING));
    }

    @Test
    default void whatIsCurrentAlreadyIsNeitherWrittenNorTried() {
        CredentialKey key = stored(role("1"));

        CredentialVersion version = rotation().rotate(key, role("1"), credential -> {
            throw new AssertionError("tried");
        });

        assertThat(version.versionId()).isEqualTo(key.versionId().orElseThrow());
        assertThat(rotation().versions(key)).hasSize(1);
    }

    @Test
    default void aCrashInTheProofLeavesTheOldOneAndTheRotationCanBeResumed() {
        CredentialKey key = pendingAfterACrash();

        assertThat(vault().get(key)).isEqualTo(role("1"));
        assertThat(rotation().load(key, CredentialStage.PENDING).credential()).isEqualTo(role("2"));
        var tried = new ArrayList<Credential>();
        CredentialVersion version = rotation().resume(key, tried::add);

        assertThat(tried).containsExactly(role("2"));
        assertThat(vault().load(key).version()).isEqualTo(version);
        assertThat(vault().get(key)).isEqualTo(role("2"));
    }

    @Test
    @FailsWith(Deviation.STAGE_OF_ANOTHER_VERSION)
    default void aCrashedRotationIsFinishedByTheSameCallAgain() {
        CredentialKey key = pendingAfterACrash();
        CredentialVersion pending =
                rotation().load(key, CredentialStage.PENDING).version();

        assertThat(rotation().rotate(key, role("2"), ACCEPTED)).isEqualTo(pending);
        assertThat(vault().get(key)).isEqualTo(role("2"));
    }

    @Test
    default void aCrashedRotationCanBeDiscarded() {
        CredentialKey key = pendingAfterACrash();

        rotation().discard(key);
        rotation().discard(key);

        notFound(() -> rotation().load(key, CredentialStage.PENDING));
        assertThat(vault().get(key)).isEqualTo(role("1"));
        rotation().rotate(key, role("3"), ACCEPTED);
        assertThat(vault().get(key)).isEqualTo(role("3"));
    }

    @Test
    default void aResumedRotationThatIsRefusedIsDiscarded() {
        CredentialKey key = pendingAfterACrash();

        assertThatExceptionOfType(CredentialRefusedException.class)
                .isThrownBy(() -> rotation().resume(key, credential -> {
                    throw new IOException("no");
                }));

        notFound(() -> rotation().load(key, CredentialStage.PENDING));
        assertThat(vault().get(key)).isEqualTo(role("1"));
    }

    @Test
    @FailsWith(Deviation.STAGE_OF_ANOTHER_VERSION)
    default void anotherRotationIsRefusedWhileOneIsPending() {
        CredentialKey key = pendingAfterACrash();

        conflict(Reason.IN_PROGRESS, () -> rotation().rotate(key, role("3"), ACCEPTED));

        assertThat(rotation().load(key, CredentialStage.PENDING).credential()).isEqualTo(role("2"));
    }

    @Test
    @FailsWith(Deviation.STAGE_OF_ANOTHER_VERSION)
    default void ofTwoRotationsAtOnceOneWinsAndTheOtherIsTold() {
        CredentialKey key = stored(role("1"));

        rotation()
                .rotate(
                        key,
                        role("2"),
                        credential ->
                                conflict(Reason.IN_PROGRESS, () -> rotation().rotate(key, role("3"), ACCEPTED)));

        assertThat(vault().get(key)).isEqualTo(role("2"));
    }

    @Test
    default void whoIsDiscardedAndOvertakenIsTold() {
        CredentialKey key = stored(role("1"));

        conflict(
                Reason.OVERTAKEN,
                () -> rotation().rotate(key, role("2"), credential -> {
                    rotation().discard(key);
                    rotation().rotate(key, role("3"), ACCEPTED);
                }));

        assertThat(vault().get(key)).isEqualTo(role("3"));
    }

    @Test
    default void aDiscardWhileTheProofRunsStopsTheRotation() {
        CredentialKey key = stored(role("1"));

        conflict(
                Reason.DISCARDED,
                () -> rotation().rotate(key, role("2"), credential -> rotation().discard(key)));
        assertThat(vault().get(key)).isEqualTo(role("1"));

        CredentialKey crashed = pendingAfterACrash();
        conflict(
                Reason.DISCARDED,
                () -> rotation().resume(crashed, credential -> rotation().discard(crashed)));
        assertThat(vault().get(crashed)).isEqualTo(role("1"));
        notFound(() -> rotation().resume(crashed, ACCEPTED));
    }

    @Test
    default void aRotationThatAnotherFinishesWhileTheProofRunsIsDone() {
        CredentialKey key = stored(role("1"));

        CredentialVersion version =
                rotation().rotate(key, role("2"), credential -> rotation().resume(key, ACCEPTED));

        assertThat(vault().load(key).version()).isEqualTo(version);
        assertThat(vault().get(key)).isEqualTo(role("2"));
    }

    @Test
    default void aCredentialThatIsStoredWhileTheProofRunsIsNotOverwritten() {
        CredentialKey key = stored(role("1"));

        conflict(
                Reason.OVERTAKEN, () -> rotation().rotate(key, role("2"), credential -> vault().store(key, role("3"))));

        assertThat(vault().get(key)).isEqualTo(role("3"));
        notFound(() -> rotation().load(key, CredentialStage.PENDING));
    }

    @Test
    default void aPendingOneThatWasOvertakenIsNotResumed() {
        CredentialKey key = pendingAfterACrash();
        vault().store(key, role("3"));

        conflict(Reason.OVERTAKEN, () -> rotation().resume(key, ACCEPTED));

        assertThat(vault().get(key)).isEqualTo(role("3"));
        notFound(() -> rotation().load(key, CredentialStage.PENDING));
    }

    @Test
    default void anInterruptedProofLeavesTheCredentialPending() {
        CredentialKey key = stored(role("1"));

        assertThatExceptionOfType(OperationInterruptedException.class)
                .isThrownBy(() -> rotation().rotate(key, role("2"), credential -> {
                    throw new InterruptedException();
                }));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(vault().get(key)).isEqualTo(role("1"));
        rotation().resume(key, ACCEPTED);
        assertThat(vault().get(key)).isEqualTo(role("2"));
    }

    @Test
    default void aRollbackBringsThePreviousVersionBackAndMayBeRepeated() {
        CredentialKey before = stored(role("1"));
        CredentialVersion second = rotation().rotate(before, role("2"), ACCEPTED);
        CredentialKey key = before.at(second.reference(), second.versionId());

        CredentialVersion first = rotation().rollback(key);

        assertThat(first.versionId()).isEqualTo(before.versionId().orElseThrow());
        assertThat(vault().get(key)).isEqualTo(role("1"));
        assertThat(rotation().rollback(key)).isEqualTo(first);
        assertThat(vault().get(key)).isEqualTo(role("1"));
        CredentialKey back = before.at(first.reference(), first.versionId());
        assertThat(rotation().rollback(back)).isEqualTo(second);
        assertThat(vault().get(key)).isEqualTo(role("2"));
    }

    @Test
    default void aRowThatDoesNotKnowOfTheRotationYetRollsItBackAsWell() {
        CredentialKey before = stored(role("1"));
        rotation().rotate(before, role("2"), ACCEPTED);

        rotation().rollback(before);

        assertThat(vault().get(before)).isEqualTo(role("1"));
    }

    @Test
    default void aRollbackFromAVersionThatIsLongGoneIsRefused() {
        CredentialKey first = stored(role("1"));
        rotation().rotate(first, role("2"), ACCEPTED);
        rotation().rotate(first, role("3"), ACCEPTED);

        conflict(Reason.OVERTAKEN, () -> rotation().rollback(first));

        assertThat(vault().get(first)).isEqualTo(role("3"));
    }

    @Test
    default void whatHasNoPreviousVersionCannotBeRolledBack() {
        CredentialKey key = stored(role("1"));

        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> rotation().rollback(key))
                .withMessageContaining("has no previous version");
        notFound(() -> rotation().rollback(key()));
        assertThat(vault().get(key)).isEqualTo(role("1"));
    }

    @Test
    default void theVersionsAreListedAndEachCanBeRead() {
        CredentialKey key = stored(role("1"));
        rotation().rotate(key, role("2"), ACCEPTED);
        rotation().rotate(key, role("3"), ACCEPTED);

        List<VersionDescription> versions = rotation().versions(key);

        assertThat(versions).hasSize(3);
        assertThat(versions.get(0).is(CredentialStage.CURRENT)).isTrue();
        assertThat(versions.get(1).is(CredentialStage.PREVIOUS)).isTrue();
        assertThat(versions.get(2).stages()).isEmpty();
        for (int i = 0; i < 3; i++) {
            String id = versions.get(i).version().versionId();
            StoredCredential version = rotation().load(key, id);
            assertThat(version.credential()).isEqualTo(role(String.valueOf(3 - i)));
            assertThat(version.version().versionId()).isEqualTo(id);
        }
        notFound(() -> rotation().load(key, "11111111-2222-3333-4444-555555555555"));
        notFound(() -> rotation().load(key, new CredentialStage("somebody-elses")));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> rotation().load(key, "v1"))
                .satisfies(e -> assertThat(e.field()).isEqualTo("version id"));
    }

    @Test
    default void whatIsNotThereCannotBeRotated() {
        CredentialKey key = key();

        notFound(() -> rotation().rotate(key, role("1"), ACCEPTED));
        notFound(() -> rotation().resume(key, ACCEPTED));
        notFound(() -> rotation().discard(key));
        notFound(() -> rotation().versions(key));
        notFound(() -> rotation().load(key, CredentialStage.CURRENT));
    }

    @Test
    default void whatBreaksARuleIsRefusedBeforeItIsTried() {
        CredentialKey key = stored(role("1"));
        var program = new Kubeconfig(Secret.of("users: [{name: a, user: {exec: {command: sh}}}]"));

        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> rotation().rotate(key, program, credential -> {
                    throw new AssertionError("tried");
                }));
        assertThat(rotation().versions(key)).hasSize(1);
    }

    @Test
    default void aDeletedCredentialIsNotRotated() {
        CredentialKey key = stored(role("1"));
        rotation().rotate(key, role("2"), ACCEPTED);
        vault().delete(key);

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> rotation().rotate(key, role("3"), ACCEPTED),
                () -> rotation().resume(key, ACCEPTED),
                () -> rotation().rollback(key),
                () -> rotation().load(key, CredentialStage.CURRENT))) {
            assertThatExceptionOfType(CredentialUnavailableException.class).isThrownBy(call);
        }
    }

    @Test
    default void anExpiredVersionIsNotGivenOut() {
        CredentialKey key = key();
        vault().store(
                        key,
                        role("1"),
                        StoreOptions.defaults().expiringAt(clock().instant().plusSeconds(60)));
        rotation().rotate(key, role("2"), ACCEPTED);
        clock().advance(Duration.ofMinutes(1));

        assertThatExceptionOfType(CredentialUnavailableException.class)
                .isThrownBy(() -> rotation().load(key, CredentialStage.PREVIOUS))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(CredentialUnavailableException.Reason.EXPIRED));
    }

    @Test
    default void anotherTenantSeesAndChangesNothing() {
        CredentialKey key = pendingAfterACrash();
        CredentialKey stranger = CredentialKey.of(TenantId.random(), key.accountId());
        CredentialKey pointing =
                stranger.at(key.reference().orElseThrow(), key.versionId().orElseThrow());

        for (CredentialKey foreign : List.of(stranger, pointing)) {
            notFound(() -> rotation().rotate(foreign, role("3"), ACCEPTED));
            notFound(() -> rotation().resume(foreign, ACCEPTED));
            notFound(() -> rotation().discard(foreign));
            notFound(() -> rotation().rollback(foreign));
            notFound(() -> rotation().versions(foreign));
            notFound(() -> rotation().load(foreign, CredentialStage.PENDING));
            notFound(() -> rotation().load(foreign, key.versionId().orElseThrow()));
        }
        assertThat(rotation().load(key, CredentialStage.PENDING).credential()).isEqualTo(role("2"));
    }

    @Test
    default void whoSharesASecretReadsItsVersionsButDoesNotRotateIt() {
        CredentialKey owner = stored(role("1"));
        rotation().rotate(owner, role("2"), ACCEPTED);
        CredentialKey sharing = CredentialKey.of(owner.tenantId(), AccountId.random())
                .at(owner.reference().orElseThrow(), null);

        assertThat(rotation().load(sharing, CredentialStage.PREVIOUS).credential())
                .isEqualTo(role("1"));
        assertThat(rotation().versions(sharing)).hasSize(2);
        notFound(() -> rotation().rotate(sharing, role("3"), ACCEPTED));
        notFound(() -> rotation().rollback(sharing));
        notFound(() -> rotation().discard(sharing));
        assertThat(vault().get(owner)).isEqualTo(role("2"));
    }

    private CredentialKey pendingAfterACrash() {
        CredentialKey key = stored(role("1"));
        assertThatExceptionOfType(Died.class)
                .isThrownBy(() -> rotation().rotate(key, role("2"), credential -> {
                    throw new Died();
                }));
        return key;
    }

    /** The process ends here: no code of ours sees it. */
    final class Died extends Error {
        private static final long serialVersionUID = 1L;

        Died() {
            super("died");
        }
    }

    private static void conflict(Reason reason, ThrowingCallable call) {
        assertThatExceptionOfType(RotationConflictException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static void notFound(ThrowingCallable call) {
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(call);
    }

    private static CredentialKey key() {
        return CredentialKey.of(TenantId.random(), AccountId.random());
    }

    private static AwsIamRole role(String name) {
        return new AwsIamRole("arn:aws:iam::123456789012:role/" + name, "threat-engine-0123456789abcdef");
    }
}
