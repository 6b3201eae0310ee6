package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.error.InvalidValueException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link CachingVault} keeps credentials. Immutable.
 *
 * <pre>{@code
 * CacheOptions.defaults().withTimeToLive(Duration.ofMinutes(1)).withMaximumBytes(16 << 20);
 * }</pre>
 *
 * @param timeToLive how long a credential is answered at most without the vault having been asked, while the vault answers.
 *     Default 5 minutes: how long another process's rotation may go unseen by a caller that does not read the account's row;
 *     one that does sees it at once. Each entry lives a random 90 to 100 % of it, and is refreshed in the background from 70
 *     to 80 % on, so that entries which were loaded together do not come back together
 * @param staleFor how long after that a credential is still answered while the vault is throttled, does not answer or fails
 *     on its side. Default 1 hour; zero for not at all
 * @param notFoundFor how long a vault that has said "not found" is taken at its word. Default 5 seconds; zero for not at all
 * @param maximumBytes how much the credentials may weigh, the least used leaving first. An entry counts as 1,000 bytes and
 *     one for each character of its credential, which is about what it takes. Default 64 MiB: some 50,000 access keys
 * @param executor refreshes in the background. Null, the default, for four daemon threads of the cache's own, with at most
 *     1,000 refreshes waiting; an executor that is passed in stays the caller's to close. One that is busy, fails or
 *     drops tasks does no harm: a credential that could not be refreshed is loaded by the next reader after its time
 */
public record CacheOptions(
        Duration timeToLive,
        Duration staleFor,
        Duration notFoundFor,
        long maximumBytes,
        @Nullable Executor executor) {
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final CacheOptions DEFAULTS =
            new CacheOptions(Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofSeconds(5), 64L << 20, null);

    /**
     * Checks the options.
     *
     * @throws InvalidValueException if the time to live or the bytes are not positive, or another time is negative
     */
    public CacheOptions {
        checkTime("cache time to live", timeToLive);
        if (timeToLive.isZero()) {
            throw new InvalidValueException("cache time to live", "must be positive", timeToLive.toString());
        }
        checkTime("cache stale time", staleFor);
        checkTime("cache not-found time", notFoundFor);
        if (maximumBytes < 1) {
            throw new InvalidValueException("cache maximum bytes", "must be positive", Long.toString(maximumBytes));
        }
    }

    private static void checkTime(String field, Duration time) {
        if (time.isNegative() || time.compareTo(LONGEST) > 0) {
            throw new InvalidValueException(field, "must be 0 to " + LONGEST.toDays() + " days", time.toString());
        }
    }

    public static CacheOptions defaults() {
        return DEFAULTS;
    }

    public CacheOptions withTimeToLive(Duration time) {
        return new CacheOptions(time, staleFor, notFoundFor, maximumBytes, executor);
    }

    public CacheOptions withStaleFor(Duration time) {
        return new CacheOptions(timeToLive, time, notFoundFor, maximumBytes, executor);
    }

    public CacheOptions withNotFoundFor(Duration time) {
        return new CacheOptions(timeToLive, staleFor, time, maximumBytes, executor);
    }

    public CacheOptions withMaximumBytes(long bytes) {
        return new CacheOptions(timeToLive, staleFor, notFoundFor, bytes, executor);
    }

    /** With the caller's executor for refreshes, which the cache does not close. */
    public CacheOptions withExecutor(Executor refreshes) {
        return new CacheOptions(
                timeToLive, staleFor, notFoundFor, maximumBytes, Objects.requireNonNull(refreshes, "executor"));
    }
}
