package io.threatengine.onboarding.run;

import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.Rules;

/**
 * How far an execution or a scan is: pending → running → completed, failed or cancelled; these three are final. The list
 * is open: a value that is unknown here is kept and written back as it is.
 *
 * @param value as stored
 */
public record RunStatus(String value) {
    public static final RunStatus PENDING = new RunStatus("pending");
    public static final RunStatus RUNNING = new RunStatus("running");
    public static final RunStatus COMPLETED = new RunStatus("completed");
    public static final RunStatus FAILED = new RunStatus("failed");
    public static final RunStatus CANCELLED = new RunStatus("cancelled");

    public RunStatus {
        Rules.word("status", value);
    }

    /** Whether it is over: completed, failed or cancelled. */
    public boolean isFinal() {
        return equals(COMPLETED) || equals(FAILED) || equals(CANCELLED);
    }

    /**
     * This status, if a run can begin with it.
     *
     * @throws InvalidValueException if it is neither pending nor running
     */
    public RunStatus requireFirst() {
        if (!equals(PENDING) && !equals(RUNNING)) {
            throw new InvalidValueException("first status", "must be pending or running", value);
        }
        return this;
    }

    /**
     * The next status, if the life cycle leads there; from an unknown one it may lead anywhere.
     *
     * @param kind whose status: {@code "execution"}
     * @param id whose status, by id
     * @throws IllegalTransitionException if it does not; the first outcome of what is over stays
     */
    public RunStatus become(RunStatus next, String kind, Object id) {
        boolean leadsThere =
                !isFinal() && !next.equals(PENDING) && !equals(next) && !(equals(PENDING) && next.isFinal());
        if (!leadsThere) {
            throw new IllegalTransitionException(kind, id.toString(), value, next.value());
        }
        return next;
    }

    @Override
    public String toString() {
        return value;
    }
}
