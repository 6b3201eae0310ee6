package io.threatengine.onboarding.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.storage.Listing.PageFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ListingTest {
    private final List<String> reads = new ArrayList<>();

    /** Three pages, the second of which is empty, as filtered or expiring pages may be. */
    private final Listing<Integer> listing = Listing.of((limit, after, filter, unreadable) -> {
        String at = after == null ? "0" : after.position("q").getOrDefault("at", "");
        reads.add(at);
        return switch (at) {
            case "0" -> new Page<>(List.of(1, 2), PageToken.of("q", Map.of("at", "1")));
            case "1" -> new Page<>(List.of(), PageToken.of("q", Map.of("at", "2")));
            default -> new Page<>(List.of(3), null);
        };
    });

    @Test
    void isCompleteThoughAPageIsEmpty() {
        assertThat(listing.stream()).containsExactly(1, 2, 3);
        assertThat(listing).containsExactly(1, 2, 3);
    }

    @Test
    void readsNothingBeforeItIsAskedAndNoPageTooMany() {
        Iterator<Integer> iterator = listing.iterator();
        assertThat(reads).isEmpty();

        iterator.next();
        iterator.next();
        assertThat(reads).containsExactly("0");

        iterator.next();
        assertThat(iterator.hasNext()).isFalse();
        assertThat(reads).containsExactly("0", "1", "2");
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
    }

    @Test
    void goesOnAfterAPage() {
        PageToken next = listing.page(2).next();
        assertThat(next).isNotNull();

        Page<Integer> second = listing.page(2, next);

        assertThat(second.items()).isEmpty();
        assertThat(second.isLast()).isFalse();
    }

    @Test
    void aPrefetchedStreamHasTheSameItemsAndReadsOnePageAhead() {
        List<Runnable> asked = new ArrayList<>();
        List<Integer> read = new ArrayList<>();
        Listing<Integer> listing = Listing.of((limit, after, filter, unreadable) -> {
            int number = after == null ? 0 : Integer.parseInt(after.text());
            read.add(number);
            return new Page<>(List.of(number), number == 3 ? null : new PageToken(Integer.toString(number + 1)));
        });
        var items = listing.prefetching(asked::add).iterator();

        assertThat(items.next()).isZero();
        assertThat(read).containsExactly(0);
        assertThat(asked).hasSize(1);
        for (int next = 1; next <= 3; next++) {
            asked.remove(0).run();
            assertThat(items.next()).isEqualTo(next);
        }
        assertThat(items.hasNext()).isFalse();
        assertThat(read).containsExactly(0, 1, 2, 3);
        assertThat(listing.prefetching(Runnable::run).stream()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void whatAPrefetchedPageReportsIsToldToTheConsumersThreadWhenItIsReached() {
        Listing<Integer> listing = Listing.of((limit, after, filter, unreadable) -> {
            if (after == null) {
                return new Page<>(List.of(1), new PageToken("next"));
            }
            unreadable.accept(new MalformedDataException("row 2", "odd"));
            return new Page<>(List.of(3), null);
        });
        List<Thread> told = new ArrayList<>();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            assertThat(listing.prefetching(executor).reporting(broken -> told.add(Thread.currentThread())).stream())
                    .containsExactly(1, 3);
            assertThat(told).containsExactly(Thread.currentThread());
            assertThatExceptionOfType(MalformedDataException.class)
                    .isThrownBy(() -> listing.prefetching(executor).stream().count());
        } finally {
            executor.shutdownNow();
        }
    }

    /** Pages 0, 1 and 2, of which the second fails some times. */
    private static Listing<Integer> failing(int times) {
        AtomicInteger failures = new AtomicInteger(times);
        return Listing.of((limit, after, filter, unreadable) -> {
            int number = after == null ? 0 : Integer.parseInt(after.text());
            if (number == 1 && failures.getAndDecrement() > 0) {
                throw new IllegalStateException("no answer");
            }
            return new Page<>(List.of(number), number == 2 ? null : new PageToken(Integer.toString(number + 1)));
        });
    }

    @Test
    void aPageThatFailsIsTriedAgainPrefetchedOrNot() {
        for (UnaryOperator<Listing<Integer>> how :
                List.<UnaryOperator<Listing<Integer>>>of(listing -> listing, l -> l.prefetching(Runnable::run))) {
            var items = how.apply(failing(1)).iterator();

            assertThat(items.next()).isZero();
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(items::hasNext);
            assertThat(items.next()).isEqualTo(1);
            assertThat(items.next()).isEqualTo(2);
            assertThat(items.hasNext()).isFalse();
        }
    }

    @Test
    void aPageWithARowThatIsNotUnderstoodIsNotSkippedWhenItIsAskedForAgain() {
        Listing<Integer> broken = Listing.of((limit, after, filter, unreadable) -> {
            if (after != null) {
                return new Page<>(List.of(2), null);
            }
            unreadable.accept(new MalformedDataException("row 1", "odd"));
            return new Page<>(List.of(1), new PageToken("next"));
        });
        var items = broken.prefetching(Runnable::run).iterator();

        assertThatExceptionOfType(MalformedDataException.class).isThrownBy(items::hasNext);
        assertThatExceptionOfType(MalformedDataException.class).isThrownBy(items::hasNext);
    }

    @Test
    void anExecutorThatRefusesOrDropsItsWorkDoesNotStopTheList() {
        var shut = Executors.newSingleThreadExecutor();
        shut.shutdownNow();
        Executor dropping = task -> {};
        Executor cancelling =
                task -> assertThat(((Future<?>) task).cancel(true)).isTrue();

        for (Executor executor : List.of(shut, dropping, cancelling)) {
            assertThat(failing(0).prefetching(executor).stream()).containsExactly(0, 1, 2);
        }
    }

    @Test
    void anInterruptedConsumerIsToldSoAndMayGoOn() throws Exception {
        var reading = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        AtomicInteger reads = new AtomicInteger();
        Listing<Integer> hanging = Listing.of((limit, after, filter, unreadable) -> {
            if (reads.getAndIncrement() == 1) {
                reading.countDown();
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new OperationInterruptedException("reading", e);
                }
            }
            return new Page<>(List.of(1), after == null ? new PageToken("next") : null);
        });
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            var items = hanging.prefetching(executor).iterator();
            assertThat(items.next()).isEqualTo(1);
            reading.await();
            Thread.currentThread().interrupt();

            assertThatExceptionOfType(OperationInterruptedException.class).isThrownBy(items::hasNext);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(items.next()).isEqualTo(1);
            assertThat(items.hasNext()).isFalse();
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void theFirstOnesAreReadAndNoMore() {
        List<Integer> limits = new ArrayList<>();
        Listing<Integer> listing = Listing.of((limit, after, filter, unreadable) -> {
            limits.add(limit);
            return new Page<>(List.of(limit, limit), new PageToken("more"));
        });

        assertThat(listing.first(5)).hasSizeGreaterThanOrEqualTo(5);
        assertThat(limits).containsExactly(5, 3, 1);
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> listing.first(0));
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> listing.first(1_001));
    }

    @Test
    void whatIsLeftOutIsAskedForPageByPageAndRememberedForOneList() {
        List<List<Integer>> asked = new ArrayList<>();
        List<PageFilter<Integer>> made = new ArrayList<>();
        Listing<Integer> all = Listing.of((limit, after, filter, unreadable) -> {
            int number = after == null ? 0 : Integer.parseInt(after.text());
            List<Integer> rows = List.of(number, number + 1, number + 2);
            PageToken next = number == 6 ? null : new PageToken(Integer.toString(number + 3));
            return new Page<>(rows.stream().filter(filter.of(rows)).toList(), next);
        });
        Listing<Integer> even = all.keeping(() -> rows -> row -> row % 2 == 0).keeping(() -> {
            PageFilter<Integer> filter = rows -> {
                asked.add(rows);
                return row -> row != 4;
            };
            made.add(filter);
            return filter;
        });

        assertThat(even.stream()).containsExactly(0, 2, 6, 8);
        assertThat(asked).containsExactly(List.of(0, 2), List.of(4), List.of(6, 8));
        assertThat(even.first(3)).containsExactly(0, 2, 6, 8);
        assertThat(even.prefetching(Runnable::run)).containsExactly(0, 2, 6, 8);
        assertThat(made).hasSize(3);
    }

    @Test
    void aTimeRangeContainsItsBeginningAndNotItsEnd() {
        Instant from = Instant.parse("2026-11-24T08:00:00Z");
        Instant until = from.plusSeconds(1);

        TimeRange range = TimeRange.between(from, until);

        assertThat(range.contains(from)).isTrue();
        assertThat(range.contains(until)).isFalse();
        assertThat(range.contains(from.minusNanos(1))).isFalse();
        assertThat(TimeRange.ALL.contains(Instant.MIN)).isTrue();
        assertThat(range.latestFirst().newestFirst()).isTrue();
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> TimeRange.between(until, from));
    }
}
