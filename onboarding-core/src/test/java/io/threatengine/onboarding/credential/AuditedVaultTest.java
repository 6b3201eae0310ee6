package io.threatengine.onboarding.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.AuditEvent.Operation;
import io.threatengine.onboarding.error.CredentialRefusedException;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.CredentialUnavailableException.Reason;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AuditedVaultTest {
    private static final CredentialKey KEY = CredentialKey.of(TenantId.of("t1"), AccountId.of("a1"));
    private static final CredentialVersion VERSION = new CredentialVersion("a/secret", "v1");
    private static final IbmApiKey CREDENTIAL = new IbmApiKey(Secret.of("PLANTED-SECRET"));

    private final List<AuditEvent> events = new ArrayList<>();
    private final OneCredential behind = new OneCredential();
    private final CredentialVault vault = AuditedVault.over(behind, events::add, () -> "scanner");

    @Test
    void tellsOfEachOperationWithItsVersion() {
        vault.check(KEY, CREDENTIAL);
        vault.store(KEY, CREDENTIAL);
        vault.get(KEY);
        vault.find(KEY);
        vault.holds(KEY, CREDENTIAL);
        vault.describe(KEY);
        vault.delete(KEY);
        vault.deleteUnless(KEY, secret -> false);
        vault.restore(KEY);
        vault.rotation().rotate(KEY, CREDENTIAL, credential -> {});
        vault.rotation().resume(KEY, credential -> {});
        vault.rotation().discard(KEY);
        vault.rotation().rollback(KEY);
        vault.rotation().versions(KEY);
        vault.rotation().load(KEY, "v1");
        vault.rotation().load(KEY, CredentialStage.PREVIOUS);

        assertThat(events)
                .containsExactly(
                        event(Operation.STORE, VERSION),
                        event(Operation.LOAD, VERSION),
                        event(Operation.LOAD, VERSION),
                        event(Operation.COMPARE, null),
                        event(Operation.DESCRIBE, VERSION),
                        event(Operation.DELETE, null),
                        event(Operation.DELETE, null),
                        event(Operation.RESTORE, null),
                        event(Operation.ROTATE, VERSION),
                        event(Operation.RESUME, VERSION),
                        event(Operation.DISCARD, null),
                        event(Operation.ROLL_BACK, VERSION),
                        event(Operation.LIST_VERSIONS, null),
                        event(Operation.LOAD, VERSION),
                        event(Operation.LOAD, VERSION));
        assertThat(events.toString()).doesNotContain("PLANTED-SECRET");
    }

    @Test
    void tellsWhatWasKeptFromWhatWasDeleted() {
        assertThat(vault.deleteUnless(KEY, secret -> true)).isEmpty();
        assertThat(vault.deleteUnless(KEY, secret -> false)).isPresent();

        assertThat(events)
                .containsExactly(
                        new AuditEvent("scanner", Operation.DELETE, KEY, null, VaultOutcome.KEPT),
                        event(Operation.DELETE, null));
    }

    @Test
    void tellsOfEachOfMany() {
        CredentialKey other = CredentialKey.of(KEY.tenantId(), AccountId.of("a2"));
        behind.missing = other;

        vault.getAll(List.of(KEY, other));
        assertThat(events)
                .containsExactly(
                        event(Operation.LOAD, VERSION),
                        new AuditEvent("scanner", Operation.LOAD, other, null, VaultOutcome.NOT_FOUND));

        behind.failure = new IllegalStateException("closed");
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> vault.getAll(List.of(KEY)));
        assertThat(events.get(2)).isEqualTo(new AuditEvent("scanner", Operation.LOAD, KEY, null, VaultOutcome.FAILED));
    }

    @Test
    void tellsOfFailures() {
        behind.failure = new NotFoundException("credential", "t1/a1");
        assertThat(vault.find(KEY)).isEmpty();
        behind.failure = new CredentialUnavailableException("a/secret", Reason.KEY_UNUSABLE);
        assertThatExceptionOfType(CredentialUnavailableException.class).isThrownBy(() -> vault.delete(KEY));
        behind.failure = new IllegalStateException("closed");
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> vault.store(KEY, CREDENTIAL));
        behind.failure = new CredentialRefusedException("a/secret", new IllegalStateException("no"));
        assertThatExceptionOfType(CredentialRefusedException.class)
                .isThrownBy(() -> vault.rotation().rotate(KEY, CREDENTIAL, credential -> {}));

        assertThat(events)
                .containsExactly(
                        new AuditEvent("scanner", Operation.LOAD, KEY, null, VaultOutcome.NOT_FOUND),
                        new AuditEvent("scanner", Operation.DELETE, KEY, null, VaultOutcome.KEY_UNUSABLE),
                        new AuditEvent("scanner", Operation.STORE, KEY, null, VaultOutcome.FAILED),
                        new AuditEvent("scanner", Operation.ROTATE, KEY, null, VaultOutcome.REFUSED));
    }

    @Test
    void aListenerThatThrowsDoesNoHarm() {
        CredentialVault harmed = AuditedVault.over(
                behind,
                event -> {
                    throw new IllegalStateException("the disk is full");
                },
                () -> "scanner");

        assertThat(harmed.get(KEY)).isEqualTo(CREDENTIAL);
        behind.failure = new NotFoundException("credential", "t1/a1");
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> harmed.load(KEY));
    }

    @Test
    void anActorThatCannotBeFoundOutIsUnknown() {
        AuditedVault.over(behind, events::add, () -> null).load(KEY);
        AuditedVault.over(behind, events::add, () -> {
                    throw new IllegalStateException("no request");
                })
                .load(KEY);

        assertThat(events).extracting(AuditEvent::actor).containsExactly("unknown", "unknown");
    }

    @Test
    void closesTheVault() {
        vault.close();

        assertThat(behind.closed).isTrue();
    }

    private static AuditEvent event(Operation operation, @Nullable CredentialVersion version) {
        return new AuditEvent("scanner", operation, KEY, version, VaultOutcome.SUCCEEDED);
    }

    private static final class OneCredential implements CredentialVault, CredentialRotation {
        private @Nullable RuntimeException failure;
        private @Nullable CredentialKey missing;
        private boolean closed;

        private <R> R answer(R result) {
            if (failure != null) {
                throw failure;
            }
            return result;
        }

        @Override
        public void check(CredentialKey key, Credential credential) {
            answer(key);
        }

        @Override
        public CredentialVersion store(CredentialKey key, Credential credential, StoreOptions options) {
            return answer(VERSION);
        }

        @Override
        public CredentialRotation rotation() {
            return this;
        }

        @Override
        public CredentialVersion rotate(
                CredentialKey key, Credential next, @Nullable Instant expiresAt, CredentialProof proof) {
            return answer(VERSION);
        }

        @Override
        public CredentialVersion resume(CredentialKey key, CredentialProof proof) {
            return answer(VERSION);
        }

        @Override
        public void discard(CredentialKey key) {
            answer(key);
        }

        @Override
        public CredentialVersion rollback(CredentialKey key) {
            return answer(VERSION);
        }

        @Override
        public List<VersionDescription> versions(CredentialKey key) {
            return answer(List.of());
        }

        @Override
        public StoredCredential load(CredentialKey key, String versionId) {
            return load(key);
        }

        @Override
        public StoredCredential load(CredentialKey key, CredentialStage stage) {
            return load(key);
        }

        @Override
        public Optional<Instant> deleteUnless(CredentialKey key, Predicate<CredentialDescription> isNeeded) {
            return answer(isNeeded.test(describe(key)) ? Optional.empty() : Optional.of(Instant.EPOCH));
        }

        @Override
        public StoredCredential load(CredentialKey key) {
            if (key.equals(missing)) {
                throw new NotFoundException("credential", key.toString());
            }
            return answer(new StoredCredential(CREDENTIAL, VERSION, null, null));
        }

        @Override
        public boolean holds(CredentialKey key, Credential credential) {
            return answer(true);
        }

        @Override
        public CredentialDescription describe(CredentialKey key) {
            return answer(new CredentialDescription(
                    VERSION, "arn", KEY.accountId(), Instant.EPOCH, Instant.EPOCH, null, null));
        }

        @Override
        public Instant delete(CredentialKey key) {
            return answer(Instant.EPOCH);
        }

        @Override
        public void restore(CredentialKey key) {
            answer(key);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
