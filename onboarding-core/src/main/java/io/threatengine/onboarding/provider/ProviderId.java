package io.threatengine.onboarding.provider;

import io.threatengine.onboarding.internal.Rules;
import java.util.UUID;

/**
 * A provider's id: the text of a UUID in what the engines and this library write.
 *
 * @param value 1 to 128 letters, digits, {@code .}, {@code _} or {@code -}
 */
public record ProviderId(String value) {
    public ProviderId {
        Rules.id("provider id", value);
    }

    public static ProviderId of(String value) {
        return new ProviderId(value);
    }

    /** A new, random id. */
    public static ProviderId random() {
        return new ProviderId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
