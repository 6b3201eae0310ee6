package io.threatengine.onboarding.execution;

import com.google.auto.value.AutoValue;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.Rules;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.scan.ScanId;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.schedule.ScheduleId;
import io.threatengine.onboarding.storage.Entity;
import io.threatengine.onboarding.storage.Revision;
import io.threatengine.onboarding.storage.UniqueKey;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One run of a schedule. Immutable; the named changes follow the life cycle and return a changed copy, which {@link
 * ExecutionRepository} stores:
 *
 * <pre>{@code
 * executions.update(id, execution -> execution.complete(Checks.of(120, 110, 10), clock.instant()));
 * executions.update(id, execution -> execution.fail("the role cannot be assumed", clock.instant()));
 * }</pre>
 *
 * <p>Ending what has ended is an {@link IllegalTransitionException} that names the first outcome, which stays. What is
 * pending has to start before it ends; one change may do both: {@code e.start(now).cancel(now)}.
 */
@AutoValue
public abstract class Execution implements Entity<ExecutionId, Execution> {
    private static final int LONGEST_MESSAGE = 16_384;
    private static final String KIND = "execution";

    Execution() {}

    @Override
    public abstract ExecutionId id();

    public abstract ScheduleId scheduleId();

    public abstract AccountId accountId();

    /** When it began; while it is pending, when it was created. */
    public abstract Instant startedAt();

    public abstract RunStatus status();

    public abstract Trigger triggeredBy();

    /** 1970 where other engines have stored a row without it. */
    public abstract Instant createdAt();

    @Override
    public abstract Revision revision();

    abstract @Nullable Instant nullableDueAt();

    abstract @Nullable Attempt nullableAttempt();

    abstract @Nullable TenantId nullableTenantId();

    abstract @Nullable Instant nullableCompletedAt();

    abstract @Nullable ScanId nullableScanId();

    abstract @Nullable Checks nullableChecks();

    abstract @Nullable String nullableErrorMessage();

    /** The tenant; empty in rows of engines that do not write it. */
    public Optional<TenantId> tenantId() {
        return Optional.ofNullable(nullableTenantId());
    }

    /** The due time that it is for; empty where it was not claimed for one. */
    public Optional<Instant> dueAt() {
        return Optional.ofNullable(nullableDueAt());
    }

    /** Who began it, or began it again, last; empty where it was not claimed. */
    public Optional<Attempt> attempt() {
        return Optional.ofNullable(nullableAttempt());
    }

    /**
     * When it ended, whatever came of it, by the clock of the machine that ended it. Where another machine began it, whose
     * clock is ahead, that may be before {@link #startedAt()}; such an end is kept as it is given, since a run must be able to
     * end. A duration below zero is to be read as none.
     */
    public Optional<Instant> completedAt() {
        return Optional.ofNullable(nullableCompletedAt());
    }

    /** The scan that it led to. */
    public Optional<ScanId> scanId() {
        return Optional.ofNullable(nullableScanId());
    }

    /** What its checks came to. */
    public Optional<Checks> checks() {
        return Optional.ofNullable(nullableChecks());
    }

    /** Why it failed. */
    public Optional<String> errorMessage() {
        return Optional.ofNullable(nullableErrorMessage());
    }

    /**
     * Begins what is pending.
     *
     * @throws IllegalTransitionException if it is not
     */
    public Execution start(Instant at) {
        return toBuilder()
                .status(status().become(RunStatus.RUNNING, KIND, id()))
                .startedAt(WireTime.stored(at))
                .build();
    }

    /**
     * Points to the scan that it leads to.
     *
     * @throws IllegalTransitionException if it has ended
     */
    public Execution withScan(ScanId scan) {
        if (status().isFinal()) {
            throw new IllegalTransitionException(KIND, id().value(), status().value(), "one with scan " + scan);
        }
        return toBuilder().nullableScanId(scan).build();
    }

    /**
     * Ends it well.
     *
     * @throws IllegalTransitionException if it is not running
     * @throws InvalidValueException if the counts do not fit each other
     */
    public Execution complete(Checks checks, Instant at) {
        return ended(RunStatus.COMPLETED, at).nullableChecks(checks.check()).build();
    }

    /**
     * Ends it well, without counts.
     *
     * @throws IllegalTransitionException if it is not running
     */
    public Execution complete(Instant at) {
        return ended(RunStatus.COMPLETED, at).build();
    }

