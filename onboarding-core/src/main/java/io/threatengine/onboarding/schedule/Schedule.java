package io.threatengine.onboarding.schedule;

import com.google.auto.value.AutoValue;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.Rules;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.RunOutcome;
import io.threatengine.onboarding.storage.Entity;
import io.threatengine.onboarding.storage.Revision;
import io.threatengine.onboarding.storage.UniqueKey;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When, where and how an account is scanned. Immutable; the named changes return a changed copy, which {@link
 * ScheduleRepository} stores. Each of them that lets a schedule run computes when it is due next:
 *
 * <pre>{@code
 * schedules.update(id, schedule -> schedule.reschedule(Recurrence.every(Duration.ofHours(1)), clock.instant()));
 * schedules.update(id, Schedule::pause);
 * schedules.update(id, schedule -> schedule.resume(clock.instant()));
 * }</pre>
 *
 * <p>Attributes of the row that are not here, as {@code notification_channels}, stay as other engines have written them.
 */
@AutoValue
@SuppressWarnings("AutoValueImmutableFields") // build() copies the lists
public abstract class Schedule implements Entity<ScheduleId, Schedule> {
    private static final String UTC = "UTC";

    Schedule() {}

    @Override
    public abstract ScheduleId id();

    public abstract TenantId tenantId();

    public abstract AccountId accountId();

    public abstract ProviderType providerType();

    public abstract String name();

    public abstract String description();

    public abstract ScheduleType type();

    /** As stored; empty where the type is another. {@link #recurrence()} has it with its meaning. */
    public abstract String cronExpression();

    /** As stored; 0 where the type is another. {@link #recurrence()} has it with its meaning. */
    public abstract long intervalSeconds();

    /** As stored; {@code UTC} unless a cron expression is by another. */
    public abstract String timeZone();

    /** The regions to scan; empty for all. */
    public abstract List<String> regions();

    /** The services to scan; empty for all. */
    public abstract List<String> services();

    /** The services to leave out. */
    public abstract List<String> excludedServices();

    public abstract ScheduleStatus status();

    /** Whether the scheduler runs it. */
    public abstract boolean enabled();

    public abstract boolean notifyOnSuccess();

    public abstract boolean notifyOnFailure();

    /** How often it has run, the failed runs included. */
    public abstract long runCount();

    public abstract long successCount();

    public abstract long failureCount();

    /** 1970 where other engines have stored a row without it. */
    public abstract Instant createdAt();

    public abstract Instant updatedAt();

    @Override
    public abstract Revision revision();

    abstract @Nullable Instant nullableNextRunAt();

    abstract @Nullable Instant nullableLastRunAt();

    abstract @Nullable Lease nullableLease();

    /** Counts the leases of this schedule, 0 before the first: whoever has an older one has lost it. */
    public abstract long fence();

    /** The lease of the worker that runs it; empty where none does. */
    public Optional<Lease> lease() {
        return Optional.ofNullable(nullableLease());
    }

    /** Whether there is a lease, and no other time was set since it was given. */
    public boolean isLeased() {
        Lease lease = nullableLease();
        return lease != null && lease.until() != null && lease.until().equals(nullableNextRunAt());
    }

    /** When it is due, once it is enabled; while it is run, when the lease ends. Empty where it is never due again; another engine may also have left it out. */
    public Optional<Instant> nextRunAt() {
        return Optional.ofNullable(nullableNextRunAt());
    }

    public Optional<Instant> lastRunAt() {
        return Optional.ofNullable(nullableLastRunAt());
    }

    /** When it recurs, as the row says it, right or wrong. */
    public Recurrence recurrence() {
        if (type().equals(ScheduleType.CRON)) {
            return new Recurrence.Cron(cronExpression(), timeZone());
        }
        if (type().equals(ScheduleType.INTERVAL)) {
            return new Recurrence.Interval(Duration.ofSeconds(intervalSeconds()));
        }
        if (!type().equals(ScheduleType.ONE_TIME)) {
            return new Recurrence.Unknown(type());
        }
        Lease lease = nullableLease();
        return new Recurrence.OneTime(lease != null && isLeased() ? lease.dueAt() : nullableNextRunAt());
    }

    /**
     * Gives the schedule another name.
     *
     * @throws InvalidValueException if the name is blank, too long or unprintable
     */
    public Schedule rename(String name) {
        return toBuilder().name(Rules.name("schedule name", name)).build();
    }

    /**
     * Describes the schedule in other words.
     *
     * @throws InvalidValueException if the description has more than 16,384 characters
     */
    public Schedule describe(String description) {
        return toBuilder()
                .description(Rules.description("schedule description", description))
                .build();
    }

    /** Scans these regions only; all where there are none. */
    public Schedule withRegions(List<String> regions) {
        return toBuilder().regions(Rules.words("region", regions)).build();
    }

