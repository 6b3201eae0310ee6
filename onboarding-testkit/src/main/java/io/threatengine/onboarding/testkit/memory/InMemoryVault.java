package io.threatengine.onboarding.testkit.memory;

import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialDescription;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.CredentialUnavailableException.Reason;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.secrets.CredentialDocument;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A fake vault in a map, with the rules and the documents of the real one. Thread-safe. */
public final class InMemoryVault implements CredentialVault {
    private static final Duration RECOVERY_WINDOW = Duration.ofDays(7);

    private record Kept(
            CredentialDocument document,
            String versionId,
            Instant createdAt,
            Instant changedAt,
            @Nullable Instant deletionDate) {

        Kept deletedAt(@Nullable Instant date, Instant now) {
            return new Kept(document, versionId, createdAt, now, date);
        }
    }

    private final InstantSource clock;
    private final Map<String, Kept> secrets = new HashMap<>();

    public InMemoryVault(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void check(CredentialKey key, Credential credential) {
        CredentialDocument.of(key, credential, clock.instant(), null);
    }

    @Override
    public synchronized CredentialVersion store(CredentialKey key, Credential credential, @Nullable Instant expiresAt) {
        Instant now = WireTime.now(clock);
        CredentialDocument first = CredentialDocument.of(key, credential, now, expiresAt);
        String name = ownNameOrReferenceOf(key);
        Kept kept = present(name);
        if (kept == null) {
            return keep(name, first, now, now);
        }
        if (!kept.document().isFor(key)) {
            throw new NotFoundException("credential", key.toString());
        }
        requireNotDeleted(name, kept);
        CredentialDocument next = kept.document().with(credential, expiresAt);
        return next.equals(kept.document())
                ? new CredentialVersion(name, kept.versionId())
                : keep(name, next, kept.createdAt(), now);
    }

    @Override
    public synchronized StoredCredential load(CredentialKey key) {
        String name = nameOf(key);
        Kept kept = existing(key);
        requireNotDeleted(name, kept);
        CredentialDocument document = kept.document();
        Instant expiresAt = document.expiresAt();
        if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
            throw new CredentialUnavailableException(name, Reason.EXPIRED);
        }
        return new StoredCredential(
                document.credential(), new CredentialVersion(name, kept.versionId()), document.createdAt(), expiresAt);
    }

    @Override
    public synchronized boolean holds(CredentialKey key, Credential credential) {
        Kept kept = present(nameOf(key));
        if (kept == null || !kept.document().isFor(key)) {
            return false;
        }
        requireNotDeleted(nameOf(key), kept);
        return kept.document().holds(credential);
    }

    @Override
    public synchronized CredentialDescription describe(CredentialKey key) {
        String name = nameOf(key);
        Kept kept = existing(key);
        return new CredentialDescription(
                new CredentialVersion(name, kept.versionId()),
                "arn:aws:secretsmanager:memory:000000000000:secret:" + name,
                kept.createdAt(),
                kept.changedAt(),
                null,
                kept.deletionDate());
    }

    @Override
    public synchronized Instant delete(CredentialKey key) {
        String name = ownNameOrReferenceOf(key);
        Kept kept = own(key, name);
        Instant scheduled = kept.deletionDate();
        if (scheduled != null) {
            return scheduled;
        }
        Instant now = WireTime.now(clock);
        Instant date = now.plus(RECOVERY_WINDOW);
        secrets.put(name, kept.deletedAt(date, now));
        return date;
    }

    @Override
    public synchronized void restore(CredentialKey key) {
        String name = ownNameOrReferenceOf(key);
        secrets.put(name, own(key, name).deletedAt(null, WireTime.now(clock)));
    }

    private Kept own(CredentialKey key, String name) {
        Kept kept = present(name);
        if (kept == null || !kept.document().belongsTo(key)) {
            throw new NotFoundException("credential", key.toString());
        }
        return kept;
    }

    @Override
    public void close() {
        // nothing was opened
    }

    private CredentialVersion keep(String name, CredentialDocument document, Instant createdAt, Instant now) {
        String versionId = UUID.randomUUID().toString();
        secrets.put(name, new Kept(document, versionId, createdAt, now, null));
        return new CredentialVersion(name, versionId);
    }

    /** Where the row says, if it says so and something is there; else under the account's own name. */
    private String nameOf(CredentialKey key) {
        return key.reference().filter(reference -> present(reference) != null).orElse(ownNameOf(key));
    }

    /** Where the account's own secret is: not where the row says, if that is another account's. */
    private String ownNameOrReferenceOf(CredentialKey key) {
        Kept kept = present(nameOf(key));
        boolean shared =
                kept != null && kept.document().isFor(key) && !kept.document().isOf(key);
        return shared ? ownNameOf(key) : nameOf(key);
    }

    private static String ownNameOf(CredentialKey key) {
        return "memory/account/" + key.tenantId() + "/" + key.accountId();
    }

    private Kept existing(CredentialKey key) {
        Kept kept = present(nameOf(key));
        if (kept == null || !kept.document().isFor(key)) {
            throw new NotFoundException("credential", key.toString());
        }
        return kept;
    }

    private @Nullable Kept present(String name) {
        Kept kept = secrets.get(name);
        if (kept != null && kept.deletionDate() != null && !kept.deletionDate().isAfter(clock.instant())) {
            secrets.remove(name);
            return null;
        }
        return kept;
    }

    private static void requireNotDeleted(String name, Kept kept) {
        if (kept.deletionDate() != null) {
            throw new CredentialUnavailableException(name, Reason.PENDING_DELETION);
        }
    }
}
