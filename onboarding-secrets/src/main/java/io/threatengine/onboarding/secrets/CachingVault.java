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
import io.threatengine.onboarding.credential.VaultOutcome;
import io.threatengine.onboarding.credential.VersionDescription;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A cache of parsed credentials in front of any vault. Thread-safe. A hit takes no lock, makes no object and parses nothing.
 *
 * <pre>{@code
 * try (var vault = CachingVault.over(SecretsManagerVault.using(client, settings))) {
 *     Credential credential = vault.get(account.credentialKey());
 * }
 * }</pre>
 *
 * <ul>
 *   <li><b>One load at a time</b> for a credential: of many readers that miss, one asks the vault and the others wait for it.
 *       Loads of different credentials do not wait for each other.
 *   <li><b>Refreshed ahead</b> of its time, in the background; readers do not wait for that. {@link CacheOptions} has the
 *       times.
 *   <li><b>Coherent by version</b>: a key that names another version than the cache holds (the account's row knows of a
 *       rotation) is not answered from the cache, until the vault has said that the row is the older of the two. What the
 *       vault says then holds for that row, and not for a later state of it: the version may have been rolled back to.
 *   <li><b>Own writes</b>: whatever is written through this vault is seen by the next read; a load that began before does not
 *       put the older credential back.
 *   <li><b>Stale when the service fails</b>: while the vault is throttled, does not answer or fails on its side, the last
 *       credential is answered for a time, and the vault is asked after pauses of 2 seconds, doubled up to 32, that all
 *       readers share. Where there is nothing to answer with, the same failure is thrown until the pause has passed.
 *   <li><b>Closed when it refuses</b>: a credential that the vault says is gone, scheduled for deletion, expired, under a key
 *       that cannot be used or forbidden to the caller is forgotten at once, whatever time it had left. So is one whose own
 *       expiry has come. "Not found" is believed for some seconds, but by no key that names a version.
 * </ul>
 */
public final class CachingVault implements CredentialVault {
    private static final int REFRESHING_THREADS = 4;
    private static final int MOST_WAITING_REFRESHES = 1_000;

    private final CredentialVault vault;
    private final CacheOptions options;
    private final InstantSource clock;
    private final Executor executor;
    private final @Nullable ExecutorService ownExecutor;
    private final Cache<AccountId, CacheEntry> cache;
    private final ConcurrentMap<AccountId, Load> loading = new ConcurrentHashMap<>();
    private final CacheCounters counters = new CacheCounters();

