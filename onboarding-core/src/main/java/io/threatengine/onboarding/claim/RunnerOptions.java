package io.threatengine.onboarding.claim;

import io.threatengine.onboarding.error.InvalidValueException;
import java.time.Duration;
import java.util.Objects;

/**
 * How a {@link ScheduleRunner} works. Immutable.
 *
 * <pre>{@code
 * RunnerOptions.of(ClaimOptions.of("scanner-7", Duration.ofMinutes(5), 50)).withPollInterval(Duration.ofSeconds(20));
 * }</pre>
 *
 * @param claims who claims, and how; its limit is how many runs are under way at once, its
 *     tenant cap how many of these may be one tenant's
 * @param pollInterval how often it looks for what is due, when the last look has not brought as much as it may run. Default
 *     60 seconds, as the Python scheduler
 * @param stopTime how long runs that are under way may take to end when it is closed, before they are interrupted. Default 30
 *     seconds, the time that containers are usually given
 */
public record RunnerOptions(ClaimOptions claims, Duration pollInterval, Duration stopTime) {
    private static final Duration A_DAY = Duration.ofDays(1);

    /**
     * Checks the options.
     *
     * @throws InvalidValueException if a time is out of its range
     */
    public RunnerOptions {
        Objects.requireNonNull(claims, "claims");
        if (pollInterval.isNegative() || pollInterval.isZero() || pollInterval.compareTo(A_DAY) > 0) {
            throw new InvalidValueException("poll interval", "must be above 0, up to a day", pollInterval.toString());
        }
        if (stopTime.isNegative() || stopTime.compareTo(A_DAY) > 0) {
            throw new InvalidValueException("stop time", "must be 0 to a day", stopTime.toString());
        }
    }

    public static RunnerOptions of(ClaimOptions claims) {
        return new RunnerOptions(claims, Duration.ofSeconds(60), Duration.ofSeconds(30));
    }

    public RunnerOptions withPollInterval(Duration interval) {
        return new RunnerOptions(claims, interval, stopTime);
    }

    public RunnerOptions withStopTime(Duration time) {
        return new RunnerOptions(claims, pollInterval, time);
    }
}
