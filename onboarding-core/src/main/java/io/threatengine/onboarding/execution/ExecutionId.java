package io.threatengine.onboarding.execution;

import io.threatengine.onboarding.internal.Rules;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.schedule.ScheduleId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * An execution's id: the text of a UUID in what the engines and this library write.
 *
 * @param value 1 to 128 letters, digits, {@code .}, {@code _} or {@code -}
 */
public record ExecutionId(String value) {
    public ExecutionId {
        Rules.id("execution id", value);
    }

    public static ExecutionId of(String value) {
        return new ExecutionId(value);
    }

    /**
     * The one id of the execution for a due time of a schedule, the same wherever it is made.
     *
     * @param dueAt cut to the microseconds that are stored
     */
    public static ExecutionId forDue(ScheduleId schedule, Instant dueAt) {
        String name = schedule.value() + '\u0000' + WireTime.write(dueAt);
        return new ExecutionId(
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString());
    }

    /** A new, random id. */
    public static ExecutionId random() {
        return new ExecutionId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