    /** Scans these services only; all where there are none. */
    public Schedule withServices(List<String> services) {
        return toBuilder().services(Rules.words("service", services)).build();
    }

    /** Leaves these services out. */
    public Schedule withoutServices(List<String> services) {
        return toBuilder()
                .excludedServices(Rules.words("excluded service", services))
                .build();
    }

    /** Says of which runs somebody is told. */
    public Schedule notifying(boolean onSuccess, boolean onFailure) {
        return toBuilder().notifyOnSuccess(onSuccess).notifyOnFailure(onFailure).build();
    }

    /**
     * Lets the schedule recur otherwise, from now on. A paused one stays paused. A run that is under way goes on; should the
     * new time come before it is over, it has lost its lease.
     *
     * @throws InvalidValueException if the recurrence is wrong, or never due after now
     */
    public Schedule reschedule(Recurrence recurrence, Instant now) {
        Instant due = dueAfter(recurrence, now);
        return superseded().recurrence(recurrence).nextRunAt(due).build();
    }

    private Builder superseded() {
        Lease lease = nullableLease();
        return toBuilder().nullableLease(lease == null ? null : lease.superseded());
    }

    /**
     * Lets the schedule rest. Nothing is due until {@link #resume}; what it would be stays, as other engines leave it. A run
     * that is under way goes on.
     */
    public Schedule pause() {
        return enabled()
                ? toBuilder().enabled(false).status(ScheduleStatus.PAUSED).build()
                : this;
    }

    /**
     * Lets the schedule run again, from its next occurrence after now: what it missed meanwhile is not made up for. One that
     * is enabled and knows when it is due stays as it is.
     *
     * @throws IllegalTransitionException if it is a one-time schedule that has run; {@link #reschedule} it first
     * @throws InvalidValueException if it is never due after now, or its recurrence is wrong
     */
    public Schedule resume(Instant now) {
        if (isLeased() || (enabled() && nullableNextRunAt() != null)) {
            return toBuilder()
                    .enabled(true)
                    .status(status().equals(ScheduleStatus.PAUSED) ? ScheduleStatus.ACTIVE : status())
                    .build();
        }
        if (type().equals(ScheduleType.ONE_TIME) && nullableNextRunAt() == null) {
            throw new IllegalTransitionException("schedule", id().value(), "over, having run once", "active");
        }
        return superseded()
                .enabled(true)
                .status(ScheduleStatus.ACTIVE)
                .nextRunAt(dueAfter(recurrence(), now))
                .build();
    }

    /**
     * For storage: the schedule with one run more. A one-time schedule disables itself. To count a run, use {@link
     * ScheduleRepository#recordRun}.
     */
    public Schedule ran(RunOutcome outcome, Instant at) {
        Schedule counted = counted(outcome, at);
        return type().equals(ScheduleType.ONE_TIME)
                ? counted.toBuilder().enabled(false).nextRunAt(null).build()
                : counted;
    }

    /** For storage: the schedule with one run more in its counters, and nothing else. */
    public Schedule counted(RunOutcome outcome, Instant at) {
        Instant last = nullableLastRunAt();
        Instant ran = WireTime.stored(at);
        return toBuilder()
                .runCount(runCount() + 1)
                .successCount(successCount() + (outcome == RunOutcome.SUCCEEDED ? 1 : 0))
                .failureCount(failureCount() + (outcome == RunOutcome.FAILED ? 1 : 0))
                .lastRunAt(last != null && last.isAfter(ran) ? last : ran)
                .build();
    }

    /** For storage: the schedule under a new lease, with its next fence. */
    public Schedule leased(Lease lease) {
        return toBuilder()
                .fence(fence() + 1)
                .nullableLease(lease)
                .nextRunAt(lease.until())
                .build();
    }

    /** For storage: the schedule with its lease, if it stands, ending at another time. */
    public Schedule leasedUntil(Instant until, int attempt) {
        Lease lease = nullableLease();
        return lease == null || !isLeased()
                ? this
                : toBuilder()
                        .nullableLease(new Lease(lease.worker(), lease.dueAt(), until, attempt))
                        .nextRunAt(until)
                        .build();
    }

    /**
     * For storage: the schedule without a lease, due at that time.
     *
     * @param next null where it is never due again: a one-time schedule disables itself then
     */
    public Schedule dueNext(@Nullable Instant next) {
        boolean done = type().equals(ScheduleType.ONE_TIME) && next == null;
        return toBuilder()
                .nullableLease(null)
                .nextRunAt(next)
                .enabled(enabled() && !done)
                .build();
    }

    private static Instant dueAfter(Recurrence recurrence, Instant now) {
        return WireTime.stored(recurrence
                .check()
                .nextAfter(now)
                .orElseThrow(() -> new InvalidValueException(
                        "recurrence", "must be due at some time after " + now, recurrence.toString())));
    }

