package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.claim.RunRows;
import io.threatengine.onboarding.claim.RunStore;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.execution.ExecutionRepository;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.schedule.ScheduleRepository;
import java.time.InstantSource;
import java.util.Objects;

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
        Transaction transaction = tables.transaction(Table.SCHEDULES);
        Schedule schedule =
                schedules.write(transaction, before.schedule(), Objects.requireNonNull(after.schedule(), "schedule"));
        Execution execution = executions.write(
                transaction, before.execution(), Objects.requireNonNull(after.execution(), "execution"));
        return transaction
                .tryOnce()
                .map(reasons -> new Written(
                        false,
                        new RunRows(
                                schedules.found(reasons.get(0), before.schedule()),
                                executions.found(reasons.get(1), before.execution()))))
                .orElseGet(() -> new Written(true, new RunRows(schedule, execution)));
    }
}
