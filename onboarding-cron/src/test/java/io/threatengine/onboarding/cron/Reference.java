package io.threatengine.onboarding.cron;

import java.time.LocalDateTime;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/** A second opinion: random expressions, and whether they name a local minute, in the plainest way there is. */
final class Reference {
    private static final List<String> MONTHS =
            List.of("", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet daysOfMonth;
    private final BitSet months;
    private final BitSet daysOfWeek;
    private final boolean anyDayOfMonth;
    private final boolean anyDayOfWeek;

    Reference(String expression) {
        String[] fields = expression.split(" ", -1);
        minutes = values(fields[0], 0, 59, List.of());
        hours = values(fields[1], 0, 23, List.of());
        daysOfMonth = values(fields[2], 1, 31, List.of());
        months = values(fields[3], 1, 12, MONTHS);
        daysOfWeek = values(fields[4], 0, 7, DAYS);
        anyDayOfMonth = fields[2].equals("*");
        anyDayOfWeek = fields[4].equals("*");
    }

    boolean names(LocalDateTime time) {
        boolean byMonth = daysOfMonth.get(time.getDayOfMonth());
        int day = time.getDayOfWeek().getValue();
        boolean byWeek = daysOfWeek.get(day) || (day == 7 && daysOfWeek.get(0));
        boolean byDay = (anyDayOfMonth || anyDayOfWeek) ? (byMonth && byWeek) : (byMonth || byWeek);
        return byDay && minutes.get(time.getMinute()) && hours.get(time.getHour()) && months.get(time.getMonthValue());
    }

    private static BitSet values(String field, int lowest, int highest, List<String> names) {
        var values = new BitSet();
        for (String element : field.split(",", -1)) {
            String[] parts = element.split("/", -1);
            int step = parts.length == 1 ? 1 : Integer.parseInt(parts[1]);
            int from = lowest;
            int to = highest;
            if (!parts[0].equals("*")) {
                String[] ends = parts[0].split("-", -1);
                from = value(ends[0], names);
                to = ends.length == 1 ? from : value(ends[1], names);
                if (ends.length == 2 && ends[1].equals("SUN")) {
                    to = 7;
                }
            }
            for (int value = from; value <= to; value += step) {
                values.set(value);
            }
        }
        return values;
    }

    private static int value(String text, List<String> names) {
        return names.contains(text) ? names.indexOf(text) : Integer.parseInt(text);
    }

    static String expression(Random random) {
        return String.join(
                " ",
                minute(random),
                field(random, 0, 23, List.of()),
                field(random, 1, 31, List.of()),
                field(random, 1, 12, MONTHS),
                field(random, 0, 7, DAYS));
    }

    static String minute(Random random) {
        return field(random, 0, 59, List.of());
    }

    static String field(Random random, int lowest, int highest, List<String> names) {
        if (random.nextInt(3) == 0) {
            return "*";
        }
        var list = new StringJoiner(",");
        for (int i = random.nextInt(3); i >= 0; i--) {
            int from = random.nextInt(lowest, highest + 1);
            int to = random.nextInt(from, highest + 1);
            // a step of one from * is *, for every cron
            int step = random.nextInt(2, Math.min(highest, 20) + 1);
            switch (random.nextInt(4)) {
                case 0 -> list.add("*/" + step);
                case 1 -> list.add(text(random, from, names));
                case 2 -> list.add(text(random, from, names) + "-" + (to == 7 ? "7" : text(random, to, names)));
                default -> list.add(text(random, from, names) + "-" + to + "/" + step);
            }
        }
        return list.toString();
    }

    private static String text(Random random, int value, List<String> names) {
        boolean named = value < names.size() && random.nextBoolean();
        return named ? names.get(value) : String.valueOf(value);
    }
}
