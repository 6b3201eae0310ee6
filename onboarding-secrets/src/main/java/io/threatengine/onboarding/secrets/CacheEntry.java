package io.threatengine.onboarding.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.credential.VaultOutcome;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.error.ThrottledException;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a cache knows of an account's credential: the credential as it was loaded, why it could not be loaded, or both.
 * Immutable, but for the time of its next check. Times are in milliseconds of the cache's clock.
 */
final class CacheEntry {
    private static final int MOST_SUPERSEDED = 8;
    private static final int WEIGHT_WITHOUT_TEXT = 1_000;
    private static final long FIRST_PAUSE = Duration.ofSeconds(2).toMillis();
    private static final int MOST_DOUBLINGS = 4;

    /** After a refresh that could not be begun. */
    private static final long BUSY_PAUSE = Duration.ofSeconds(1).toMillis();

    /** About a call's time-out. A check that has not ended by then may never have begun. */
    private static final long LONGEST_CHECK = Duration.ofSeconds(20).toMillis();

    /** After this long, reads show what was written. */
    private static final long SETTLED = Duration.ofMinutes(1).toMillis();

    /** How long a vault that has just made a row out to be old is taken at its word. */
    private static final long UNSETTLED_FOR = Duration.ofSeconds(5).toMillis();

    private static final long NEVER = Long.MAX_VALUE;
    private static final AtomicLongFieldUpdater<CacheEntry> CHECK_AT =
            AtomicLongFieldUpdater.newUpdater(CacheEntry.class, "checkAt");

    /**
     * A version that rows still name though the vault had a newer one.
     *
     * @param rowVersion of the newest of these rows
     * @param since when the vault was first asked by one of them
     * @param until when it is asked again: what it says is old, perhaps, as long as reads may not show what was written
     */
    private record Superseded(String versionId, long rowVersion, long since, long until) {}

    /**
     * Why the vault did not give the credential.
     *
     * @param exception makes it, of texts: one that was thrown would keep its stack and its causes here
     * @param count of failures in a row
     * @param retryAt when it may be asked again
     */
    private record Failure(
            Supplier<OnboardingException> exception, boolean isTransient, int count, long at, long retryAt) {
        static Failure of(OnboardingException first, int count, long at, long retryAt) {
            return new Failure(again(first, null), VaultOutcome.of(first).isTransient(), count, at, retryAt);
        }

        /** For the time of another pause it is still known how often the vault has failed. */
        long forgottenAt() {
            return retryAt + (retryAt - at);
        }
    }

    private final TenantId tenantId;
    private final @Nullable String reference;
    private final @Nullable String versionId;
    private final @Nullable StoredCredential stored;
    private final List<Superseded> superseded;
    private final @Nullable Failure failure;

    /** Until when it is answered while the vault answers. */
    final long freshUntil;

    /** Until when it is answered while the vault fails. */
    private final long staleUntil;

    /** Until when it is answered without a further thought. */
    private volatile long checkAt;

    private CacheEntry(
            TenantId tenantId,
            @Nullable String reference,
            @Nullable String versionId,
            @Nullable StoredCredential stored,
            List<Superseded> superseded,
            @Nullable Failure failure,
            long freshUntil,
            long staleUntil,
            long checkAt) {
        this.tenantId = tenantId;
        this.reference = reference;
        this.versionId = versionId;
        this.stored = stored;
        this.superseded = superseded;
        this.failure = failure;
        this.freshUntil = freshUntil;
        this.staleUntil = staleUntil;
        this.checkAt = checkAt;
    }

    /** A credential that the vault gave for this key, when asked at this time. */
    static CacheEntry loaded(
            CredentialKey key,
            StoredCredential stored,
            @Nullable CacheEntry before,
            long askedAt,
            CacheOptions options) {
        long timeToLive = options.timeToLive().toMillis();
        long expiry = expiryOf(stored);
        long freshUntil = Math.min(expiry, askedAt + timeToLive - randomTenth(timeToLive));
        long staleUntil = Math.min(expiry, freshUntil + options.staleFor().toMillis());
        long refreshAt = Math.min(freshUntil, askedAt + timeToLive - timeToLive / 5 - randomTenth(timeToLive));
        return new CacheEntry(
                key.tenantId(),
                key.reference().orElse(null),
                // Of equal texts the key's own: who comes with the same row again is known by a look at the pointers.
                key.versionId()
                        .filter(stored.version().versionId()::equals)
                        .orElse(stored.version().versionId()),
                stored,
                superseded(key, stored.version().versionId(), before, askedAt),
                null,
                freshUntil,
                staleUntil,
                refreshAt);
    }

