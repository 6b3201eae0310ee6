package io.threatengine.onboarding.internal;

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

    private WireTime() {}

    /** The present time, cut to the microseconds that are stored, so that what is returned equals what is read later. */
    public static Instant now(InstantSource clock) {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    public static String write(Instant instant) {
        return WRITTEN.format(instant.atOffset(ZoneOffset.UTC));
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
        return naive
                ? LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC)
                : OffsetDateTime.parse(iso).toInstant();
    }
}
