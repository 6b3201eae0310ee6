package io.threatengine.onboarding.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.schedule.CronCalendar;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.schedule.ScheduleType;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecurrenceCronTest {
    private static final Instant NOW = Instant.parse("2026-11-24T08:17:30Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void isFoundAsAService() {
        assertThat(ServiceLoader.load(CronCalendar.class)).hasExactlyElementsOfTypes(CronUtilsCalendar.class);
    }

    @ParameterizedTest
    @CsvSource({
        Recurrence.Cron.HOURLY + ", 2026-11-24T09:00:00Z",
        Recurrence.Cron.SIX_HOURLY + ", 2026-11-24T11:00:00Z",
        Recurrence.Cron.TWELVE_HOURLY + ", 2026-11-24T11:00:00Z",
        Recurrence.Cron.DAILY + ", 2026-11-25T01:00:00Z",
        Recurrence.Cron.WEEKLY + ", 2026-11-29T01:00:00Z",
        Recurrence.Cron.MONTHLY + ", 2026-12-01T01:00:00Z",
    })
    void isDueByThePresetsOnTheWallClockOfItsZone(String preset, Instant next) {
        Recurrence recurrence = Recurrence.cron(preset, BERLIN);

        assertThat(recurrence.nextAfter(NOW)).contains(next);
        assertThat(recurrence.type()).isEqualTo(ScheduleType.CRON);
        assertThat(recurrence).isEqualTo(new Recurrence.Cron(preset, "Europe/Berlin"));
    }

    @Test
    void isNeverDueOnADayThatNeverComes() {
        assertThat(Recurrence.cron("0 0 30 2 *", BERLIN).nextAfter(NOW)).isEmpty();
    }

    @Test
    void keepsTheExpressionAsItWasGiven() {
        assertThat(Recurrence.cron(" 0  2 * * Mon", BERLIN))
                .isEqualTo(new Recurrence.Cron(" 0  2 * * Mon", "Europe/Berlin"));
    }

    @Test
    void explainsAWrongExpression() {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> Recurrence.cron("0 2 * * * *", BERLIN))
                .withMessage(
                        "cron expression must have 5 fields (minute, hour, day of the month, month, day of the week), not 6,"
                                + " like 0 2 * * *: every day at 02:00, but is \"0 2 * * * *\"");
    }

    @Test
    void showsAWrongOneThatIsStoredAndRefusesToBeDueByIt() {
        var stored = new Recurrence.Cron("every day", "Europe/Berlin");

        assertThat(stored.expression()).isEqualTo("every day");
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(stored::check);
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> stored.nextAfter(NOW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Europe/Bielefeld", "CEST", "+02:00", "UTC+2", "europe/berlin", ""})
    void refusesWhatIsNoIanaZone(String zone) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> new Recurrence.Cron("0 2 * * *", zone).check())
                .satisfies(e -> assertThat(e.field()).isEqualTo("time zone"));
    }

    @Test
    void refusesAnOffsetAsAZone() {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> Recurrence.cron("0 2 * * *", ZoneOffset.ofHours(2)))
                .satisfies(e -> assertThat(e.field()).isEqualTo("time zone"));
    }
}
