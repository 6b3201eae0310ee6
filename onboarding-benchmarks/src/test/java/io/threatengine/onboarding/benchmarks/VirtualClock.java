package io.threatengine.onboarding.benchmarks;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that passes when it is told to, so that twenty seconds take none. */
final class VirtualClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-11-24T08:17:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    long nanos() {
        return Duration.between(Instant.EPOCH, now).toNanos();
    }
}
