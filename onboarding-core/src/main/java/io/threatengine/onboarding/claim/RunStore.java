package io.threatengine.onboarding.claim;

import io.threatengine.onboarding.execution.ExecutionRepository;
import io.threatengine.onboarding.schedule.ScheduleRepository;
import java.time.InstantSource;
import java.util.Optional;

/**
 * For storage: what {@link ScheduleClaims} works on. Thread-safe.
 *
 * <p>It throws {@link io.threatengine.onboarding.error.ServiceException} or a subclass when the service refuses or fails.
 */
public interface RunStore {

    ScheduleRepository schedules();

    ExecutionRepository executions();

    /** Says what is due and when a lease ends. */
    InstantSource clock();

    /**
     * What came of a write.
     *
     * @param done whether both rows were written
     * @param rows as they are stored now: with their new revisions, or as they were found instead of what was expected
     */
    record Written(boolean done, RunRows rows) {}

    /**
     * Writes both rows together, if both are still as they were read: of the revision that they have, and missing where there
     * was none. A retry of a call whose answer was lost is not taken for somebody else's write.
     *
     * @param before the rows as they were read; the schedule exists
     * @param after the changed rows, with the revisions of the rows as they were read; both exist
     */
    Written write(RunRows before, RunRows after);

    /**
     * As {@link #write}, but waits for nobody: for those to whom it is all the same who writes.
     *
     * @return empty where somebody else is writing one of the rows at this moment
     */
    default Optional<Written> tryToWrite(RunRows before, RunRows after) {
        return Optional.of(write(before, after));
    }
}
