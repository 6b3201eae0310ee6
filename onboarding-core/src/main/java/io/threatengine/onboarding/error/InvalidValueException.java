package io.threatengine.onboarding.error;

import org.jspecify.annotations.Nullable;

/**
 * A value given by the caller breaks a rule. Thrown before any call leaves the process; nothing was changed.
 *
 * <p>The value is part of the message so that it can be found and mended, shortened where it is long. For a secret the
 * value is never kept: use {@link #ofSecret}.
 */
public class InvalidValueException extends OnboardingException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_SHOWN = 80;
    private static final String NOT_SHOWN = "(a secret, not shown)";

    private final String field;
    private final String rule;
    private final String value;

    /**
     * Says which field breaks which rule.
     *
     * @param field what the caller set, in words: {@code "tenant name"}, or an environment variable's name
     * @param rule what holds for the field: {@code "must be 12 digits"}
     * @param value what was given instead
     */
    public InvalidValueException(String field, String rule, @Nullable String value) {
        this(field, rule, value == null ? "missing" : Shown.quoted(value, LONGEST_SHOWN), null);
    }

    private InvalidValueException(String field, String rule, String shownValue, @Nullable Throwable cause) {
        super(field + " " + rule + ", but is " + shownValue, cause);
        this.field = field;
        this.rule = rule;
        this.value = shownValue;
    }

    /** For a field whose value must not be shown. The rule must not quote it either. */
    public static InvalidValueException ofSecret(String field, String rule) {
        return new InvalidValueException(field, rule, NOT_SHOWN, null);
    }

    public String field() {
        return field;
    }

    public String rule() {
        return rule;
    }

    /** What was given, as shown in the message: quoted, shortened, invisible characters escaped. */
    public String value() {
        return value;
    }
}