    @Override
    public List<String> belongsTo() {
        return List.of(tenantId().value(), accountId().value(), providerType().value());
    }

    /** None: two schedules may bear one name. */
    @Override
    public List<UniqueKey> uniqueKeys() {
        return List.of();
    }

    @Override
    public Schedule written(Instant now) {
        return toBuilder().revision(revision().next(now)).updatedAt(now).build();
    }

    abstract Builder toBuilder();

    /**
     * For storage: a schedule that begins now, with a random id.
     *
     * @throws InvalidValueException if it is never due
     */
    public static Schedule created(NewSchedule schedule, Instant now) {
        return builder()
                .id(ScheduleId.random())
                .tenantId(schedule.tenantId())
                .accountId(schedule.accountId())
                .providerType(schedule.providerType())
                .name(schedule.name())
                .description(schedule.description())
                .recurrence(schedule.recurrence())
                .regions(schedule.regions())
                .services(schedule.services())
                .excludedServices(schedule.excludedServices())
                .status(schedule.enabled() ? ScheduleStatus.ACTIVE : ScheduleStatus.PAUSED)
                .enabled(schedule.enabled())
                .notifyOnSuccess(schedule.notifyOnSuccess())
                .notifyOnFailure(schedule.notifyOnFailure())
                .nextRunAt(dueAfter(schedule.recurrence(), now))
                .createdAt(now)
                .updatedAt(now)
                .revision(Revision.first(now))
                .build();
    }

    /** For storage: restores a schedule as it was stored, without judging it. To make a new one, use the repository. */
    public static Builder builder() {
        return new AutoValue_Schedule.Builder()
                .description("")
                .cronExpression("")
                .intervalSeconds(0)
                .timeZone(UTC)
                .regions(List.of())
                .services(List.of())
                .excludedServices(List.of())
                .status(ScheduleStatus.ACTIVE)
                .enabled(true)
                .notifyOnSuccess(false)
                .notifyOnFailure(true)
                .runCount(0)
                .successCount(0)
                .failureCount(0)
                .fence(0);
    }

    /** See {@link Schedule#builder()}. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        public abstract Builder id(ScheduleId id);

        public abstract Builder tenantId(TenantId tenantId);

        public abstract Builder accountId(AccountId accountId);

        public abstract Builder providerType(ProviderType providerType);

        public abstract Builder name(String name);

        public abstract Builder description(String description);

        public abstract Builder type(ScheduleType type);

        public abstract Builder cronExpression(String cronExpression);

        public abstract Builder intervalSeconds(long intervalSeconds);

        public abstract Builder timeZone(String timeZone);

        public abstract Builder regions(List<String> regions);

        public abstract Builder services(List<String> services);

        public abstract Builder excludedServices(List<String> excludedServices);

        public abstract Builder status(ScheduleStatus status);

        public abstract Builder enabled(boolean enabled);

        public abstract Builder notifyOnSuccess(boolean notify);

        public abstract Builder notifyOnFailure(boolean notify);

        public abstract Builder runCount(long runCount);

        public abstract Builder successCount(long successCount);

        public abstract Builder failureCount(long failureCount);

        public abstract Builder fence(long fence);

        public abstract Builder createdAt(Instant createdAt);

        public abstract Builder updatedAt(Instant updatedAt);

        public abstract Builder revision(Revision revision);

        abstract Builder nullableNextRunAt(@Nullable Instant nextRunAt);

        abstract Builder nullableLastRunAt(@Nullable Instant lastRunAt);

        abstract Builder nullableLease(@Nullable Lease lease);

        public Builder lease(@Nullable Lease lease) {
            return nullableLease(lease);
        }

        public Builder nextRunAt(@Nullable Instant nextRunAt) {
            return nullableNextRunAt(nextRunAt);
        }

        public Builder lastRunAt(@Nullable Instant lastRunAt) {
            return nullableLastRunAt(lastRunAt);
        }

        /** What is stored of a recurrence, but for the time of a one-time schedule, which is when it is due next. */
        Builder recurrence(Recurrence recurrence) {
            Builder builder = type(recurrence.type())
                    .cronExpression("")
                    .intervalSeconds(0)
                    .timeZone(UTC);
            if (recurrence instanceof Recurrence.Cron cron) {
                return builder.cronExpression(cron.expression()).timeZone(cron.timeZone());
            }
            return recurrence instanceof Recurrence.Interval interval
                    ? builder.intervalSeconds(interval.every().toSeconds())
                    : builder;
        }

        abstract List<String> regions();

        abstract List<String> services();

        abstract List<String> excludedServices();

        abstract Schedule autoBuild();

        public Schedule build() {
            return regions(List.copyOf(regions()))
                    .services(List.copyOf(services()))
                    .excludedServices(List.copyOf(excludedServices()))
                    .autoBuild();
        }
    }
}
