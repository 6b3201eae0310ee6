package io.threatengine.onboarding.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/** Standard output and standard error. Not thread-safe. */
final class Output {
    private final Writer out;
    private final Writer err;
    private final boolean json;
    private final Ansi ansi;

    Output(Shell shell, boolean json, boolean colours) {
        this.out = writer(shell.out());
        this.err = writer(shell.err());
        this.json = json;
        this.ansi = colours ? shell.ansi() : Ansi.OFF;
    }

    private static Writer writer(OutputStream stream) {
        return new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
    }

    /** Whether the result is to be one JSON document. */
    boolean isJson() {
        return json;
    }

    /** A line for people on standard output. */
    void line(String text) {
        write(text + '\n');
    }

    /** A template, as it is. */
    void text(String text) {
        write(text);
    }

    /** A line on standard error of how far it is; nothing in JSON mode, where standard error holds a document or nothing. */
    void progress(String text) {
        if (!json) {
            writeError(shown(text) + '\n');
        }
    }

    /** Something on standard error, as it is. */
    void error(String text) {
        writeError(text.endsWith("\n") ? text : text + '\n');
    }

    /** Ends the command where nobody can read what it says: there is nobody to go on for. */
    private void write(String text) {
        try {
            out.write(text);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(new UnwritableException(e));
        }
    }

    /** Ends nothing: a change that is under way goes on when nobody looks at its progress. */
    private void writeError(String text) {
        try {
            err.write(text);
            err.flush();
        } catch (IOException e) {
            // there is no third place to say so
        }
    }

    /** Ended by a reset: what ends bold alone begins an underline on many terminals. */
    String coloured(String text, Style... styles) {
        return ansi.enabled() ? Style.on(styles) + text + Style.reset.on() : text;
    }

    /**
     * What others have written, as a terminal may be given it: on one line, and with nothing in it that moves the cursor or
     * changes colours.
     */
    static String shown(String text) {
        var shown = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean harmless = switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> false;
                default -> true;
            };
            if (harmless) {
                shown.appendCodePoint(c);
            } else {
                shown.append(String.format("\\u%04x", c));
            }
        });
        return shown.toString();
    }

    /** Text filled up with blanks; never cut. */
    static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.codePointCount(0, text.length())));
    }

    // ---- JSON

    /** Writes one document, an object, to standard output. */
    void document(Content content) {
        try {
            write(out, content);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(new UnwritableException(e));
        }
    }

    /** A document as a text. */
    static String textOf(Content content) {
        var text = new StringWriter();
        try {
            write(text, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a text can always be written to
        }
        return text.toString();
    }

    private static void write(Writer writer, Content content) throws IOException {
        // closed only where the content is whole: brackets must not make up for what is missing
        JsonGenerator generator = new JsonFactory()
                .createGenerator(writer)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .setPrettyPrinter(new DefaultPrettyPrinter()
                        .withSeparators(Separators.createDefaultInstance()
                                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                                .withObjectEmptySeparator("")
                                .withArrayEmptySeparator(""))
                        .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                        .withArrayIndenter(new DefaultIndenter("  ", "\n")));
        generator.writeStartObject();
        content.write(new Fields(generator));
        generator.writeEndObject();
        generator.writeRaw('\n');
        generator.close();
    }

    /** Writes the fields of an object. */
    interface Content {
        void write(Fields fields) throws IOException;
    }

    /** The fields of an object that is being written. Names are snake case, as in rows and secrets. */
    static final class Fields {
        private final JsonGenerator generator;

        private Fields(JsonGenerator generator) {
            this.generator = generator;
        }

        Fields text(String name, @Nullable String value) throws IOException {
            generator.writeStringField(name, value);
            return this;
        }

        Fields text(String name, Optional<String> value) throws IOException {
            return text(name, value.orElse(null));
        }

        Fields number(String name, long value) throws IOException {
            generator.writeNumberField(name, value);
            return this;
        }

        /** To the cent, or the hundredth. */
        Fields amount(String name, double value) throws IOException {
            generator.writeNumberField(name, BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_UP));
            return this;
        }

        Fields flag(String name, boolean value) throws IOException {
            generator.writeBooleanField(name, value);
            return this;
        }

        /** In UTC, as ISO 8601; null where there is none. */
        Fields time(String name, @Nullable Instant value) throws IOException {
            return text(name, value == null ? null : value.toString());
        }

        Fields object(String name, Content content) throws IOException {
            generator.writeObjectFieldStart(name);
            content.write(this);
            generator.writeEndObject();
            return this;
        }

        Fields texts(String name, Collection<String> values) throws IOException {
            generator.writeArrayFieldStart(name);
            for (String value : values) {
                generator.writeString(value);
            }
            generator.writeEndArray();
            return this;
        }

        /** An array of objects, each written when it comes. */
        <T> Fields objects(String name, Iterable<T> values, Each<T> each) throws IOException {
            generator.writeArrayFieldStart(name);
            for (T value : values) {
                generator.writeStartObject();
                each.write(value, this);
                generator.writeEndObject();
            }
            generator.writeEndArray();
            return this;
        }
    }

    /** Writes the fields of one of several objects. */
    interface Each<T> {
        void write(T value, Fields fields) throws IOException;
    }

    // ---- errors

    /** Says what went wrong: a line, or a document. */
    void failure(String type, String message, ExitCode code, @Nullable Throwable trace) {
        String stack = trace == null ? null : stackOf(trace);
        if (json) {
            writeError(textOf(fields -> fields.object("error", error -> {
                error.text("type", type).text("message", message).number("exit_code", code.number());
                if (stack != null) {
                    error.text("stack_trace", stack);
                }
            })));
        } else {
            error(coloured("error: ", Style.bold, Style.fg_red) + shown(message));
            if (stack != null) {
                error(stack);
            }
        }
    }

    private static String stackOf(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
