package io.threatengine.onboarding.secrets;

/**
 * What a {@link CachingVault} has done since it was made.
 *
 * @param hits reads that were answered from the cache
 * @param loads reads that went to the vault, successful or not
 */
public record CacheStatistics(long hits, long loads) {}
