package io.threatengine.onboarding.secrets;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
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
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.credential.VersionDescription;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.error.ThrottledException;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A cache of parsed credentials in front of any vault. Thread-safe. A hit takes no lock, makes no object and parses nothing.
 *
 * <ul>
 *   <li>One load at a time for a credential: of many readers that miss, one asks the vault and the others wait for it.
 *   <li>Coherent by version: a key that names another version than the cache holds (the account's row knows of a rotation)
 *       is never answered with the older credential. A key that is older than the cache gets the newer one.
 *   <li>Whatever is written through this vault is seen by the next read.
 *   <li>Failures are not cached. What the vault refuses is forgotten at once; a throttled or failing service says nothing of
 *       the credential, and forgets nothing.
 * </ul>
 *
 * <p>Time: a credential that has an expiry is never answered after it.
 */
public final class CachingVault implements CredentialVault {
    private final CredentialVault vault;
    private final Cache<AccountId, Entry> cache;
    private final InstantSource clock;
    private final LongAdder hits = new LongAdder();
    private final LongAdder loads = new LongAdder();

    private CachingVault(CredentialVault vault, CacheOptions options, InstantSource clock) {
        this.vault = Objects.requireNonNull(vault, "vault");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.cache = Caffeine.newBuilder()
                .expireAfterWrite(options.timeToLive())
                .maximumSize(options.maximumSize())
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /** With the default options. The vault is closed with its cache. */
    public static CachingVault over(CredentialVault vault) {
        return over(vault, CacheOptions.defaults());
    }

    /** The vault is closed with its cache. */
    public static CachingVault over(CredentialVault vault, CacheOptions options) {
        return over(vault, options, InstantSource.system());
    }

    /** With the clock that decides on expiry. The vault is closed with its cache. */
    public static CachingVault over(CredentialVault vault, CacheOptions options, InstantSource clock) {
        return new CachingVault(vault, options, clock);
    }

    public CacheStatistics statistics() {
        return new CacheStatistics(hits.sum(), loads.sum());
    }

    @Override
    public StoredCredential load(CredentialKey key) {
        Entry entry = cache.getIfPresent(key.accountId());
        if (entry != null && answers(entry, key)) {
            hits.increment();
            return entry.stored;
        }
        return entry == null || entry.isOf(key) ? reload(key) : loadPast(key);
    }

    @Override
    public void check(CredentialKey key, Credential credential) {
        vault.check(key, credential);
    }

    @Override
    public boolean holds(CredentialKey key, Credential credential) {
        return vault.holds(key, credential);
    }

    @Override
    public CredentialVersion store(CredentialKey key, Credential credential, StoreOptions options) {
        try {
            return vault.store(key, credential, options);
        } finally {
            cache.invalidate(key.accountId());
        }
    }

    @Override
    public CredentialRotation rotation() {
        return new Forgetting(vault.rotation());
    }

    @Override
    public CredentialDescription describe(CredentialKey key) {
        return vault.describe(key);
    }

    @Override
    public Instant delete(CredentialKey key) {
        try {
            return vault.delete(key);
        } finally {
            cache.invalidate(key.accountId());
        }
    }

    @Override
    public Optional<Instant> deleteUnless(CredentialKey key, Predicate<CredentialDescription> isNeeded) {
        try {
            return vault.deleteUnless(key, isNeeded);
        } finally {
            cache.invalidate(key.accountId());
        }
    }

    @Override
    public void restore(CredentialKey key) {
        try {
            vault.restore(key);
        } finally {
            cache.invalidate(key.accountId());
        }
    }

    /** Forgets what it holds and closes the vault. */
    @Override
    public void close() {
        cache.invalidateAll();
        vault.close();
    }

    private boolean answers(Entry entry, CredentialKey key) {
        return entry.isOf(key)
                && entry.fits(key)
                && (entry.expiresAtMillis == Long.MAX_VALUE || clock.millis() < entry.expiresAtMillis);
    }

    /** One at a time for an account; those who waited take what the first one brought, if it answers them too. */
    private StoredCredential reload(CredentialKey key) {
        try {
            Entry loaded = cache.asMap().compute(key.accountId(), (id, present) -> {
                if (present != null && answers(present, key)) {
                    return present;
                }
                loads.increment();
                return new Entry(key, vault.load(key), present);
            });
            return loaded.isOf(key) ? loaded.stored : loadPast(key);
        } catch (ThrottledException | ServiceUnavailableException | OperationInterruptedException e) {
            throw e; // says nothing of the credential
        } catch (OnboardingException e) {
            cache.invalidate(key.accountId());
            throw e;
        }
    }

    /** Two tenants that claim one account: one of them is wrong, and the vault knows which. It is not cached. */
    private StoredCredential loadPast(CredentialKey key) {
        loads.increment();
        return vault.load(key);
    }

    /** Forgets what a rotation replaces. Versions that are asked for by name are not cached. */
    private final class Forgetting implements CredentialRotation {
        private final CredentialRotation rotation;

        Forgetting(CredentialRotation rotation) {
            this.rotation = rotation;
        }

        @Override
        public CredentialVersion rotate(
                CredentialKey key, Credential next, @Nullable Instant expiresAt, CredentialProof proof) {
            return forgetting(key, () -> rotation.rotate(key, next, expiresAt, proof));
        }

        @Override
        public CredentialVersion resume(CredentialKey key, CredentialProof proof) {
            return forgetting(key, () -> rotation.resume(key, proof));
        }

        @Override
        public void discard(CredentialKey key) {
            rotation.discard(key);
        }

        @Override
        public CredentialVersion rollback(CredentialKey key) {
            return forgetting(key, () -> rotation.rollback(key));
        }

        @Override
        public List<VersionDescription> versions(CredentialKey key) {
            return rotation.versions(key);
        }

        @Override
        public StoredCredential load(CredentialKey key, String versionId) {
            return rotation.load(key, versionId);
        }

        @Override
        public StoredCredential load(CredentialKey key, CredentialStage stage) {
            return rotation.load(key, stage);
        }

        private CredentialVersion forgetting(CredentialKey key, Supplier<CredentialVersion> change) {
            try {
                return change.get();
            } finally {
                cache.invalidate(key.accountId());
            }
        }
    }

    /** A credential as it was loaded for a key. */
    private static final class Entry {
        private static final int MOST_SUPERSEDED = 8;

        final StoredCredential stored;
        final long expiresAtMillis;
        private final TenantId tenantId;
        private final @Nullable String reference;

        /** Versions that rows still name though the vault has a newer one: not worth a load each time. */
        private final Set<String> superseded;

        Entry(CredentialKey key, StoredCredential stored, @Nullable Entry before) {
            this.stored = stored;
            this.tenantId = key.tenantId();
            this.reference = key.reference().orElse(null);
            this.expiresAtMillis = stored.expiresAt() == null
                    ? Long.MAX_VALUE
                    : stored.expiresAt().toEpochMilli();
            String version = stored.version().versionId();
            var older = new LinkedHashSet<String>();
            if (before != null
                    && before.stored.version().versionId().equals(version)
                    && before.superseded.size() < MOST_SUPERSEDED) {
                older.addAll(before.superseded);
            }
            key.versionId().filter(named -> !named.equals(version)).ifPresent(older::add);
            this.superseded = Set.copyOf(older);
        }

        boolean isOf(CredentialKey key) {
            return tenantId.equals(key.tenantId());
        }

        boolean fits(CredentialKey key) {
            return (key.hasReference(reference)
                            || key.hasReference(stored.version().reference()))
                    && (key.accepts(stored.version().versionId()) || namesOlder(key));
        }

        private boolean namesOlder(CredentialKey key) {
            return key.versionId().filter(superseded::contains).isPresent();
        }
    }
}
