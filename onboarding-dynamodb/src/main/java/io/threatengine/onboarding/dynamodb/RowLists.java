package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.storage.Entity;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.storage.Page;
import io.threatengine.onboarding.storage.PageToken;
import io.threatengine.onboarding.storage.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** The lists of one table: queries of its indexes, and all of its rows. */
final class RowLists<T extends Entity<?, T>> {
    /** Sorts after whatever may follow the seconds of a time: a fraction, a Z, an offset, nothing. */
    private static final String AFTER_ANY_TIME = "~";

    private final DynamoDbClient client;
    private final String table;
    private final EntityMapping<T> mapping;

    RowLists(DynamoDbClient client, String table, EntityMapping<T> mapping) {
        this.client = client;
        this.table = table;
        this.mapping = mapping;
    }

    /** The rows of an index under its partition key. */
    Listing<T> query(Table.Index index, String partition) {
        Conditions keys = Conditions.equal(index.partitionKey(), AttributeValue.fromS(partition));
        return query(index, keys, queryText(index, partition), true, null);
    }

    /** The rows of an index under both of its keys. */
    Listing<T> query(Table.Index index, String partition, String sort) {
        Conditions keys = Conditions.equal(index.partitionKey(), AttributeValue.fromS(partition))
                .andEqual(sortKey(index), AttributeValue.fromS(sort));
        return query(index, keys, queryText(index, partition, sort), true, null);
    }

    /**
     * The rows of an index under its partition key that are within a time. The index compares texts, and other engines write
     * several forms, which agree up to the second: whole seconds are read, and the rows judged by the time that they mean.
     */
    Listing<T> query(Table.Index index, String partition, TimeRange range, Function<T, Instant> time) {
        return query(index, partition, range, time, null);
    }

    /**
     * The same.
     *
     * @param filter what else the rows must be like, of attributes that are no keys of the index; null for nothing
     */
    Listing<T> query(
            Table.Index index,
            String partition,
            TimeRange range,
            Function<T, Instant> time,
            @Nullable Expression filter) {
        String from = range.from() == null ? "" : WireTime.second(range.from());
        String until = range.until() == null ? "" : WireTime.second(range.until());
        Conditions keys = Conditions.equal(index.partitionKey(), AttributeValue.fromS(partition));
        if (!from.isEmpty() || !until.isEmpty()) {
            keys.andBetween(sortKey(index), from.isEmpty() ? " " : from, until + AFTER_ANY_TIME);
        }
        String query = queryText(
                index,
                partition,
                String.valueOf(range.from()),
                String.valueOf(range.until()),
                range.newestFirst() + "");
        Listing<T> listing = query(index, keys, query, !range.newestFirst(), filter);
        return range.from() == null && range.until() == null
                ? listing
                : listing.keeping(() -> rows -> row -> range.contains(time.apply(row)));
    }

    private Listing<T> query(
            Table.Index index, Conditions keys, String query, boolean forward, @Nullable Expression filter) {
        Expression condition = keys.build();
        Expression both = filter == null ? condition : Expression.join(condition, filter, " AND ");
        List<String> position = new ArrayList<>(index.keys());
        position.add(mapping.table().partitionKey());
        return listing(query, position, (limit, start) -> {
            var request = QueryRequest.builder()
                    .tableName(table)
                    .indexName(index.name())
                    .keyConditionExpression(condition.expression())
                    .filterExpression(filter == null ? null : filter.expression())
                    .expressionAttributeNames(both.expressionNames())
                    .expressionAttributeValues(both.expressionValues())
                    .scanIndexForward(forward)
                    .limit(limit)
                    .exclusiveStartKey(start);
            QueryResponse page = Calls.call(Operation.QUERY, table, () -> client.query(request.build()));
            return new Items(page.items(), page.lastEvaluatedKey());
        });
    }

    private String queryText(Table.Index index, String... parameters) {
        return String.join("\u0000", table, index.name(), String.join("\u0000", parameters));
    }

    private static String sortKey(Table.Index index) {
        return Objects.requireNonNull(index.sortKey(), "sort key");
    }

