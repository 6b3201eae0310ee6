package io.threatengine.onboarding.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * What is around a command beside its arguments.
 *
 * @param environment the environment variables
 * @param in standard input
 * @param out standard output, as it is: what fails to be written must be seen
 * @param err standard error
 * @param ansi whether there may be colours
 * @param confirm asks a question whose answer may be yes; null where nobody can be asked
 */
record Shell(
        Map<String, String> environment,
        InputStream in,
        OutputStream out,
        OutputStream err,
        Ansi ansi,
        @Nullable Predicate<String> confirm) {

    /** Of this process. Colours where standard output is a terminal and {@code NO_COLOR} is not set. */
    @SuppressWarnings("SystemConsoleNull") // until JDK 21 there is none where nobody sits
    static Shell ofProcess() {
        Console console = System.console();
        return new Shell(
                System.getenv(),
                System.in,
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                Ansi.AUTO.enabled() ? Ansi.ON : Ansi.OFF,
                console != null && isTerminal(console) ? question -> ask(console, question) : null);
    }

    /** From JDK 22 on there is a console everywhere, and it says whether somebody sits at it. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    private static boolean ask(Console console, String question) {
        String answer = console.readLine("%s [y/N] ", question);
        return answer != null && (answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes"));
    }
}
