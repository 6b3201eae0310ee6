package io.threatengine.onboarding.claim;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of due times that nobody ran for, because no worker was there or a run took long. A one-time schedule is run
 * however late, since there is no later time.
 *
 * @param policy what is done
 * @param bound how long ago a due time may be: 0 for {@link Policy#RUN_ONCE}
 */
public record MissedRuns(Policy policy, Duration bound) {
    /** What is done about missed due times. */
    public enum Policy {
        /** One run makes up for all that was missed when it began; it is the run of the first. */
        RUN_ONCE,
        /** What was missed for longer than the bound is left out; of what was not, the last is run for. */
        SKIP,
        /** Each is run for, unless it is longer ago than the bound. */
        CATCH_UP
    }

    /** The default: one run makes up for all that was missed when it began. */
    public static final MissedRuns RUN_ONCE = new MissedRuns(Policy.RUN_ONCE, Duration.ZERO);

    /** How long a due time may be ago where the last one within that time has to be found. */
    public static final Duration LONGEST_TOLERANCE = Duration.ofHours(24);

    public static final Duration LONGEST_CATCH_UP = Duration.ofDays(3_653);

    /**
     * Checks the bound.
     *
     * @throws InvalidValueException if it is out of its range
     */
    public MissedRuns {
        Objects.requireNonNull(policy, "policy");
        Duration longest = switch (policy) {
            case RUN_ONCE -> Duration.ZERO;
            case SKIP -> LONGEST_TOLERANCE;
            case CATCH_UP -> LONGEST_CATCH_UP;
        };
        if (bound.compareTo(longest) > 0 || bound.isNegative() || (bound.isZero() && policy != Policy.RUN_ONCE)) {
            throw new InvalidValueException(
                    "bound of missed runs", "must be above 0, up to " + longest, bound.toString());
        }
    }

    /**
     * Leaves out what was missed, and goes on with the next due time.
     *
     * @param tolerance how late a run may begin, the jitter apart, up to 24 hours; no shorter than the time between two looks for due
     *     schedules, or runs are left out that nobody could have begun
     */
    public static MissedRuns skip(Duration tolerance) {
        return new MissedRuns(Policy.SKIP, tolerance);
    }

    /**
     * Runs for each due time that was missed, one after the other.
     *
     * @param bound how long ago the first of them may be, up to ten years; earlier ones are left out
     */
    public static MissedRuns catchUp(Duration bound) {
        return new MissedRuns(Policy.CATCH_UP, bound);
    }

    /**
     * When a schedule is due after a time that is done with.
     *
     * @param dueAt the time that is done with
     * @param begun when its run began
     * @return null for never
     */
    @Nullable
    Instant next(Schedule schedule, Instant dueAt, Instant begun, Instant now) {
        return switch (policy) {
            case RUN_ONCE -> after(schedule, dueAt, begun);
            case SKIP -> lastWithinBound(schedule, dueAt, now);
            case CATCH_UP -> after(schedule, dueAt, now.minus(bound));
        };
    }

    private @Nullable Instant lastWithinBound(Schedule schedule, Instant dueAt, Instant now) {
        Instant next = after(schedule, dueAt, now.minus(bound));
        for (Instant later = next; later != null && !later.isAfter(now); later = after(schedule, later, later)) {
            next = later;
        }
        return next;
    }

    private static @Nullable Instant after(Schedule schedule, Instant dueAt, Instant instant) {
        return schedule.recurrence()
                .nextAfter(dueAt, instant.isBefore(dueAt) ? dueAt : instant)
                .map(WireTime::stored)
                .orElse(null);
    }
}
