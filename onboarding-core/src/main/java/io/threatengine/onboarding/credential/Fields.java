package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.Rules;
import org.jspecify.annotations.Nullable;

/** Checks of credential fields, which are named as they are stored. */
final class Fields {
    private static final int LONGEST = 2_048;

    private Fields() {}

    static String required(String field, @Nullable String value) {
        return Rules.printable(field, value, 1, LONGEST);
    }

    static void optional(String field, @Nullable String value) {
        if (value != null) {
            required(field, value);
        }
    }

    static Secret required(String field, @Nullable Secret value) {
        if (value == null || value.reveal().isBlank()) {
            throw InvalidValueException.ofSecret(field, "must not be missing or blank");
        }
        return value;
    }
}
