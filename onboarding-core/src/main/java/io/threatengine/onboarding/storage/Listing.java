package io.threatengine.onboarding.storage;

import io.threatengine.onboarding.error.InvalidPageTokenException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.MalformedDataException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A list that is complete however long it is: page by page, or as a lazy stream that holds one page at a time. Nothing is
 * read before it is asked for, and each call reads anew. Thread-safe; a stream belongs to one thread, as always.
 *
 * <pre>{@code
 * Page<Account> first = accounts.ofTenant(tenantId).page(50);
 * if (first.next() != null) {
 *     Page<Account> second = accounts.ofTenant(tenantId).page(50, first.next());
 * }
 * long active = accounts.ofTenant(tenantId, AccountStatus.ACTIVE).stream().count();
 * }</pre>
 *
 * <p>Lists are read from indexes, which are eventually consistent: a row that was written a moment ago may be missing, or
 * appear as it was. Read by id what must be certain.
 */
public final class Listing<T> implements Iterable<T> {
    /** The most items that a page may be asked to hold. */
    public static final int LARGEST_PAGE = 1_000;

    /** The limit that a stream reads with: as many items as the service puts on a page. */
    public static final int SERVICE_PAGE = Integer.MAX_VALUE;

    /** Reads one page. For repositories. */
    @FunctionalInterface
    public interface PageReader<T> {
        /**
         * Reads the page after a position.
         *
         * @param limit the most items to return, 1 to {@link #LARGEST_PAGE}, or {@link #SERVICE_PAGE}
         * @param after where to go on; null for the beginning
         * @param filter which rows remain; the others count for no limit, and no token that is given out is made of them
         * @param unreadable told of each row that cannot be understood and is left out; it may throw what it is told
         */
        Page<T> read(
                int limit,
                @Nullable PageToken after,
                PageFilter<T> filter,
                Consumer<MalformedDataException> unreadable);
    }

    /** Which rows of a list remain. For repositories. */
    @FunctionalInterface
    public interface PageFilter<T> {
        /**
         * Judges rows that were read together, so that what must be asked of them can be asked in one call.
         *
         * @return for these rows, whether they remain
         */
        Predicate<T> of(List<T> rows);

        /** Leaves out what either of the two leaves out; the other one is asked of what this one leaves. */
        default PageFilter<T> and(PageFilter<T> other) {
            return rows -> {
                Predicate<T> first = of(rows);
                Predicate<T> second = other.of(rows.stream().filter(first).toList());
                return first.and(second);
            };
        }
    }

    private final PageReader<T> reader;
    private final Supplier<PageFilter<T>> filter;
    private final Consumer<MalformedDataException> unreadable;
    private final @Nullable Executor prefetch;

    private Listing(
            PageReader<T> reader,
            Supplier<PageFilter<T>> filter,
            Consumer<MalformedDataException> unreadable,
            @Nullable Executor prefetch) {
        this.reader = reader;
        this.filter = filter;
        this.unreadable = unreadable;
        this.prefetch = prefetch;
    }

    /** For repositories. */
    public static <T> Listing<T> of(PageReader<T> reader) {
        return new Listing<>(
                Objects.requireNonNull(reader, "reader"),
                () -> rows -> row -> true,
                broken -> {
                    throw broken;
                },
                null);
    }

    /**
     * The same list, which leaves rows that cannot be understood out and reports them, instead of failing at the first:
     * other engines may have written such rows.
     */
    public Listing<T> reporting(Consumer<MalformedDataException> unreadable) {
        return new Listing<>(reader, filter, Objects.requireNonNull(unreadable, "unreadable"), prefetch);
    }

    /**
     * For repositories: the same list, of which some rows are left out.
     *
     * @param filter makes one for each stream, page or {@link #first}, which may remember what it was told that long
     */
    public Listing<T> keeping(Supplier<PageFilter<T>> filter) {
        return new Listing<>(reader, () -> this.filter.get().and(filter.get()), unreadable, prefetch);
    }

