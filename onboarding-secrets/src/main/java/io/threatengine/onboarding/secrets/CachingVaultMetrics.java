package io.threatengine.onboarding.secrets;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.threatengine.onboarding.credential.VaultOutcome;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * What a {@link CachingVault} does, as Micrometer meters. Needs {@code io.micrometer:micrometer-core}, which this module does
 * not bring along. Tags name kinds alone: never a tenant, an account or a secret. Immutable.
 *
 * <pre>{@code
 * CachingVaultMetrics.of(vault).bindTo(registry);
 * }</pre>
 *
 * <table>
 * <caption>The meters, which all begin with {@code onboarding.vault.cache}</caption>
 * <tr><th>name<th>tag<th>counts
 * <tr><td>{@code .reads}<td>{@code result}: hit, stale, miss<td>reads
 * <tr><td>{@code .loads}<td><td>questions to the vault, with the time that they took
 * <tr><td>{@code .refreshes}<td><td>those of the questions that were put ahead, in the background
 * <tr><td>{@code .failures}<td>{@code kind}: throttled, not_found, …<td>questions that failed
 * <tr><td>{@code .evictions}<td><td>entries that left because the cache was full
 * </table>
 */
public final class CachingVaultMetrics implements MeterBinder {
    private static final String PREFIX = "onboarding.vault.cache";

    private final CachingVault vault;
    private final Tags tags;

    private CachingVaultMetrics(CachingVault vault, Tags tags) {
        this.vault = Objects.requireNonNull(vault, "vault");
        this.tags = tags;
    }

    public static CachingVaultMetrics of(CachingVault vault) {
        return new CachingVaultMetrics(vault, Tags.empty());
    }

    /** The same meters with these tags too, to tell several caches of one process apart. */
    public CachingVaultMetrics withTags(Iterable<Tag> more) {
        return new CachingVaultMetrics(vault, tags.and(more));
    }

    /** The registry holds the vault weakly: meters of one that is gone do not keep it. */
    @Override
    public void bindTo(MeterRegistry registry) {
        reads(registry, "hit", CacheStatistics::hits);
        reads(registry, "stale", CacheStatistics::staleServed);
        reads(registry, "miss", CacheStatistics::misses);
        FunctionTimer.builder(
                        PREFIX + ".loads",
                        vault,
                        v -> v.statistics().loads(),
                        v -> v.statistics().loadTime().toNanos(),
                        TimeUnit.NANOSECONDS)
                .description("Questions to the vault behind the cache")
                .tags(tags)
                .register(registry);
        counter(registry, ".refreshes", "Questions that nobody waited for", Tags.empty(), CacheStatistics::refreshes);
        for (VaultOutcome kind : VaultOutcome.values()) {
            if (kind.isFailure()) {
                counter(
                        registry,
                        ".failures",
                        "Questions that failed",
                        Tags.of("kind", kind.name().toLowerCase(Locale.ROOT)),
                        statistics -> statistics.failures(kind));
            }
        }
        counter(registry, ".evictions", "Entries that left a full cache", Tags.empty(), CacheStatistics::evictions);
    }

    private void reads(MeterRegistry registry, String result, ToDoubleFunction<CacheStatistics> count) {
        counter(registry, ".reads", "Reads of credentials", Tags.of("result", result), count);
    }

    private void counter(
            MeterRegistry registry, String name, String text, Tags own, ToDoubleFunction<CacheStatistics> count) {
        FunctionCounter.builder(PREFIX + name, vault, v -> count.applyAsDouble(v.statistics()))
                .description(text)
                .tags(tags.and(own))
                .register(registry);
    }
}
