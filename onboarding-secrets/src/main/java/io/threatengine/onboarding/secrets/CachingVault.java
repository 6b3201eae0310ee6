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
import io.threatengine.onboarding.storage.Bulk;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.BulkResult.Outcome;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
 *       vault says then holds for that row, and not for a later state of it: the version may have been rolled back to. In
 *       the first minute it holds for seconds only: the vault may have spoken of a time before the write.
 *   <li><b>Own writes</b>: whatever is written through this vault is seen by the next read; a load that began before does not
 *       put the older credential back. Accounts that share the secret by its name are forgotten with it. A write that is
 *       refused takes nothing away; one that fails otherwise may have taken effect.
 *   <li><b>Stale when the service fails</b>: while the vault is throttled, does not answer or fails on its side, the last
 *       credential is answered for a time, and the vault is asked after pauses of 2 seconds, doubled up to 32, that all
 *       readers share. Where there is nothing to answer with, the same failure is thrown until the pause has passed.
 *   <li><b>Closed when it refuses</b>: a credential that the vault says is gone, scheduled for deletion, expired, under a key
 *       that cannot be used or forbidden to the caller is forgotten at once, whatever time it had left. One whose own expiry
 *       has come is not answered any more. "Not found" is believed for some seconds, but by no key that names a version.
 *   <li><b>Nothing is kept for longer than it is of use</b>: what can be answered no more, also while the service fails, leaves
 *       within about a minute, whether somebody reads or not. Of failures, what they say is kept, and no stack or cause.
 * </ul>
 */
public final class CachingVault implements CredentialVault {
    private static final int REFRESHING_THREADS = 4;
    private static final int MOST_WAITING_REFRESHES = 1_000;

    /** How many credentials are asked for together: as many as Secrets Manager gives in one call. */
    private static final int PORTION = 20;

    private static final Executor IN_A_MINUTE = CompletableFuture.delayedExecutor(1, TimeUnit.MINUTES);

    private static final BulkOptions ONE_CALL_AT_A_TIME = BulkOptions.defaults().withParallelism(1);

    private final CredentialVault vault;
    private final CacheOptions options;
    private final InstantSource clock;
    private final Executor executor;
    private final @Nullable ExecutorService ownExecutor;
    private final Cache<AccountId, CacheEntry> cache;
    private final ConcurrentMap<AccountId, Load> loading = new ConcurrentHashMap<>();
    private final CacheCounters counters = new CacheCounters();

    private final Executor inAMinute;
    private final AtomicBoolean sweepIsAhead = new AtomicBoolean();

    private CachingVault(CredentialVault vault, CacheOptions options, InstantSource clock, Executor inAMinute) {
        this.vault = Objects.requireNonNull(vault, "vault");
        this.options = Objects.requireNonNull(options, "options");
        this.clock = Objects.requireNonNull(clock, "clock");
        Executor given = options.executor();
        this.ownExecutor = given == null ? newExecutor() : null;
        this.inAMinute = inAMinute;
        this.executor = given == null ? Objects.requireNonNull(ownExecutor) : given;
        // No expiry of Caffeine's: each entry has its own times, for which one look at the clock has to do. See
        // sweep().
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
        return over(vault, options, clock, IN_A_MINUTE);
    }

    /** @param inAMinute runs a task once, a minute after it has come */
    static CachingVault over(CredentialVault vault, CacheOptions options, InstantSource clock, Executor inAMinute) {
        return new CachingVault(vault, options, clock, inAMinute);
    }

    /** What it has done so far. */
    public CacheStatistics statistics() {
        cache.cleanUp(); // what is to leave, leaves now
        return counters.statistics();
    }

    @Override
    public StoredCredential load(CredentialKey key) {
        CacheEntry entry = cache.getIfPresent(key.accountId());
        if (entry != null) {
            long now = clock.millis();
            if (entry.answers(key, now) && now < entry.checkAt()) {
                return answer(entry, now);
            }
        }
        return resolve(key, entry);
    }

