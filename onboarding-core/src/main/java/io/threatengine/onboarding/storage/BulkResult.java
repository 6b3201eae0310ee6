package io.threatengine.onboarding.storage;

import io.threatengine.onboarding.error.OnboardingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What came of work on many rows, row by row. Immutable.
 *
 * @param outcomes one for each input, in the order of the inputs
 * @param <I> what went in: an id, what a row is made from
 * @param <O> what came out: the row
 */
public record BulkResult<I, O>(List<Outcome<I, O>> outcomes) {
    public BulkResult {
        outcomes = List.copyOf(outcomes);
    }

    /** The outcomes that are failures, in the order of the inputs. */
    public List<Outcome<I, O>> failures() {
        return outcomes.stream().filter(outcome -> !outcome.succeeded()).toList();
    }

    /**
     * What came out, in the order of the inputs, where nothing failed.
     *
     * @throws OnboardingException the first failure, with the others as suppressed ones; the rest of the work is done
     */
    public List<O> values() {
        List<Outcome<I, O>> failures = failures();
        if (failures.isEmpty()) {
            return outcomes.stream()
                    .map(Outcome::value)
                    .map(Objects::requireNonNull)
                    .toList();
        }
        OnboardingException first = Objects.requireNonNull(failures.get(0).failure());
        List<OnboardingException> known = new ArrayList<>();
        known.add(first);
        for (Outcome<I, O> other : failures) {
            OnboardingException failure = Objects.requireNonNull(other.failure());
            if (!known.contains(failure)) {
                known.add(failure);
                first.addSuppressed(failure);
            }
        }
        throw first;
    }

    /** The same result with something else in the place of each value; failures stay as they are. */
    public <R> BulkResult<I, R> map(Function<? super O, ? extends R> change) {
        return new BulkResult<>(outcomes.stream()
                .map(outcome -> outcome.value() == null
                        ? Outcome.<I, R>failed(outcome.input(), Objects.requireNonNull(outcome.failure()))
                        : Outcome.<I, R>of(outcome.input(), change.apply(outcome.value())))
                .toList());
    }

    /**
     * What came of one input: a value or a failure.
     *
     * @param value null where it failed
     * @param failure null where it did not
     */
    public record Outcome<I, O>(
            I input, @Nullable O value, @Nullable OnboardingException failure) {
        public Outcome {
            Objects.requireNonNull(input, "input");
            if ((value == null) == (failure == null)) {
                throw new IllegalArgumentException("an outcome is either a value or a failure");
            }
        }

        public static <I, O> Outcome<I, O> of(I input, O value) {
            return new Outcome<>(input, Objects.requireNonNull(value, "value"), null);
        }

        public static <I, O> Outcome<I, O> failed(I input, OnboardingException failure) {
            return new Outcome<>(input, null, Objects.requireNonNull(failure, "failure"));
        }

        public boolean succeeded() {
            return failure == null;
        }

        /** The value, where it did not fail. */
        public Optional<O> found() {
            return Optional.ofNullable(value);
        }
    }
}