    /**
     * What is known after a write: which version the next read has to look for, if it comes while the service may still
     * answer from before the write.
     */
    static CacheEntry written(CredentialKey key, CredentialVersion version, long now) {
        return new CacheEntry(
                key.tenantId(),
                key.reference().isEmpty() ? null : version.reference(),
                version.versionId(),
                null,
                List.of(),
                null,
                now + SETTLED,
                0,
                0);
    }

    /** A credential that the vault says does not exist, believed for a time. */
    static CacheEntry notFound(CredentialKey key, NotFoundException exception, long now, CacheOptions options) {
        return withoutCredential(
                key, Failure.of(exception, 1, now, now + options.notFoundFor().toMillis()));
    }

    private static CacheEntry withoutCredential(CredentialKey key, Failure failure) {
        return new CacheEntry(key.tenantId(), key.reference().orElse(null), null, null, List.of(), failure, 0, 0, 0);
    }

    /** What is known after the vault has failed for this key: what was known before, and not to ask it again at once. */
    static CacheEntry failed(CredentialKey key, OnboardingException exception, @Nullable CacheEntry before, long now) {
        CacheEntry known = before != null && before.isOf(key) ? before : null;
        int count = known == null || known.failure == null || !known.failure.isTransient() ? 0 : known.failure.count;
        long pause = FIRST_PAUSE << Math.min(count, MOST_DOUBLINGS);
        long retryAt = now + pause + randomTenth(pause);
        var failure = Failure.of(exception, count + 1, now, retryAt);
        if (known == null) {
            return withoutCredential(key, failure);
        }
        return new CacheEntry(
                known.tenantId,
                known.reference,
                known.versionId,
                known.stored,
                known.superseded,
                failure,
                known.freshUntil,
                known.staleUntil,
                known.answers(key, now) ? Math.min(retryAt, known.staleUntil) : known.checkAt);
    }

    boolean isOf(CredentialKey key) {
        return tenantId.equals(key.tenantId());
    }

    /** Whether it is of one of these places, by what its row says or by where it was found. */
    boolean standsAt(Set<String> places) {
        return (reference != null && places.contains(reference))
                || (stored != null && places.contains(stored.version().reference()));
    }

    boolean hasCredential() {
        return stored != null;
    }

    StoredCredential credential() {
        if (stored == null) {
            throw new IllegalStateException("no credential");
        }
        return stored;
    }

    /** Whether its credential is what the key asks for, as far as is known at this time; not whether it may be answered. */
    boolean answers(CredentialKey key, long now) {
        return stored != null
                && tenantId.equals(key.tenantId())
                && (key.hasReference(reference)
                        || key.hasReference(stored.version().reference()))
                && (key.accepts(versionId) || namesSuperseded(key, now));
    }

    private boolean namesSuperseded(CredentialKey key, long now) {
        for (int i = 0; i < superseded.size(); i++) {
            Superseded older = superseded.get(i);
            if (key.accepts(older.versionId)) {
                return key.rowVersion() <= older.rowVersion && now < older.until;
            }
        }
        return false;
    }

    long checkAt() {
        return checkAt;
    }

    /** Whether its credential is answered while somebody else checks whether it is still the current one. */
    boolean isAnsweredMeanwhile(long now) {
        if (now < freshUntil) {
            return true;
        }
        // The vault failed a moment ago: nobody has to wait for it to fail again.
        return failure != null && isAnsweredAfterFailure(now) && now < failure.forgottenAt();
    }

    /** Whether its credential is answered to all but one, who asks the vault that has failed. */
    boolean isAnsweredAfterFailure(long now) {
        return failure != null && isAnsweredStale(now);
    }

    /** Whether its credential may be answered because the vault fails. */
    boolean isAnsweredStale(long now) {
        return now < staleUntil;
    }

