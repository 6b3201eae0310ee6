package io.threatengine.onboarding.setup;

import java.util.Objects;

/**
 * One thing that was looked at, and what is to be done about it. Immutable.
 *
 * @param resource the table, key or alias
 * @param aspect what of it: {@code "table"}, {@code "index next-run-index"}, {@code "deletion protection"}
 * @param kind what is to be done
 * @param found how it is
 * @param wanted how it should be
 */
public record PlannedChange(String resource, String aspect, Kind kind, String found, String wanted) {

    /** What is to be done. */
    public enum Kind {
        /** It is as wanted. */
        NONE("is as wanted"),
        /** It is missing and will be made. */
        CREATE("will be made"),
        /** It will be changed, without loss. */
        CHANGE("will be changed"),
        /** It differs, and a change would lose something: it is for people to decide. */
        CONFLICT("conflicts"),
        /** The service does not say how it is: stand-ins of AWS lack some calls. It is left alone. */
        NOT_CHECKABLE("cannot be checked here");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    public PlannedChange {
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(aspect, "aspect");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(found, "found");
        Objects.requireNonNull(wanted, "wanted");
    }

    /** For people, one line. */
    @Override
    public String toString() {
        String subject = resource + ": " + aspect + " " + kind.words;
        return switch (kind) {
            case NONE -> subject + " (" + found + ")";
            case CREATE -> subject + " (" + wanted + ")";
            case CHANGE, CONFLICT -> subject + " (found " + found + ", wanted " + wanted + ")";
            case NOT_CHECKABLE -> subject + " (" + found + ")";
        };
    }
}
