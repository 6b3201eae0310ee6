package io.threatengine.onboarding.internal;

import io.threatengine.onboarding.error.InvalidValueException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The checks that several kinds of values share. Each returns the value it was given, or throws. */
public final class Rules {
    /** The longest name of a tenant or an account, in characters. */
    public static final int LONGEST_NAME = 255;

    /** Far below the 400 KB of an item, in which other engines keep their attributes too. */
    private static final int LONGEST_DESCRIPTION = 16_384;

    private static final int LONGEST_ID = 128;

    /** The longest text that follows a pattern is an ARN (IAM API Reference, type arnType). */
    private static final int LONGEST_MATCHED = 2_048;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private Rules() {}

    /** An id: what the engines write is a UUID's text; anything that is safe in a key, a path and a log is accepted. */
    public static String id(String field, @Nullable String value) {
        if (value == null || value.length() > LONGEST_ID || !ID.matcher(value).matches()) {
            throw new InvalidValueException(
                    field,
                    "must be 1 to " + LONGEST_ID + " letters, digits, '.', '_' or '-', starting with a letter or digit",
                    value);
        }
        return value;
    }

    /** A name that people read: not blank, no control characters, no white space around it. */
    public static String name(String field, @Nullable String value) {
        String rule = "must be 1 to " + LONGEST_NAME + " printable characters without white space around them";
        return matching(field, rule, value, 1, LONGEST_NAME);
    }

    /** Text of {@code shortest} to {@code longest} printable characters without white space around it. */
    public static String printable(String field, @Nullable String value, int shortest, int longest) {
        String rule =
                "must be " + shortest + " to " + longest + " printable characters without white space around them";
        return matching(field, rule, value, shortest, longest);
    }

    /** One of a kind's values (a status, a type): what is stored may be unknown here, but is never empty or odd. */
    public static String word(String field, @Nullable String value) {
        return printable(field, value, 1, LONGEST_NAME);
    }

    /** What a person writes about something; may be empty. */
    public static String description(String field, @Nullable String value) {
        if (value == null || value.length() > LONGEST_DESCRIPTION) {
            throw new InvalidValueException(
                    field, "must be given and at most " + LONGEST_DESCRIPTION + " characters", value);
        }
        return value;
    }

    /** Free text, not blank, of at most so many characters; line breaks are fine. */
    public static String text(String field, @Nullable String value, int longest) {
        if (value == null || value.isBlank() || value.length() > longest) {
            throw new InvalidValueException(field, "must be 1 to " + longest + " characters and not blank", value);
        }
        return value;
    }

    /** Short texts: regions, services. */
    public static List<String> words(String field, List<String> values) {
        List<String> copy = List.copyOf(values);
        copy.forEach(value -> word(field, value));
        return copy;
    }

    /** Text as the pattern has it. A longer one than any that is given out is not even looked at. */
    public static String matches(String field, String rule, @Nullable String value, Pattern pattern) {
        if (value == null
                || value.length() > LONGEST_MATCHED
                || !pattern.matcher(value).matches()) {
            throw new InvalidValueException(field, rule, value);
        }
        return value;
    }

    private static String matching(String field, String rule, @Nullable String value, int shortest, int longest) {
        if (value == null) {
            throw new InvalidValueException(field, rule, null);
        }
        int length = value.codePointCount(0, value.length());
        boolean printable = value.codePoints().noneMatch(Rules::unprintable);
        if (length < shortest || length > longest || !printable || !isTrimmedAndVisible(value)) {
            throw new InvalidValueException(field, rule, value);
        }
        return value;
    }

    private static boolean isTrimmedAndVisible(String value) {
        return value.isEmpty()
                || (!isSpace(value.codePointAt(0))
                        && !isSpace(value.codePointBefore(value.length()))
                        && value.codePoints().anyMatch(c -> !isSpace(c) && Character.getType(c) != Character.FORMAT));
    }

    /** White space as people see it: no-break spaces too. */
    private static boolean isSpace(int codePoint) {
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint);
    }

    private static boolean unprintable(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.CONTROL
                || type == Character.SURROGATE
                || type == Character.UNASSIGNED
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
