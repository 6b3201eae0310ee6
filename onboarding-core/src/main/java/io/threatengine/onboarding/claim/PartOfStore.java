package io.threatengine.onboarding.claim;

import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.execution.ExecutionRepository;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.schedule.ScheduleRepository;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;

/** What a store shows of another one. */
record PartOfStore(
        RunStore whole, ScheduleRepository schedules, ExecutionRepository executions, Predicate<Schedule> visible)
        implements RunStore {
    @Override
    public InstantSource clock() {
        return whole.clock();
    }

    @Override
    public Written write(RunRows before, RunRows after) {
        requireVisible(before);
        return whole.write(before, after);
    }

    @Override
    public Optional<Written> tryToWrite(RunRows before, RunRows after) {
        requireVisible(before);
        return whole.tryToWrite(before, after);
    }

    private void requireVisible(RunRows rows) {
        Schedule schedule = rows.schedule();
        if (schedule != null && !visible.test(schedule)) {
            throw new NotFoundException("schedule", schedule.id().value());
        }
    }
}
