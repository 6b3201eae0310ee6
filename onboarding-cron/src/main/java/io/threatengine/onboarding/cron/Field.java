package io.threatengine.onboarding.cron;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The fields of an expression, in its order. What a field may look like is checked here, since the library reads more than
 * it should ({@code 5-10/}, {@code |}, signs, digits of other scripts); whether its numbers are in range is left to it.
 */
enum Field {
    MINUTE("minute", "0 to 59", List.of()),
    HOUR("hour", "0 to 23", List.of()),
    DAY_OF_MONTH("day of the month", "1 to 31", List.of()),
    MONTH("month", "1 to 12 or JAN to DEC", Names.MONTHS),
    DAY_OF_WEEK("day of the week", "0 to 7 or SUN to SAT (0 and 7 are Sunday)", Names.DAYS);

    private static final Pattern RANGE = Pattern.compile("(?<from>[^-]+)-(?<to>[^/]+)(?<step>/.+)?");

    private final String label;
    private final String values;
    private final Pattern form;

    Field(String label, String values, List<String> names) {
        this.label = label;
        this.values = values;
        String value = names.isEmpty() ? "\\d{1,2}" : "(?:\\d{1,2}|" + String.join("|", names) + ")";
        String element = "(?:\\*/\\d{1,2}|" + value + "(?:-" + value + "(?:/\\d{1,2})?)?)";
        this.form = Pattern.compile("\\*|" + element + "(?:," + element + ")*", Pattern.CASE_INSENSITIVE);
    }

    /** All of them, for a message. */
    static String labels() {
        return Arrays.stream(values()).map(field -> field.label).collect(Collectors.joining(", "));
    }

    /** What holds for this field, for a message. */
    String rule() {
        return "must have as its " + label + " * or " + values
                + ", also in a list 1,2, in a range 1-5 or with a step */2 or 1-5/2";
    }

    boolean isWellFormed(String text) {
        return form.matcher(text).matches();
    }

    /** A well-formed field as the library takes it: in upper case, steps without a zero in front. */
    String forTheLibrary(String text) {
        String field = text.toUpperCase(Locale.ROOT).replace("/0", "/");
        return this == DAY_OF_WEEK
                ? Arrays.stream(field.split(",", -1)).map(Field::days).collect(Collectors.joining(","))
                : field;
    }

    /**
     * A range of days in numbers, since the library takes Sunday's name for 7 where it begins a range too. A step of 7, which
     * it takes for one of 0, leaves the first day alone.
     */
    private static String days(String element) {
        Matcher range = RANGE.matcher(element);
        if (!range.matches()) {
            return element;
        }
        int from = number(range.group("from"));
        int to = from > 0 && "SUN".equals(range.group("to")) ? 7 : number(range.group("to"));
        String step = range.group("step");
        if ("/7".equals(step) && from <= to && to <= 7) {
            return String.valueOf(from);
        }
        return from + "-" + to + (step == null ? "" : step);
    }

    private static int number(String day) {
        int name = Names.DAYS.indexOf(day);
        return name >= 0 ? name : Integer.parseInt(day);
    }

    private static final class Names {
        private static final List<String> MONTHS =
                List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
        private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
    }
}
