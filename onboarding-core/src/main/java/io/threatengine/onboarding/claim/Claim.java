package io.threatengine.onboarding.claim;

import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.execution.ExecutionId;
import io.threatengine.onboarding.schedule.Lease;
import io.threatengine.onboarding.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A due time of a schedule that a worker runs for. Immutable; {@link ScheduleClaims} makes, renews and ends it. It is no
 * promise that nobody else works on it: a worker that stood still for longer than its lease may still believe so. What it
 * reports is then refused, by the fence; give the fence to whatever else must not be done twice.
 */
public final class Claim {
    private final ClaimOptions options;
    private final Schedule schedule;
    private final Execution execution;
    private final Lease lease;
    private final Instant until;
    private final Instant claimedAt;

    Claim(ClaimOptions options, Schedule schedule, Execution execution, Instant claimedAt) {
        this.options = options;
        this.schedule = schedule;
        this.execution = execution;
        this.lease = schedule.lease().orElseThrow();
        this.until = lease.until() == null ? claimedAt : lease.until();
        this.claimedAt = claimedAt;
    }

    private Claim(Claim claim, Schedule schedule, Instant until) {
        this.options = claim.options;
        this.schedule = schedule;
        this.execution = claim.execution;
        this.lease = claim.lease;
        this.until = until;
        this.claimedAt = claim.claimedAt;
    }

    Claim renewed(Schedule renewedSchedule, Instant renewedUntil) {
        return new Claim(this, renewedSchedule, renewedUntil);
    }

    /** The schedule as it was claimed: what to scan. */
    public Schedule schedule() {
        return schedule;
    }

    /** The execution that was begun for it, or begun again. */
    public ExecutionId executionId() {
        return execution.id();
    }

    /** The time that the schedule was due. */
    public Instant dueAt() {
        return lease.dueAt();
    }

    /** Who holds it. */
    public String worker() {
        return options.worker();
    }

    /** Greater than that of every earlier claim of this schedule. */
    public long fence() {
        return schedule.fence();
    }

    /** How often a run for this due time was begun, this one included: 1, or more after workers that died. */
    public int attempt() {
        return lease.attempt();
    }

    /** When others may take it over, unless it is renewed. */
    public Instant until() {
        return until;
    }

    Instant claimedAt() {
        return claimedAt;
    }

    Duration leaseTime() {
        return options.lease();
    }

    MissedRuns missedRuns() {
        return options.missedRuns();
    }

    Execution execution() {
        return execution;
    }

    RunRows rows() {
        return new RunRows(schedule, execution);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Claim claim
                && schedule.id().equals(claim.schedule.id())
                && fence() == claim.fence()
                && until.equals(claim.until);
    }

    @Override
    public int hashCode() {
        return Objects.hash(schedule.id(), fence());
    }

    @Override
    public String toString() {
        return "claim " + fence() + " of schedule " + schedule.id() + " due at " + dueAt() + ", by " + worker();
    }
}
