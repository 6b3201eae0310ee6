package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.storage.Listing;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists rows as they come, a page in memory at a time. A row that cannot be read is left out, and told of. */
@Command(name = "list")
abstract class ListCommand<T> extends CliCommand {
    static final int ID = 36;
    static final int WORD = 10;
    static final int TIME = 24;

    /** How many messages are kept of rows that cannot be read; all are counted. */
    private static final int MESSAGES = 100;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many. Without: all.")
    private @Nullable Integer limit;

    private final List<String> unreadable = new ArrayList<>();
    private long unreadableCount;
    private long count;

    @Override
    final ExitCode run() {
        if (limit != null && limit < 1) {
            throw usage("--limit must be at least 1");
        }
        try (var storage = DynamoDbStorage.open(settings(), cli().clientOptions())) {
            Listing<T> listing = listing(storage).reporting(this::leaveOut);
            long most = limit == null ? Long.MAX_VALUE : limit;
            Iterable<T> rows = () -> limited(listing.iterator(), most);
            if (output().isJson()) {
                output().document(document -> document.objects(name(), rows, this::write)
                        .number("count", count)
                        .number("unreadable_count", unreadableCount)
                        .texts("unreadable", unreadable));
            } else {
                output().line(header().stripTrailing());
                rows.forEach(row -> output().line(Output.shown(row(row)).stripTrailing()));
            }
        }
        return unreadableCount == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private Iterator<T> limited(Iterator<T> all, long most) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return count < most && all.hasNext();
            }

            @Override
            public T next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                count++;
                return all.next();
            }
        };
    }

    private void leaveOut(MalformedDataException row) {
        unreadableCount++;
        if (unreadable.size() < MESSAGES) {
            unreadable.add(String.valueOf(row.getMessage()));
        }
        output().progress("left out: " + row.getMessage());
    }

    /** What a row is called in documents. */
    abstract String name();

    abstract Listing<T> listing(OnboardingStorage storage);

    abstract String header();

    /** What is of any width comes last, so that nothing need be known of the rows that follow. */
    abstract String row(T row);

    abstract void write(T row, Output.Fields fields) throws IOException;

    static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    static String columns(Object... widthsAndTexts) {
        var line = new StringBuilder();
        for (int i = 0; i < widthsAndTexts.length; i += 2) {
            line.append(Output.padded(String.valueOf(widthsAndTexts[i + 1]), (Integer) widthsAndTexts[i]))
                    .append("  ");
        }
        return line.toString();
    }
}
