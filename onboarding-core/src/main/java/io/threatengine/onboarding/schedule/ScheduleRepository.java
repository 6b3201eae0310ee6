package io.threatengine.onboarding.schedule;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.run.RunOutcome;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.EntityRepository;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Instant;
import java.util.Collection;

/** The schedules. Thread-safe. */
public interface ScheduleRepository extends EntityRepository<ScheduleId, Schedule> {

    /**
     * Creates a schedule with a random id; an enabled one knows when it is due.
     *
     * @throws NotFoundException if the account does not exist any more
     * @throws InvalidValueException if the recurrence is never due from now on
     */
    Schedule create(NewSchedule schedule);

    /**
     * Creates many schedules, with an outcome for each. A call whose answer is lost makes none twice. Unlike {@link #create},
     * which looks at the account in the moment of the write, it does so shortly before: of an account that is deleted just then,
     * a schedule may still be created.
     *
     * @param schedules of any number and of any accounts
     */
    BulkResult<NewSchedule, Schedule> createAll(Collection<NewSchedule> schedules, BulkOptions options);

    /** A tenant's schedules, by id. */
    Listing<Schedule> ofTenant(TenantId tenant);

    /** An account's schedules, by id. */
    Listing<Schedule> ofAccount(AccountId account);

    /**
     * The enabled schedules that are due at this instant or were before, the longest due first; in the sharded index, the
     * longest due of each shard. To run them, claim them ({@link io.threatengine.onboarding.claim.ScheduleClaims}).
     */
    Listing<Schedule> due(Instant at);

    /**
     * Counts a run: {@code run_count} and one of the others go up by atomic additions, so that of concurrent runs none is
     * lost, and {@code last_run_at} is set, if this run was later. A one-time schedule disables itself. Nothing else changes: when the schedule is
     * due next is the scheduler's to say. Retries of one call count once.
     *
     * @throws NotFoundException if there is no such schedule
     */
    void recordRun(ScheduleId id, RunOutcome outcome, Instant at);
}
