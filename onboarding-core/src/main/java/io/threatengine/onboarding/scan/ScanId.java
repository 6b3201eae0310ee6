package io.threatengine.onboarding.scan;

import io.threatengine.onboarding.internal.Rules;
import java.util.UUID;

/**
 * A scan's id: the text of a UUID in what the engines and this library write.
 *
 * @param value 1 to 128 letters, digits, {@code .}, {@code _} or {@code -}
 */
public record ScanId(String value) {
    public ScanId {
        Rules.id("scan id", value);
    }

    public static ScanId of(String value) {
        return new ScanId(value);
    }

    /** A new, random id. */
    public static ScanId random() {
        return new ScanId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
