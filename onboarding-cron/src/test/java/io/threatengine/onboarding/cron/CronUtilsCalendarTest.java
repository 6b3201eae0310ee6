package io.threatengine.onboarding.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.schedule.CronCalendar;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class CronUtilsCalendarTest {
    private static final String EXAMPLE = "like 0 2 * * *: every day at 02:00";

    private static final List<String> ODD_FIELDS = List.of(
            "1-5/7",
            "0-7",
            "SUN-7",
            "7-SUN",
            "SUN",
            "sun-sat/1",
            "jan-DEC/3",
            "5-",
            "-",
            ",",
            "/",
            "*/99",
            "1,*/1",
            "60-60",
            "?",
            "L",
            "5L",
            "LW",
            "L-3",
            "1W",
            "1#2",
            "#",
            "1|2",
            "||",
            "|",
            "*/-1",
            "1-1-1",
            "0x1",
            "1e1",
            "@hourly");

    /** A Tuesday. */
    private static final Instant NOW = Instant.parse("2026-11-24T08:17:30Z");

    private final CronCalendar calendar = new CronUtilsCalendar();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * * *             | 2026-11-24T08:18:00Z",
                "17 8 * * *            | 2026-11-25T08:17:00Z",
                "*/15 * * * *          | 2026-11-24T08:30:00Z",
                "5-50/20 * * * *       | 2026-11-24T08:25:00Z",
                "*/05 * * * *          | 2026-11-24T08:20:00Z",
                "00 09 * * *           | 2026-11-24T09:00:00Z",
                "10,20,30 8-10 * * *   | 2026-11-24T08:20:00Z",
                "0 0 1 1 *             | 2027-01-01T00:00:00Z",
                "0 0 1 JAN *           | 2027-01-01T00:00:00Z",
                "0 0 1 feb-Apr *       | 2027-02-01T00:00:00Z",
                "0 0 1 */5 *           | 2027-01-01T00:00:00Z",
                "0 0 31 * *            | 2026-12-31T00:00:00Z",
                "0 0 29 2 *            | 2028-02-29T00:00:00Z",
                "0 0 * * 0             | 2026-11-29T00:00:00Z",
                "0 0 * * 7             | 2026-11-29T00:00:00Z",
                "0 0 * * sun           | 2026-11-29T00:00:00Z",
                "0 0 * * MON           | 2026-11-30T00:00:00Z",
                "0 0 * * 5-7           | 2026-11-27T00:00:00Z",
                "0 0 * * sat-sun       | 2026-11-28T00:00:00Z",
                "0 0 * * SUN-MON       | 2026-11-29T00:00:00Z",
                "0 0 * * SUN-SUN       | 2026-11-29T00:00:00Z",
                "0 0 * * 1-7/7         | 2026-11-30T00:00:00Z",
                "0 0 * * 0-7/7         | 2026-11-29T00:00:00Z",
                "0 0 * * */7           | 2026-11-29T00:00:00Z",
                "0 0 * * 1-5/3         | 2026-11-26T00:00:00Z",
                "0 0 * * 4,MON         | 2026-11-26T00:00:00Z",
                "0 0 13 * FRI          | 2026-11-27T00:00:00Z",
                "0 0 25 * FRI          | 2026-11-25T00:00:00Z",
                "0 0 13 * *            | 2026-12-13T00:00:00Z",
            })
    void readsUnixCron(String expression, Instant next) {
        assertThat(after(NOW, expression)).contains(next);
    }

    @ParameterizedTest
    @CsvSource({
        "0 * * * *, 2026-11-24T09:00:00Z, 2026-11-24T10:00:00Z",
        "0 2 * * *, 2026-11-25T02:00:00Z, 2026-11-26T02:00:00Z",
        "0 2 * * 0, 2026-11-29T02:00:00Z, 2026-12-06T02:00:00Z",
        "0 2 1 * *, 2026-12-01T02:00:00Z, 2027-01-01T02:00:00Z",
        "0 */6 * * *, 2026-11-24T12:00:00Z, 2026-11-24T18:00:00Z",
        "0 */12 * * *, 2026-11-24T12:00:00Z, 2026-11-25T00:00:00Z",
    })
    void readsThePresets(String expression, Instant first, Instant second) {
        assertThat(after(NOW, expression)).contains(first);
        assertThat(after(first, expression)).contains(second);
    }

    @ParameterizedTest
    @ValueSource(strings = {" 0 2 * * *", "0 2 * * * ", "0  2 *   * *", "\t0\t2\t*\t*\t*\t", " \t 0 2 \t * * * \t"})
    void takesAnyBlanksBetweenTheFieldsAndAroundThem(String expression) {
        assertThat(after(NOW, expression)).contains(Instant.parse("2026-11-25T02:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0 2 * * *\n", "0\n2 * * *", "0 2 * * *\u00a0", "0\u00a02 * * *", "0 2 * *\r*", "0 2\u2003* * *"
            })
    void takesNoOtherWhiteSpace(String expression) {
        assertThat(refusal(expression).getMessage()).contains(EXAMPLE);
    }

    @ParameterizedTest
    @CsvSource({
        "0 2 * *, 4",
        "0 2 * * * *, 6",
        "0 0 2 * * * 2027, 7",
        "@daily, 1",
        "@reboot, 1",
        "tomorrow, 1",
        "'   ', 0",
    })
    void saysHowManyFieldsThereAre(String expression, int fields) {
        assertThat(refusal(expression).getMessage())
                .startsWith(
                        "cron expression must have 5 fields (minute, hour, day of the month, month, day of the week), not "
                                + fields + ", " + EXAMPLE)
                .endsWith("\"" + expression + "\"");
    }

    @ParameterizedTest
    @NullAndEmptySource
    void mustBeGiven(String expression) {
        assertThat(refusal(expression).getMessage()).contains(EXAMPLE);
    }

    @Test
    void hasABound() {
        String longest = "0 2 * * *" + " ".repeat(246);

        assertThat(after(NOW, longest)).isPresent();
        assertThat(refusal(longest + " ").rule())
                .startsWith("must be at most 255 characters")
                .endsWith(EXAMPLE);
        assertThat(refusal("0,".repeat(1_000_000) + "0 2 * * *").rule()).startsWith("must be at most 255 characters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "60 2 * * *          | minute",
                "-1 2 * * *          | minute",
                "*/0 2 * * *         | minute",
                "*/60 2 * * *        | minute",
                "5-1 2 * * *         | minute",
                "5/15 2 * * *        | minute",
                "/5 2 * * *          | minute",
                "5-/2 2 * * *        | minute",
                "5-10/ 2 * * *       | minute",
                "1-5/2/3 2 * * *     | minute",
                "1-5-9 2 * * *       | minute",
                "1,,2 2 * * *        | minute",
                "1, 2 * * *          | minute",
                ",1 2 * * *          | minute",
                "*,5 2 * * *         | minute",
                "** 2 * * *          | minute",
                "+5 2 * * *          | minute",
                "005 2 * * *         | minute",
                "\u0665 2 * * *      | minute",
                "MON 2 * * *         | minute",
                "99999999999 2 * * * | minute",
                "0 24 * * *          | hour",
                "0 2-24 * * *        | hour",
                "0 ? * * *           | hour",
                "0 2 0 * *           | day of the month",
                "0 2 32 * *          | day of the month",
                "0 2 L * *           | day of the month",
                "0 2 15W * *         | day of the month",
                "0 2 ? * *           | day of the month",
                "0 2 * 0 *           | month",
                "0 2 * 13 *          | month",
                "0 2 * JANUARY *     | month",
                "0 2 * MAR-JAN *     | month",
                "0 2 * MON *         | month",
                "0 2 * * 8           | day of the week",
                "0 2 * * FRI-MON     | day of the week",
                "0 2 * * 5-0         | day of the week",
                "0 2 * * 1-8/7       | day of the week",
                "0 2 * * 5-2/7       | day of the week",
                "0 2 * * FRI#2       | day of the week",
                "0 2 * * 5L          | day of the week",
                "0 2 * * JAN         | day of the week",
                "0 2 * * ?           | day of the week",
            })
    void saysWhichFieldIsWrong(String expression, String field) {
        InvalidValueException refusal = refusal(expression);

        assertThat(refusal.field()).isEqualTo("cron expression");
        assertThat(refusal.rule())
                .startsWith("must have as its " + field + " * or ")
                .contains("a list 1,2", "a range 1-5", "a step */2 or 1-5/2")
                .endsWith(EXAMPLE);
        assertThat(refusal.value()).isEqualTo("\"" + expression + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1|2 2 * * *", "0 2 * * *|0 3 * * *", "0 2 * * * || 0 3 * * *", "|| || || || ||"})
    void refusesSeveralInOneAsTheLibraryWouldTake(String expression) {
        assertThat(refusal(expression).getMessage()).contains(EXAMPLE);
    }

    @Test
    void saysWhatTheFirstWrongFieldTakes() {
        assertThat(refusal("0 25 * 13 *"))
                .hasMessage(
                        "cron expression must have as its hour * or 0 to 23, also in a list 1,2, in a range 1-5 or with a step"
                                + " */2 or 1-5/2, like 0 2 * * *: every day at 02:00, but is \"0 25 * 13 *\"");
        assertThat(refusal("0 2 * 13 *").rule()).contains("1 to 12 or JAN to DEC");
        assertThat(refusal("0 2 * * 9").rule()).contains("0 to 7 or SUN to SAT (0 and 7 are Sunday)");
    }

    @Test
    void readsNamesInAnyLanguageOfTheMachine() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(after(NOW, "0 0 * * fri")).contains(Instant.parse("2026-11-27T00:00:00Z"));
            Locale.setDefault(Locale.forLanguageTag("ar-u-nu-arab"));
            assertThat(after(NOW, "*/30 0 * apr-12/2 1-5")).contains(Instant.parse("2026-12-01T00:00:00Z"));
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 30 2 *", "* * 30 2 *", "*/5 3 31 2,4,6,9,11 *", "0 * 30-31 FEB *"})
    void findsNothingWhereThereIsNothing(String expression) {
        for (String zone : List.of("UTC", "Europe/Berlin", "Pacific/Apia")) {
            assertThat(calendar.occurrences(expression, ZoneId.of(zone)).after(NOW))
                    .isEmpty();
        }
    }

    @Test
    void waitsEightYearsForALeapDayThatACenturyLeavesOut() {
        assertThat(after(Instant.parse("2096-02-29T00:00:00Z"), "0 0 29 2 *"))
                .contains(Instant.parse("2104-02-29T00:00:00Z"));
        assertThat(calendar.occurrences("0 * 29 2 *", ZoneId.of("Europe/Berlin"))
                        .after(Instant.parse("2096-02-29T23:00:00Z")))
                .contains(Instant.parse("2104-02-28T23:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 2 * * *", "0 * * * *", "* * * * *", "0 0 29 2 *"})
    void endsWithTheYear9999(String expression) {
        for (String zone : List.of("UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin", "America/New_York")) {
            CronCalendar.Occurrences occurrences = calendar.occurrences(expression, ZoneId.of(zone));

            assertThat(occurrences.after(Instant.parse("9999-12-31T23:59:00Z"))).isEmpty();
            assertThat(occurrences.after(Instant.parse("+10000-01-01T00:00:00Z")))
                    .isEmpty();
            assertThat(occurrences.after(Instant.MAX)).isEmpty();
        }
        assertThat(after(Instant.parse("9999-12-31T01:59:00Z"), "0 2 * * *"))
                .contains(Instant.parse("9999-12-31T02:00:00Z"));
        assertThat(after(Instant.parse("9999-12-31T22:59:59Z"), "0 * * * *"))
                .contains(Instant.parse("9999-12-31T23:00:00Z"));
    }

    @Test
    void beginsWithTheYear1() {
        for (Instant early : List.of(Instant.MIN, Instant.EPOCH.minusSeconds(70_000_000_000L))) {
            assertThat(after(early, "0 2 * * *")).contains(Instant.parse("0001-01-01T02:00:00Z"));
            assertThat(after(early, "0 * * * *")).contains(Instant.parse("0001-01-01T00:00:00Z"));
        }
        assertThat(after(Instant.parse("0001-01-01T00:00:00Z"), "0 0 * * *"))
                .contains(Instant.parse("0001-01-02T00:00:00Z"));
        // the sun's own time there: 4:56:02 behind, and 4:56 of the year 0 are left out
        CronCalendar.Occurrences newYork = calendar.occurrences("0 0 * * *", ZoneId.of("America/New_York"));
        assertThat(newYork.after(Instant.MIN)).contains(Instant.parse("0001-01-01T04:56:02Z"));
    }

    @Test
    void isStrictlyLaterToTheNanosecond() {
        Instant due = Instant.parse("2026-11-24T09:00:00Z");

        assertThat(after(due.minusNanos(1), "0 9 * * *")).contains(due);
        assertThat(after(due, "0 9 * * *")).contains(Instant.parse("2026-11-25T09:00:00Z"));
        assertThat(after(due.plusNanos(1), "0 9 * * *")).contains(Instant.parse("2026-11-25T09:00:00Z"));
        assertThat(after(due.minusNanos(1), "0 * * * *")).contains(due);
        assertThat(after(due, "0 * * * *")).contains(Instant.parse("2026-11-24T10:00:00Z"));
    }

    @Test
    void throwsNothingElseWhateverTheText() {
        Random random = new Random(20_261_124);
        int understood = 0;
        for (int i = 0; i < 20_000; i++) {
            String text = i % 2 == 0 ? anyText(random) : nearlyRight(random);
            Optional<Instant> next;
            try {
                next = after(NOW, text);
            } catch (InvalidValueException e) {
                assertThat(e.field()).isEqualTo("cron expression");
                assertThat(e.rule()).endsWith(EXAMPLE);
                continue;
            }
            understood++;
            assertThat(next.orElse(Instant.MAX)).as(text).isAfter(NOW);
        }
        assertThat(understood).isBetween(3_000, 10_000);
    }

    private static String anyText(Random random) {
        return random.ints(random.nextInt(40), 0, 0x500)
                .map(c -> random.nextInt(3) == 0 ? c : " \t*/,-0123456789LW#?@|MONJAN".charAt(c % 27))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** A right expression with another field or another character in it, or none. */
    private static String nearlyRight(Random random) {
        String text = Reference.expression(random);
        int at = random.nextInt(text.length());
        return switch (random.nextInt(3)) {
            case 0 -> text;
            case 1 -> text.substring(0, at) + (char) (' ' + random.nextInt(95)) + text.substring(at + 1);
            default -> {
                String[] fields = text.split(" ", -1);
                fields[random.nextInt(5)] = ODD_FIELDS.get(random.nextInt(ODD_FIELDS.size()));
                yield String.join(" ", fields);
            }
        };
    }

    private Optional<Instant> after(Instant instant, String expression) {
        return calendar.occurrences(expression, ZoneOffset.UTC).after(instant);
    }

    private InvalidValueException refusal(String expression) {
        return assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> calendar.occurrences(expression, ZoneOffset.UTC))
                .actual();
    }
}
