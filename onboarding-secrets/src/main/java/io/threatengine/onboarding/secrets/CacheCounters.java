package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.credential.VaultOutcome;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts for {@link CacheStatistics}. Thread-safe. */
final class CacheCounters {
    final HitCounter hits = new HitCounter();
    final LongAdder staleServed = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder loads = new LongAdder();
    final LongAdder refreshes = new LongAdder();
    final LongAdder loadMillis = new LongAdder();
    final LongAdder evictions = new LongAdder();
    private final Map<VaultOutcome, LongAdder> failures = new EnumMap<>(VaultOutcome.class);

    CacheCounters() {
        for (VaultOutcome outcome : VaultOutcome.values()) {
            failures.put(outcome, new LongAdder());
        }
    }

    void loaded(int count, long millis) {
        loads.add(count);
        loadMillis.add(millis);
    }

    void failed(Throwable failure) {
        LongAdder counter = failures.get(VaultOutcome.of(failure));
        if (counter != null) {
            counter.increment();
        }
    }

    CacheStatistics statistics() {
        var failed = new EnumMap<VaultOutcome, Long>(VaultOutcome.class);
        failures.forEach((kind, counter) -> {
            if (counter.sum() > 0) {
                failed.put(kind, counter.sum());
            }
        });
        return new CacheStatistics(
                hits.sum(),
                staleServed.sum(),
                misses.sum(),
                loads.sum(),
                refreshes.sum(),
                Duration.ofMillis(loadMillis.sum()),
                failed,
                evictions.sum());
    }
}
