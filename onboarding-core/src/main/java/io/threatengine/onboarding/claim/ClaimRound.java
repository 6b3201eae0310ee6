package io.threatengine.onboarding.claim;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.execution.Attempt;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.execution.ExecutionId;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.run.RunOutcome;
import io.threatengine.onboarding.schedule.Lease;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.storage.Bulk;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.storage.Page;
import io.threatengine.onboarding.storage.PageToken;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One look for due schedules. Used by one thread. */
final class ClaimRound {
    /** How often a schedule is tried anew, because it was changed, or tidied up by ourselves, since it was read. */
    private static final int TRIES = 5;

    private static final int SMALLEST_PAGE = 100;

    /** What is claimed waits for the end of the look, and is not renewed meanwhile. */
    private static final int SHARE_OF_LEASE = 4;

    private final ScheduleClaims claims;
    private final ClaimOptions options;
    private final Instant now;

    private final List<Claim> claimed = new ArrayList<>();
    private final List<RuntimeException> problems = new ArrayList<>();
    private final Map<TenantId, Integer> perTenant = new HashMap<>();
    private int lost;
    private final AtomicInteger skipped = new AtomicInteger();
    private final AtomicInteger givenUp = new AtomicInteger();
    private boolean leftForShare;

    /** @param running how much each tenant has already, of what the tenant cap allows */
    ClaimRound(ScheduleClaims claims, ClaimOptions options, Map<TenantId, Integer> running, Instant now) {
        this.perTenant.putAll(running);
        this.claims = claims;
        this.options = options;
        this.now = now;
    }

    ClaimResult run() {
        try {
            readAndClaim();
        } catch (RuntimeException e) {
            if (claimed.isEmpty()) {
                throw e;
            }
            problems.add(e); // what is claimed has to be run
        }
        return new ClaimResult(claimed, problems, lost, skipped.get(), givenUp.get(), isOver() || leftForShare);
    }

    private void readAndClaim() {
        Listing<Schedule> due = claims.store().schedules().due(now).reporting(problems::add);
        // more than is wanted, so that workers that look at the same time do not want the same
        int size = Math.min(Listing.LARGEST_PAGE, Math.max(SMALLEST_PAGE, 4 * options.limit()));
        Page<Schedule> page = due.page(size);
        take(page.items());
        for (PageToken next = page.next(); next != null && !isOver(); next = page.next()) {
            page = due.page(size, next);
            take(page.items());
        }
    }

    /** Has as many as it may, or has taken so long that the first leases would end before the last one is taken. */
    private boolean isOver() {
        return claimed.size() >= options.limit()
                || claims.now().isAfter(now.plus(options.lease().dividedBy(SHARE_OF_LEASE)));
    }

    private void take(List<Schedule> due) {
        List<Schedule> waiting = new ArrayList<>(due);
        waiting.removeIf(schedule -> !isDue(schedule));
        // not the same neighbours each time, or what comes last in an order might never come
        Collections.shuffle(waiting, ThreadLocalRandom.current());
        for (List<Schedule> chunk = next(waiting); !chunk.isEmpty() && !isOver(); chunk = next(waiting)) {
            var result = Bulk.each(chunk, BulkOptions.defaults(), this::tryToClaim);
            RuntimeException failure = null;
            for (var outcome : result.outcomes()) {
                Tried tried = outcome.value();
                if (tried == null) {
                    failure = outcome.failure();
                } else if (tried.problem() != null) {
                    problems.add(tried.problem());
                } else {
                    count(tried);
                }
            }
            if (failure != null) {
                throw failure;
            }
        }
    }

