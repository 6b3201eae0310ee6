package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.credential.VaultOutcome;
import java.time.Duration;
import java.util.Map;

/**
 * What a {@link CachingVault} has done since it was made. Each read is a hit, a stale one, or a miss. Immutable.
 *
 * @param hits reads that were answered from the cache at once
 * @param staleServed reads that were answered from the cache after the credential's time, because the vault fails
 * @param misses the other reads: they asked the vault, waited for one who asked, or were refused
 * @param loads how often the vault was asked for a credential, refreshes included, successful or not
 * @param refreshes those of the loads that nobody waited for
 * @param loadTime how long all loads took together
 * @param failures the loads that failed, by kind
 * @param evictions entries that left because the cache was full
 */
public record CacheStatistics(
        long hits,
        long staleServed,
        long misses,
        long loads,
        long refreshes,
        Duration loadTime,
        Map<VaultOutcome, Long> failures,
        long evictions) {
    public CacheStatistics {
        failures = Map.copyOf(failures);
    }

    /** How many loads failed in this way. */
    public long failures(VaultOutcome kind) {
        return failures.getOrDefault(kind, 0L);
    }
}
