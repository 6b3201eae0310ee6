package io.threatengine.onboarding.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.error.InvalidValueException;
import java.time.DateTimeException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTimeTest {

    @Test
    void writesAFixedWidthWithoutAnEndingSoThatTextSortsAsTimeDoes() {
        assertThat(WireTime.write(Instant.parse("2026-11-24T08:17:00Z"))).isEqualTo("2026-11-24T08:17:00.000000");
        assertThat(WireTime.write(Instant.parse("2026-11-24T08:17:00.123456789Z")))
                .isEqualTo("2026-11-24T08:17:00.123456");
    }

    @Test
    void refusesToWriteAYearThatWouldNotSort() {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> WireTime.write(Instant.MAX));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> WireTime.write(Instant.parse("+10000-01-01T00:00:00Z")));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-24T08:17:00.123456, 2026-11-24T08:17:00.123456Z",
        "2026-11-24T08:17:00, 2026-11-24T08:17:00Z",
        "2026-11-24 08:17:00, 2026-11-24T08:17:00Z",
        "2026-11-24T08:17:00Z, 2026-11-24T08:17:00Z",
        "2026-11-24T08:17:00.5Z, 2026-11-24T08:17:00.5Z",
        "2026-11-24T08:17:00+00:00, 2026-11-24T08:17:00Z",
        "2026-11-24T10:17:00.000001+02:00, 2026-11-24T08:17:00.000001Z",
        "2026-11-24T03:17:00-05:00, 2026-11-24T08:17:00Z",
    })
    void readsEveryFormThatIsStored(String text, String instant) {
        assertThat(WireTime.read(text)).isEqualTo(Instant.parse(instant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "T",
                "yesterday",
                "2026-11-24",
                "2026-13-24T08:17:00",
                "2026-11-24T08:17:00+25:00",
                "+999999999-12-31T23:59:59",
                "0000-01-01T00:00:00"
            })
    void refusesWhatIsNoTime(String text) {
        assertThatExceptionOfType(DateTimeException.class).isThrownBy(() -> WireTime.read(text));
    }
}
