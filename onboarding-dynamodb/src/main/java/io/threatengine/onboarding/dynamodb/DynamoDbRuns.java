package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.claim.RunRows;
import io.threatengine.onboarding.claim.RunStore;
import io.threatengine.onboarding.execution.ExecutionRepository;
import io.threatengine.onboarding.schedule.ScheduleRepository;
import io.threatengine.onboarding.storage.Entity;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** Schedules and executions written together, by one transaction. */
final class DynamoDbRuns implements RunStore {
    private final Tables tables;
    private final DynamoDbScheduleRepository schedules;
    private final DynamoDbExecutionRepository executions;
    private final String table;

    DynamoDbRuns(Tables tables, DynamoDbScheduleRepository schedules, DynamoDbExecutionRepository executions) {
        this.tables = tables;
        this.schedules = schedules;
        this.executions = executions;
        this.table = Table.SCHEDULES.in(tables.settings().tables());
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
        RunRows next = next(before, after);
        return written(Transaction.together(tables.client(), table, steps(before, next)), before, next);
    }

    @Override
    public Optional<Written> tryToWrite(RunRows before, RunRows after) {
        RunRows next = next(before, after);
        return Transaction.togetherOrNotAtAll(tables.client(), table, steps(before, next))
                .map(reasons -> written(reasons, before, next));
    }

    private RunRows next(RunRows before, RunRows after) {
        schedules.beforeWrite();
        return new RunRows(next(before.schedule(), after.schedule()), next(before.execution(), after.execution()));
    }

    private <T extends Entity<?, T>> T next(@Nullable T read, @Nullable T changed) {
        Objects.requireNonNull(changed, "changed");
        return read == null ? changed : changed.written(schedules.now());
    }

    private List<TransactWriteItem> steps(RunRows before, RunRows next) {
        return List.of(
                schedules.step(before.schedule(), Objects.requireNonNull(next.schedule())),
                executions.step(before.execution(), Objects.requireNonNull(next.execution())));
    }

    private Written written(List<CancellationReason> refusals, RunRows before, RunRows next) {
        return refusals.isEmpty()
                ? new Written(true, next)
                : new Written(
                        false,
                        new RunRows(
                                schedules.found(refusals.get(0), before.schedule()),
                                executions.found(refusals.get(1), before.execution())));
    }
}
