package io.threatengine.onboarding.claim;

import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.LeaseLostException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.VersionConflictException;
import io.threatengine.onboarding.execution.Attempt;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.execution.ExecutionRepository;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.run.RunOutcome;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.schedule.Lease;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.schedule.ScheduleRepository;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Takes due schedules for workers: each due time has one execution, and one worker at a time that runs it. Thread-safe.
 *
 * <pre>{@code
 * ScheduleClaims claims = storage.claims();
 * for (Claim claim : claims.claimDue("scanner-7", Duration.ofMinutes(5), 10).claims()) {
 *     try {
 *         claims.complete(claim, scan(claim.schedule()));
 *     } catch (ScanFailedException e) {
 *         claims.fail(claim, e.getMessage());
 *     }
 * }
 * }</pre>
 *
 * <p>{@link ScheduleRunner} does that again and again, and renews what takes longer.
 *
 * <p>A claim is one transaction: the schedule gets a lease, by moving {@code next_run_at} to its end, and the next fence; the
 * execution is begun, under the id that schedule and due time give. A worker that dies leaves a schedule that is due again
 * when its lease ends: whoever claims it then goes on with the same execution, as its next attempt. What a worker reports
 * needs the fence of its claim, and is one transaction too: the execution ends, the counters go up, the next due time is set.
 * The clocks of the workers decide when a lease has ended: they have to agree to within a fraction of it.
 *
 * <p>Beside the exceptions named at each method, all of them throw {@link io.threatengine.onboarding.error.ServiceException}
 * or a subclass when the service refuses or fails; then nobody knows whether it was done, and the call may be repeated.
 */
public final class ScheduleClaims {
    /** How often a report begins anew because somebody else changed the schedule or the execution meanwhile. */
    private static final int TRIES = 20;

    private final RunStore store;

    private ScheduleClaims(RunStore store) {
        this.store = Objects.requireNonNull(store, "store");
    }

    /** For storage. */
    public static ScheduleClaims of(RunStore store) {
        return new ScheduleClaims(store);
    }

    /**
     * For storages that stand before others: the same claims, but only of what these repositories show.
     *
     * @param visible whether a schedule is shown
     */
    public ScheduleClaims within(
            ScheduleRepository schedules, ExecutionRepository executions, Predicate<Schedule> visible) {
        return new ScheduleClaims(new PartOfStore(store, schedules, executions, visible));
    }

    /** {@link #claimDue(ClaimOptions)} with the other options as they are by default. */
    public ClaimResult claimDue(String worker, Duration lease, int limit) {
        return claimDue(ClaimOptions.of(worker, lease, limit));
    }

    /**
     * Claims schedules that are due, those that are due for long first, in general; each look has an order of its own among neighbours, so
     * that many of them do not want the same ones. Reads until it has as many as it may, or to the end. A race that is lost, and
     * a row that is broken, do not stop it.
     *
     * @throws io.threatengine.onboarding.error.OperationInterruptedException if the thread is interrupted before anything is
     *     claimed; what a call that was under way has claimed all the same comes back when its lease ends
     */
    public ClaimResult claimDue(ClaimOptions options) {
        return claimDue(options, Map.of());
    }

    /** @param running how much each tenant has already, of what the tenant cap allows */
    ClaimResult claimDue(ClaimOptions options, Map<TenantId, Integer> running) {
        return new ClaimRound(this, options, running, now()).run();
    }

    /**
     * Holds a claim for the time of its lease more. Where the schedule was given another time since, nothing is renewed: the run
     * may go on until that time.
     *
     * @return the claim with its new end
     * @throws LeaseLostException if another has taken the schedule over, or the claim was finished or given back
     * @throws NotFoundException if the schedule does not exist any more; what is reported is still taken
     */
    public Claim renew(Claim claim) {
        Instant now = now();
        Instant until = WireTime.stored(now.plus(claim.leaseTime()));
        Schedule held = change(
                claim,
                schedule -> schedule.isLeased() && until.isAfter(claim.until())
                        ? schedule.leasedUntil(until, claim.attempt())
                        : schedule);
        return held.isLeased()
                ? claim.renewed(held, held.nextRunAt().orElse(until))
                : claim.renewed(held, claim.until());
    }

