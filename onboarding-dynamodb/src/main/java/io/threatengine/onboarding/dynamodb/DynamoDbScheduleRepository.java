package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.RunOutcome;
import io.threatengine.onboarding.schedule.NewSchedule;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.schedule.ScheduleId;
import io.threatengine.onboarding.schedule.ScheduleRepository;
import io.threatengine.onboarding.schedule.ScheduleStatus;
import io.threatengine.onboarding.schedule.ScheduleType;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.storage.TimeRange;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

final class DynamoDbScheduleRepository extends DynamoDbRepository<ScheduleId, Schedule> implements ScheduleRepository {
    private static final Table.Index BY_TENANT = Table.SCHEDULES.index("tenant-schedules-index");
    private static final Table.Index BY_ACCOUNT = Table.SCHEDULES.index("account-schedules-index");
    private static final Table.Index BY_NEXT_RUN = Table.SCHEDULES.index("next-run-index");

    /** Text, because it is an index key. */
    private static final String ENABLED = "true";

    private static final String TYPE = "schedule_type";
    private static final String RUNS = "run_count";
    private static final String SUCCESSES = "success_count";
    private static final String FAILURES = "failure_count";
    private static final String LAST_RUN = "last_run_at";

    private static final EntityMapping<Schedule> MAPPING = EntityMapping.of(
                    "schedule", Table.SCHEDULES, Schedule.class, DynamoDbScheduleRepository::restore)
            .text("schedule_id", schedule -> schedule.id().value())
            .fixedText(Row.TENANT_ID, schedule -> schedule.tenantId().value())
            .fixedText("account_id", schedule -> schedule.accountId().value())
            .fixedText("provider_type", schedule -> schedule.providerType().value())
            .text("name", Schedule::name)
            .text("description", Schedule::description)
            .text(TYPE, schedule -> schedule.type().value())
            .text("cron_expression", Schedule::cronExpression)
            .number("interval_seconds", Schedule::intervalSeconds)
            .text("timezone", Schedule::timeZone)
            .texts("regions", Schedule::regions)
            .texts("services", Schedule::services)
            .texts("exclude_services", Schedule::excludedServices)
            .text(Row.STATUS, schedule -> schedule.status().value())
            .text("enabled", schedule -> Boolean.toString(schedule.enabled()))
            // an index key that is no text would be refused: without a time the attribute goes, and the row leaves the
            // index
            .instant("next_run_at", schedule -> schedule.nextRunAt().orElse(null))
            .instant(LAST_RUN, schedule -> schedule.lastRunAt().orElse(null))
            .number(RUNS, Schedule::runCount)
            .number(SUCCESSES, Schedule::successCount)
            .number(FAILURES, Schedule::failureCount)
            .bool("notify_on_success", Schedule::notifyOnSuccess)
            .bool("notify_on_failure", Schedule::notifyOnFailure)
            .build(Schedule::createdAt, Schedule::updatedAt);

    private final DynamoDbAccountRepository accounts;

    DynamoDbScheduleRepository(Tables tables, DynamoDbAccountRepository accounts) {
        super(tables, MAPPING);
        this.accounts = accounts;
    }

    @Override
    public Schedule create(NewSchedule schedule) {
        return create(
                Schedule.created(schedule, now()),
                transaction -> accounts.mustExist(
                        transaction,
                        schedule.accountId(),
                        Map.of(Row.TENANT_ID, schedule.tenantId().value())));
    }

    @Override
    public BulkResult<NewSchedule, Schedule> createAll(Collection<NewSchedule> schedules, BulkOptions options) {
        return manyRows()
                .createAll(
                        schedules,
                        options,
                        schedule -> Schedule.created(schedule, now()),
                        chunk -> accounts.manyRows()
                                .refusals(
                                        chunk,
                                        NewSchedule::accountId,
                                        (schedule, account) -> !account.isDeleted()
                                                && account.tenantId().equals(schedule.tenantId())));
    }

    @Override
    public Listing<Schedule> ofTenant(TenantId tenant) {
        return lists().query(BY_TENANT, tenant.value());
    }

    @Override
    public Listing<Schedule> ofAccount(AccountId account) {
        return lists().query(BY_ACCOUNT, account.value());
    }

    @Override
    public Listing<Schedule> due(Instant at) {
        // up to and with the instant; at the end of time there is nothing after it
        TimeRange range = at.equals(Instant.MAX) ? TimeRange.ALL : TimeRange.before(at.plusNanos(1));
        return lists().query(
                        BY_NEXT_RUN,
                        ENABLED,
                        range,
                        schedule -> schedule.nextRunAt().orElse(Instant.MAX));
    }

    @Override
    public void recordRun(ScheduleId id, RunOutcome outcome, Instant at) {
        var counting = new Counting(
                List.of(RUNS, outcome == RunOutcome.SUCCEEDED ? SUCCESSES : FAILURES),
                Map.of(LAST_RUN, WireTime.write(at)),
                TYPE,
                ScheduleType.ONE_TIME.value());
        if (!count(id, counting)) {
            // a one-time schedule disables itself, and counters that are no numbers are made ones
            update(id, schedule -> schedule.ran(outcome, at));
        }
    }

    private static Schedule restore(Row row) {
        return Schedule.builder()
                .id(ScheduleId.of(row.required("schedule_id")))
                .tenantId(TenantId.of(row.required(Row.TENANT_ID)))
                .accountId(AccountId.of(row.required("account_id")))
                .providerType(new ProviderType(row.required("provider_type")))
                .name(row.text("name", ""))
                .description(row.text("description", ""))
                .type(row.value(TYPE, ScheduleType::new, ScheduleType.CRON))
                .cronExpression(row.text("cron_expression", ""))
                .intervalSeconds(row.number("interval_seconds", 0))
                .timeZone(row.text("timezone", "UTC"))
                .regions(row.texts("regions"))
                .services(row.texts("services"))
                .excludedServices(row.texts("exclude_services"))
                .status(row.value(Row.STATUS, ScheduleStatus::new, ScheduleStatus.ACTIVE))
                .enabled(row.bool("enabled", true))
                .nextRunAt(row.instant("next_run_at"))
                .lastRunAt(row.instant(LAST_RUN))
                .runCount(row.number(RUNS, 0))
                .successCount(row.number(SUCCESSES, 0))
                .failureCount(row.number(FAILURES, 0))
                .notifyOnSuccess(row.bool("notify_on_success", false))
                .notifyOnFailure(row.bool("notify_on_failure", true))
                .createdAt(row.createdAt())
                .updatedAt(row.updatedAt())
                .revision(row.revision())
                .build();
    }
}
