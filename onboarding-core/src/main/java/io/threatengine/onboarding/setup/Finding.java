package io.threatengine.onboarding.setup;

import java.util.Locale;
import java.util.Objects;

/**
 * What came of a check. Immutable; never holds a secret.
 *
 * @param check what was checked, with why it matters and the remedy
 * @param result what came of it
 * @param resource of which table, key, secret or row
 * @param saw what the check saw; for {@link Result#NOT_CHECKABLE} the reason
 */
public record Finding(Check check, Result result, String resource, String saw) {

    /** What came of a check. */
    public enum Result {
        PASSED,
        FAILED,
        /** The service does not tell, or does not tell this caller. */
        NOT_CHECKABLE
    }

    public Finding {
        Objects.requireNonNull(check, "check");
        Objects.requireNonNull(result, "result");
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(saw, "saw");
    }

    /** Whether the check failed. */
    public boolean isProblem() {
        return result == Result.FAILED;
    }

    /** For people: one line for what is well, with reason and remedy for what is not. */
    @Override
    public String toString() {
        String line = check.id() + " " + result.name().toLowerCase(Locale.ROOT) + " " + resource + ": " + saw;
        return isProblem() ? line + ". " + check.why() + " " + check.remedy() : line;
    }
}
