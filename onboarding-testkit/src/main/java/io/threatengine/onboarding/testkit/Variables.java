package io.threatengine.onboarding.testkit;

import java.util.Locale;
import java.util.Optional;

/** Settings of a test run: a system property, else a variable of the environment; an empty property hides the variable. */
final class Variables {
    private Variables() {}

    /** By the variable's name; of {@code ONBOARDING_TEST_IMAGE} the property is {@code onboarding.test.image}. */
    static Optional<String> find(String variable) {
        String property = variable.toLowerCase(Locale.ROOT).replace('_', '.');
        return Optional.ofNullable(System.getProperty(property, System.getenv(variable)))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }
}
