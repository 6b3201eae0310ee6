package io.threatengine.onboarding.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files that the operator names. What is written is a template, never a credential. */
final class TextFiles {
    /** Price tables, policies and credentials are much smaller. */
    private static final int LARGEST = 1 << 20;

    private static final OpenOption[] ONCE = {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
    private static final OpenOption[] OVER = {
        StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE
    };

    private TextFiles() {}

    /** Reads a small file: whatever a user may name, one that never ends too. */
    static String read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new UncheckedIOException(
                        file + " cannot be read: it has more than " + LARGEST + " bytes", new IOException("too large"));
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
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
        return new UncheckedIOException(file + " " + problem + reason(file, cause), cause);
    }

    private static String reason(Path file, IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return ": there is no such file or folder";
        }
        if (cause instanceof AccessDeniedException) {
            return ": this user may not";
        }
        if (cause instanceof CharacterCodingException) {
            return ": it is no text in UTF-8";
        }
        return Files.isDirectory(file) ? ": it is a folder" : "";
    }
}
