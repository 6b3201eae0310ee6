package io.threatengine.onboarding.schedule;

import io.threatengine.onboarding.internal.Rules;

/**
 * How a schedule recurs. The list is open: a value that is unknown here is kept and written back as it is.
 *
 * @param value as stored
 */
public record ScheduleType(String value) {
    public static final ScheduleType CRON = new ScheduleType("cron");
    public static final ScheduleType INTERVAL = new ScheduleType("interval");
    public static final ScheduleType ONE_TIME = new ScheduleType("one_time");

    public ScheduleType {
        Rules.word("schedule type", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
