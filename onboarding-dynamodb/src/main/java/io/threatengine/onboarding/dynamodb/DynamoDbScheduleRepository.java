package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.RunOutcome;
import io.threatengine.onboarding.schedule.DueIndex;
import io.threatengine.onboarding.schedule.Lease;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

final class DynamoDbScheduleRepository extends DynamoDbRepository<ScheduleId, Schedule> implements ScheduleRepository {
    private static final Table.Index BY_TENANT = Table.SCHEDULES.index("tenant-schedules-index");
    private static final Table.Index BY_ACCOUNT = Table.SCHEDULES.index("account-schedules-index");
    private static final Table.Index DUE_SHARDS = Table.DUE_SHARDS;
    private static final Table.Index BY_NEXT_RUN = Table.SCHEDULES.index("next-run-index");

    /** Text, because it is an index key. */
    private static final String ENABLED = "true";

    private static final String TYPE = "schedule_type";
    private static final String RUNS = "run_count";
    private static final String SUCCESSES = "success_count";
    private static final String FAILURES = "failure_count";
    private static final String LAST_RUN = "last_run_at";
    private static final String NEXT_RUN = "next_run_at";

    private static final String DUE = "due_at";
    private static final String FENCE = "lease_fence";
    private static final String LEASE_WORKER = "lease_worker";
    private static final String LEASE_DUE = "lease_due_at";
    private static final String LEASE_UNTIL = "lease_until";
    private static final String LEASE_ATTEMPT = "lease_attempt";

    /** Nobody who does not know the shards has switched it off meanwhile, or given it another time. */
    private static final Expression STANDS_IN_ITS_SHARD = Conditions.missing(NEXT_RUN)
            .andEqual("enabled", AttributeValue.fromS(ENABLED))
            .build();

    /** When it is due. Who runs it stays: a claim is there to be ended. */
    private static final List<String> GONE_WITH_THE_ONLY_RUN = List.of(NEXT_RUN, DUE, DUE_SHARDS.partitionKey());

    private static final AttributeValue ONCE = AttributeValue.fromS(ScheduleType.ONE_TIME.value());

    /** Of one-time schedules and others, late runs and others. */
    private static final int MOST_KINDS = 4;

    private static EntityMapping<Schedule> mapping(DueIndex dueIndex) {
        return EntityMapping.of("schedule", Table.SCHEDULES, Schedule.class, DynamoDbScheduleRepository::restore)
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
                // an index key that is no text would be refused: without a time the attribute goes, and with it the row
                .instant(
                        NEXT_RUN,
                        schedule -> isInShard(schedule, dueIndex)
                                ? null
                                : schedule.nextRunAt().orElse(null))
                .instant(LAST_RUN, schedule -> schedule.lastRunAt().orElse(null))
                .number(RUNS, Schedule::runCount)
                .number(SUCCESSES, Schedule::successCount)
                .number(FAILURES, Schedule::failureCount)
                .bool("notify_on_success", Schedule::notifyOnSuccess)
                .bool("notify_on_failure", Schedule::notifyOnFailure)
                // what the Python engines do not know
                .text(
                        DUE_SHARDS.partitionKey(),
                        schedule -> isInShard(schedule, dueIndex)
                                ? Integer.toString(dueIndex.shardOf(schedule.id()))
                                : null)
                .instant(
                        DUE,
                        schedule -> isInShard(schedule, dueIndex)
                                ? schedule.nextRunAt().orElse(null)
                                : null)
                .number(FENCE, schedule -> schedule.fence() == 0 ? null : schedule.fence())
                .text(
                        LEASE_WORKER,
                        schedule -> schedule.lease().map(Lease::worker).orElse(null))
                .instant(
                        LEASE_DUE,
                        schedule -> schedule.lease().map(Lease::dueAt).orElse(null))
                .instant(
                        LEASE_UNTIL,
                        schedule -> schedule.lease().map(Lease::until).orElse(null))
                .number(
                        LEASE_ATTEMPT,
                        schedule -> schedule.lease()
                                .map(lease -> (long) lease.attempt())
                                .orElse(null))
                .build(Schedule::createdAt, Schedule::updatedAt);
    }

    /** Whether it stands in the sharded index, and so not in the legacy one. */
    private static boolean isInShard(Schedule schedule, DueIndex dueIndex) {
        return dueIndex.isSharded()
                && schedule.enabled()
                && schedule.nextRunAt().isPresent();
    }

    private final DynamoDbAccountRepository accounts;
    private final DueShards shards;
    private final boolean sharded;

    DynamoDbScheduleRepository(Tables tables, DynamoDbAccountRepository accounts) {
        super(tables, mapping(tables.settings().dueIndex()));
        this.accounts = accounts;
        this.shards = new DueShards(tables);
        this.sharded = tables.settings().dueIndex().isSharded();
    }

