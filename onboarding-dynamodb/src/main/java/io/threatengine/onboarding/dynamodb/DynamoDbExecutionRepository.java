package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.execution.Attempt;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.execution.ExecutionId;
import io.threatengine.onboarding.execution.ExecutionRepository;
import io.threatengine.onboarding.execution.NewExecution;
import io.threatengine.onboarding.execution.Trigger;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.scan.ScanId;
import io.threatengine.onboarding.schedule.ScheduleId;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.storage.TimeRange;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

final class DynamoDbExecutionRepository extends DynamoDbRepository<ExecutionId, Execution>
        implements ExecutionRepository {
    private static final Table.Index BY_SCHEDULE = Table.EXECUTIONS.index("schedule-executions-index");
    private static final Table.Index BY_ACCOUNT = Table.EXECUTIONS.index("account-executions-index");

    private final DynamoDbScheduleRepository schedules;

    DynamoDbExecutionRepository(Tables tables, DynamoDbScheduleRepository schedules) {
        super(
                tables,
                EntityMapping.of("execution", Table.EXECUTIONS, Execution.class, DynamoDbExecutionRepository::restore)
                        .text("execution_id", execution -> execution.id().value())
                        .fixedText(
                                "schedule_id",
                                execution -> execution.scheduleId().value())
                        .fixedText(
                                "account_id", execution -> execution.accountId().value())
                        .instantIfKnown(Row.STARTED_AT, Execution::startedAt)
                        .text(Row.STATUS, execution -> execution.status().value())
                        .text(
                                "triggered_by",
                                execution -> execution.triggeredBy().value())
                        .instant(
                                Row.COMPLETED_AT,
                                execution -> execution.completedAt().orElse(null))
                        .text(
                                "scan_id",
                                execution ->
                                        execution.scanId().map(ScanId::value).orElse(null))
                        .checks(execution -> execution.checks().orElse(null))
                        .text(
                                Row.ERROR_MESSAGE,
                                execution -> execution.errorMessage().orElse(null))
                        // what the Python engines do not know
                        .instant("lease_due_at", execution -> execution.dueAt().orElse(null))
                        .text(
                                "lease_worker",
                                execution ->
                                        execution.attempt().map(Attempt::worker).orElse(null))
                        .number(
                                "lease_attempt",
                                execution -> execution
                                        .attempt()
                                        .map(last -> (long) last.number())
                                        .orElse(null))
                        .number(
                                "lease_fence",
                                execution ->
                                        execution.attempt().map(Attempt::fence).orElse(null))
                        .number(
                                Row.ERROR_CHECKS,
                                execution -> execution
                                        .checks()
                                        .map(Checks::errors)
                                        .filter(errors -> errors > 0)
                                        .orElse(null))
                        .fixedText(
                                Row.TENANT_ID,
                                execution -> execution
                                        .tenantId()
                                        .map(TenantId::value)
                                        .orElse(null))
                        .expiring(
                                Table.EXECUTIONS.retention(tables.settings()),
                                execution -> execution.completedAt().orElse(execution.startedAt()))
                        .build(Execution::createdAt));
        this.schedules = schedules;
    }

    @Override
    public Execution create(NewExecution execution) {
        return create(
                Execution.created(execution, now()),
                transaction -> schedules.mustExist(
                        transaction,
                        execution.scheduleId(),
                        Map.of(
                                Row.TENANT_ID,
                                execution.tenantId().value(),
                                "account_id",
                                execution.accountId().value())));
    }

    @Override
    public BulkResult<NewExecution, Execution> createAll(Collection<NewExecution> executions, BulkOptions options) {
        return manyRows()
                .createAll(
                        executions,
                        options,
                        execution -> Execution.created(execution, now()),
                        chunk -> schedules
                                .manyRows()
                                .refusals(
                                        chunk,
                                        NewExecution::scheduleId,
                                        (execution, schedule) ->
                                                schedule.tenantId().equals(execution.tenantId())
                                                        && schedule.accountId().equals(execution.accountId())));
    }

    @Override
    public Listing<Execution> ofSchedule(ScheduleId schedule, TimeRange started) {
        return lists().query(BY_SCHEDULE, schedule.value(), started, Execution::startedAt);
    }

    @Override
    public Listing<Execution> ofAccount(AccountId account, TimeRange started) {
        return lists().query(BY_ACCOUNT, account.value(), started, Execution::startedAt);
    }

    private static @Nullable Attempt attempt(Row row) {
        String worker = row.text("lease_worker");
        return worker == null ? null : new Attempt(row.count("lease_attempt"), worker, row.number("lease_fence", 0));
    }

    private static Execution restore(Row row) {
        Instant created = row.createdAt();
        Instant started = row.instant(Row.STARTED_AT);
        return Execution.builder()
                .id(ExecutionId.of(row.required("execution_id")))
                .tenantId(row.value(Row.TENANT_ID, TenantId::of))
                .scheduleId(ScheduleId.of(row.required("schedule_id")))
                .accountId(AccountId.of(row.required("account_id")))
                .startedAt(started == null ? created : started)
                .status(row.value(Row.STATUS, RunStatus::new, RunStatus.RUNNING))
                .triggeredBy(row.value("triggered_by", Trigger::new, Trigger.SCHEDULER))
                .dueAt(row.instant("lease_due_at"))
                .attempt(attempt(row))
                .completedAt(row.instant(Row.COMPLETED_AT))
                .scanId(row.value("scan_id", ScanId::of))
                .checks(row.checks())
                .errorMessage(row.text(Row.ERROR_MESSAGE))
                .createdAt(created)
                .revision(row.revision(EntityMapping.Stamp.STATUS))
                .build();
    }
}
