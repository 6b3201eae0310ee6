package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.Rules;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When AWS rotates a secret by itself. Immutable.
 *
 * <pre>{@code
 * RotationSchedule.every(Duration.ofDays(30)).within(Duration.ofHours(3));
 * RotationSchedule.cron("0 4 1 * ? *");   // on the first of each month, from 04:00 UTC on
 * }</pre>
 *
 * @param expression in the service's words: {@code rate(30 days)} or {@code cron(0 4 1 * ? *)}
 * @param window how long the rotation may take from its due time on, whole hours; null for the service's default (AWS Secrets
 *     Manager User Guide, "Rotation windows")
 */
public record RotationSchedule(String expression, @Nullable Duration window) {
    /** API reference, RotationRulesType. */
    private static final int LONGEST_EXPRESSION = 256;

    private static final Duration SHORTEST = Duration.ofHours(4);
    private static final Duration LONGEST = Duration.ofDays(999);
    private static final Duration LONGEST_WINDOW = Duration.ofHours(24);

    /** Checks the parts. */
    public RotationSchedule {
        Rules.printable("rotation schedule", expression, 1, LONGEST_EXPRESSION);
        if (window != null
                && (window.compareTo(Duration.ofHours(1)) < 0
                        || window.compareTo(LONGEST_WINDOW) > 0
                        || !window.equals(Duration.ofHours(window.toHours())))) {
            throw new InvalidValueException("rotation window", "must be 1 to 24 whole hours", window.toString());
        }
    }

    /**
     * At equal distances.
     *
     * @param interval whole days or hours, 4 hours to 999 days
     */
    public static RotationSchedule every(Duration interval) {
        boolean whole = interval.equals(Duration.ofHours(interval.toHours()));
        if (!whole || interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
            throw new InvalidValueException(
                    "rotation interval", "must be whole hours or days, from 4 hours to 999 days", interval.toString());
        }
        return interval.equals(Duration.ofDays(interval.toDays()))
                ? rate(interval.toDays(), "day")
                : rate(interval.toHours(), "hour");
    }

    /**
     * By the calendar, in UTC.
     *
     * @param fields minutes, hours, day of month, month, day of week, year
     */
    public static RotationSchedule cron(String fields) {
        return new RotationSchedule("cron(" + fields + ")", null);
    }

    /** With another window. */
    public RotationSchedule within(Duration length) {
        return new RotationSchedule(expression, length);
    }

    /** What the service says, which allows more than it documents. */
    static RotationSchedule rate(long count, String unit) {
        return new RotationSchedule("rate(" + count + " " + unit + (count == 1 ? ")" : "s)"), null);
    }
}
