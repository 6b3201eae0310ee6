package io.threatengine.onboarding.storage;

import io.threatengine.onboarding.internal.WireTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which state of a row an entity was read from; a write is conditional on it.
 *
 * @param version counts the writes of this library; 0 for a row that it has never written
 * @param stamp the row's {@code updated_at} as it is stored, to the letter: it tells of writers that keep no version
 */
public record Revision(long version, @Nullable String stamp) {

    /** The revision that a row begins with. */
    public static Revision first(Instant now) {
        return new Revision(1, WireTime.write(now));
    }

    /** The revision after this one. */
    public Revision next(Instant now) {
        return new Revision(version + 1, WireTime.write(now));
    }
}
