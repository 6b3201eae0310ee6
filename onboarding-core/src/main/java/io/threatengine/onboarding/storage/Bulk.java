package io.threatengine.onboarding.storage;

import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.storage.BulkResult.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Work on many rows, some calls at a time, with an outcome for each row: a row that fails does not stop the others.
 * Stateless.
 *
 * <pre>{@code
 * BulkResult<NewAccount, Account> result = Bulk.each(newAccounts, BulkOptions.defaults(), a -> accounts.create(provider, a));
 * result.failures().forEach(failure -> log.warn("{}: {}", failure.input().name(), failure.failure().getMessage()));
 * }</pre>
 *
 * <p>Where a service takes many rows in one call, the repositories have methods of their own: {@code getAll}, {@code
 * deleteAll}, {@code createAll}.
 */
public final class Bulk {
    private Bulk() {}

    /**
     * Does the operation for each input.
     *
     * @param operation called by several threads at once; an {@link OnboardingException} of its becomes the input's outcome
     * @throws OperationInterruptedException if the calling thread is interrupted; calls that are under way are interrupted
     *     too, and further ones not begun
     */
    public static <I, O> BulkResult<I, O> each(
            Collection<? extends I> inputs, BulkOptions options, Function<? super I, ? extends O> operation) {
        List<List<I>> one = new ArrayList<>(inputs.size());
        inputs.forEach(input -> one.add(List.of(input)));
        return new BulkResult<>(run(one, options, chunk -> List.of(outcome(chunk.get(0), operation))));
    }

    /**
     * For repositories: does the operation for chunks of inputs.
     *
     * @param size the most inputs of a chunk
     * @param operation gives one outcome for each input of its chunk, in their order; what it throws is the outcome of all
     */
    public static <I, O> BulkResult<I, O> chunks(
            Collection<? extends I> inputs,
            int size,
            BulkOptions options,
            Function<List<I>, List<Outcome<I, O>>> operation) {
        List<I> all = List.copyOf(inputs);
        List<List<I>> chunks = new ArrayList<>();
        for (int from = 0; from < all.size(); from += size) {
            chunks.add(all.subList(from, Math.min(from + size, all.size())));
        }
        return new BulkResult<>(run(chunks, options, chunk -> {
            try {
                return operation.apply(chunk);
            } catch (OperationInterruptedException e) {
                throw e;
            } catch (OnboardingException e) {
                return chunk.stream()
                        .map(input -> Outcome.<I, O>failed(input, e))
                        .toList();
            }
        }));
    }

    /**
     * For repositories: the outcomes of different inputs, in the order of inputs of which some may be the same.
     *
     * @param distinct has an outcome for each of the inputs
     */
    public static <I, O> BulkResult<I, O> inOrderOf(Collection<I> inputs, BulkResult<I, O> distinct) {
        if (inputs.size() == distinct.outcomes().size()) {
            return distinct;
        }
        Map<I, Outcome<I, O>> byInput = new HashMap<>();
        distinct.outcomes().forEach(outcome -> byInput.put(outcome.input(), outcome));
        return new BulkResult<>(
                inputs.stream().map(byInput::get).map(Objects::requireNonNull).toList());
    }

    private static <I, O> Outcome<I, O> outcome(I input, Function<? super I, ? extends O> operation) {
        try {
            return Outcome.of(input, operation.apply(input));
        } catch (OperationInterruptedException e) {
            throw e;
        } catch (OnboardingException e) {
            return Outcome.failed(input, e);
        }
    }

    /** Keeps as many chunks under way as may be, and no more of them waiting: a list may be long. */
    private static <I, O> List<Outcome<I, O>> run(
            List<List<I>> chunks, BulkOptions options, Function<List<I>, List<Outcome<I, O>>> operation) {
        int total = chunks.stream().mapToInt(List::size).sum();
        if (total == 0) {
            return List.of();
        }
        var threads = threads(Math.min(options.parallelism(), chunks.size()));
        try {
            CompletionService<List<Outcome<I, O>>> running = new ExecutorCompletionService<>(threads);
            List<Future<List<Outcome<I, O>>>> begun = new ArrayList<>(chunks.size());
            int done = 0;
            int failed = 0;
            for (int ended = 0; ended < chunks.size(); ended++) {
                while (begun.size() < chunks.size() && begun.size() < ended + options.parallelism()) {
                    List<I> chunk = chunks.get(begun.size());
                    begun.add(running.submit(() -> operation.apply(chunk)));
                }
                List<Outcome<I, O>> outcomes = running.take().get();
                done += outcomes.size();
                failed += (int) outcomes.stream()
                        .filter(outcome -> !outcome.succeeded())
                        .count();
                options.progress().accept(new BulkProgress(done, failed, total));
            }
            List<Outcome<I, O>> all = new ArrayList<>(total);
            for (Future<List<Outcome<I, O>>> chunk : begun) {
                all.addAll(chunk.get());
            }
            return all;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException("work on " + total + " rows", e);
        } catch (ExecutionException e) {
            throw unchecked(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static ExecutorService threads(int count) {
        return Executors.newFixedThreadPool(count, task -> {
            var thread = new Thread(task, "onboarding-bulk");
            thread.setDaemon(true);
            return thread;
        });
    }

    private static RuntimeException unchecked(ExecutionException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
    }
}