    /**
     * The same list, whose streams fetch the next page while the present one is consumed: two pages in memory, and the
     * waiting for the service overlaps with the caller's own work. Pages that are asked for singly are not affected.
     *
     * <p>A page that the executor has not begun to fetch when it is needed, because it is busy, refuses or was shut down, is
     * fetched by the consumer's thread. A page that could not be fetched is an error where it is reached, the same as without
     * prefetching; an iterator that is asked again tries that page again. {@link
     * io.threatengine.onboarding.error.OperationInterruptedException} says that the consumer's thread was interrupted, which
     * ends the fetching too, or the fetching one, as by {@code shutdownNow()}.
     *
     * @param executor runs the calls, one at a time for each stream
     */
    public Listing<T> prefetching(Executor executor) {
        return new Listing<>(reader, filter, unreadable, Objects.requireNonNull(executor, "executor"));
    }

    /**
     * The first items, no more of the list being read than they need.
     *
     * @param count how many at most, 1 to {@link #LARGEST_PAGE}
     * @throws InvalidValueException if the count is out of range
     * @throws MalformedDataException as {@link #page(int)}
     */
    public List<T> first(int count) {
        PageFilter<T> one = filter.get();
        Page<T> page = reader.read(checked(count), null, one, unreadable);
        List<T> first = new ArrayList<>(page.items());
        for (PageToken next = page.next(); next != null && first.size() < count; next = page.next()) {
            page = reader.read(count - first.size(), next, one, unreadable);
            first.addAll(page.items());
        }
        return List.copyOf(first);
    }

    /**
     * The first page.
     *
     * @param limit the most items to return, 1 to {@link #LARGEST_PAGE}; fewer may come though the list goes on
     * @throws InvalidValueException if the limit is out of range
     * @throws MalformedDataException if a row cannot be understood, unless {@link #reporting} takes it
     */
    public Page<T> page(int limit) {
        return reader.read(checked(limit), null, filter.get(), unreadable);
    }

    /**
     * The page after the one that gave the token.
     *
     * @param limit the most items to return, 1 to {@link #LARGEST_PAGE}
     * @throws InvalidPageTokenException if the token is not of this list
     * @throws InvalidValueException if the limit is out of range
     */
    public Page<T> page(int limit, PageToken after) {
        return reader.read(checked(limit), Objects.requireNonNull(after, "after"), filter.get(), unreadable);
    }

    /**
     * For repositories that stand before others: any page, as {@link PageReader#read} has it.
     *
     * @param kept which rows remain of those that this list has
     * @param broken is told what {@link #reporting} would be
     */
    public Page<T> read(
            int limit, @Nullable PageToken after, PageFilter<T> kept, Consumer<MalformedDataException> broken) {
        return reader.read(limit, after, filter.get().and(kept), broken);
    }

    /** All items, read lazily, a page at a time. */
    public Stream<T> stream() {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED | Spliterator.NONNULL), false);
    }

    @Override
    public Iterator<T> iterator() {
        PageFilter<T> one = filter.get();
        return new PagedIterator<>(
                prefetch == null
                        ? after -> reader.read(SERVICE_PAGE, after, one, unreadable)
                        : new Prefetch<>(
                                (after, broken) -> reader.read(SERVICE_PAGE, after, one, broken),
                                unreadable,
                                prefetch));
    }

    private static int checked(int limit) {
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw new InvalidValueException("page limit", "must be 1 to " + LARGEST_PAGE, Integer.toString(limit));
        }
        return limit;
    }

    /** Where an iterator has its pages from. */
    interface Pages<T> {
        Page<T> after(@Nullable PageToken token);
    }

    private static final class PagedIterator<T> implements Iterator<T> {
        private final Pages<T> pages;
        private final Queue<T> items = new ArrayDeque<>();
        private @Nullable PageToken next;
        private boolean ended;

        PagedIterator(Pages<T> pages) {
            this.pages = pages;
        }

        @Override
        public boolean hasNext() {
            while (items.isEmpty() && !ended) {
                Page<T> page = pages.after(next);
                items.addAll(page.items());
                next = page.next();
                ended = page.isLast();
            }
            return !items.isEmpty();
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the list has ended");
            }
            return items.remove();
        }
    }
}
