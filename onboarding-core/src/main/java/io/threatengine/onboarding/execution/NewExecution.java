package io.threatengine.onboarding.execution;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.schedule.ScheduleId;
import io.threatengine.onboarding.tenant.TenantId;
import java.util.Objects;

/**
 * What an execution is created from. Immutable.
 *
 * <pre>{@code
 * NewExecution.of(schedule);                               // running, because it was due
 * NewExecution.of(schedule).by(Trigger.MANUAL).pending();  // not begun yet, because somebody asked for it
 * }</pre>
 *
 * @param status running, or pending
 */
public record NewExecution(
        TenantId tenantId, ScheduleId scheduleId, AccountId accountId, Trigger triggeredBy, RunStatus status) {
    public NewExecution {
        Objects.requireNonNull(tenantId, "tenantId");
        Objects.requireNonNull(scheduleId, "scheduleId");
        Objects.requireNonNull(accountId, "accountId");
        Objects.requireNonNull(triggeredBy, "triggeredBy");
        status.requireFirst();
    }

    /** A run of the schedule by the scheduler, that begins with its creation. */
    public static NewExecution of(Schedule schedule) {
        return new NewExecution(
                schedule.tenantId(), schedule.id(), schedule.accountId(), Trigger.SCHEDULER, RunStatus.RUNNING);
    }

    public NewExecution by(Trigger trigger) {
        return new NewExecution(tenantId, scheduleId, accountId, trigger, status);
    }

    /** One that waits until it is started. */
    public NewExecution pending() {
        return new NewExecution(tenantId, scheduleId, accountId, triggeredBy, RunStatus.PENDING);
    }
}
