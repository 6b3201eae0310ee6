package io.threatengine.onboarding.cron;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.threatengine.onboarding.error.InvalidValueException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An expression that was understood, and the local times that it names. The library is asked for them in UTC, so that it
 * never has to judge a change of the clocks.
 */
final class CronExpression {
    /** Every minute of the hour in a list is 169 characters. */
    private static final int LONGEST = 255;

    private static final String EXAMPLE = ", like 0 2 * * *: every day at 02:00";
    private static final Pattern BLANKS = Pattern.compile("[ \t]+");
    private static final Pattern BLANKS_AROUND = Pattern.compile("^[ \t]+|[ \t]+$");

    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    private final ExecutionTime times;
    private final boolean everyHour;

    private CronExpression(ExecutionTime times, boolean everyHour) {
        this.times = times;
        this.everyHour = everyHour;
    }

    /** Understands a text, or says what is wrong with it and what is right. */
    static CronExpression parse(@Nullable String text) {
        if (text == null) {
            throw invalid("must be given", null);
        }
        if (text.length() > LONGEST) {
            throw invalid("must be at most " + LONGEST + " characters", text);
        }
        List<String> texts = split(text);
        if (texts.size() != Field.values().length) {
            throw invalid("must have 5 fields (" + Field.labels() + "), not " + texts.size(), text);
        }
        var fields = new EnumMap<Field, String>(Field.class);
        Iterator<String> rest = texts.iterator();
        for (Field field : Field.values()) {
            String given = rest.next();
            if (!field.isWellFormed(given)) {
                throw invalid(field.rule(), text);
            }
            fields.put(field, field.forTheLibrary(given));
        }
        try {
            return new CronExpression(timesOf(String.join(" ", fields.values())), "*".equals(fields.get(Field.HOUR)));
        } catch (RuntimeException e) { // the library throws several kinds, and names no field
            throw invalid(wrongOf(fields).map(Field::rule).orElse("must be one of UNIX cron"), text);
        }
    }

    private static List<String> split(String text) {
        String trimmed = BLANKS_AROUND.matcher(text).replaceAll("");
        return trimmed.isEmpty() ? List.of() : List.of(BLANKS.split(trimmed));
    }

    private static ExecutionTime timesOf(String fields) {
        return ExecutionTime.forCron(PARSER.parse(fields));
    }

    /** The first field that the library refuses on its own. */
    private static Optional<Field> wrongOf(Map<Field, String> fields) {
        return fields.entrySet().stream()
                .filter(field -> !isUnderstoodAlone(field.getKey(), field.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean isUnderstoodAlone(Field field, String text) {
        String alone = Arrays.stream(Field.values())
                .map(other -> other == field ? text : "*")
                .collect(Collectors.joining(" "));
        try {
            timesOf(alone);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static InvalidValueException invalid(String rule, @Nullable String text) {
        return new InvalidValueException("cron expression", rule + EXAMPLE, text);
    }

    /** Whether the hour is {@code *}, so that the expression goes by the time that passes and not by the wall clock. */
    boolean isEveryHour() {
        return everyHour;
    }

    /** The first local time that it names, from this whole minute on; empty where it names none within a hundred years. */
    Optional<LocalDateTime> firstFrom(LocalDateTime minute) {
        return times.nextExecution(minute.minusMinutes(1).atZone(ZoneOffset.UTC))
                .map(ZonedDateTime::toLocalDateTime);
    }
}