    /**
     * Gives a claim back: another may take it at once, as if this worker had never had it.
     *
     * @throws LeaseLostException if it was not held any more
     * @throws NotFoundException if the schedule does not exist any more
     */
    public void release(Claim claim) {
        Instant now = now();
        change(
                claim,
                schedule -> schedule.isLeased()
                        ? schedule.leased(new Lease(claim.worker(), claim.dueAt(), now, claim.attempt() - 1))
                        : schedule);
    }

    /** {@link #complete(Claim, Checks)} for work that counts nothing. */
    public void complete(Claim claim) {
        Instant now = now();
        finish(claim, RunOutcome.SUCCEEDED, now, execution -> execution.complete(now));
    }

    /**
     * Ends a run well: the execution is completed, the schedule's counters go up, its next due time is set. Repeating it changes
     * nothing.
     *
     * @throws LeaseLostException if another has taken the schedule over, or the claim was given back
     * @throws IllegalTransitionException if the execution has ended otherwise meanwhile, as by
     *     a cancellation, which stays; the schedule goes on
     * @throws InvalidValueException if the counts do not fit each other
     */
    public void complete(Claim claim, Checks checks) {
        Instant now = now();
        checks.check();
        finish(claim, RunOutcome.SUCCEEDED, now, execution -> execution.complete(checks, now));
    }

    /**
     * Ends a run badly. It counts as a run, and is not tried again: the schedule goes on with its next due time. Otherwise as
     * {@link #complete(Claim, Checks)}.
     *
     * @param reason 1 to 16,384 characters; no secret
     */
    public void fail(Claim claim, String reason) {
        Instant now = now();
        finish(claim, RunOutcome.FAILED, now, execution -> execution.fail(reason, now));
    }

    // ---- for the round and the runner

    Instant now() {
        return WireTime.now(store.clock());
    }

    RunStore store() {
        return store;
    }

    /** Writes what differs, for one of many workers: empty where another is writing it at this moment. */
    Optional<RunStore.Written> tryToWrite(RunRows before, RunRows after) {
        return executionDiffers(before, after) ? store.tryToWrite(before, after) : Optional.of(write(before, after));
    }

    private static boolean executionDiffers(RunRows before, RunRows after) {
        return after.execution() != null && !after.execution().equals(before.execution());
    }

    /** Writes what differs: both rows together, or the schedule alone. */
    RunStore.Written write(RunRows before, RunRows after) {
        if (executionDiffers(before, after)) {
            return store.write(before, after);
        }
        Schedule schedule = Objects.requireNonNull(after.schedule(), "schedule");
        try {
            return new RunStore.Written(true, new RunRows(store.schedules().update(schedule), before.execution()));
        } catch (VersionConflictException | NotFoundException e) {
            return new RunStore.Written(
                    false, new RunRows(store.schedules().find(schedule.id()).orElse(null), before.execution()));
        }
    }

    // ---- a claim

    /** Changes the schedule of a claim that is still held. */
    private Schedule change(Claim claim, UnaryOperator<Schedule> change) {
        Schedule schedule = claim.schedule();
        for (int attempt = 1; ; attempt++) {
            if (!isHeld(schedule, claim)) {
                throw lost(claim, schedule);
            }
            Schedule changed = change.apply(schedule);
            if (changed.equals(schedule)) {
                return schedule;
            }
            RunStore.Written written = write(new RunRows(schedule, null), new RunRows(changed, null));
            Schedule stored = written.rows().schedule();
            if (stored == null) {
                throw new NotFoundException("schedule", schedule.id().value());
            }
            if (written.done()) {
                return stored;
            }
            schedule = retried(schedule, stored, attempt);
        }
    }

