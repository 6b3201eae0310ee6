package io.threatengine.onboarding.tests;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Several callers at once, as several processes would be. */
final class Parallel {
    private static final int THREADS = 4;

    private Parallel() {}

    /** Does the same for each, and fails as the first that fails. */
    static <T> void each(Collection<T> inputs, Consumer<T> action) {
        var threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Void>> calls = new ArrayList<>();
            inputs.forEach(input -> calls.add(() -> {
                action.accept(input);
                return null;
            }));
            for (Future<Void> call : threads.invokeAll(calls)) {
                call.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        } finally {
            threads.shutdownNow();
        }
    }
}
