package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.storage.Revision;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A stored item as an entity is restored from it: forgiving of what other engines write (attributes that are missing, NULL
 * or empty; numbers and booleans where text is meant; time in several forms), strict about what cannot be understood.
 */
final class Row {
    static final String VERSION = "version";
    static final String CREATED_AT = "created_at";
    static final String UPDATED_AT = "updated_at";
    static final String STATUS = "status";

    static final AttributeValue EMPTY = AttributeValue.fromS("");

    /** The status with which every kind of entity releases its unique keys. */
    static final AttributeValue DELETED = AttributeValue.fromS("deleted");

    private final Map<String, AttributeValue> attributes = new HashMap<>();

    void put(String name, AttributeValue value) {
        attributes.put(name, value);
    }

    /** Text, or null where the attribute is missing, NULL or empty. */
    @Nullable
    String text(String name) {
        AttributeValue value = attributes.get(name);
        if (value == null) {
            return null;
        }
        String text = switch (value.type()) {
            case S -> value.s();
            case N -> value.n();
            case BOOL -> value.bool().toString();
            case NUL -> "";
            default -> throw new IllegalArgumentException(name + " is no text but of type " + value.type());
        };
        return text.isEmpty() ? null : text;
    }

    String text(String name, String otherwise) {
        String text = text(name);
        return text == null ? otherwise : text;
    }

    /** Text that the entity cannot be without. */
    String required(String name) {
        String text = text(name);
        if (text == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return text;
    }

    /** A value made of text, or the other one where there is none. */
    <V> V value(String name, Function<String, V> made, V otherwise) {
        String text = text(name);
        return text == null ? otherwise : made.apply(text);
    }

    @Nullable
    Instant instant(String name) {
        String text = text(name);
        try {
            return text == null ? null : WireTime.read(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(name + " is no time: \"" + text + "\"", e);
        }
    }

    /** When the row was made. A row that does not say is as old as time. */
    Instant createdAt() {
        Instant created = instant(CREATED_AT);
        return created == null ? Instant.EPOCH : created;
    }

    /** When the row was changed. A row that does not say was not changed since it was made. */
    Instant updatedAt() {
        Instant updated = instant(UPDATED_AT);
        return updated == null ? createdAt() : updated;
    }

    Revision revision() {
        String version = text(VERSION);
        try {
            return new Revision(version == null ? 0 : Long.parseLong(version), text(UPDATED_AT));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(VERSION + " is no whole number: \"" + version + "\"", e);
        }
    }
}
