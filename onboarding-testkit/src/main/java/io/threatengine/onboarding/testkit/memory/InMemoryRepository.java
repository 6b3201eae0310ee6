package io.threatengine.onboarding.testkit.memory;

import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.VersionConflictException;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.storage.Bulk;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.Entity;
import io.threatengine.onboarding.storage.EntityRepository;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.storage.Page;
import io.threatengine.onboarding.storage.PageToken;
import io.threatengine.onboarding.storage.TimeRange;
import io.threatengine.onboarding.storage.UniqueKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What all fake repositories do: one lock, one map of rows, one of unique keys. */
abstract class InMemoryRepository<I, T extends Entity<I, T>> implements EntityRepository<I, T> {
    private final String kind;
    private final InstantSource clock;
    private final Map<I, T> rows = new HashMap<>();
    private final Map<UniqueKey, I> owners = new HashMap<>();

    InMemoryRepository(String kind, InstantSource clock) {
        this.kind = kind;
        this.clock = clock;
    }

    @Override
    public final synchronized Optional<T> find(I id) {
        return Optional.ofNullable(rows.get(id));
    }

    @Override
    public final T get(I id) {
        return find(id).orElseThrow(() -> notFound(id));
    }

    @Override
    public final synchronized T update(T entity) {
        T stored = get(entity.id());
        long expected = entity.revision().version();
        if (!stored.revision().equals(entity.revision())) {
            throw new VersionConflictException(
                    kind,
                    String.valueOf(entity.id()),
                    expected,
                    stored.revision().version());
        }
        if (!stored.belongsTo().equals(entity.belongsTo())) {
            throw new InvalidValueException(
                    "what the " + kind + " belongs to",
                    "must stay " + stored.belongsTo(),
                    entity.belongsTo().toString());
        }
        requireFree(entity);
        owners.values().removeIf(entity.id()::equals);
        return put(entity.written(now()));
    }

    @Override
    public final synchronized T update(I id, UnaryOperator<T> change) {
        T before = get(id);
        T after = change.apply(before);
        if (!after.id().equals(id)) {
            throw new IllegalArgumentException(
                    "the change of " + kind + " " + id + " returned another one: " + after.id());
        }
        return after.equals(before) ? before : update(after);
    }

    @Override
    public final synchronized void delete(I id) {
        get(id);
        rows.remove(id);
        owners.values().removeIf(id::equals);
    }

    @Override
    public final BulkResult<I, T> getAll(Collection<I> ids, BulkOptions options) {
        return Bulk.each(ids, options, this::get);
    }

    @Override
    public final BulkResult<I, I> deleteAll(Collection<I> ids, BulkOptions options) {
        return Bulk.inOrderOf(ids, Bulk.each(new LinkedHashSet<>(ids), options, id -> {
            delete(id);
            return id;
        }));
    }

    final synchronized T create(T entity) {
        requireFree(entity);
        return put(entity);
    }

    /** Whether the row is as it was read; null for none. */
    final synchronized boolean isStill(I id, @Nullable T read) {
        T stored = rows.get(id);
        if (stored == null || read == null) {
            return stored == null && read == null;
        }
        return stored.revision().equals(read.revision());
    }

    /** Writes a row that {@link #isStill} as it was read, the lock being held since. */
    final synchronized T store(@Nullable T read, T changed) {
        return put(read == null ? changed : changed.written(now()));
    }

    final InstantSource clock() {
        return clock;
    }

    final Instant now() {
        return WireTime.now(clock);
    }

    final NotFoundException notFound(I id) {
        return new NotFoundException(kind, String.valueOf(id));
    }

    /** The rows that match, in the order of what they are sorted by, then of their ids. */
    final Listing<T> list(String query, Predicate<T> matches, Function<T, String> sortedBy) {
        return Listing.of(
                (limit, after, filter, unreadable) -> page(query, sorted(matches, sortedBy), limit, after, filter));
    }

    /** The rows that match and are within the time, in its order. */
    final Listing<T> list(String query, Predicate<T> matches, TimeRange range, Function<T, Instant> time) {
        String whole = query + "\u0000" + range;
        Predicate<T> within = row -> matches.test(row) && range.contains(time.apply(row));
        return Listing.of((limit, after, filter, unreadable) -> {
            NavigableMap<String, T> sorted = sorted(within, row -> WireTime.write(time.apply(row)));
            return page(whole, range.newestFirst() ? sorted.descendingMap() : sorted, limit, after, filter);
        });
    }

    private synchronized NavigableMap<String, T> sorted(Predicate<T> matches, Function<T, String> sortedBy) {
        var sorted = new TreeMap<String, T>();
        rows.values().stream()
                .filter(matches)
                .forEach(row -> sorted.put(sortedBy.apply(row) + "\u0000" + row.id(), row));
        return sorted;
    }

    private static <T> Page<T> page(
            String query,
            NavigableMap<String, T> all,
            int limit,
            @Nullable PageToken after,
            Listing.PageFilter<T> filter) {
        var rest = after == null ? all : all.tailMap(after.position(query).getOrDefault("after", ""), false);
        Predicate<T> remains = filter.of(List.copyOf(rest.values()));
        var kept = rest.entrySet().stream()
                .filter(row -> remains.test(row.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        var keys = kept.stream().limit(limit).toList();
        List<T> items = keys.stream().map(all::get).toList();
        boolean last = keys.size() == kept.size();
        return new Page<>(items, last ? null : PageToken.of(query, Map.of("after", keys.get(keys.size() - 1))));
    }

    private T put(T entity) {
        rows.put(entity.id(), entity);
        entity.uniqueKeys().forEach(key -> owners.put(key, entity.id()));
        return entity;
    }

    private void requireFree(T entity) {
        for (UniqueKey key : entity.uniqueKeys()) {
            I owner = owners.get(key);
            if (owner != null && !owner.equals(entity.id())) {
                throw new AlreadyExistsException(key.kind(), key.field(), key.value(), String.valueOf(owner));
            }
        }
    }
}