    /** The next ones to try, which may all be had; what is a tenant's too much stays for another time. */
    private List<Schedule> next(List<Schedule> waiting) {
        int most = Math.min(
                options.limit() - claimed.size(), 4 * BulkOptions.defaults().parallelism());
        Map<TenantId, Integer> tried = new HashMap<>();
        List<Schedule> chunk = new ArrayList<>();
        for (var schedules = waiting.iterator(); schedules.hasNext() && chunk.size() < most; ) {
            Schedule schedule = schedules.next();
            TenantId tenant = schedule.tenantId();
            int had = perTenant.getOrDefault(tenant, 0);
            int wanted = tried.getOrDefault(tenant, 0);
            if (had >= options.tenantCap()) {
                leftForShare = true;
                schedules.remove();
            } else if (had + wanted < options.tenantCap()) {
                tried.put(tenant, wanted + 1);
                chunk.add(schedule);
                schedules.remove();
            }
        }
        return chunk;
    }

    private void count(Tried tried) {
        switch (tried.what()) {
            case CLAIMED -> {
                Claim claim = Objects.requireNonNull(tried.claim(), "claim");
                claimed.add(claim);
                perTenant.merge(claim.schedule().tenantId(), 1, Integer::sum);
            }
            case LOST -> lost++;
            case SKIPPED, GIVEN_UP, BROKEN -> {} // counted when it happened
        }
    }

    // ---- one schedule

    private enum What {
        CLAIMED,
        LOST,
        SKIPPED,
        GIVEN_UP,
        BROKEN
    }

    private record Tried(
            What what, @Nullable Claim claim, @Nullable RuntimeException problem) {
        static Tried of(What what) {
            return new Tried(what, null, null);
        }

        static Tried broken(RuntimeException problem) {
            return new Tried(What.BROKEN, null, problem);
        }
    }

    private Tried tryToClaim(Schedule found) {
        try {
            return claim(new RunRows(found, null));
        } catch (ServiceException | OperationInterruptedException e) {
            throw e; // it is no better with the next one
        } catch (InvalidValueException e) {
            return Tried.broken(
                    new MalformedDataException("schedule row " + found.id(), String.valueOf(e.getMessage()), e));
        } catch (RuntimeException e) {
            return Tried.broken(e);
        }
    }

    private Tried claim(RunRows found) {
        RunRows rows = found;
        What last = What.LOST;
        for (int count = 0; count < TRIES; count++) {
            Schedule schedule = rows.schedule();
            if (schedule == null || !isDue(schedule)) {
                return Tried.of(last);
            }
            schedule.recurrence().check();
            Step step = step(schedule, rows.execution());
            RunStore.Written written =
                    claims.tryToWrite(step.before(), step.after()).orElse(null);
            if (written == null) {
                return Tried.of(last);
            }
            rows = written.rows();
            if (written.done()) {
                if (step.what() == What.CLAIMED) {
                    return new Tried(
                            What.CLAIMED,
                            new Claim(
                                    options,
                                    Objects.requireNonNull(rows.schedule(), "schedule"),
                                    Objects.requireNonNull(rows.execution(), "execution"),
                                    step.at()),
                            null);
                }
                (step.what() == What.SKIPPED ? skipped : givenUp).incrementAndGet();
                last = step.what(); // and perhaps it is due again
                rows = new RunRows(rows.schedule(), null);
            }
        }
        return Tried.of(last);
    }

    /** A write, and what is done when it is, and when. */
    private record Step(What what, Instant at, RunRows before, RunRows after) {}

    /** @param found an execution that stood in the way; of this due time, or of an earlier one, which is over */
    private Step step(Schedule schedule, @Nullable Execution found) {
        Lease lease = schedule.lease().orElse(null);
        if (lease == null) {
            Instant dueAt = schedule.nextRunAt().orElseThrow();
            Instant first = firstToRun(schedule, dueAt);
            if (first == null || first.isAfter(now)) {
                return alone(What.SKIPPED, schedule, schedule.dueNext(first));
            }
            Execution execution = of(schedule, first, found);
            return begin(schedule, first, execution, attemptAfter(execution));
        }
        Execution standing = of(schedule, lease.dueAt(), found);
        Execution execution = standing != null
                ? standing
                : claims.store()
                        .executions()
                        .find(ExecutionId.forDue(schedule.id(), lease.dueAt()))
                        .orElse(null);
        if (schedule.isLeased()) {
            return begin(schedule, lease.dueAt(), execution, lease.attempt() + 1);
        }
        return giveUp(
                schedule,
                execution,
                schedule.nextRunAt().orElse(null),
                "The schedule was given another time, which came before this run was over.");
    }

