package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.error.InvalidValueException;
import java.time.Duration;

/**
 * How a {@link CachingVault} keeps credentials. Immutable.
 *
 * @param timeToLive how long a credential is answered without asking the vault again. Default 5 minutes: how long another
 *     process's rotation may go unseen by a caller that does not read the account's row; one that does sees it at once
 * @param maximumSize how many credentials are kept at most, the least used leaving first. Default 10,000, about 50 MB
 */
public record CacheOptions(Duration timeToLive, long maximumSize) {
    private static final CacheOptions DEFAULTS = new CacheOptions(Duration.ofMinutes(5), 10_000);

    /**
     * Checks the options.
     *
     * @throws InvalidValueException if one of them is not positive
     */
    public CacheOptions {
        if (timeToLive.isNegative() || timeToLive.isZero()) {
            throw new InvalidValueException("cache time to live", "must be positive", timeToLive.toString());
        }
        if (maximumSize < 1) {
            throw new InvalidValueException("cache maximum size", "must be positive", Long.toString(maximumSize));
        }
    }

    public static CacheOptions defaults() {
        return DEFAULTS;
    }

    public CacheOptions withTimeToLive(Duration timeToLive) {
        return new CacheOptions(timeToLive, maximumSize);
    }

    public CacheOptions withMaximumSize(long maximumSize) {
        return new CacheOptions(timeToLive, maximumSize);
    }
}
