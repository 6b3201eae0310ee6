package io.threatengine.onboarding.execution;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.schedule.ScheduleId;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.EntityRepository;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.storage.TimeRange;
import java.util.Collection;

/** The executions. Thread-safe. */
public interface ExecutionRepository extends EntityRepository<ExecutionId, Execution> {

    /**
     * Creates an execution with a random id.
     *
     * @throws NotFoundException if its schedule does not exist any more
     */
    Execution create(NewExecution execution);

    /**
     * Creates many executions, with an outcome for each. A call whose answer is lost makes none twice. Unlike {@link #create},
     * which looks at the schedule in the moment of the write, it does so shortly before: of a schedule that is deleted just then,
     * an execution may still be created.
     *
     * @param executions of any number and of any schedules
     */
    BulkResult<NewExecution, Execution> createAll(Collection<NewExecution> executions, BulkOptions options);

    /** A schedule's executions, the oldest first. */
    default Listing<Execution> ofSchedule(ScheduleId schedule) {
        return ofSchedule(schedule, TimeRange.ALL);
    }

    /**
     * A schedule's executions that began within a time. Within one second, those whose time other engines have stored
     * without its fraction, or with a {@code Z} at its end, may stand out of order.
     */
    Listing<Execution> ofSchedule(ScheduleId schedule, TimeRange started);

    /** An account's executions, the oldest first. */
    default Listing<Execution> ofAccount(AccountId account) {
        return ofAccount(account, TimeRange.ALL);
    }

    /** An account's executions that began within a time, ordered as {@link #ofSchedule(ScheduleId, TimeRange)}. */
    Listing<Execution> ofAccount(AccountId account, TimeRange started);
}