    private static @Nullable Execution of(Schedule schedule, Instant dueAt, @Nullable Execution found) {
        return found != null && found.id().equals(ExecutionId.forDue(schedule.id(), dueAt)) ? found : null;
    }

    private Step begin(Schedule schedule, Instant dueAt, @Nullable Execution execution, int attempt) {
        if (execution != null && execution.status().isFinal()) {
            // it was run, or somebody has cancelled it
            return alone(What.SKIPPED, schedule, schedule.dueNext(nextAfter(schedule, dueAt, execution)));
        }
        if (attempt > options.attempts()) {
            String last = execution == null
                    ? "the last worker"
                    : execution.attempt().map(Attempt::worker).orElse("the last worker");
            return giveUp(
                    schedule,
                    execution,
                    nextAfter(schedule, dueAt, execution),
                    "Given up after " + (attempt - 1) + " attempts: the lease of " + last
                            + " ended before the run did.");
        }
        Instant begins = claims.now(); // the look may have taken its time
        Instant until = WireTime.stored(begins.plus(options.lease()));
        Schedule leased = schedule.leased(new Lease(options.worker(), dueAt, until, attempt));
        var worker = new Attempt(attempt, options.worker(), leased.fence());
        Execution begun =
                execution == null ? Execution.claimed(schedule, dueAt, worker, begins) : execution.claimedAgain(worker);
        return new Step(What.CLAIMED, begins, new RunRows(schedule, execution), new RunRows(leased, begun));
    }

    /** A run that is over made up for what was missed when it began. */
    private @Nullable Instant nextAfter(Schedule schedule, Instant dueAt, @Nullable Execution execution) {
        Instant begun = execution == null ? dueAt : execution.startedAt();
        return options.missedRuns().next(schedule, dueAt, begun, now);
    }

    private Step giveUp(Schedule schedule, @Nullable Execution execution, @Nullable Instant next, String why) {
        if (execution == null || execution.status().isFinal()) {
            return alone(What.GIVEN_UP, schedule, schedule.dueNext(next));
        }
        return new Step(
                What.GIVEN_UP,
                now,
                new RunRows(schedule, execution),
                new RunRows(schedule.counted(RunOutcome.FAILED, now).dueNext(next), execution.fail(why, now)));
    }

    private Step alone(What what, Schedule schedule, Schedule changed) {
        return new Step(what, now, new RunRows(schedule, null), new RunRows(changed, null));
    }

    private static int attemptAfter(@Nullable Execution execution) {
        return execution == null
                ? 1
                : 1 + execution.attempt().map(Attempt::number).orElse(1);
    }

    /** Which due time is run for, after those that were missed for too long; one that is still to come, or null, for none. */
    private @Nullable Instant firstToRun(Schedule schedule, Instant dueAt) {
        MissedRuns missed = options.missedRuns();
        Duration late = Duration.between(dueAt.plus(jitterOf(schedule)), now);
        if (missed.policy() == MissedRuns.Policy.RUN_ONCE || late.compareTo(missed.bound()) <= 0) {
            return dueAt;
        }
        Instant later = missed.next(schedule, dueAt, dueAt, now);
        return later == null ? dueAt : later; // the last time of all is not left out
    }

    private boolean isDue(Schedule schedule) {
        Instant next = schedule.nextRunAt().orElse(null);
        if (next == null || next.isAfter(now) || !schedule.enabled()) {
            return false;
        }
        return schedule.isLeased() || !next.plus(jitterOf(schedule)).isAfter(now);
    }

    /** The same for ever for a schedule and a window. */
    private Duration jitterOf(Schedule schedule) {
        long millis = options.jitter().toMillis();
        int share = mixed(schedule.id().value().hashCode()) >>> 1;
        return Duration.ofMillis((long) (millis * (share / (double) Integer.MAX_VALUE)));
    }

    private static int mixed(int hash) {
        int mixed = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
        return mixed ^ (mixed >>> 13);
    }
}
