package io.threatengine.onboarding.internal;

import io.threatengine.onboarding.error.InvalidValueException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/**
 * Time as all engines store it: naive UTC text. What is written is always {@code yyyy-MM-ddTHH:mm:ss.SSSSSS}, because the
 * indexes compare it as text and only a fixed width without an ending sorts as time does. What is read may lack the
 * fraction and may end in {@code Z} or an offset.
 */
public final class WireTime {
    private static final DateTimeFormatter WRITTEN = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS");

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private static final int SECOND_LENGTH = "uuuu-MM-ddTHH:mm:ss".length();

    private WireTime() {}

    /** The present time, cut to the microseconds that are stored, so that what is returned equals what is read later. */
    public static Instant now(InstantSource clock) {
        return stored(clock.instant());
    }

    /** An instant as it comes back when it is stored. */
    public static Instant stored(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * Time as it is stored.
     *
     * @throws InvalidValueException if the year has not four digits: it would neither sort nor be read
     */
    public static String write(Instant instant) {
        if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
            throw new InvalidValueException("time", "must be in the years 0001 to 9999", instant.toString());
        }
        return WRITTEN.format(instant.atOffset(ZoneOffset.UTC));
    }

    /**
     * The second of an instant, as the beginning that all stored forms of its times share: shorter than each, so that it sorts
     * before them. Instants beyond what is stored are those at its ends.
     */
    public static String second(Instant instant) {
        Instant stored = instant.isBefore(FIRST) ? FIRST : instant.isAfter(LAST) ? LAST : instant;
        return write(stored).substring(0, SECOND_LENGTH);
    }

    /**
     * Reads any form that is stored.
     *
     * @throws DateTimeException where the text is none of them
     */
    public static Instant read(String text) {
        int time = text.indexOf('T') < 0 ? text.indexOf(' ') : text.indexOf('T');
        if (time < 0) {
            throw new DateTimeException("no date and time: " + text);
        }
        String iso = text.substring(0, time) + 'T' + text.substring(time + 1);
        boolean naive =
                !iso.endsWith("Z") && !iso.endsWith("z") && iso.indexOf('+', time) < 0 && iso.indexOf('-', time) < 0;
        Instant instant = naive
                ? LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC)
                : OffsetDateTime.parse(iso).toInstant();
        if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
            throw new DateTimeException("no year of four digits: " + text);
        }
        return instant;
    }
}
