package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.storage.Revision;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
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

    static final String TENANT_ID = "tenant_id";
    static final String ACCOUNT_ID = "account_id";
    static final String STARTED_AT = "started_at";
    static final String COMPLETED_AT = "completed_at";
    static final String ERROR_MESSAGE = "error_message";
    static final String TOTAL_CHECKS = "total_checks";
    static final String PASSED_CHECKS = "passed_checks";
    static final String FAILED_CHECKS = "failed_checks";
    static final String ERROR_CHECKS = "error_checks";

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

    /** What to call the row by in an error, whatever it holds. */
    String key(String name) {
        String key = said(name);
        return key == null ? "without a key" : key;
    }

    /** What the row says, as text and to the letter, whatever else is wrong with it; null for nothing. */
    @Nullable
    String said(String name) {
        AttributeValue value = attributes.get(name);
        return value == null
                        || value.type() != AttributeValue.Type.S
                        || value.s().isEmpty()
                ? null
                : value.s();
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

    /** A value made of text, or null where there is none. */
    <V> @Nullable V value(String name, Function<String, V> made) {
        String text = text(name);
        return text == null ? null : made.apply(text);
    }

    @Nullable
    Instant instant(String name) {
        String text = text(name);
        try {
            return text == null ? null : WireTime.read(text);
        } catch (DateTimeException e) {
            throw new InvalidValueException(name, "must be a time", text);
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

    /** Of a row whose time of change tells of other writers. */
    Revision revision() {
        return revision(EntityMapping.Stamp.UPDATED_AT);
    }

    Revision revision(EntityMapping.Stamp stamp) {
        return new Revision(number(VERSION, 0), text(stamp.attribute()));
    }

    /** A whole number, as a number or as text. */
    long number(String name, long otherwise) {
        String text = text(name);
        try {
            return text == null ? otherwise : new BigDecimal(text).longValueExact();
        } catch (NumberFormatException | ArithmeticException e) {
            throw new InvalidValueException(name, "must be a whole number of at most 64 bits", text);
        }
    }

    /** A whole number from 0 on that is never large; what is larger is cut. */
    int count(String name) {
        return (int) Math.max(0, Math.min(number(name, 0), Integer.MAX_VALUE));
    }

    /** Yes or no, as a boolean, a number or a word in any case. */
    boolean bool(String name, boolean otherwise) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes" -> true;
            case "false", "0", "no" -> false;
            default -> throw new InvalidValueException(name, "must be true or false", text);
        };
    }

    /** A list of texts, or a set of them; empty where the attribute is missing, NULL or empty. */
    List<String> texts(String name) {
        AttributeValue value = attributes.get(name);
        if (value == null || value.type() == AttributeValue.Type.NUL || EMPTY.equals(value)) {
            return List.of();
        }
        if (value.hasSs()) {
            return List.copyOf(value.ss());
        }
        if (!value.hasL()) {
            throw new IllegalArgumentException(name + " is no list but of type " + value.type());
        }
        return value.l().stream()
                .map(element -> {
                    if (element.type() != AttributeValue.Type.S) {
                        throw new IllegalArgumentException(name + " has an element of type " + element.type());
                    }
                    return element.s();
                })
                .toList();
    }

    /** A map of any values; null where the attribute is missing, NULL or empty text. */
    @Nullable
    Map<String, @Nullable Object> map(String name) {
        AttributeValue value = attributes.get(name);
        if (value == null || value.type() == AttributeValue.Type.NUL || EMPTY.equals(value)) {
            return null;
        }
        if (!value.hasM()) {
            throw new IllegalArgumentException(name + " is no map but of type " + value.type());
        }
        return PlainAttributes.plain(name, value.m());
    }

    /** What the checks came to; null in a row that says nothing of them. */
    @Nullable
    Checks checks() {
        boolean said = Stream.of(TOTAL_CHECKS, PASSED_CHECKS, FAILED_CHECKS, ERROR_CHECKS)
                .anyMatch(name -> text(name) != null);
        return said
                ? new Checks(
                        number(TOTAL_CHECKS, 0),
                        number(PASSED_CHECKS, 0),
                        number(FAILED_CHECKS, 0),
                        number(ERROR_CHECKS, 0))
                : null;
    }
}
