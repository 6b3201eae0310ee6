package io.threatengine.onboarding.storage;

import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Pages of one stream, each fetched while the one before is consumed. Of one thread, but for the fetching. */
final class Prefetch<T> implements Listing.Pages<T> {
    /** A page with what it had to report, which the consumer's thread is told, not the fetching one. */
    private record Fetched<T>(Page<T> page, List<MalformedDataException> unreadable) {}

    private final BiFunction<@Nullable PageToken, Consumer<MalformedDataException>, Page<T>> reader;
    private final Consumer<MalformedDataException> unreadable;
    private final Executor executor;
    private @Nullable FutureTask<Fetched<T>> underWay;

    Prefetch(
            BiFunction<@Nullable PageToken, Consumer<MalformedDataException>, Page<T>> reader,
            Consumer<MalformedDataException> unreadable,
            Executor executor) {
        this.reader = reader;
        this.unreadable = unreadable;
        this.executor = executor;
    }

    @Override
    public Page<T> after(@Nullable PageToken token) {
        FutureTask<Fetched<T>> fetching = underWay;
        // whatever comes of it: where it fails, the next call tries the same page anew
        underWay = null;
        Fetched<T> fetched = fetching == null || fetching.isCancelled() ? fetch(token) : await(fetching);
        fetched.unreadable().forEach(unreadable);
        PageToken next = fetched.page().next();
        if (next != null) {
            underWay = new FutureTask<>(() -> fetch(next));
            begin(underWay);
        }
        return fetched.page();
    }

    private void begin(FutureTask<Fetched<T>> task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            // it is busy or shut down: the page is fetched when it is needed
        }
    }

    private Fetched<T> fetch(@Nullable PageToken token) {
        List<MalformedDataException> broken = new ArrayList<>();
        Page<T> page = reader.apply(token, broken::add);
        return new Fetched<>(page, broken);
    }

    private static <V> V await(FutureTask<V> task) {
        // here and now, unless it has begun: an executor that was shut down may never come to it
        task.run();
        try {
            return task.get();
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException("reading the next page", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }
}