    /**
     * {@inheritDoc}
     *
     * <p>What the cache holds comes from there. The rest is asked of the vault in portions, each of which is there for other
     * readers as soon as it has come; what others are loading already is waited for.
     */
    @Override
    public BulkResult<CredentialKey, StoredCredential> loadAll(Collection<CredentialKey> keys, BulkOptions options) {
        List<CredentialKey> wanted = List.copyOf(keys);
        Map<CredentialKey, Outcome<CredentialKey, StoredCredential>> outcomes = new HashMap<>();
        List<CredentialKey> missing = new ArrayList<>();
        for (CredentialKey key :
                new LinkedHashSet<>(wanted)) { // one look at each: what a second one sees may be another
            CacheEntry entry = cache.getIfPresent(key.accountId());
            long now = clock.millis();
            if (entry != null && entry.answers(key, now) && isAnswerable(entry, key, now)) {
                outcomes.put(key, Outcome.of(key, answer(entry, now)));
            } else {
                missing.add(key);
            }
        }
        Bulk.chunks(missing, PORTION, options, this::loadPortion)
                .outcomes()
                .forEach(outcome -> outcomes.put(outcome.input(), outcome));
        return new BulkResult<>(
                wanted.stream().map(outcomes::get).map(Objects::requireNonNull).toList());
    }

    /**
     * Loads what the cache does not hold yet, for the readers to come.
     *
     * @return which version of each is held now, or why it is not
     */
    public BulkResult<CredentialKey, CredentialVersion> warm(Collection<CredentialKey> keys, BulkOptions options) {
        return loadAll(keys, options).map(StoredCredential::version);
    }

