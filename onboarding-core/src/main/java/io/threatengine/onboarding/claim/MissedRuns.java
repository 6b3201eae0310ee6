package io.threatengine.onboarding.claim;

import io.threatengine.onboarding.error.InvalidValueException;
import java.time.Duration;
import java.util.Objects;

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
        /** What was missed for longer than the bound is left out. */
        SKIP,
        /** Each is run for, unless it is longer ago than the bound. */
        CATCH_UP
    }

    /** The default: one run makes up for all that was missed when it began. */
    public static final MissedRuns RUN_ONCE = new MissedRuns(Policy.RUN_ONCE, Duration.ZERO);

    public MissedRuns {
        Objects.requireNonNull(policy, "policy");
        if (policy == Policy.RUN_ONCE ? !bound.isZero() : bound.isNegative() || bound.isZero()) {
            throw new InvalidValueException("bound of missed runs", "must be positive", bound.toString());
        }
    }

    /**
     * Leaves out what was missed, and goes on with the next due time.
     *
     * @param tolerance how late a run may begin, the jitter apart; no shorter than the time between two looks for due
     *     schedules, or runs are left out that nobody could have begun
     */
    public static MissedRuns skip(Duration tolerance) {
        return new MissedRuns(Policy.SKIP, tolerance);
    }

    /**
     * Runs for each due time that was missed, one after the other.
     *
     * @param bound how long ago the first of them may be; earlier ones are left out
     */
    public static MissedRuns catchUp(Duration bound) {
        return new MissedRuns(Policy.CATCH_UP, bound);
    }
}
