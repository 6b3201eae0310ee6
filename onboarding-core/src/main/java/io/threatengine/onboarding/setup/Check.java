package io.threatengine.onboarding.setup;

import java.util.Objects;

/**
 * What is checked, why it matters and what helps, apart from any place where it is run. Immutable.
 *
 * @param id never changes: {@code "table-missing"}
 * @param severity of a failure
 * @param title what should be so, in a few words
 * @param why why it matters
 * @param remedy what to do where it is not so
 */
public record Check(String id, Severity severity, String title, String why, String remedy) {
    public Check {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(why, "why");
        Objects.requireNonNull(remedy, "remedy");
    }

    /** It is as it should be. */
    public Finding passed(String resource, String saw) {
        return new Finding(this, Finding.Result.PASSED, resource, saw);
    }

    /** It is not. */
    public Finding failed(String resource, String saw) {
        return new Finding(this, Finding.Result.FAILED, resource, saw);
    }

    /** Nobody can tell here. */
    public Finding notCheckable(String resource, String reason) {
        return new Finding(this, Finding.Result.NOT_CHECKABLE, resource, reason);
    }
}
