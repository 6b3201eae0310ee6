package io.threatengine.onboarding.schedule;

import io.threatengine.onboarding.internal.Rules;
import java.util.UUID;

/**
 * A schedule's id: the text of a UUID in what the engines and this library write.
 *
 * @param value 1 to 128 letters, digits, {@code .}, {@code _} or {@code -}
 */
public record ScheduleId(String value) {
    public ScheduleId {
        Rules.id("schedule id", value);
    }

    public static ScheduleId of(String value) {
        return new ScheduleId(value);
    }

    /** A new, random id. */
    public static ScheduleId random() {
        return new ScheduleId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
