package io.threatengine.onboarding.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.error.InvalidValueException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainValuesTest {

    @ParameterizedTest
    @CsvSource({
        "1.50, 1.5",
        "-0.0, 0",
        "0E999999999, 0",
        "0E-999999999, 0",
        "1E3, 1000",
        "9.9999999999999999999999999999999999999E125, 9.9999999999999999999999999999999999999E125",
        "1E-130, 1E-130",
        "1.000000000000000000000000000000000000000000000000000, 1",
    })
    void aNumberThatIsStoredIsKept(String given, BigDecimal kept) {
        assertThat((BigDecimal) kept(new BigDecimal(given))).isEqualByComparingTo(kept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1E126",
                "-1E126",
                "9.9E-131",
                "1E999999999",
                "1E-999999999",
                "-1E2147483647",
                "1E-2147483647",
                "123456789012345678901234567890123456789",
                "1.00000000000000000000000000000000000001",
            })
    void aNumberBeyondWhatIsStoredIsRefused(String number) {
        refused(new BigDecimal(number));
    }

    @Test
    void aNumberOfVeryManyDigitsIsRefusedAndOneOfZerosIsCut() {
        refused(BigInteger.TEN.pow(200_000));
        refused(new BigDecimal(BigInteger.TEN.pow(200_000).add(BigInteger.ONE), 200_000));

        assertThat(kept(new BigDecimal(BigInteger.TEN.pow(200_000), 200_000))).isEqualTo(BigDecimal.ONE);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.MAX_VALUE, Double.MIN_VALUE})
    void aDoubleThatIsNoStoredNumberIsRefused(double number) {
        refused(number);
    }

    private static Object kept(Number number) {
        return PlainValues.map("metadata", Map.of("list", List.of(number))).get("list") instanceof List<?> list
                ? list.get(0)
                : null;
    }

    private static void refused(Number number) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> kept(number))
                .satisfies(e -> assertThat(e.field()).isEqualTo("metadata"));
    }
}