    /** {@link #warm(Collection, BulkOptions)} with {@link BulkOptions#defaults()}. */
    public BulkResult<CredentialKey, CredentialVersion> warm(Collection<CredentialKey> keys) {
        return warm(keys, BulkOptions.defaults());
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
        Optional<Instant> deleted = changing(key, () -> vault.deleteUnless(key, isNeeded));
        if (deleted.isPresent()) {
            replace(key, null);
        }
        return deleted;
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
    private StoredCredential resolve(CredentialKey key, @Nullable CacheEntry seen) {
        CacheEntry entry = seen;
        while (true) {
            long now = clock.millis();
            if (entry != null && entry.answers(key, now) && isAnswerable(entry, key, now)) {
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
        boolean isInBackground = entry.isAnsweredMeanwhile(now);
        if (!isInBackground && !entry.isAnsweredAfterFailure(now)) {
            return false;
        }
        if (entry.claimCheck(now)) {
            if (!isInBackground) {
                return false; // this reader asks, for all
            }
            refresh(key, entry, now);
        }
        return true;
    }

    /** Null if what came, by this or by another thread's load, is no answer for this key. */
    private @Nullable StoredCredential loadOrWait(CredentialKey key, @Nullable CacheEntry seen, long now) {
        var own = new Load(seen == null ? key : seen.toAsk(key, now), seen);
        Load others = loading.putIfAbsent(key.accountId(), own);
        Load load = others == null ? own : others;
        load.begin(); // does nothing where another thread has done so
        return await(load, key, load == own);
    }

    private @Nullable StoredCredential await(Load load, CredentialKey key, boolean own) {
        CacheEntry loaded;
        try {
            loaded = load.result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException("the wait for the credential " + key, e);
        } catch (ExecutionException e) {
            return afterFailure(key, load, own, Objects.requireNonNull(e.getCause()));
        }
        if (loaded == null || !(own || loaded.answers(key, load.askedAt))) {
            return null;
        }
        counters.misses.increment();
        return loaded.credential();
    }

    /** Those that nobody is loading yet together, then the others one by one: most of them will have come by then. */
    private List<Outcome<CredentialKey, StoredCredential>> loadPortion(List<CredentialKey> keys) {
        Map<CredentialKey, Load> own = new LinkedHashMap<>();
        for (CredentialKey key : keys) {
            CacheEntry seen = cache.getIfPresent(key.accountId());
            long now = clock.millis();
            var load = new Load(seen == null ? key : seen.toAsk(key, now), seen);
            if (isForTheVault(key, seen, now) && loading.putIfAbsent(key.accountId(), load) == null) {
                if (load.claim()) {
                    own.put(key, load);
                }
            }
        }
        askForAll(own.values());
        List<Outcome<CredentialKey, StoredCredential>> outcomes = new ArrayList<>(keys.size());
        for (CredentialKey key : keys) {
            try {
                Load load = own.remove(key);
                StoredCredential loaded = load == null ? null : await(load, key, true);
                outcomes.add(Outcome.of(key, loaded == null ? load(key) : loaded));
            } catch (OperationInterruptedException e) {
                throw e;
            } catch (OnboardingException e) {
                outcomes.add(Outcome.failed(key, e));
            }
        }
        return outcomes;
    }

    /** Neither in the cache nor refused by it nor another tenant's. */
    private static boolean isForTheVault(CredentialKey key, @Nullable CacheEntry seen, long now) {
        return seen == null
                || (!(seen.hasCredential() && !seen.isOf(key))
                        && !(seen.answers(key, now) && now < seen.freshUntil)
                        && seen.refusal(key, now) == null);
    }

    private @Nullable StoredCredential afterFailure(CredentialKey key, Load load, boolean own, Throwable failure) {
        boolean isTransient = VaultOutcome.of(failure).isTransient();
        if (isTransient) {
            CacheEntry entry = cache.getIfPresent(key.accountId());
            long now = clock.millis();
            if (entry != null && entry.answers(key, now) && entry.isAnsweredStale(now)) {
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
        if (loading.putIfAbsent(key.accountId(), load) != null) {
            entry.checkLater(now);
            return;
        }
        boolean isTaken = false;
        try {
            counters.refreshes.increment();
            executor.execute(load::begin);
            isTaken = true;
        } catch (RuntimeException e) {
            // busy, or closed
        } finally {
            if (!isTaken) {
                counters.refreshes.decrement();
                load.giveUp();
                entry.checkLater(now);
            }
        }
    }

    // ---- loads

    /**
     * One question to the vault, put by whichever thread comes first. What comes of it is remembered if no write has taken it
     * out of the map meanwhile.
     */
    private final class Load {
        final CredentialKey key;

        /** Null where another load has ended between the reader's look at the cache and this one: look again. */
        final CompletableFuture<@Nullable CacheEntry> result = new CompletableFuture<>();

        private final @Nullable CacheEntry seen;
        private final AtomicBoolean begun = new AtomicBoolean();
        private long askedAt;

        Load(CredentialKey key, @Nullable CacheEntry seen) {
            this.key = key;
            this.seen = seen;
        }

        /** Whether a failure for its key would be one for the other key. */
        boolean asksFor(CredentialKey other) {
            return key.tenantId().equals(other.tenantId())
                    && key.reference().equals(other.reference())
                    && (other.versionId().isEmpty() || other.versionId().equals(key.versionId()));
        }

        void begin() {
            if (claim()) {
                try {
                    succeed(ask(key));
                } catch (RuntimeException | Error e) {
                    fail(e);
                }
            }
        }

        /** Makes this thread, of many, the one who asks. */
        boolean claim() {
            if (!begun.compareAndSet(false, true)) {
                return false;
            }
            askedAt = clock.millis();
            if (cache.getIfPresent(key.accountId()) != seen) {
                giveUp();
                return false;
            }
            return true;
        }

        void succeed(StoredCredential stored) {
            CacheEntry loaded = CacheEntry.loaded(key, stored, seen, askedAt, options);
            remember(before -> loaded);
            result.complete(loaded);
        }

        void fail(Throwable failure) {
            remember(before -> afterFailure(failure, before));
            result.completeExceptionally(failure);
        }

        /** Where it was not asked: those who wait look again. Does nothing once there is a result. */
        void giveUp() {
            loading.remove(key.accountId(), this);
            result.complete(null);
        }

        /** Where no thread came to begin it, and what it was to refresh is over. */
        void giveUpIfOver(long now) {
            if (seen != null && seen.isOver(now) && begun.compareAndSet(false, true)) {
                giveUp();
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
        try {
            return vault.load(key);
        } catch (RuntimeException | Error e) {
            counters.failed(e);
            throw e;
        } finally {
            counters.loaded(1, clock.millis() - began);
        }
    }

    /** Puts several questions at once; each has its result when this ends. */
    private void askForAll(Collection<Load> loads) {
        if (loads.isEmpty()) {
            return;
        }
        long began = clock.millis();
        try {
            Iterator<Load> load = loads.iterator();
            List<CredentialKey> keys = loads.stream().map(one -> one.key).toList();
            for (Outcome<CredentialKey, StoredCredential> outcome :
                    vault.loadAll(keys, ONE_CALL_AT_A_TIME).outcomes()) {
                StoredCredential stored = outcome.value();
                if (stored != null) {
                    load.next().succeed(stored);
                } else {
                    OnboardingException failure = Objects.requireNonNull(outcome.failure());
                    counters.failed(failure);
                    load.next().fail(failure);
                }
            }
        } finally {
            loads.forEach(Load::giveUp);
            counters.loaded(loads.size(), clock.millis() - began);
        }
    }

    // ---- writes

    /** A write that makes another version the current one. */
    private CredentialVersion writing(CredentialKey key, Supplier<CredentialVersion> write) {
        CredentialVersion written = changing(key, write);
        replace(key, written);
        return written;
    }

    private <R> R forgetting(CredentialKey key, Supplier<R> write) {
        R result = changing(key, write);
        replace(key, null);
        return result;
    }

    /** A write that may fail. What is held stays if it was refused, and the answer while the service fails with it. */
    private <R> R changing(CredentialKey key, Supplier<R> write) {
        try {
            return write.get();
        } catch (RuntimeException | Error e) {
            switch (VaultOutcome.of(e)) {
                case INVALID, REFUSED, ACCESS_DENIED -> {}
                case CONFLICT, NOT_FOUND -> lookAgain(key);
                default -> replace(key, null); // it may have taken effect
            }
            throw e;
        }
    }

    /** What is held may not be what the vault has: the next reader has it checked. */
    private void lookAgain(CredentialKey key) {
        CacheEntry held = cache.getIfPresent(key.accountId());
        if (held != null && held.isOf(key)) {
            held.checkAnew();
        }
    }

    /**
     * After what is, or may be, a write: what is held is forgotten, and loads that began before are not remembered, neither for this account nor
     * for those that share its secret.
     *
     * @param written where it was written, if that is known
     */
    private void replace(CredentialKey key, @Nullable CredentialVersion written) {
        Set<String> places = new HashSet<>();
        key.reference().ifPresent(places::add);
        CacheEntry held = cache.getIfPresent(key.accountId());
        if (held != null && held.hasCredential()) {
            places.add(held.credential().version().reference());
        }
        if (written != null) {
            places.add(written.reference());
        }
        loading.values()
                .removeIf(load -> load.key.reference().filter(places::contains).isPresent());
        cache.asMap().values().removeIf(entry -> entry.standsAt(places));
        loading.remove(key.accountId());
        put(key.accountId(), written == null ? null : CacheEntry.written(key, written, clock.millis()));
    }

    private void put(AccountId id, @Nullable CacheEntry entry) {
        if (entry == null) {
            cache.invalidate(id);
        } else {
            cache.put(id, entry);
            sweepInAMinute();
        }
    }

    // ---- what is over

    /** Once for all, as long as something is held. A vault that nobody uses any more is not kept by it. */
    private void sweepInAMinute() {
        if (sweepIsAhead.compareAndSet(false, true)) {
            var self = new WeakReference<>(this);
            inAMinute.execute(() -> {
                CachingVault swept = self.get();
                if (swept != null) {
                    swept.sweep();
                }
            });
        }
    }

    /** Lets go of what can be answered no more, which nobody might ever ask for again. */
    private void sweep() {
        sweepIsAhead.set(false);
        long now = clock.millis();
        loading.values().forEach(load -> load.giveUpIfOver(now));
        cache.asMap().values().removeIf(entry -> entry.isOver(now));
        cache.cleanUp();
        if (!cache.asMap().isEmpty()) {
            sweepInAMinute();
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
