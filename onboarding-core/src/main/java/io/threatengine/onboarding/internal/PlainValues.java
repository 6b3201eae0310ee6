package io.threatengine.onboarding.internal;

import io.threatengine.onboarding.error.InvalidValueException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values without a fixed shape, as a document store keeps them: text, {@link BigDecimal}, {@link Boolean}, null, and lists
 * and maps of these; also binary as read-only {@link ByteBuffer}, and sets, which other engines may have written.
 */
public final class PlainValues {
    /** How many levels DynamoDB takes (Developer Guide, "Constraints"): a value of an attribute that is a map is on the second. */
    private static final int DEEPEST = 32;

    /** A DynamoDB number holds 38 digits and has a magnitude from 1E-130 to 9.99…E+125 (Developer Guide, "Data types"). */
    private static final MathContext EXACT = new MathContext(38, RoundingMode.UNNECESSARY);

    private static final int SMALLEST_EXPONENT = -130;
    private static final int LARGEST_EXPONENT = 125;

    private static final String BEYOND = "a number beyond what is stored";

    private static final String RULE =
            "must be made of text, numbers of at most 38 digits from 1E-130 to 9.99E+125, booleans, nulls, and lists and maps of these, at most 32 levels deep";

    private PlainValues() {}

    /**
     * An immutable copy in the form in which the value is read back.
     *
     * @throws InvalidValueException if it contains anything else
     */
    public static Map<String, @Nullable Object> map(String field, Map<String, ? extends @Nullable Object> map) {
        return map(field, map, 1);
    }

    private static @Nullable Object copy(String field, @Nullable Object value, int depth) {
        if (depth > DEEPEST) {
            throw wrong(field, "more than " + DEEPEST + " levels");
        }
        if (value == null || value instanceof String || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Number number) {
            return number(field, number);
        }
        if (value instanceof ByteBuffer bytes) {
            return ByteBuffer.allocate(bytes.remaining())
                    .put(bytes.duplicate())
                    .flip()
                    .asReadOnlyBuffer();
        }
        if (value instanceof List<?> list) {
            var copy = new ArrayList<@Nullable Object>(list.size());
            list.forEach(element -> copy.add(copy(field, element, depth + 1)));
            return Collections.unmodifiableList(copy);
        }
        if (value instanceof Set<?> set) {
            var copy = new LinkedHashSet<@Nullable Object>();
            set.forEach(element -> copy.add(copy(field, element, depth + 1)));
            return Collections.unmodifiableSet(copy);
        }
        if (value instanceof Map<?, ?> map) {
            return map(field, map, depth);
        }
        throw wrong(field, "a " + value.getClass().getName());
    }

    private static Map<String, @Nullable Object> map(String field, Map<?, ?> map, int depth) {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, value) -> {
            if (!(key instanceof String name)) {
                throw wrong(field, "a key that is no text");
            }
            copy.put(name, copy(field, value, depth + 1));
        });
        return Collections.unmodifiableMap(copy);
    }

    private static BigDecimal number(String field, Number number) {
        BigDecimal decimal;
        if (number instanceof BigDecimal given) {
            decimal = given;
        } else if (number instanceof BigInteger integer) {
            decimal = new BigDecimal(integer);
        } else if (number instanceof Double || number instanceof Float) {
            double given = number.doubleValue();
            if (!Double.isFinite(given)) {
                throw wrong(field, number.toString());
            }
            decimal = new BigDecimal(number.toString());
        } else {
            decimal = BigDecimal.valueOf(number.longValue());
        }
        return asStored(field, decimal);
    }

    /** The number without zeros at its end. Its magnitude comes first: those zeros may be more than memory holds. */
    private static BigDecimal asStored(String field, BigDecimal number) {
        if (number.signum() == 0) {
            return BigDecimal.ZERO;
        }
        long exponent = (long) number.precision() - number.scale() - 1;
        if (exponent < SMALLEST_EXPONENT || exponent > LARGEST_EXPONENT) {
            throw wrong(field, BEYOND);
        }
        try {
            BigDecimal stripped = number.round(EXACT).stripTrailingZeros();
            return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
        } catch (ArithmeticException e) { // it has more digits
            throw wrong(field, BEYOND);
        }
    }

    private static InvalidValueException wrong(String field, String found) {
        return new InvalidValueException(field, RULE, found);
    }
}