    private CachingVault(CredentialVault vault, CacheOptions options, InstantSource clock) {
        this.vault = Objects.requireNonNull(vault, "vault");
        this.options = Objects.requireNonNull(options, "options");
        this.clock = Objects.requireNonNull(clock, "clock");
        Executor given = options.executor();
        this.ownExecutor = given == null ? newExecutor() : null;
        this.executor = given == null ? Objects.requireNonNull(ownExecutor) : given;
        // No expiry of Caffeine's: each entry has its own times, for which one look at the clock has to do.
        this.cache = Caffeine.newBuilder()
                .maximumWeight(options.maximumBytes())
                .weigher((AccountId id, CacheEntry entry) -> entry.weight())
                .evictionListener((id, entry, cause) -> counters.evictions.increment())
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

    /** With the clock that decides on all times of the cache. The vault is closed with its cache. */
    public static CachingVault over(CredentialVault vault, CacheOptions options, InstantSource clock) {
        return new CachingVault(vault, options, clock);
    }

    /** What it has done so far. */
    public CacheStatistics statistics() {
        cache.cleanUp(); // what is to leave, leaves now
        return counters.statistics();
    }

    @Override
    public StoredCredential load(CredentialKey key) {
        CacheEntry entry = cache.getIfPresent(key.accountId());
        if (entry != null && entry.answers(key)) {
            long now = clock.millis();
            if (now < entry.checkAt()) {
                return answer(entry, now);
            }
        }
        return find(key, entry);
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
        return writing(key, () -> vault.store(key, credential, options));
    }

    @Override
    public CredentialRotation rotation() {
        return new Rotation(vault.rotation());
    }

    @Override
    public CredentialDescription describe(CredentialKey key) {
        return vault.describe(key);
    }

    @Override
    public Instant delete(CredentialKey key) {
        return forgetting(key, () -> vault.delete(key));
    }

    @Override
    public Optional<Instant> deleteUnless(CredentialKey key, Predicate<CredentialDescription> isNeeded) {
        return forgetting(key, () -> vault.deleteUnless(key, isNeeded));
    }

    @Override
    public void restore(CredentialKey key) {
        forgetting(key, () -> {
            vault.restore(key);
            return key;
        });
    }

    /** Forgets what it holds, ends its refreshes and closes the vault. */
    @Override
    public void close() {
        if (ownExecutor != null) {
            ownExecutor.shutdownNow();
        }
        loading.clear();
        cache.invalidateAll();
        vault.close();
    }

    // ---- reads

    private StoredCredential answer(CacheEntry entry, long now) {
        if (now < entry.freshUntil) {
            counters.hits.increment();
        } else {
            counters.staleServed.increment();
        }
        return entry.credential();
    }

    /** From the cache after a thought, from the vault, or from somebody else who asks it already. */
    private StoredCredential find(CredentialKey key, @Nullable CacheEntry seen) {
        CacheEntry entry = seen;
        while (true) {
            long now = clock.millis();
            if (entry != null && entry.answers(key) && isAnswerable(entry, key, now)) {
                return answer(entry, now);
            }
            if (entry != null && entry.hasCredential() && !entry.isOf(key)) {
                return loadPast(key);
            }
            OnboardingException refusal = entry == null ? null : entry.refusal(key, now);
            if (refusal != null) {
                counters.misses.increment();
                throw refusal;
            }
            StoredCredential loaded = loadOrWait(key, entry, now);
            if (loaded != null) {
                return loaded;
            }
            entry = cache.getIfPresent(key.accountId());
        }
    }

    /** Whether the entry, which answers the key, may be answered at this time; begins its refresh if that is due. */
    private boolean isAnswerable(CacheEntry entry, CredentialKey key, long now) {
        if (now < entry.checkAt()) {
            return true;
        }
        if (!entry.isAnsweredMeanwhile(now)) {
            return false;
        }
        if (entry.claimCheck(now)) {
            refresh(key, entry, now);
        }
        return true;
    }

    /** Null if what came, by this or by another thread's load, is no answer for this key. */
    private @Nullable StoredCredential loadOrWait(CredentialKey key, @Nullable CacheEntry seen, long now) {
        var own = new Load(seen == null ? key : seen.toAsk(key, now), seen);
        Load others = loading.putIfAbsent(key.accountId(), own);
        Load load = others == null ? own : others;
        load.task.run(); // does nothing where another thread runs it already
        CacheEntry loaded;
        try {
            loaded = load.task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException("the wait for the credential " + key, e);
        } catch (ExecutionException e) {
            return afterFailure(key, load, load == own, e.getCause());
        } catch (CancellationException e) {
            return null;
        }
        if (loaded == null || !(load == own || loaded.answers(key))) {
            return null;
        }
        counters.misses.increment();
        return loaded.credential();
    }

    private @Nullable StoredCredential afterFailure(CredentialKey key, Load load, boolean own, Throwable failure) {
        boolean isTransient = VaultOutcome.of(failure).isTransient();
        if (isTransient) {
            CacheEntry entry = cache.getIfPresent(key.accountId());
            if (entry != null && entry.answers(key) && entry.isAnsweredStale(clock.millis())) {
                counters.staleServed.increment();
                return entry.credential();
            }
        }
        if (!own && (failure instanceof OperationInterruptedException || !(isTransient || load.asksFor(key)))) {
            return null; // the other thread's affair, or said of another version
        }
        counters.misses.increment();
        if (failure instanceof OnboardingException e) {
            throw own ? e : CacheEntry.again(e);
        }
        if (failure instanceof Error e) {
            throw e;
        }
        throw (RuntimeException) failure; // a load throws nothing else
    }

    /** Two tenants that claim one account: one of them is wrong, and the vault knows which. It is not cached. */
    private StoredCredential loadPast(CredentialKey key) {
        counters.misses.increment();
        return ask(key);
    }

    private void refresh(CredentialKey key, CacheEntry entry, long now) {
        var load = new Load(key, entry);
        if (loading.putIfAbsent(key.accountId(), load) == null) {
            try {
                counters.refreshes.increment();
                executor.execute(load.task);
                return;
            } catch (RejectedExecutionException e) {
                counters.refreshes.decrement();
                loading.remove(key.accountId(), load);
                load.task.cancel(false);
            }
        }
        entry.checkLater(now);
    }

    // ---- loads

    /**
     * One question to the vault, put by whichever thread comes first to run it. What comes of it is remembered if no write
     * has taken it out of the map meanwhile.
     */
    private final class Load {
        final CredentialKey key;
        final FutureTask<@Nullable CacheEntry> task;
        private final @Nullable CacheEntry seen;

        Load(CredentialKey key, @Nullable CacheEntry seen) {
            this.key = key;
            this.seen = seen;
            this.task = new FutureTask<>(this::run);
        }

        /** Whether a failure for its key would be one for the other key. */
        boolean asksFor(CredentialKey other) {
            return key.tenantId().equals(other.tenantId())
                    && key.reference().equals(other.reference())
                    && (other.versionId().isEmpty() || other.versionId().equals(key.versionId()));
        }

        /** Null if the cache has changed since the reader looked: another load has ended in between. */
        private @Nullable CacheEntry run() {
            if (cache.getIfPresent(key.accountId()) != seen) {
                loading.remove(key.accountId(), this);
                return null;
            }
            long askedAt = clock.millis();
            try {
                StoredCredential stored = ask(key);
                CacheEntry loaded =
                        CacheEntry.loaded(key, stored, cache.getIfPresent(key.accountId()), askedAt, options);
                remember(before -> loaded);
                return loaded;
            } catch (RuntimeException | Error e) {
                remember(before -> afterFailure(e, before));
                throw e;
            }
        }

        private @Nullable CacheEntry afterFailure(Throwable failure, @Nullable CacheEntry before) {
            if (failure instanceof OperationInterruptedException) {
                if (before != null) {
                    before.checkAnew();
                }
                return before; // it says nothing of the credential
            }
            if (failure instanceof OnboardingException e && VaultOutcome.of(e).isTransient()) {
                return CacheEntry.failed(key, e, before, clock.millis());
            }
            return failure instanceof NotFoundException e ? CacheEntry.notFound(key, e, clock.millis(), options) : null;
        }

        private void remember(UnaryOperator<@Nullable CacheEntry> change) {
            loading.computeIfPresent(key.accountId(), (id, present) -> {
                if (present != this) {
                    return present;
                }
                put(id, change.apply(cache.getIfPresent(id)));
                return null;
            });
        }
    }

    private StoredCredential ask(CredentialKey key) {
        long began = clock.millis();
        counters.loads.increment();
        try {
            return vault.load(key);
        } catch (RuntimeException | Error e) {
            counters.failed(e);
            throw e;
        } finally {
            counters.loadMillis.add(clock.millis() - began);
        }
    }

    // ---- writes

    /** A write that makes another version the current one. */
    private CredentialVersion writing(CredentialKey key, Supplier<CredentialVersion> write) {
        CacheEntry known = null;
        try {
            CredentialVersion version = write.get();
            known = CacheEntry.written(key, version, clock.millis());
            return version;
        } finally {
            replace(key, known);
        }
    }

    private <R> R forgetting(CredentialKey key, Supplier<R> write) {
        try {
            return write.get();
        } finally {
            replace(key, null);
        }
    }

    /** After a write: loads that began before it are not remembered. */
    private void replace(CredentialKey key, @Nullable CacheEntry known) {
        loading.remove(key.accountId());
        put(key.accountId(), known);
    }

    private void put(AccountId id, @Nullable CacheEntry entry) {
        if (entry == null) {
            cache.invalidate(id);
        } else {
            cache.put(id, entry);
        }
    }

    /** Forgets what a rotation replaces. Versions that are asked for by name are not cached. */
    private final class Rotation implements CredentialRotation {
        private final CredentialRotation rotation;

        Rotation(CredentialRotation rotation) {
            this.rotation = rotation;
        }

        @Override
        public CredentialVersion rotate(
                CredentialKey key, Credential next, @Nullable Instant expiresAt, CredentialProof proof) {
            return writing(key, () -> rotation.rotate(key, next, expiresAt, proof));
        }

        @Override
        public CredentialVersion resume(CredentialKey key, CredentialProof proof) {
            return writing(key, () -> rotation.resume(key, proof));
        }

        @Override
        public void discard(CredentialKey key) {
            rotation.discard(key);
        }

        @Override
        public CredentialVersion rollback(CredentialKey key) {
            return writing(key, () -> rotation.rollback(key));
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
    }

    private static ExecutorService newExecutor() {
        var threads = new ThreadPoolExecutor(
                REFRESHING_THREADS,
                REFRESHING_THREADS,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING_REFRESHES),
                task -> {
                    var thread = new Thread(task, "onboarding-vault-refresh");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
