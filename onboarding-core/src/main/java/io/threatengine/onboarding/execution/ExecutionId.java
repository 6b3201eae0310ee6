package io.threatengine.onboarding.execution;

import io.threatengine.onboarding.internal.Rules;
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

    /** A new, random id. */
    public static ExecutionId random() {
        return new ExecutionId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
