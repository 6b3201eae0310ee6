package io.threatengine.onboarding.cron;

import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.schedule.CronCalendar.Occurrences;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Random expressions against their definition, minute by minute. The seeds are fixed. */
class ReferenceTest {

    @Test
    void findsEveryMinuteOfAYearThatAnExpressionNames() {
        Random random = new Random(1);
        for (int i = 0; i < 40; i++) {
            String expression = Reference.expression(random);
            LocalDateTime start = LocalDateTime.of(2023 + i % 4, 1, 1, 0, 0);
            int length = (int) Duration.between(start, start.plusYears(1)).toMinutes();
            var reference = new Reference(expression);
            var named = new BitSet(length);
            for (int m = 0; m < length; m++) {
                named.set(m, reference.names(start.plusMinutes(m)));
            }
            Occurrences occurrences = new CronUtilsCalendar().occurrences(expression, ZoneOffset.UTC);

            int minute = -1; // one after the other from the beginning, then from anywhere
            for (int step = 0; step < 300; step++) {
                int expected = named.nextSetBit(minute + 1);
                Instant after = start.plusMinutes(minute).toInstant(ZoneOffset.UTC);
                Instant found = occurrences.after(after).orElse(Instant.MAX);
                if (expected < 0) {
                    assertThat(found)
                            .as("%s after %s", expression, after)
                            .isAfterOrEqualTo(start.plusYears(1).toInstant(ZoneOffset.UTC));
                } else {
                    assertThat(found)
                            .as("%s after %s", expression, after)
                            .isEqualTo(start.plusMinutes(expected).toInstant(ZoneOffset.UTC));
                }
                minute = step < 150 && expected >= 0 ? expected : random.nextInt(length);
            }
        }
    }

    @Test
    void isDueByTheRuleAroundEveryKindOfChangeInEveryZone() {
        Random random = new Random(2);
        List<String> zones =
                new TreeSet<>(ZoneId.getAvailableZoneIds()).stream().toList();
        for (String id : zones) {
            ZoneRules zone = ZoneId.of(id).getRules();
            Instant somewhere = Instant.parse("1880-01-01T00:00:00Z").plusSeconds(random.nextLong(157L * 31_556_952));
            ZoneOffsetTransition change = zone.nextTransition(somewhere);
            Instant middle = change == null ? somewhere : change.getInstant();
            boolean everyHour = random.nextBoolean();
            String hour = everyHour ? "*" : random.nextBoolean() ? "*/1" : "0-4,22,23";
            String expression = Reference.minute(random) + " " + hour + " * * " + (random.nextBoolean() ? "*" : "1-5");

            Instant from = middle.minus(Duration.ofHours(6)).minusSeconds(random.nextInt(3_600));
            Instant to = middle.plus(Duration.ofHours(6));
            NavigableSet<Instant> due =
                    due(new Reference(expression), everyHour, zone, from, to.plus(Duration.ofDays(4)));
            Occurrences occurrences = new CronUtilsCalendar().occurrences(expression, ZoneId.of(id));
            Instant at = from; // one after the other, then from anywhere, as from within repeated hours
            while (at.isBefore(to)) {
                at = assertNext(occurrences, at, due, expression + " in " + id);
            }
            for (int i = 0; i < 10; i++) {
                Instant anywhere = from.plusSeconds(
                        random.nextLong(Duration.between(from, to).toSeconds()));
                assertNext(occurrences, anywhere, due, expression + " in " + id);
            }
        }
    }

    private static Instant assertNext(Occurrences occurrences, Instant at, NavigableSet<Instant> due, String what) {
        Instant next = occurrences.after(at).orElseThrow();
        assertThat(next).as("%s after %s", what, at).isEqualTo(due.higher(at));
        return next;
    }

    /** Every hour: whenever the clocks show a named minute. Else the first time, or where they never do, when the gap ends. */
    private static NavigableSet<Instant> due(
            Reference reference, boolean everyHour, ZoneRules zone, Instant from, Instant to) {
        var due = new TreeSet<Instant>();
        LocalDateTime end = LocalDateTime.ofInstant(to, ZoneOffset.UTC).plusDays(2);
        LocalDateTime start = LocalDateTime.ofInstant(from, ZoneOffset.UTC)
                .minusDays(2)
                .withSecond(0)
                .withNano(0);
        for (LocalDateTime local = start; local.isBefore(end); local = local.plusMinutes(1)) {
            if (!reference.names(local)) {
                continue;
            }
            List<ZoneOffset> offsets = zone.getValidOffsets(local);
            if (everyHour) {
                for (ZoneOffset offset : offsets) {
                    due.add(local.toInstant(offset));
                }
            } else if (offsets.isEmpty()) {
                due.add(zone.getTransition(local).getInstant());
            } else {
                due.add(local.toInstant(offsets.get(0)));
            }
        }
        return due.subSet(from, false, to, true);
    }
}