    /** Makes this caller, of many, the one who checks. Whoever comes when a check should have ended looks after it. */
    boolean claimCheck(long now) {
        long seen = checkAt;
        long next = failure == null ? freshUntil : Math.min(now + LONGEST_CHECK, staleUntil);
        return now >= seen && CHECK_AT.compareAndSet(this, seen, next);
    }

    /** Puts the check off, when it cannot be done now. */
    void checkLater(long now) {
        checkAt = Math.min(now + BUSY_PAUSE, now < freshUntil ? freshUntil : staleUntil);
    }

    /** Lets the next reader check: this one's check came to nothing. */
    void checkAnew() {
        checkAt = 0;
    }

    /** Why this key is not asked for now, or null. A key that names a version knows more than a "not found" from before. */
    @Nullable
    OnboardingException refusal(CredentialKey key, long now) {
        if (failure == null || now >= failure.retryAt || !isOf(key)) {
            return null;
        }
        boolean applies = failure.isTransient() || (key.versionId().isEmpty() && key.hasReference(reference));
        return applies ? failure.exception.get() : null;
    }

    /** The key with which the vault is asked: one that names no version looks for the one that was just written. */
    CredentialKey toAsk(CredentialKey key, long now) {
        boolean justWritten = stored == null
                && versionId != null
                && now < freshUntil
                && isOf(key)
                && key.versionId().isEmpty()
                && key.hasReference(reference);
        return justWritten ? key.withVersionId(versionId) : key;
    }

    /** A failure as one of this caller's own: an exception belongs to one thread. */
    static OnboardingException again(OnboardingException first) {
        return again(first, first).get();
    }

    private static Supplier<OnboardingException> again(OnboardingException first, @Nullable Throwable cause) {
        if (first instanceof NotFoundException e) {
            String kind = e.kind();
            String id = e.id();
            return () -> new NotFoundException(kind, id, cause);
        }
        if (first instanceof ThrottledException e) {
            String operation = e.operation();
            String resource = e.resource();
            return () -> new ThrottledException(operation, resource, cause);
        }
        if (first instanceof ServiceUnavailableException e) {
            String operation = e.operation();
            String resource = e.resource();
            return () -> new ServiceUnavailableException(operation, resource, cause);
        }
        return () -> first;
    }

    /** Whether nothing of it is of use any more. */
    boolean isOver(long now) {
        if (stored != null) {
            return !isAnsweredStale(now);
        }
        return now >= (failure == null ? freshUntil : failure.forgottenAt());
    }

    /** In bytes, estimated. */
    int weight() {
        return WEIGHT_WITHOUT_TEXT + (stored == null ? 0 : textOf(stored.credential()));
    }

    private static int textOf(Credential credential) {
        int characters = 0;
        for (JsonNode field : CredentialFields.write(credential)) {
            characters += field.isTextual()
                    ? field.textValue().length()
                    : field.toString().length();
        }
        return characters;
    }

    /** What older rows name; as long as the version stays the current one, and with the row that asks now. */
    private static List<Superseded> superseded(
            CredentialKey key, String current, @Nullable CacheEntry before, long askedAt) {
        List<Superseded> known =
                before != null && before.isVersion(key, current) ? before.superseded : List.<Superseded>of();
        if (key.accepts(current)) {
            return known;
        }
        String named = key.versionId().orElseThrow();
        Superseded asked = new Superseded(named, key.rowVersion(), askedAt, askedAt + UNSETTLED_FOR);
        List<Superseded> all = new ArrayList<>();
        for (Superseded one : known) {
            if (!one.versionId.equals(named)) {
                all.add(one);
            } else if (key.rowVersion() <= one.rowVersion) {
                boolean isSettled = askedAt - one.since >= SETTLED;
                asked = new Superseded(named, one.rowVersion, one.since, isSettled ? NEVER : asked.until);
            }
        }
        all.add(0, asked);
        return List.copyOf(all.subList(0, Math.min(all.size(), MOST_SUPERSEDED)));
    }

    private boolean isVersion(CredentialKey key, String version) {
        return stored != null && isOf(key) && stored.version().versionId().equals(version);
    }

    private static long expiryOf(StoredCredential stored) {
        Instant expiresAt = stored.expiresAt();
        return expiresAt == null ? NEVER : expiresAt.toEpochMilli();
    }

    private static long randomTenth(long time) {
        return ThreadLocalRandom.current().nextLong(time / 10 + 1);
    }
}
