package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.PlainValues;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Attributes without a fixed shape as plain Java values and back, with nothing lost: see {@link PlainValues}. */
final class PlainAttributes {
    private PlainAttributes() {}

    /**
     * The values as they stand; whether DynamoDB's numbers can be such is for {@link PlainValues} to say.
     *
     * @param field for the error
     * @throws InvalidValueException if what is sent as a number is none
     * @throws IllegalArgumentException if a value is of a type that is not known here
     */
    static Map<String, @Nullable Object> plain(String field, Map<String, AttributeValue> attributes) {
        var plain = new LinkedHashMap<String, @Nullable Object>();
        attributes.forEach((name, value) -> plain.put(name, plain(field, value)));
        return plain;
    }

    static AttributeValue attribute(Map<String, @Nullable Object> plain) {
        var attributes = new LinkedHashMap<String, AttributeValue>();
        plain.forEach((name, value) -> attributes.put(name, attribute(value)));
        return AttributeValue.fromM(attributes);
    }

    private static @Nullable Object plain(String field, AttributeValue value) {
        return switch (value.type()) {
            case S -> value.s();
            case N -> number(field, value.n());
            case BOOL -> value.bool();
            case NUL -> null;
            case B -> value.b().asByteBuffer();
            case L -> list(field, value.l());
            case M -> plain(field, value.m());
            case SS -> new LinkedHashSet<>(value.ss());
            case NS -> set(value.ns(), digits -> number(field, digits));
            case BS -> set(value.bs(), SdkBytes::asByteBuffer);
            default -> throw new IllegalArgumentException(field + " has a value of unknown type");
        };
    }

    private static BigDecimal number(String field, String digits) {
        try {
            return new BigDecimal(digits);
        } catch (NumberFormatException e) {
            throw new InvalidValueException("a number in " + field, "must be a decimal number", digits);
        }
    }

    private static List<@Nullable Object> list(String field, List<AttributeValue> values) {
        var list = new ArrayList<@Nullable Object>(values.size());
        values.forEach(value -> list.add(plain(field, value)));
        return list;
    }

    private static <A> Set<Object> set(Collection<A> values, Function<A, Object> plain) {
        var set = new LinkedHashSet<>();
        values.forEach(value -> set.add(plain.apply(value)));
        return set;
    }

    private static AttributeValue attribute(@Nullable Object plain) {
        if (plain == null) {
            return AttributeValue.fromNul(true);
        }
        if (plain instanceof String text) {
            return AttributeValue.fromS(text);
        }
        if (plain instanceof BigDecimal number) {
            return AttributeValue.fromN(number.toPlainString());
        }
        if (plain instanceof Boolean bool) {
            return AttributeValue.fromBool(bool);
        }
        if (plain instanceof ByteBuffer bytes) {
            return AttributeValue.fromB(SdkBytes.fromByteBuffer(bytes));
        }
        if (plain instanceof Set<?> set) {
            return ofSet(set.stream().map(PlainAttributes::attribute).toList());
        }
        if (plain instanceof List<?> list) {
            return AttributeValue.fromL(
                    list.stream().map(PlainAttributes::attribute).toList());
        }
        if (plain instanceof Map<?, ?> map) {
            var attributes = new LinkedHashMap<String, AttributeValue>();
            map.forEach((name, value) -> attributes.put(String.valueOf(name), attribute(value)));
            return AttributeValue.fromM(attributes);
        }
        throw new IllegalArgumentException("a value of no plain type: " + plain.getClass());
    }

    /** Sets hold values of one type; other ones that a caller has made are stored as lists. */
    private static AttributeValue ofSet(List<AttributeValue> values) {
        Set<AttributeValue.Type> types = new LinkedHashSet<>();
        values.forEach(value -> types.add(value.type()));
        if (types.equals(Set.of(AttributeValue.Type.S))) {
            return AttributeValue.fromSs(values.stream().map(AttributeValue::s).toList());
        }
        if (types.equals(Set.of(AttributeValue.Type.N))) {
            return AttributeValue.fromNs(values.stream().map(AttributeValue::n).toList());
        }
        if (types.equals(Set.of(AttributeValue.Type.B))) {
            return AttributeValue.fromBs(values.stream().map(AttributeValue::b).toList());
        }
        return AttributeValue.fromL(values);
    }
}
