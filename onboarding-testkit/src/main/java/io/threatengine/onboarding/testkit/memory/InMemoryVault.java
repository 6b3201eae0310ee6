package io.threatengine.onboarding.testkit.memory;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialDescription;
import io.threatengine.onboarding.credential.CredentialProof;
import io.threatengine.onboarding.credential.CredentialRotation;
import io.threatengine.onboarding.credential.CredentialStage;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.credential.StoreOptions;
import io.threatengine.onboarding.credential.StoreOptions.WhenDeleted;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.credential.VersionDescription;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.CredentialUnavailableException.Reason;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.RotationConflictException;
import io.threatengine.onboarding.internal.Proofs;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.secrets.CredentialDocument;
import io.threatengine.onboarding.testkit.memory.MemorySecret.Version;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A fake vault in a map, with the rules and the documents of the real one. Thread-safe. */
public final class InMemoryVault implements CredentialVault {
    private static final Duration RECOVERY_WINDOW = Duration.ofDays(7);

    private final InstantSource clock;
    private final Map<String, MemorySecret> secrets = new HashMap<>();
    private final CredentialRotation rotation = new Rotation();

    public InMemoryVault(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void check(CredentialKey key, Credential credential) {
        CredentialDocument.of(key, credential, clock.instant(), null);
    }

    @Override
    public synchronized CredentialVersion store(CredentialKey key, Credential credential, StoreOptions options) {
        Instant now = WireTime.now(clock);
        CredentialDocument first = CredentialDocument.of(key, credential, now, options.expiresAt());
        String name = ownNameOrReferenceOf(key);
        MemorySecret secret = present(name);
        if (secret == null) {
            var made = new MemorySecret(name, now);
            secrets.put(name, made);
            return made.store(first, now);
        }
        if (!secret.document().isFor(key)) {
            throw notFound(key);
        }
        if (options.whenDeleted() == WhenDeleted.RESTORE && secret.document().belongsTo(key)) {
            secret.deletionDate = null;
        }
        secret.requireNotDeleted();
        CredentialDocument next = secret.document().with(credential, options.expiresAt());
        return next.equals(secret.document()) ? secret.version() : secret.store(next, now);
    }

    @Override
    public CredentialRotation rotation() {
        return rotation;
    }

    @Override
    public synchronized StoredCredential load(CredentialKey key) {
        MemorySecret secret = existing(key);
        return opened(secret, secret.current());
    }

    @Override
    public synchronized boolean holds(CredentialKey key, Credential credential) {
        MemorySecret secret = present(nameOf(key));
        if (secret == null || !secret.document().isFor(key)) {
            return false;
        }
        secret.requireNotDeleted();
        return secret.document().holds(credential);
    }

    @Override
    public synchronized CredentialDescription describe(CredentialKey key) {
        return described(existing(key), key);
    }

    private static CredentialDescription described(MemorySecret secret, CredentialKey key) {
        String owner = secret.name.substring(secret.name.lastIndexOf('/') + 1);
        return new CredentialDescription(
                secret.version(),
                "arn:aws:secretsmanager:memory:000000000000:secret:" + secret.name + "-memory",
                secret.document().isOf(key) ? key.accountId() : AccountId.of(owner),
                secret.createdAt,
                secret.changedAt,
                null,
                secret.deletionDate);
    }

    @Override
    public synchronized Instant delete(CredentialKey key) {
        return scheduleDeletion(own(key, ownNameOrReferenceOf(key)));
    }

    @Override
    public synchronized Optional<Instant> deleteUnless(CredentialKey key, Predicate<CredentialDescription> isNeeded) {
        var names = new ArrayList<>(List.of(ownNameOf(key)));
        key.reference().filter(reference -> !names.contains(reference)).ifPresent(names::add);
        Instant first = null;
        for (String name : names) {
            MemorySecret secret = present(name);
            if (secret != null && secret.document().isFor(key) && !isNeeded.test(described(secret, key))) {
                Instant date = scheduleDeletion(secret);
                first = first == null ? date : first;
            }
        }
        return Optional.ofNullable(first);
    }

    private Instant scheduleDeletion(MemorySecret secret) {
        Instant scheduled = secret.deletionDate;
        if (scheduled != null) {
            return scheduled;
        }
        Instant now = WireTime.now(clock);
        Instant date = now.plus(RECOVERY_WINDOW);
        secret.deletionDate = date;
        secret.changedAt = now;
        return date;
    }

    @Override
    public synchronized void restore(CredentialKey key) {
        MemorySecret secret = own(key, ownNameOrReferenceOf(key));
        secret.deletionDate = null;
        secret.changedAt = WireTime.now(clock);
    }

    @Override
    public void close() {
        // nothing was opened
    }

    private StoredCredential opened(MemorySecret secret, Version version) {
        secret.requireNotDeleted();
        CredentialDocument document = version.document();
        Instant expiresAt = document.expiresAt();
        if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
            throw new CredentialUnavailableException(secret.name, Reason.EXPIRED);
        }
        return new StoredCredential(
                document.credential(),
                new CredentialVersion(secret.name, version.id()),
                document.createdAt(),
                expiresAt);
    }

