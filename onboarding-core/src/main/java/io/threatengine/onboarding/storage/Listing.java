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
         * @param unreadable told of each row that cannot be understood and is left out; it may throw what it is told
         */
        Page<T> read(int limit, @Nullable PageToken after, Consumer<MalformedDataException> unreadable);
    }

    private final PageReader<T> reader;
    private final Consumer<MalformedDataException> unreadable;
    private final @Nullable Executor prefetch;

    private Listing(PageReader<T> reader, Consumer<MalformedDataException> unreadable, @Nullable Executor prefetch) {
        this.reader = reader;
        this.unreadable = unreadable;
        this.prefetch = prefetch;
    }

    /** For repositories. */
    public static <T> Listing<T> of(PageReader<T> reader) {
        return new Listing<>(
                Objects.requireNonNull(reader, "reader"),
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
        return new Listing<>(reader, Objects.requireNonNull(unreadable, "unreadable"), prefetch);
    }

    /**
     * The same list, whose streams fetch the next page while the present one is consumed: two pages in memory, and the
     * waiting for the service overlaps with the caller's own work. Pages that are asked for singly are not affected.
     *
     * @param executor runs the calls, one at a time for each stream
     */
    public Listing<T> prefetching(Executor executor) {
        return new Listing<>(reader, unreadable, Objects.requireNonNull(executor, "executor"));
    }

    /**
     * The first items, no more of the list being read than they need.
     *
     * @param count how many at most, 1 to {@link #LARGEST_PAGE}
     * @throws InvalidValueException if the count is out of range
     * @throws MalformedDataException as {@link #page(int)}
     */
    public List<T> first(int count) {
        Page<T> page = page(count);
        List<T> first = new ArrayList<>(page.items());
        for (PageToken next = page.next(); next != null && first.size() < count; next = page.next()) {
            page = page(count - first.size(), next);
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
        return reader.read(checked(limit), null, unreadable);
    }

    /**
     * The page after the one that gave the token.
     *
     * @param limit the most items to return, 1 to {@link #LARGEST_PAGE}
     * @throws InvalidPageTokenException if the token is not of this list
     * @throws InvalidValueException if the limit is out of range
     */
    public Page<T> page(int limit, PageToken after) {
        return reader.read(checked(limit), Objects.requireNonNull(after, "after"), unreadable);
    }

    /**
     * For repositories that stand before others: any page.
     *
     * @param limit as {@link PageReader#read} takes it, {@link #SERVICE_PAGE} too
     */
    public Page<T> read(int limit, @Nullable PageToken after) {
        return reader.read(limit, after, unreadable);
    }

    /** All items, read lazily, a page at a time. */
    public Stream<T> stream() {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED | Spliterator.NONNULL), false);
    }

    @Override
    public Iterator<T> iterator() {
        return new PagedIterator<>(prefetch == null ? sequential() : new Prefetch<>(reader, unreadable, prefetch));
    }

    private static int checked(int limit) {
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw new InvalidValueException("page limit", "must be 1 to " + LARGEST_PAGE, Integer.toString(limit));
        }
        return limit;
    }

    private Pages<T> sequential() {
        return after -> reader.read(SERVICE_PAGE, after, unreadable);
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
