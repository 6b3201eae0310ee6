package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.error.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How large an item is in the way that DynamoDB counts: names and texts in UTF-8 bytes, numbers by digits, one byte and
 * more around lists and maps (Developer Guide, "DynamoDB item sizes and formats").
 */
final class ItemSize {
    /** 400 KB, names included. */
    static final long LIMIT = 400 * 1024;

    /** Of all items of a transaction together: 4 MB (Developer Guide, "Amazon DynamoDB Transactions: How it works"). */
    static final long TRANSACTION_LIMIT = 4 * 1024 * 1024;

    static final String RULE = "must not be larger than 400 KB (409600 bytes), which is all that DynamoDB takes";

    private ItemSize() {}

    static void check(String kind, Map<String, AttributeValue> item) {
        long size = of(item);
        if (size > LIMIT) {
            throw new InvalidValueException(kind + " item", RULE, size + " bytes");
        }
    }

    static long of(Map<String, AttributeValue> entries) {
        long size = 0;
        for (var entry : entries.entrySet()) {
            size += utf8(entry.getKey()) + of(entry.getValue());
        }
        return size;
    }

    private static long of(AttributeValue value) {
        return switch (value.type()) {
            case S -> utf8(value.s());
            case N -> number(value.n());
            case B -> value.b().asByteArrayUnsafe().length;
            case SS -> value.ss().stream().mapToLong(ItemSize::utf8).sum();
            case NS -> value.ns().stream().mapToLong(ItemSize::number).sum();
            case BS ->
                value.bs().stream().mapToLong(b -> b.asByteArrayUnsafe().length).sum();
            case L ->
                3 + value.l().stream().mapToLong(element -> 1 + of(element)).sum();
            case M -> 3 + value.m().size() + of(value.m());
            default -> 1;
        };
    }

    private static long number(String digits) {
        return digits.length() / 2 + 2L;
    }

    private static long utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
