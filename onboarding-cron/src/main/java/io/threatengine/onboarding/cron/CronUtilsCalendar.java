package io.threatengine.onboarding.cron;

import io.threatengine.onboarding.schedule.CronCalendar;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * UNIX cron by the library cron-utils; found by {@link java.util.ServiceLoader}. Thread-safe, and so is what it returns.
 *
 * <p>An expression has five fields: minute, hour, day of the month, month, day of the week, separated by spaces or tabs, which may
 * stand around them too. A field is {@code *}, or a list of numbers or names ({@code MON}, {@code JAN}, in any
 * case), ranges, and steps of a range or of {@code *}. Sunday is 0 and 7. Where neither day field is {@code *}, a day that either
 * of them names is meant. What goes beyond that, and differs from one cron to another, is refused: seconds, years, {@code ?},
 * {@code L}, {@code W}, {@code #}, {@code @daily}, a step of a single number, a list with {@code *} in it.
 *
 * <p>Occurrences are in the years 0001 to 9999, whose times can be stored.
 */
public final class CronUtilsCalendar implements CronCalendar {

    /** For the service loader. */
    public CronUtilsCalendar() {}

    @Override
    public Occurrences occurrences(@Nullable String expression, ZoneId zone) {
        return new ZonedOccurrences(CronExpression.parse(expression), zone.getRules());
    }
}
