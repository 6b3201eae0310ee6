package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.AuditEvent.Operation;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A vault that tells a listener of each operation on another one, whatever its outcome. Thread-safe, as the other one and the
 * listener are.
 *
 * <pre>{@code
 * var vault = AuditedVault.over(SecretsManagerVault.open(settings), new Slf4jAuditListener(), () -> currentUser());
 * var onboarding = Onboarding.of(storage, vault);
 * }</pre>
 *
 * <p>Around a cache it tells of every read, inside one ({@code CachingVault.over(AuditedVault.over(…))}) of those that reach
 * the service; the actor of the second kind is whoever happened to ask, or nobody for a refresh in the background.
 */
public final class AuditedVault implements CredentialVault {
    private static final Logger LOG = System.getLogger(AuditedVault.class.getName());
    private static final String UNKNOWN = "unknown";

    private final CredentialVault vault;
    private final AuditListener listener;
    private final Supplier<@Nullable String> actor;

    private AuditedVault(CredentialVault vault, AuditListener listener, Supplier<@Nullable String> actor) {
        this.vault = Objects.requireNonNull(vault, "vault");
        this.listener = Objects.requireNonNull(listener, "listener");
        this.actor = Objects.requireNonNull(actor, "actor");
    }

    /**
     * Tells the listener of each operation on the vault, which is closed with this one.
     *
     * @param actor who acts now: called for each operation on its own thread, so that it can look into a request's context;
     *     where it gives null or throws, the event says {@code unknown}
     */
    public static AuditedVault over(CredentialVault vault, AuditListener listener, Supplier<@Nullable String> actor) {
        return new AuditedVault(vault, listener, actor);
    }

    @Override
    public void check(CredentialKey key, Credential credential) {
        vault.check(key, credential); // touches nothing that is stored
    }

    @Override
    public CredentialVersion store(CredentialKey key, Credential credential, StoreOptions options) {
        return audited(Operation.STORE, key, () -> vault.store(key, credential, options), version -> version);
    }

    @Override
    public CredentialRotation rotation() {
        return new Rotation(vault.rotation());
    }

    @Override
    public StoredCredential load(CredentialKey key) {
        return audited(Operation.LOAD, key, () -> vault.load(key), StoredCredential::version);
    }

    @Override
    public BulkResult<CredentialKey, StoredCredential> loadAll(Collection<CredentialKey> keys, BulkOptions options) {
        BulkResult<CredentialKey, StoredCredential> loaded;
        try {
            loaded = vault.loadAll(keys, options);
        } catch (RuntimeException | Error e) {
            keys.forEach(key -> tell(Operation.LOAD, key, null, VaultOutcome.of(e))); // some may have been loaded
            throw e;
        }
        loaded.outcomes().forEach(outcome -> {
            StoredCredential stored = outcome.value();
            OnboardingException failure = outcome.failure();
            tell(
                    Operation.LOAD,
                    outcome.input(),
                    stored == null ? null : stored.version(),
                    failure == null ? VaultOutcome.SUCCEEDED : VaultOutcome.of(failure));
        });
        return loaded;
    }

    @Override
    public boolean holds(CredentialKey key, Credential credential) {
        return audited(Operation.COMPARE, key, () -> vault.holds(key, credential), held -> null);
    }

    @Override
    public CredentialDescription describe(CredentialKey key) {
        return audited(Operation.DESCRIBE, key, () -> vault.describe(key), CredentialDescription::version);
    }

    @Override
    public Instant delete(CredentialKey key) {
        return audited(Operation.DELETE, key, () -> vault.delete(key), date -> null);
    }

    @Override
    public Optional<Instant> deleteUnless(CredentialKey key, Predicate<CredentialDescription> isNeeded) {
        return audited(
                Operation.DELETE,
                key,
                () -> vault.deleteUnless(key, isNeeded),
                date -> null,
                date -> date.isPresent() ? VaultOutcome.SUCCEEDED : VaultOutcome.KEPT);
    }

    @Override
    public void restore(CredentialKey key) {
        audited(Operation.RESTORE, key, () -> vault.restore(key));
    }

    @Override
    public void close() {
        vault.close();
    }

    private void audited(Operation operation, CredentialKey key, Runnable action) {
        audited(
                operation,
                key,
                () -> {
                    action.run();
                    return key;
                },
                done -> null);
    }

    private <R> R audited(
            Operation operation,
            CredentialKey key,
            Supplier<R> action,
            Function<R, @Nullable CredentialVersion> version) {
        return audited(operation, key, action, version, done -> VaultOutcome.SUCCEEDED);
    }

    private <R> R audited(
            Operation operation,
            CredentialKey key,
            Supplier<R> action,
            Function<R, @Nullable CredentialVersion> version,
            Function<R, VaultOutcome> outcome) {
        R result;
        try {
            result = action.get();
        } catch (RuntimeException | Error e) {
            tell(operation, key, null, VaultOutcome.of(e));
            throw e;
        }
        tell(operation, key, version.apply(result), outcome.apply(result));
        return result;
    }

    private void tell(
            Operation operation, CredentialKey key, @Nullable CredentialVersion version, VaultOutcome outcome) {
        try {
            listener.on(new AuditEvent(currentActor(), operation, key, version, outcome));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "The audit listener failed; an event is lost: " + operation + " of " + key, e);
        }
    }

    private String currentActor() {
        try {
            return Objects.requireNonNullElse(actor.get(), UNKNOWN);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Who acts could not be found out", e);
            return UNKNOWN;
        }
    }

    private final class Rotation implements CredentialRotation {
        private final CredentialRotation rotation;

        Rotation(CredentialRotation rotation) {
            this.rotation = rotation;
        }

        @Override
        public CredentialVersion rotate(
                CredentialKey key, Credential next, @Nullable Instant expiresAt, CredentialProof proof) {
            return audited(
                    Operation.ROTATE, key, () -> rotation.rotate(key, next, expiresAt, proof), version -> version);
        }

        @Override
        public CredentialVersion resume(CredentialKey key, CredentialProof proof) {
            return audited(Operation.RESUME, key, () -> rotation.resume(key, proof), version -> version);
        }

        @Override
        public void discard(CredentialKey key) {
            audited(Operation.DISCARD, key, () -> rotation.discard(key));
        }

        @Override
        public CredentialVersion rollback(CredentialKey key) {
            return audited(Operation.ROLL_BACK, key, () -> rotation.rollback(key), version -> version);
        }

        @Override
        public List<VersionDescription> versions(CredentialKey key) {
            return audited(Operation.LIST_VERSIONS, key, () -> rotation.versions(key), versions -> null);
        }

        @Override
        public StoredCredential load(CredentialKey key, String versionId) {
            return audited(Operation.LOAD, key, () -> rotation.load(key, versionId), StoredCredential::version);
        }

        @Override
        public StoredCredential load(CredentialKey key, CredentialStage stage) {
            return audited(Operation.LOAD, key, () -> rotation.load(key, stage), StoredCredential::version);
        }
    }
}
