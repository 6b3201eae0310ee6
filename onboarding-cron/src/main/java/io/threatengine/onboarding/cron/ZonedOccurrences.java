package io.threatengine.onboarding.cron;

import static java.time.temporal.ChronoUnit.MINUTES;

import io.threatengine.onboarding.schedule.CronCalendar;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The local times of an expression as instants of a zone. */
final class ZonedOccurrences implements CronCalendar.Occurrences {
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private final CronExpression expression;
    private final ZoneRules zone;

    ZonedOccurrences(CronExpression expression, ZoneRules zone) {
        this.expression = expression;
        this.zone = zone;
    }

    @Override
    public Optional<Instant> after(Instant instant) {
        if (!instant.isBefore(LAST)) {
            return Optional.empty();
        }
        Instant start = instant.isBefore(FIRST) ? FIRST.minusNanos(1) : instant;
        Optional<Instant> due = expression.isEveryHour() ? afterByElapsedTime(start) : afterByWallClock(start);
        return due.filter(found -> !found.isAfter(LAST));
    }

    /** Later local times are never earlier instants, so that the first one which is late enough is the first of all. */
    private Optional<Instant> afterByWallClock(Instant instant) {
        Optional<LocalDateTime> local = expression.firstFrom(minuteAfter(wallClock(instant, zone.getOffset(instant))));
        while (local.isPresent()) {
            ZoneOffsetTransition change = zone.getTransition(local.get());
            Instant due = dueAt(local.get(), change);
            if (due.isAfter(instant)) {
                return Optional.of(due);
            }
            // in the second pass of repeated hours, whose occurrences were all in the first
            boolean isRepeated = change != null && change.isOverlap();
            local = expression.firstFrom(
                    isRepeated ? minuteFrom(change.getDateTimeBefore()) : minuteAfter(local.get()));
        }
        return Optional.empty();
    }

    private Instant dueAt(LocalDateTime local, @Nullable ZoneOffsetTransition change) {
        if (change == null) {
            return local.toInstant(zone.getOffset(local));
        }
        return change.isGap() ? change.getInstant() : local.toInstant(change.getOffsetBefore());
    }

    /** Between two changes of the clocks, one stretch after the other. */
    private Optional<Instant> afterByElapsedTime(Instant instant) {
        ZoneOffset offset = zone.getOffset(instant);
        ZoneOffsetTransition change = zone.nextTransition(instant);
        Optional<LocalDateTime> local = expression.firstFrom(minuteAfter(wallClock(instant, offset)));
        while (local.isPresent()) {
            Instant due = local.get().toInstant(offset);
            if (change == null || due.isBefore(change.getInstant())) {
                return Optional.of(due);
            }
            offset = change.getOffsetAfter();
            local = expression.firstFrom(minuteFrom(change.getDateTimeAfter()));
            change = zone.nextTransition(change.getInstant());
        }
        return Optional.empty();
    }

    private static LocalDateTime wallClock(Instant instant, ZoneOffset offset) {
        return LocalDateTime.ofEpochSecond(instant.getEpochSecond(), instant.getNano(), offset);
    }

    private static LocalDateTime minuteAfter(LocalDateTime time) {
        return time.truncatedTo(MINUTES).plusMinutes(1);
    }

    private static LocalDateTime minuteFrom(LocalDateTime time) {
        return time.equals(time.truncatedTo(MINUTES)) ? time : minuteAfter(time);
    }
}
