package io.threatengine.onboarding.cron;

import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.schedule.CronCalendar.Occurrences;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DaylightSavingTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Berlin: 02:00 becomes 03:00 at 01:00Z
                "Europe/Berlin | 30 2 * * * | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z 2026-03-30T00:30:00Z",
                "Europe/Berlin | 0 2 * * * | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z 2026-03-30T00:00:00Z",
                "Europe/Berlin | 0 3 * * * | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z 2026-03-30T01:00:00Z",
                "Europe/Berlin | 59 1 * * * | 2026-03-28T12:00:00Z | 2026-03-29T00:59:00Z 2026-03-29T23:59:00Z",
                // all of them in the gap: one run
                "Europe/Berlin | */10 2 * * * | 2026-03-29T00:00:00Z | 2026-03-29T01:00:00Z 2026-03-30T00:00:00Z",
                "Europe/Berlin | 0,30 2,3 * * * | 2026-03-29T00:00:00Z | 2026-03-29T01:00:00Z 2026-03-29T01:30:00Z",
                "Europe/Berlin | 30 2 29 3 * | 2026-03-01T00:00:00Z | 2026-03-29T01:00:00Z 2027-03-29T00:30:00Z",
                // six-hourly and hourly
                "Europe/Berlin | 0 */6 * * * | 2026-03-28T22:59:00Z | 2026-03-28T23:00:00Z 2026-03-29T04:00:00Z",
                "Europe/Berlin | 30 * * * * | 2026-03-29T00:00:00Z | 2026-03-29T00:30:00Z 2026-03-29T01:30:00Z",
                // Berlin: 03:00 becomes 02:00 at 01:00Z
                "Europe/Berlin | 30 2 * * * | 2026-10-24T12:00:00Z | 2026-10-25T00:30:00Z 2026-10-26T01:30:00Z",
                "Europe/Berlin | 30 2 * * * | 2026-10-25T01:10:00Z | 2026-10-26T01:30:00Z",
                "Europe/Berlin | 0 2 * * * | 2026-10-25T00:59:59Z | 2026-10-26T01:00:00Z",
                "Europe/Berlin | 0 2,3 * * * | 2026-10-25T01:00:00Z | 2026-10-25T02:00:00Z 2026-10-26T01:00:00Z",
                "Europe/Berlin | */30 */1 * * * | 2026-10-24T23:45:00Z"
                        + " | 2026-10-25T00:00:00Z 2026-10-25T00:30:00Z 2026-10-25T02:00:00Z",
                "Europe/Berlin | 0,30 2,3 * * * | 2026-10-25T01:10:00Z | 2026-10-25T02:00:00Z 2026-10-25T02:30:00Z",
                "Europe/Berlin | * 1-4 * * * | 2026-10-25T00:59:00Z | 2026-10-25T02:00:00Z 2026-10-25T02:01:00Z",
                "Europe/Berlin | 30 * * * * | 2026-10-25T00:00:00Z"
                        + " | 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z 2026-10-25T02:30:00Z",
                // New York: 02:00 becomes 03:00 at 07:00Z, and 01:00 at 06:00Z
                "America/New_York | 15 2 * * * | 2026-03-07T12:00:00Z | 2026-03-08T07:00:00Z 2026-03-09T06:15:00Z",
                "America/New_York | 15 1 * * * | 2026-10-31T12:00:00Z | 2026-11-01T05:15:00Z 2026-11-02T06:15:00Z",
                "America/New_York | 15 * * * * | 2026-11-01T05:00:00Z"
                        + " | 2026-11-01T05:15:00Z 2026-11-01T06:15:00Z 2026-11-01T07:15:00Z",
                "America/New_York | * * 1 11 * | 2026-11-01T05:58:30Z | 2026-11-01T05:59:00Z 2026-11-01T06:00:00Z",
                // Lord Howe: half an hour; 02:00 becomes 02:30 at 15:30Z, and 01:30 at 15:00Z
                "Australia/Lord_Howe | 15 2 * * * | 2026-10-03T00:00:00Z | 2026-10-03T15:30:00Z 2026-10-04T15:15:00Z",
                "Australia/Lord_Howe | 0 * * * * | 2026-10-03T14:00:00Z | 2026-10-03T14:30:00Z 2026-10-03T16:00:00Z",
                "Australia/Lord_Howe | 45 1 * * * | 2026-04-04T00:00:00Z | 2026-04-04T14:45:00Z 2026-04-05T15:15:00Z",
                "Australia/Lord_Howe | */30 * * * * | 2026-04-04T14:00:00Z"
                        + " | 2026-04-04T14:30:00Z 2026-04-04T15:00:00Z 2026-04-04T15:30:00Z",
                // Kathmandu: a quarter of an hour; 00:00 became 00:15 at 18:30Z
                "Asia/Kathmandu | 5 0 * * * | 1985-12-31T12:00:00Z | 1985-12-31T18:30:00Z 1986-01-01T18:20:00Z",
                "Asia/Kathmandu | 0 2 * * * | 2026-11-24T00:00:00Z | 2026-11-24T20:15:00Z 2026-11-25T20:15:00Z",
                // Sao Paulo: midnight became 01:00 at 03:00Z, and 23:00 at 02:00Z
                "America/Sao_Paulo | 0 0 * * * | 2018-11-03T12:00:00Z | 2018-11-04T03:00:00Z 2018-11-05T02:00:00Z",
                "America/Sao_Paulo | 30 23 * * * | 2018-02-17T12:00:00Z | 2018-02-18T01:30:00Z 2018-02-19T02:30:00Z",
                "America/Sao_Paulo | 0 0 * * * | 2018-02-17T12:00:00Z | 2018-02-18T03:00:00Z 2018-02-19T03:00:00Z",
                "America/Sao_Paulo | 0 * * * * | 2018-11-04T01:30:00Z | 2018-11-04T02:00:00Z 2018-11-04T03:00:00Z",
                // Beirut: midnight became 01:00 at 22:00Z
                "Asia/Beirut | 0 0 * * * | 2022-03-26T12:00:00Z | 2022-03-26T22:00:00Z 2022-03-27T21:00:00Z",
                // Apia: there was no 30 December 2011; the 31st began at 10:00Z of the 30th
                "Pacific/Apia | 0 2 * * * | 2011-12-29T20:00:00Z"
                        + " | 2011-12-30T10:00:00Z 2011-12-30T12:00:00Z 2011-12-31T12:00:00Z",
                "Pacific/Apia | 0 0 30 12 * | 2011-12-29T20:00:00Z | 2011-12-30T10:00:00Z 2012-12-29T10:00:00Z",
                "Pacific/Apia | 0 0 30,31 12 * | 2011-12-29T20:00:00Z | 2011-12-30T10:00:00Z 2012-12-29T10:00:00Z",
                "Pacific/Apia | 0 * 30 12 * | 2011-12-29T20:00:00Z | 2012-12-29T10:00:00Z 2012-12-29T11:00:00Z",
                "Pacific/Apia | 0 * * * * | 2011-12-30T08:30:00Z"
                        + " | 2011-12-30T09:00:00Z 2011-12-30T10:00:00Z 2011-12-30T11:00:00Z",
                // Monrovia: 44 and a half minutes behind until 1972
                "Africa/Monrovia | 0 12 * * * | 1972-01-05T13:00:00Z | 1972-01-06T12:44:30Z 1972-01-07T12:00:00Z",
                "Africa/Monrovia | 30 0 7 1 * | 1972-01-06T00:00:00Z | 1972-01-07T00:44:30Z 1973-01-07T00:30:00Z",
                "Africa/Monrovia | */30 * * * * | 1972-01-07T00:00:00Z | 1972-01-07T00:14:30Z 1972-01-07T01:00:00Z",
                "UTC | 30 2 * * * | 2026-03-28T12:00:00Z | 2026-03-29T02:30:00Z 2026-03-30T02:30:00Z",
                "UTC | 30 * * * * | 2026-10-25T00:00:00Z | 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z",
            })
    void isDueAsCronWouldBe(String zone, String expression, Instant start, String expected) {
        Occurrences occurrences = new CronUtilsCalendar().occurrences(expression, ZoneId.of(zone));
        List<Instant> instants =
                Stream.of(expected.split(" ", -1)).map(Instant::parse).toList();

        List<Instant> found = new ArrayList<>();
        for (Instant at = start; found.size() < instants.size(); ) {
            at = occurrences.after(at).orElseThrow();
            found.add(at);
        }
        assertThat(found).isEqualTo(instants);
    }

    @Test
    void isOnePerDayAcrossTheYearWhereOneIsMeant() {
        for (String zone : List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut", "UTC")) {
            for (String expression : List.of("0 0 * * *", "30 1 * * *", "15 2 * * *", "30 2 * * *", "0 3 * * *")) {
                Occurrences occurrences = new CronUtilsCalendar().occurrences(expression, ZoneId.of(zone));
                Instant at =
                        occurrences.after(Instant.parse("2026-01-01T12:00:00Z")).orElseThrow();
                for (int day = 0; day < 365; day++) {
                    Instant next = occurrences.after(at).orElseThrow();
                    assertThat(Duration.between(at, next))
                            .as("%s in %s after %s", expression, zone, at)
                            .isBetween(Duration.ofHours(22), Duration.ofHours(25));
                    at = next;
                }
                assertThat(at)
                        .as("%s in %s", expression, zone)
                        .isBetween("2027-01-01T12:00:00Z", "2027-01-02T12:00:00Z");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Europe/Berlin",
                "America/New_York",
                "Australia/Lord_Howe",
                "America/Sao_Paulo",
                "Pacific/Apia",
                "Africa/Casablanca"
            })
    void goesByThePassingTimeWhereEveryHourIsMeant(String zone) {
        Occurrences occurrences = new CronUtilsCalendar().occurrences("*/30 * * * *", ZoneId.of(zone));
        Instant at = Instant.parse("2011-09-01T00:00:00Z");
        while (at.isBefore(Instant.parse("2012-06-01T00:00:00Z"))) {
            Instant next = occurrences.after(at).orElseThrow();
            assertThat(Duration.between(at, next)).as("after %s", at).isEqualTo(Duration.ofMinutes(30));
            at = next;
        }
    }
}
