package io.threatengine.onboarding.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.storage.BulkResult.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BulkTest {
    private static final List<Integer> NUMBERS = IntStream.range(0, 100).boxed().toList();

    @Test
    void outcomesStandInTheOrderOfTheInputs() {
        BulkResult<Integer, String> result = Bulk.each(NUMBERS, BulkOptions.defaults(), BulkTest::oddOrGone);

        assertThat(result.outcomes()).extracting(Outcome::input).containsExactlyElementsOf(NUMBERS);
        assertThat(result.failures())
                .hasSize(50)
                .allSatisfy(outcome -> assertThat(outcome.input() % 2).isZero());
        assertThat(result.outcomes().get(7).found()).contains("7");
    }

    @Test
    void valuesAreAllOrTheFirstFailureWithTheOthers() {
        assertThat(Bulk.each(List.of(1, 3), BulkOptions.defaults(), BulkTest::oddOrGone)
                        .values())
                .containsExactly("1", "3");
        BulkResult<Integer, String> failed = Bulk.each(NUMBERS, BulkOptions.defaults(), BulkTest::oddOrGone);
        for (int again = 0; again < 2; again++) {
            assertThatExceptionOfType(NotFoundException.class)
                    .isThrownBy(failed::values)
                    .satisfies(e -> assertThat(e.id()).isEqualTo("0"));
        }
        assertThat(failed.failures().get(0).failure().getSuppressed().length).isGreaterThanOrEqualTo(49);
    }

    @Test
    void aResultMayBeMadeIntoAnother() {
        BulkResult<Integer, Integer> lengths =
                Bulk.each(NUMBERS, BulkOptions.defaults(), BulkTest::oddOrGone).map(String::length);

        assertThat(lengths.outcomes()).extracting(Outcome::input).containsExactlyElementsOf(NUMBERS);
        assertThat(lengths.outcomes().get(7).found()).contains(1);
        assertThat(lengths.outcomes().get(77).found()).contains(2);
        assertThat(lengths.failures()).hasSize(50);
    }

    @Test
    void noMoreThanAllowedAreUnderWayAndAllThatAreAllowed() {
        int parallelism = 5;
        var present = new AtomicInteger();
        var most = new AtomicInteger();
        var together = new CountDownLatch(parallelism);

        Bulk.each(NUMBERS, BulkOptions.defaults().withParallelism(parallelism), number -> {
            most.accumulateAndGet(present.incrementAndGet(), Math::max);
            together.countDown();
            await(together); // the first ones wait for each other: they are under way at once
            present.decrementAndGet();
            return number;
        });

        assertThat(most).hasValue(parallelism);
    }

    @Test
    void progressIsToldUpToTheEnd() {
        List<BulkProgress> told = new ArrayList<>();

        Bulk.chunks(
                NUMBERS,
                30,
                BulkOptions.defaults().withProgress(told::add),
                chunk ->
                        chunk.stream().map(number -> Outcome.of(number, number)).toList());

        assertThat(told).hasSize(4).last().hasToString("100 of 100");
        assertThat(new BulkProgress(3, 1, 9)).hasToString("3 of 9, 1 failed");
    }

    @Test
    void aChunkThatFailsFailsForEachOfItsInputs() {
        BulkResult<Integer, Integer> result = Bulk.chunks(NUMBERS, 30, BulkOptions.defaults(), chunk -> {
            throw new NotFoundException("chunk", chunk.get(0).toString());
        });

        assertThat(result.failures()).hasSize(100);
        assertThat(result.failures().get(99).failure()).hasMessageContaining("90");
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(result::values);
    }

    @Test
    void whatIsNoneOfOurErrorsEndsTheWork() {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> Bulk.each(NUMBERS, BulkOptions.defaults(), number -> 1 / number));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> Bulk.each(NUMBERS, BulkOptions.defaults(), number -> {
                    throw new AssertionError();
                }));
    }

    @Test
    void anInterruptionEndsTheWorkAndKeepsTheFlag() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(OperationInterruptedException.class)
                .isThrownBy(() -> Bulk.each(NUMBERS, BulkOptions.defaults(), number -> {
                    await(new CountDownLatch(1));
                    return number;
                }));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void nothingToDoIsDone() {
        assertThat(Bulk.each(List.<Integer>of(), BulkOptions.defaults(), BulkTest::oddOrGone)
                        .values())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65})
    void parallelismIsBounded(int parallelism) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> BulkOptions.defaults().withParallelism(parallelism))
                .satisfies(e -> assertThat(e.field()).isEqualTo("parallelism"));
    }

    private static String oddOrGone(int number) {
        if (number % 2 == 0) {
            throw new NotFoundException("number", Integer.toString(number));
        }
        return Integer.toString(number);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException("waiting", e);
        }
    }
}
