package io.threatengine.onboarding.storage;

import io.threatengine.onboarding.internal.WireTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which state of a row an entity was read from; a write is conditional on it.
 *
 * @param version counts the writes of this library; 0 for a row that it has never written
 * @param stamp what else changes with the row, as it is stored, to the letter, and so tells of writers that keep no
 *     version: its {@code updated_at}, or, where a row has none, its {@code status}
 */
public record Revision(long version, @Nullable String stamp) {

    /** The revision that a row with this stamp begins with. */
    public static Revision first(String stamp) {
        return new Revision(1, stamp);
    }

    /** The revision that a row begins with whose stamp is its time of change. */
    public static Revision first(Instant now) {
        return first(WireTime.write(now));
    }

    /** The revision after this one, with this stamp. */
    public Revision next(String newStamp) {
        return new Revision(version + 1, newStamp);
    }

    /** The revision after this one, with a time of change as its stamp. */
    public Revision next(Instant now) {
        return next(WireTime.write(now));
    }
}
