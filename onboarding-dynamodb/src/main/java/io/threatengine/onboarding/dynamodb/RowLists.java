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
        return query(index, keys, queryText(index, partition), true, row -> true);
    }

    /** The rows of an index under both of its keys. */
    Listing<T> query(Table.Index index, String partition, String sort) {
        Conditions keys = Conditions.equal(index.partitionKey(), AttributeValue.fromS(partition))
                .andEqual(sortKey(index), AttributeValue.fromS(sort));
        return query(index, keys, queryText(index, partition, sort), true, row -> true);
    }

    /**
     * The rows of an index under its partition key that are within a time. The index compares texts, and other engines write
     * several forms, which agree up to the second: whole seconds are read, and the rows judged by the time that they mean.
     */
    Listing<T> query(Table.Index index, String partition, TimeRange range, Function<T, Instant> time) {
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
        return query(index, keys, query, !range.newestFirst(), row -> range.contains(time.apply(row)));
    }

    private Listing<T> query(Table.Index index, Conditions keys, String query, boolean forward, Predicate<T> belongs) {
        Expression condition = keys.build();
        return Listing.of((limit, after, unreadable) -> {
            var request = QueryRequest.builder()
                    .tableName(table)
                    .indexName(index.name())
                    .keyConditionExpression(condition.expression())
                    .expressionAttributeNames(condition.expressionNames())
                    .expressionAttributeValues(condition.expressionValues())
                    .scanIndexForward(forward)
                    .limit(limitOf(limit))
                    .exclusiveStartKey(startKey(after, query));
            QueryResponse page = Calls.call("Query", table, () -> client.query(request.build()));
            return page(query, page.items(), page.lastEvaluatedKey(), belongs, unreadable);
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
        return Listing.of((limit, after, unreadable) -> {
            var request = ScanRequest.builder()
                    .tableName(table)
                    .consistentRead(true)
                    .limit(limitOf(limit))
                    .exclusiveStartKey(startKey(after, query));
            ScanResponse page = Calls.call("Scan", table, () -> client.scan(request.build()));
            return page(query, page.items(), page.lastEvaluatedKey(), row -> true, unreadable);
        });
    }

    /** Maps row by row, which the enhanced client's pages do not: one that cannot be understood does not hide the others. */
    private Page<T> page(
            String query,
            List<Map<String, AttributeValue>> items,
            Map<String, AttributeValue> last,
            Predicate<T> belongs,
            Consumer<MalformedDataException> unreadable) {
        var entities = new ArrayList<T>(items.size());
        for (Map<String, AttributeValue> item : items) {
            try {
                T entity = mapping.schema().mapToItem(item);
                if (belongs.test(entity)) {
                    entities.add(entity);
                }
            } catch (MalformedDataException e) {
                unreadable.accept(e);
            }
        }
        var position = new HashMap<String, String>();
        last.forEach((name, value) -> position.put(name, value.s()));
        return new Page<>(entities, position.isEmpty() ? null : PageToken.of(query, position));
    }

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
