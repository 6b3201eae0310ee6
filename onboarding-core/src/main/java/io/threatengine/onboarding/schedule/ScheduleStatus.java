package io.threatengine.onboarding.schedule;

import io.threatengine.onboarding.internal.Rules;

/**
 * A schedule's status as people are shown it; whether it runs is {@link Schedule#enabled()}. The list is open: a value
 * that is unknown here is kept and written back as it is.
 *
 * @param value as stored
 */
public record ScheduleStatus(String value) {
    public static final ScheduleStatus ACTIVE = new ScheduleStatus("active");
    public static final ScheduleStatus PAUSED = new ScheduleStatus("paused");

    public ScheduleStatus {
        Rules.word("schedule status", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
