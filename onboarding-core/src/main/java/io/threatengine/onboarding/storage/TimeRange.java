package io.threatengine.onboarding.storage;

import io.threatengine.onboarding.error.InvalidValueException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list that is ordered by time, and from which end. Immutable.
 *
 * <pre>{@code
 * executions.ofSchedule(id, TimeRange.since(yesterday).latestFirst()).first(10);
 * }</pre>
 *
 * @param from the first instant that belongs to it; null for the beginning
 * @param until the first instant after it; null for the end
 * @param newestFirst whether the list begins with the newest
 */
public record TimeRange(@Nullable Instant from, @Nullable Instant until, boolean newestFirst) {
    /** Everything, the oldest first. */
    public static final TimeRange ALL = new TimeRange(null, null, false);

    public TimeRange {
        if (from != null && until != null && from.isAfter(until)) {
            throw new InvalidValueException("time range", "must not end before it begins", from + " to " + until);
        }
    }

    /** From this instant on. */
    public static TimeRange since(Instant from) {
        return new TimeRange(from, null, false);
    }

    /** All that is earlier than this instant. */
    public static TimeRange before(Instant until) {
        return new TimeRange(null, until, false);
    }

    /**
     * From the one on, up to but without the other.
     *
     * @throws InvalidValueException if it would end before it begins
     */
    public static TimeRange between(Instant from, Instant until) {
        return new TimeRange(from, until, false);
    }

    /** The same range, beginning with the newest. */
    public TimeRange latestFirst() {
        return new TimeRange(from, until, true);
    }

    /** Whether the instant belongs to it. */
    public boolean contains(Instant instant) {
        return (from == null || !instant.isBefore(from)) && (until == null || instant.isBefore(until));
    }
}
