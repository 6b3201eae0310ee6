package io.threatengine.onboarding.schedule;

import io.threatengine.onboarding.error.InvalidValueException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The cron library behind {@link Recurrence.Cron}, found as a service ({@link java.util.ServiceLoader}), so that this
 * module needs none: {@code io.threatengine:onboarding-cron} has one. Thread-safe.
 */
public interface CronCalendar {

    /**
     * Understands an expression.
     *
     * @param expression five fields, the minute first
     * @param zone the zone whose wall clock the expression speaks of
     * @throws InvalidValueException if it is none, saying what is wrong with it, with an example of what is right
     */
    Occurrences occurrences(String expression, ZoneId zone);

    /**
     * When an expression is due. Where the clocks go forward, an occurrence in the gap falls on the gap's end; where they
     * go back, one in the repeated hours falls on their first pass alone. An expression of every hour ({@code *} as its hour)
     * is not bent so: it goes by the time that passes.
     */
    @FunctionalInterface
    interface Occurrences {
        /** The first occurrence later than this instant; empty where there is none, as for the 30th of February. */
        Optional<Instant> after(Instant instant);
    }
}
