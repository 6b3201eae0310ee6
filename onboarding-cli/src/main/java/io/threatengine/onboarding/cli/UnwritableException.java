package io.threatengine.onboarding.cli;

import java.io.IOException;
import java.util.Locale;

/** Standard output takes no more. */
final class UnwritableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnwritableException(IOException cause) {
        super("standard output cannot be written: " + cause.getMessage(), cause);
    }

    /** As behind {@code | head}. Java has only the system's words for it: of Linux and macOS, and of Windows. */
    boolean isClosedPipe() {
        String message = String.valueOf(getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("broken pipe") || message.contains("pipe is being closed");
    }
}