    private MemorySecret own(CredentialKey key, String name) {
        MemorySecret secret = present(name);
        if (secret == null || !secret.document().belongsTo(key)) {
            throw notFound(key);
        }
        return secret;
    }

    /** Where the row says, if it says so and something is there; else under the account's own name. */
    private String nameOf(CredentialKey key) {
        return key.reference().filter(reference -> present(reference) != null).orElse(ownNameOf(key));
    }

    /** Where the account's own secret is: not where the row says, if that is another account's, or one that is going. */
    private String ownNameOrReferenceOf(CredentialKey key) {
        MemorySecret secret = present(nameOf(key));
        boolean shared = secret != null
                && secret.document().isFor(key)
                && !secret.document().isOf(key);
        boolean going = secret != null && secret.deletionDate != null;
        return shared || going ? ownNameOf(key) : nameOf(key);
    }

    private static String ownNameOf(CredentialKey key) {
        return "memory/account/" + key.tenantId() + "/" + key.accountId();
    }

    private MemorySecret existing(CredentialKey key) {
        MemorySecret secret = present(nameOf(key));
        if (secret == null || !secret.document().isFor(key)) {
            throw notFound(key);
        }
        return secret;
    }

    private @Nullable MemorySecret present(String name) {
        MemorySecret secret = secrets.get(name);
        if (secret != null && secret.deletionDate != null && !secret.deletionDate.isAfter(clock.instant())) {
            secrets.remove(name);
            return null;
        }
        return secret;
    }

    private static NotFoundException notFound(CredentialKey key) {
        return new NotFoundException("credential", key.toString());
    }

    private static NotFoundException nonePending(CredentialKey key) {
        return new NotFoundException("pending rotation", key.toString());
    }

    /** The lock is not held while a proof runs. */
    private final class Rotation implements CredentialRotation {

        @Override
        public CredentialVersion rotate(
                CredentialKey key, Credential next, @Nullable Instant expiresAt, CredentialProof proof) {
            CredentialDocument.of(key, next, clock.instant(), expiresAt);
            Version pending;
            synchronized (InMemoryVault.this) {
                MemorySecret secret = changeable(key);
                CredentialDocument document = secret.document().with(next, expiresAt);
                if (document.equals(secret.document())) {
                    return secret.version();
                }
                pending = secret.stage(document, WireTime.now(clock));
            }
            return prove(key, pending, proof);
        }

        @Override
        public CredentialVersion resume(CredentialKey key, CredentialProof proof) {
            Version pending;
            synchronized (InMemoryVault.this) {
                pending = changeable(key).at(CredentialStage.PENDING).orElseThrow(() -> nonePending(key));
            }
            return prove(key, pending, proof);
        }

        private CredentialVersion prove(CredentialKey key, Version pending, CredentialProof proof) {
            Credential credential = pending.document().credential();
            Proofs.run(() -> proof.prove(credential), ownNameOf(key), () -> {
                synchronized (InMemoryVault.this) {
                    changeable(key).discard(pending);
                }
            });
            synchronized (InMemoryVault.this) {
                return changeable(key).promote(pending, WireTime.now(clock));
            }
        }

        @Override
        public void discard(CredentialKey key) {
            synchronized (InMemoryVault.this) {
                MemorySecret secret = changeable(key);
                secret.at(CredentialStage.PENDING).ifPresent(secret::discard);
            }
        }

        @Override
        public CredentialVersion rollback(CredentialKey key) {
            synchronized (InMemoryVault.this) {
                MemorySecret secret = changeable(key);
                Version current = secret.current();
                Version previous = secret.at(CredentialStage.PREVIOUS)
                        .orElseThrow(() -> NotFoundException.ofPreviousVersion(key.toString()));
                if (!key.accepts(current.id()) && !key.accepts(previous.id())) {
                    throw new RotationConflictException(secret.name, RotationConflictException.Reason.OVERTAKEN);
                }
                boolean done = !key.accepts(current.id()) && current.number() < previous.number();
                return done ? secret.version() : secret.makeCurrent(previous, WireTime.now(clock));
            }
        }

        @Override
        public List<VersionDescription> versions(CredentialKey key) {
            synchronized (InMemoryVault.this) {
                return existing(key).describeVersions();
            }
        }

        @Override
        public StoredCredential load(CredentialKey key, String versionId) {
            VersionDescription.checkId(versionId);
            synchronized (InMemoryVault.this) {
                MemorySecret secret = existing(key);
                return opened(secret, secret.version(versionId).orElseThrow(() -> notFound(key)));
            }
        }

        @Override
        public StoredCredential load(CredentialKey key, CredentialStage stage) {
            synchronized (InMemoryVault.this) {
                MemorySecret secret = existing(key);
                return opened(secret, secret.at(stage).orElseThrow(() -> notFound(key)));
            }
        }

        /** The account's own secret, not deleted. */
        private MemorySecret changeable(CredentialKey key) {
            MemorySecret secret = own(key, ownNameOrReferenceOf(key));
            secret.requireNotDeleted();
            return secret;
        }
    }
}