    /**
     * Ends it badly.
     *
     * @param reason 1 to 16,384 characters; no secret
     * @throws IllegalTransitionException if it is not running
     */
    public Execution fail(String reason, Instant at) {
        return ended(RunStatus.FAILED, at)
                .nullableErrorMessage(Rules.text("error message", reason, LONGEST_MESSAGE))
                .build();
    }

    /**
     * Breaks it off.
     *
     * @throws IllegalTransitionException if it is not running
     */
    public Execution cancel(Instant at) {
        return ended(RunStatus.CANCELLED, at).build();
    }

    private Builder ended(RunStatus how, Instant at) {
        return toBuilder().status(status().become(how, KIND, id())).nullableCompletedAt(WireTime.stored(at));
    }

    @Override
    public List<String> belongsTo() {
        String tenant = nullableTenantId() == null ? "" : nullableTenantId().value();
        return List.of(tenant, accountId().value(), scheduleId().value());
    }

    @Override
    public List<UniqueKey> uniqueKeys() {
        return List.of();
    }

    @Override
    public Execution written(Instant now) {
        return toBuilder().revision(revision().next(status().value())).build();
    }

    abstract Builder toBuilder();

    /** For storage: an execution that begins now, with a random id. */
    public static Execution created(NewExecution execution, Instant now) {
        return builder()
                .id(ExecutionId.random())
                .tenantId(execution.tenantId())
                .scheduleId(execution.scheduleId())
                .accountId(execution.accountId())
                .startedAt(now)
                .status(execution.status())
                .triggeredBy(execution.triggeredBy())
                .createdAt(now)
                .revision(Revision.first(execution.status().value()))
                .build();
    }

    /** For storage: an execution that begins now, for a due time of its schedule, with the id that {@link ExecutionId#forDue} gives. */
    public static Execution claimed(Schedule schedule, Instant dueAt, Attempt attempt, Instant now) {
        return created(NewExecution.of(schedule), now).toBuilder()
                .id(ExecutionId.forDue(schedule.id(), dueAt))
                .nullableDueAt(dueAt)
                .nullableAttempt(attempt)
                .build();
    }

    /** For storage: the same execution, begun again. */
    public Execution claimedAgain(Attempt attempt) {
        return toBuilder().nullableAttempt(attempt).build();
    }

    /** For storage: restores an execution as it was stored, without judging it. To make one, use the repository. */
    public static Builder builder() {
        return new AutoValue_Execution.Builder().status(RunStatus.RUNNING).triggeredBy(Trigger.SCHEDULER);
    }

    /** See {@link Execution#builder()}. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        public abstract Builder id(ExecutionId id);

        public abstract Builder scheduleId(ScheduleId scheduleId);

        public abstract Builder accountId(AccountId accountId);

        public abstract Builder startedAt(Instant startedAt);

        public abstract Builder status(RunStatus status);

        public abstract Builder triggeredBy(Trigger triggeredBy);

        public abstract Builder createdAt(Instant createdAt);

        public abstract Builder revision(Revision revision);

        abstract Builder nullableTenantId(@Nullable TenantId tenantId);

        abstract Builder nullableDueAt(@Nullable Instant dueAt);

        abstract Builder nullableAttempt(@Nullable Attempt attempt);

        abstract Builder nullableCompletedAt(@Nullable Instant completedAt);

        abstract Builder nullableScanId(@Nullable ScanId scanId);

        abstract Builder nullableChecks(@Nullable Checks checks);

        abstract Builder nullableErrorMessage(@Nullable String errorMessage);

        public Builder tenantId(@Nullable TenantId tenantId) {
            return nullableTenantId(tenantId);
        }

        public Builder dueAt(@Nullable Instant dueAt) {
            return nullableDueAt(dueAt);
        }

        public Builder attempt(@Nullable Attempt attempt) {
            return nullableAttempt(attempt);
        }

        public Builder completedAt(@Nullable Instant completedAt) {
            return nullableCompletedAt(completedAt);
        }

        public Builder scanId(@Nullable ScanId scanId) {
            return nullableScanId(scanId);
        }

        public Builder checks(@Nullable Checks checks) {
            return nullableChecks(checks);
        }

        public Builder errorMessage(@Nullable String errorMessage) {
            return nullableErrorMessage(errorMessage);
        }

        public abstract Execution build();
    }
}
