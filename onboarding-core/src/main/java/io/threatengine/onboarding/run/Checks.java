package io.threatengine.onboarding.run;

import io.threatengine.onboarding.error.InvalidValueException;

/**
 * How many checks a scan made, and what came of them. The constructor takes what is stored as it is; {@link #of} judges.
 *
 * @param total all checks
 * @param passed those that found nothing wrong
 * @param failed those that did
 * @param errors those that could not be made
 */
public record Checks(long total, long passed, long failed, long errors) {

    /**
     * Counts without errors.
     *
     * @throws InvalidValueException as {@link #of(long, long, long, long)}
     */
    public static Checks of(long total, long passed, long failed) {
        return of(total, passed, failed, 0);
    }

    /**
     * Counts that fit each other; checks that were left out count in the total alone.
     *
     * @throws InvalidValueException if one is negative, or the parts are more than the total
     */
    public static Checks of(long total, long passed, long failed, long errors) {
        return new Checks(total, passed, failed, errors).check();
    }

    /**
     * These counts, if they fit each other.
     *
     * @throws InvalidValueException as {@link #of(long, long, long, long)}
     */
    public Checks check() {
        boolean negative = total < 0 || passed < 0 || failed < 0 || errors < 0;
        if (negative || passed > total || failed > total - passed || errors > total - passed - failed) {
            throw new InvalidValueException(
                    "checks", "must not be negative, and the parts not more than the total", toString());
        }
        return this;
    }
}