    /** Before a schedule is written by others than this repository's own methods. */
    void beforeWrite() {
        shards.beforeWrite();
    }

    @Override
    public Schedule update(Schedule schedule) {
        shards.beforeWrite();
        return super.update(schedule);
    }

    @Override
    public Schedule update(ScheduleId id, UnaryOperator<Schedule> change) {
        shards.beforeWrite();
        return super.update(id, change);
    }

    @Override
    public Schedule create(NewSchedule schedule) {
        shards.beforeWrite();
        return create(
                Schedule.created(schedule, now()),
                transaction -> accounts.mustExist(
                        transaction,
                        schedule.accountId(),
                        Map.of(Row.TENANT_ID, schedule.tenantId().value())));
    }

    @Override
    public BulkResult<NewSchedule, Schedule> createAll(Collection<NewSchedule> schedules, BulkOptions options) {
        shards.beforeWrite();
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
        return ListsInTurn.of("due\u0000" + at, () -> partsOfDue(range), this::firstPart);
    }

    /** The shards, and then the legacy index: it alone, where there never were shards. */
    private List<Listing<Schedule>> partsOfDue(TimeRange range) {
        List<Listing<Schedule>> parts = new ArrayList<>();
        for (int shard = 0; shard < shards.toRead(); shard++) {
            parts.add(due(DUE_SHARDS, Integer.toString(shard), range, STANDS_IN_ITS_SHARD));
        }
        parts.add(due(BY_NEXT_RUN, ENABLED, range, null));
        return parts;
    }

    /**
     * With shards, each look begins somewhere else, so that many workers do not all begin with the same one. Without, with one's
     * own index.
     */
    private int firstPart(int parts) {
        return sharded ? ThreadLocalRandom.current().nextInt(parts) : parts - 1;
    }

    private Listing<Schedule> due(Table.Index index, String partition, TimeRange range, @Nullable Expression filter) {
        return lists().query(
                        index,
                        partition,
                        range,
                        schedule -> schedule.nextRunAt().orElse(Instant.MAX),
                        filter);
    }

    @Override
    public void recordRun(ScheduleId id, RunOutcome outcome, Instant at) {
        String time = WireTime.write(at);
        Run run = new Run(outcome, time, false, false);
        Optional<Map<String, AttributeValue>> refusedBy = count(id, run.counting());
        for (int tries = 1; refusedBy.isPresent() && tries < MOST_KINDS; tries++) {
            Run other = run.of(refusedBy.get());
            if (other.equals(run)) {
                break;
            }
            run = other;
            refusedBy = count(id, run.counting());
        }
        if (refusedBy.isPresent()) {
            // counters that are no numbers are made ones
            update(id, schedule -> schedule.ran(outcome, at));
        }
    }

    /**
     * A run, and the two things that its counting depends on: a one-time schedule disables itself, and a run that is reported
     * late does not take back the time of the last one.
     */
    private record Run(RunOutcome outcome, String time, boolean once, boolean late) {

        Run of(Map<String, AttributeValue> row) {
            AttributeValue last = row.get(LAST_RUN);
            boolean later = last != null && last.s() != null && last.s().compareTo(time) >= 0;
            return new Run(outcome, time, ONCE.equals(row.get(TYPE)), later);
        }

        Counting counting() {
            var set = new HashMap<String, String>();
            if (once) {
                set.put("enabled", Boolean.toString(false));
            }
            if (!late) {
                set.put(LAST_RUN, time);
            }
            return new Counting(
                    List.of(RUNS, outcome == RunOutcome.SUCCEEDED ? SUCCESSES : FAILURES),
                    set,
                    once ? GONE_WITH_THE_ONLY_RUN : List.of(),
                    row -> {
                        Conditions type = once ? row.andEqual(TYPE, ONCE) : row.andNotEqual(TYPE, ONCE);
                        return late ? type.andNotBefore(LAST_RUN, time) : type.andBefore(LAST_RUN, time);
                    });
        }
    }

    private static @Nullable Lease lease(Row row) {
        String worker = row.text(LEASE_WORKER);
        Instant dueAt = row.instant(LEASE_DUE);
        return worker == null || dueAt == null
                ? null
                : new Lease(worker, dueAt, row.instant(LEASE_UNTIL), row.count(LEASE_ATTEMPT));
    }

    private static Schedule restore(Row row) {
        // whoever has written the legacy attribute has done so later: here it is removed where the other one is written
        Instant legacy = row.instant(NEXT_RUN);
        Instant next = legacy == null ? row.instant(DUE) : legacy;
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
                .nextRunAt(next)
                .fence(row.number(FENCE, 0))
                .lease(lease(row))
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