    /** All rows of the table. */
    Listing<T> scan() {
        String query = String.join("\u0000", table, "scan");
        return listing(query, List.of(mapping.table().partitionKey()), (limit, start) -> {
            var request = ScanRequest.builder()
                    .tableName(table)
                    .consistentRead(true)
                    .limit(limit)
                    .exclusiveStartKey(start);
            ScanResponse page = Calls.call(Operation.SCAN, table, () -> client.scan(request.build()));
            return new Items(page.items(), page.lastEvaluatedKey());
        });
    }

    /** What the service puts on a page, and after which key it goes on; empty where it does not. */
    private record Items(List<Map<String, AttributeValue>> items, Map<String, AttributeValue> last) {}

    @FunctionalInterface
    private interface Service {
        Items read(@Nullable Integer limit, @Nullable Map<String, AttributeValue> start);
    }

    /** @param position the attributes that say where in the list a row stands */
    private Listing<T> listing(String query, List<String> position, Service service) {
        return Listing.of((limit, after, filter, unreadable) -> {
            var page = new PageInTheMaking(query, position, limit, filter, unreadable);
            Map<String, AttributeValue> start = startKey(after, query);
            Integer most = limitOf(limit);
            while (true) {
                Items read = service.read(most, start);
                if (page.endsWith(read)) {
                    return page.made();
                }
                start = read.last();
                // as many as were asked for are not enough: whole pages, not a call for each row that is left out
                most = null;
            }
        });
    }

    /** A page that is filled from the service's, until it is full, or nothing was left out of the last one, or all is read. */
    private final class PageInTheMaking {
        private final String query;
        private final List<String> position;
        private final int limit;
        private final Listing.PageFilter<T> filter;
        private final Consumer<MalformedDataException> unreadable;
        private final List<T> kept = new ArrayList<>();
        private @Nullable PageToken next;

        PageInTheMaking(
                String query,
                List<String> position,
                int limit,
                Listing.PageFilter<T> filter,
                Consumer<MalformedDataException> unreadable) {
            this.query = query;
            this.position = position;
            this.limit = limit;
            this.filter = filter;
            this.unreadable = unreadable;
        }

        Page<T> made() {
            return new Page<>(kept, next);
        }

        boolean endsWith(Items read) {
            List<Decoded<T>> rows = read.items().stream().map(this::decoded).toList();
            Predicate<T> remains = filter.of(
                    rows.stream().map(Decoded::row).filter(Objects::nonNull).toList());
            boolean leftOut = false;
            for (int i = 0; i < rows.size(); i++) {
                T row = rows.get(i).row();
                MalformedDataException broken = rows.get(i).broken();
                if (broken != null) {
                    unreadable.accept(broken);
                }
                if (row == null || !remains.test(row)) {
                    leftOut = true;
                    continue;
                }
                kept.add(row);
                if (kept.size() == limit) {
                    boolean more = i + 1 < rows.size() || !read.last().isEmpty();
                    next = more ? tokenAt(read.items().get(i)) : null;
                    return true;
                }
            }
            if (read.last().isEmpty()) {
                return true;
            }
            // the key after which the service goes on may be that of a row that was left out: it stays with streams
            boolean enough = !kept.isEmpty() && (limit == Listing.SERVICE_PAGE || !leftOut);
            next = enough ? tokenAt(read.last()) : null;
            return enough;
        }

        /** Row by row, which the enhanced client's pages are not: one that cannot be understood does not hide the others. */
        private Decoded<T> decoded(Map<String, AttributeValue> item) {
            try {
                return new Decoded<>(mapping.schema().mapToItem(item), null);
            } catch (MalformedDataException e) {
                return new Decoded<>(null, e);
            }
        }

        private PageToken tokenAt(Map<String, AttributeValue> row) {
            var key = new HashMap<String, String>();
            position.forEach(
                    name -> key.put(name, Objects.requireNonNull(row.get(name)).s()));
            return PageToken.of(query, key);
        }
    }

    private record Decoded<T>(@Nullable T row, @Nullable MalformedDataException broken) {}

    private static @Nullable Map<String, AttributeValue> startKey(@Nullable PageToken after, String query) {
        if (after == null) {
            return null;
        }
        var key = new HashMap<String, AttributeValue>();
        after.position(query).forEach((name, value) -> key.put(name, AttributeValue.fromS(value)));
        return key;
    }

    private static @Nullable Integer limitOf(int limit) {
        return limit == Listing.SERVICE_PAGE ? null : limit;
    }
}
