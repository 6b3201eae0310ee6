package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.storage.Bulk;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.BulkResult.Outcome;
import io.threatengine.onboarding.storage.Entity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Work on many rows of one table at once. */
final class ManyRows<I, T extends Entity<I, T>> {
    private final Batch batch;
    private final EntityMapping<T> mapping;

    ManyRows(Batch batch, EntityMapping<T> mapping) {
        this.batch = batch;
        this.mapping = mapping;
    }

    BulkResult<I, T> getAll(Collection<I> ids, BulkOptions options) {
        return Bulk.inOrderOf(ids, Bulk.chunks(new LinkedHashSet<>(ids), Batch.MOST_READ, options, this::readAll));
    }

    /** Removes rows of a kind without unique keys. */
    BulkResult<I, I> deleteAll(Collection<I> ids, BulkOptions options) {
        return Bulk.inOrderOf(
                ids, Bulk.chunks(new LinkedHashSet<>(ids), Batch.MOST_WRITTEN, options, this::deleteChunk));
    }

    /**
     * Writes many new rows of a kind without unique keys. Whether they may be written is asked before, not in the same
     * transaction, where rows of one parent would stand in each other's way: a parent that goes in between is not noticed.
     *
     * @param made the row of an input; what it throws is the input's outcome
     * @param refusals which of a chunk's inputs must not be written, and why
     */
    <N> BulkResult<N, T> createAll(
            Collection<N> inputs,
            BulkOptions options,
            Function<N, T> made,
            Function<List<N>, Function<N, @Nullable OnboardingException>> refusals) {
        return Bulk.chunks(
                inputs, Batch.MOST_WRITTEN, options, chunk -> createChunk(chunk, made, refusals.apply(chunk)));
    }

    private <N> List<Outcome<N, T>> createChunk(
            List<N> inputs, Function<N, T> made, Function<N, @Nullable OnboardingException> refusal) {
        List<Outcome<N, T>> outcomes = new ArrayList<>(inputs.size());
        Map<String, Map<String, AttributeValue>> items = new LinkedHashMap<>();
        for (N input : inputs) {
            try {
                OnboardingException refused = refusal.apply(input);
                if (refused != null) {
                    throw refused;
                }
                T row = made.apply(input);
                Map<String, AttributeValue> item = mapping.item(row);
                ItemSize.check(mapping.kind(), item);
                items.put(row.id().toString(), item);
                outcomes.add(Outcome.of(input, row));
            } catch (OnboardingException e) {
                outcomes.add(Outcome.failed(input, e));
            }
        }
        Map<String, OnboardingException> left = batch.create(
                items, (id, stored) -> isMadeFrom(Objects.requireNonNull(items.get(id)), stored) ? null : taken(id));
        outcomes.replaceAll(outcome -> outcome.found()
                .map(row -> left.get(row.id().toString()))
                .map(failure -> Outcome.<N, T>failed(outcome.input(), failure))
                .orElse(outcome));
        return outcomes;
    }

    /** Whether a row, whatever became of it since, is the one that this item was put as. */
    private boolean isMadeFrom(Map<String, AttributeValue> item, Map<String, AttributeValue> stored) {
        return mapping.writtenOnce().stream().allMatch(name -> Objects.equals(item.get(name), stored.get(name)));
    }

    private AlreadyExistsException taken(String id) {
        return new AlreadyExistsException(mapping.kind(), "id", id, id);
    }

    /** The outcome for each id of a chunk, with one call where the service leaves nothing undone. */
    List<Outcome<I, T>> readAll(List<I> ids) {
        Batch.Read read = batch.read(textsOf(ids), false);
        return ids.stream()
                .map(id -> {
                    Map<String, AttributeValue> item = read.items().get(id.toString());
                    try {
                        return item == null
                                ? Outcome.<I, T>failed(
                                        id, read.failures().getOrDefault(id.toString(), mapping.notFound(id)))
                                : Outcome.of(id, mapping.schema().mapToItem(item));
                    } catch (MalformedDataException e) {
                        return Outcome.<I, T>failed(id, e);
                    }
                })
                .toList();
    }

    /**
     * Which inputs must not become rows that belong to rows of this table: those whose parent does not exist or is another
     * than they say.
     *
     * @param fits whether an input and its parent belong together, and the parent may have it
     */
    <N> Function<N, @Nullable OnboardingException> refusals(
            List<N> inputs, Function<N, I> parent, BiPredicate<N, T> fits) {
        Map<I, Outcome<I, T>> parents = new HashMap<>();
        readAll(inputs.stream().map(parent).distinct().toList())
                .forEach(outcome -> parents.put(outcome.input(), outcome));
        return input -> {
            Outcome<I, T> outcome = Objects.requireNonNull(parents.get(parent.apply(input)));
            T found = outcome.value();
            return found == null || fits.test(input, found) ? outcome.failure() : mapping.notFound(parent.apply(input));
        };
    }

    private List<Outcome<I, I>> deleteChunk(List<I> ids) {
        Batch.Read read = batch.read(textsOf(ids), true);
        Set<String> found = read.items().keySet();
        Map<String, OnboardingException> failures = new HashMap<>(read.failures());
        failures.putAll(batch.delete(found));
        return ids.stream()
                .map(id -> {
                    String text = id.toString();
                    OnboardingException failure = found.contains(text)
                            ? failures.get(text)
                            : failures.getOrDefault(text, mapping.notFound(id));
                    return failure == null ? Outcome.of(id, id) : Outcome.<I, I>failed(id, failure);
                })
                .toList();
    }

    private List<String> textsOf(List<I> ids) {
        return ids.stream().map(String::valueOf).toList();
    }
}
