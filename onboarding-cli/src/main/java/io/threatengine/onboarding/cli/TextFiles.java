package io.threatengine.onboarding.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files that the operator names. What is written is a template, never a credential. */
final class TextFiles {
    private static final OpenOption[] ONCE = {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
    private static final OpenOption[] OVER = {
        StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE
    };

    private TextFiles() {}

    static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw failure(file, "cannot be read", e);
        }
    }

    /** Writes a file. One that exists is an error, unless it is to be replaced. */
    static void write(Path file, String text, boolean replacing) {
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8, replacing ? OVER : ONCE);
        } catch (FileAlreadyExistsException e) {
            throw failure(file, "exists; --force replaces it", e);
        } catch (IOException e) {
            throw failure(file, "cannot be written", e);
        }
    }

    private static UncheckedIOException failure(Path file, String problem, IOException cause) {
        String reason = cause instanceof NoSuchFileException ? ": there is no such file or folder" : "";
        return new UncheckedIOException(file + " " + problem + reason, cause);
    }
}
