package io.threatengine.onboarding.schedule;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.WireTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a schedule is due: by a cron expression, at an interval, or once. Immutable.
 *
 * <pre>{@code
 * Recurrence.cron("0 2 * * *", ZoneId.of("Europe/Berlin")); // every day at two, Berlin time
 * Recurrence.every(Duration.ofHours(6));
 * Recurrence.once(Instant.parse("2027-01-01T00:00:00Z"));
 * }</pre>
 *
 * <p>The factories check what they are given. The constructors of the records do not, because a schedule that another
 * engine wrote is shown as it is; {@link #check()} judges it, and so does every change that a schedule takes one by.
 */
public sealed interface Recurrence {
    /** The shortest interval: the scheduler looks once a minute. */
    Duration SHORTEST_INTERVAL = Duration.ofSeconds(60);

    /** The longest interval, ten years: further off, nobody means it. */
    Duration LONGEST_INTERVAL = Duration.ofDays(3_653);

    /**
     * Due by a cron expression.
     *
     * @param expression five fields: minute, hour, day of the month, month, day of the week
     * @param zone an IANA time zone, by whose wall clock it is due
     * @throws InvalidValueException if the expression is wrong, saying why and what is right, or the zone is no IANA zone
     */
    static Recurrence cron(String expression, ZoneId zone) {
        return new Cron(expression, zone.getId()).check();
    }

    /**
     * Due again and again after so long.
     *
     * @param interval 60 seconds to 3,653 days, in whole seconds
     * @throws InvalidValueException if it is shorter or longer, or has a fraction
     */
    static Recurrence every(Duration interval) {
        return new Interval(interval).check();
    }

    /** Due at one instant. */
    static Recurrence once(Instant at) {
        return new OneTime(WireTime.stored(at)).check();
    }

    /** What is stored of it. */
    ScheduleType type();

    /**
     * The first time it is due later than this instant; empty where it never is again.
     *
     * @throws InvalidValueException if this is no recurrence that {@link #check()} accepts
     */
    Optional<Instant> nextAfter(Instant instant);

    /**
     * The first time later than this instant that a schedule is due which was due at another one: an interval counts from there,
     * so that late runs do not move it.
     *
     * @param due when it was due
     * @throws InvalidValueException if this is no recurrence that {@link #check()} accepts
     */
    default Optional<Instant> nextAfter(Instant due, Instant instant) {
        return nextAfter(instant);
    }

    /**
     * This recurrence, if it can be used.
     *
     * @throws InvalidValueException if it cannot, saying why
     */
    Recurrence check();

    /**
     * By a cron expression. Where the clocks go forward, an occurrence in the gap is due when the gap ends; where they go
     * back, one in the repeated hours is due on their first pass alone. Expressions of every hour go by the time that passes.
     *
     * @param expression as stored; five fields where it is right
     * @param timeZone as stored; the id of an IANA zone where it is right
     */
    record Cron(String expression, String timeZone) implements Recurrence {
        public static final String HOURLY = "0 * * * *";
        public static final String SIX_HOURLY = "0 */6 * * *";
        public static final String TWELVE_HOURLY = "0 */12 * * *";

        /** At two in the morning. */
        public static final String DAILY = "0 2 * * *";

        /** On Sunday, at two in the morning. */
        public static final String WEEKLY = "0 2 * * 0";

        /** On the first of the month, at two in the morning. */
        public static final String MONTHLY = "0 2 1 * *";

        public Cron {
            Objects.requireNonNull(expression, "expression");
            Objects.requireNonNull(timeZone, "timeZone");
        }

        @Override
        public ScheduleType type() {
            return ScheduleType.CRON;
        }

        @Override
        public Optional<Instant> nextAfter(Instant instant) {
            return occurrences().after(instant);
        }

        @Override
        public Cron check() {
            occurrences();
            return this;
        }

        private CronCalendar.Occurrences occurrences() {
            return CronCalendars.get().occurrences(expression, zone());
        }

        private ZoneId zone() {
            // UTC is an IANA name too; offsets like +02:00 are not, and know no daylight saving
            if (!ZoneId.getAvailableZoneIds().contains(timeZone)) {
                throw new InvalidValueException("time zone", "must be an IANA time zone like Europe/Berlin", timeZone);
            }
            return ZoneId.of(timeZone);
        }
    }

    /**
     * Again and again after so long.
     *
     * @param every as stored; at least 60 s where it is right
     */
    record Interval(Duration every) implements Recurrence {
        public Interval {
            Objects.requireNonNull(every, "every");
        }

        @Override
        public ScheduleType type() {
            return ScheduleType.INTERVAL;
        }

        @Override
        public Optional<Instant> nextAfter(Instant instant) {
            return Optional.of(instant.plus(check().every()));
        }

        @Override
        public Optional<Instant> nextAfter(Instant due, Instant instant) {
            check();
            long passed = instant.isBefore(due)
                    ? 0
                    : Math.floorDiv(Duration.between(due, instant).toSeconds(), every.toSeconds()) + 1;
            return Optional.of(due.plus(every.multipliedBy(passed)));
        }

        @Override
        public Interval check() {
            if (every.compareTo(SHORTEST_INTERVAL) < 0
                    || every.compareTo(LONGEST_INTERVAL) > 0
                    || every.toNanosPart() != 0) {
                throw new InvalidValueException(
                        "interval", "must be 60 seconds to 3,653 days, in whole seconds, like PT6H", every.toString());
            }
            return this;
        }
    }

    /**
     * Once.
     *
     * @param at null where the row does not say: it has run, or another engine wrote it so
     */
    record OneTime(@Nullable Instant at) implements Recurrence {
        @Override
        public ScheduleType type() {
            return ScheduleType.ONE_TIME;
        }

        @Override
        public Optional<Instant> nextAfter(Instant instant) {
            return Optional.ofNullable(at).filter(due -> due.isAfter(instant));
        }

        @Override
        public OneTime check() {
            if (at == null) {
                throw new InvalidValueException("one-time schedule", "must say when it is due", null);
            }
            WireTime.write(at);
            return this;
        }
    }

    /**
     * One that this version of the library does not know.
     *
     * @param type as stored
     */
    record Unknown(ScheduleType type) implements Recurrence {
        public Unknown {
            Objects.requireNonNull(type, "type");
        }

        @Override
        public Optional<Instant> nextAfter(Instant instant) {
            return check().nextAfter(instant);
        }

        @Override
        public Recurrence check() {
            throw new InvalidValueException("schedule type", "must be cron, interval or one_time", type.value());
        }
    }
}
