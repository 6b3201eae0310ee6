package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.claim.RunRows;
import io.threatengine.onboarding.claim.RunStore;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.execution.ExecutionRepository;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.schedule.ScheduleRepository;
import io.threatengine.onboarding.storage.Entity;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Schedules and executions written together, by one transaction. */
final class DynamoDbRuns implements RunStore {
    private final Tables tables;
    private final DynamoDbScheduleRepository schedules;
    private final DynamoDbExecutionRepository executions;

    DynamoDbRuns(Tables tables, DynamoDbScheduleRepository schedules, DynamoDbExecutionRepository executions) {
        this.tables = tables;
        this.schedules = schedules;
        this.executions = executions;
    }

    @Override
    public ScheduleRepository schedules() {
        return schedules;
    }

    @Override
    public ExecutionRepository executions() {
        return executions;
    }

    @Override
    public InstantSource clock() {
        return tables.clock();
    }

    @Override
    public Written write(RunRows before, RunRows after) {
        schedules.beforeWrite();
        Schedule schedule = next(before.schedule(), after.schedule());
        Execution execution = next(before.execution(), after.execution());
        String table = Table.SCHEDULES.in(tables.settings().tables());
        var steps =
                List.of(schedules.step(before.schedule(), schedule), executions.step(before.execution(), execution));
        return Transaction.together(tables.client(), table, steps)
                .map(reasons -> new Written(
                        false,
                        new RunRows(
                                schedules.found(reasons.get(0), before.schedule()),
                                executions.found(reasons.get(1), before.execution()))))
                .orElseGet(() -> new Written(true, new RunRows(schedule, execution)));
    }

    private <T extends Entity<?, T>> T next(@Nullable T read, @Nullable T changed) {
        Objects.requireNonNull(changed, "changed");
        return read == null ? changed : changed.written(schedules.now());
    }
}
