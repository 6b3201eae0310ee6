package io.threatengine.onboarding.storage;

import io.threatengine.onboarding.error.InvalidValueException;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How work on many rows is done. Immutable.
 *
 * <pre>{@code
 * BulkOptions.defaults().withParallelism(16).withProgress(progress -> log.info("{}", progress));
 * }</pre>
 *
 * @param parallelism how many calls are under way at once, 1 to {@value #MOST_PARALLEL}. The default, {@value
 *     #DEFAULT_PARALLELISM}, stays far below the 64 connections of a client that this library opens, so that others get
 *     theirs, and below what one partition takes
 * @param progress told after each call, never by two threads at once; what it throws ends the work
 */
public record BulkOptions(int parallelism, Consumer<? super BulkProgress> progress) {
    static final int DEFAULT_PARALLELISM = 8;
    static final int MOST_PARALLEL = 64;

    public BulkOptions {
        Objects.requireNonNull(progress, "progress");
        if (parallelism < 1 || parallelism > MOST_PARALLEL) {
            throw new InvalidValueException(
                    "parallelism", "must be 1 to " + MOST_PARALLEL, Integer.toString(parallelism));
        }
    }

    public static BulkOptions defaults() {
        return new BulkOptions(DEFAULT_PARALLELISM, progress -> {});
    }

    public BulkOptions withParallelism(int calls) {
        return new BulkOptions(calls, progress);
    }

    public BulkOptions withProgress(Consumer<? super BulkProgress> listener) {
        return new BulkOptions(parallelism, listener);
    }
}
