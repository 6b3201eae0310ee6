package io.threatengine.onboarding.error;

/** What others have written, as a message may show it: on one line, of a bounded length, with nothing invisible in it. */
final class Shown {
    private Shown() {}

    /** In quotes; where it is shortened, the whole length stands behind. */
    static String quoted(String text, int longest) {
        return '"' + start(text, longest) + '"' + rest(text, longest);
    }

    /** Words of our own that may contain some of others. */
    static String plain(String text, int longest) {
        return start(text, longest) + rest(text, longest);
    }

    private static String start(String text, int longest) {
        var shown = new StringBuilder();
        text.codePoints().limit(longest).forEach(c -> {
            if (isInvisible(c)) {
                shown.append(String.format("\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }

    private static String rest(String text, int longest) {
        int length = text.codePointCount(0, text.length());
        return length <= longest ? "" : "… (" + length + " characters)";
    }

    private static boolean isInvisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