    private void finish(Claim claim, RunOutcome outcome, Instant now, UnaryOperator<Execution> end) {
        // what is wrong with the outcome itself is said before anything is written
        RunStatus wanted = end.apply(claim.execution()).status();
        RunRows rows = claim.rows();
        for (int attempt = 1; ; attempt++) {
            Schedule schedule = rows.schedule();
            Execution execution = rows.execution();
            if (schedule == null) {
                endOrphan(claim, wanted, end);
                return;
            }
            if (!isHeld(schedule, claim)) {
                requireEnded(claim, schedule, wanted);
                return;
            }
            boolean ended = execution != null && execution.status().isFinal();

            Schedule counted = ended ? schedule : schedule.counted(outcome, claim.claimedAt());
            RunRows after = new RunRows(
                    counted.dueNext(nextDue(schedule, claim, now)),
                    execution == null || ended ? execution : end.apply(execution));
            RunStore.Written written = write(rows, after);
            if (written.done()) {
                if (execution != null && ended) {
                    throw endedOtherwise(execution, wanted);
                }
                return;
            }
            Schedule standing = written.rows().schedule();
            rows = standing == null
                    ? written.rows()
                    : new RunRows(
                            retried(schedule, standing, attempt), written.rows().execution());
        }
    }

    /** The next due time, but for a schedule that was given another one since it was claimed: that one stays. */
    private static @Nullable Instant nextDue(Schedule schedule, Claim claim, Instant now) {
        if (!schedule.isLeased()) {
            return schedule.nextRunAt().orElse(null);
        }
        try {
            return claim.missedRuns().next(schedule, claim.dueAt(), claim.claimedAt(), now);
        } catch (InvalidValueException e) {
            // another engine has broken its recurrence meanwhile: it is due at once, and then reported as broken
            return now;
        }
    }

    private static boolean isHeld(Schedule schedule, Claim claim) {
        return schedule.fence() == claim.fence() && schedule.lease().isPresent();
    }

    /** The schedule is gone; what was run is over all the same. */
    private void endOrphan(Claim claim, RunStatus wanted, UnaryOperator<Execution> end) {
        try {
            store.executions().update(claim.executionId(), execution -> {
                if (!isOurs(execution, claim)) {
                    long present = execution.attempt().map(Attempt::fence).orElse(0L);
                    throw new LeaseLostException(claim.schedule().id().value(), claim.fence(), present);
                }
                if (!execution.status().isFinal()) {
                    return end.apply(execution);
                }
                if (!wanted.equals(execution.status())) {
                    throw endedOtherwise(execution, wanted);
                }
                return execution;
            });
        } catch (NotFoundException e) {
            // nobody wants to know any more
        }
    }

    /** The claim is not held: right only if this very claim has ended its execution, and so. */
    private void requireEnded(Claim claim, Schedule schedule, RunStatus wanted) {
        Optional<Execution> execution = store.executions().find(claim.executionId());
        Execution ended = execution
                .filter(found -> found.status().isFinal() && isOurs(found, claim))
                .orElseThrow(() -> lost(claim, schedule));
        if (!wanted.equals(ended.status())) {
            throw endedOtherwise(ended, wanted);
        }
    }

    private static IllegalTransitionException endedOtherwise(Execution execution, RunStatus wanted) {
        return new IllegalTransitionException(
                "execution", execution.id().value(), execution.status().value(), wanted.value());
    }

    private static boolean isOurs(Execution execution, Claim claim) {
        return execution.attempt().filter(last -> last.fence() == claim.fence()).isPresent();
    }

    private static Schedule retried(Schedule before, Schedule standing, int attempt) {
        if (attempt == TRIES) {
            throw new VersionConflictException(
                    "schedule",
                    before.id().value(),
                    before.revision().version(),
                    standing.revision().version());
        }
        return standing;
    }

    private static LeaseLostException lost(Claim claim, Schedule schedule) {
        return new LeaseLostException(schedule.id().value(), claim.fence(), schedule.fence());
    }
}
