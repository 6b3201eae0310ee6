package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.error.AccessDeniedException;
import io.threatengine.onboarding.error.NotSetUpException;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.error.ThrottledException;
import io.threatengine.onboarding.schedule.DueIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * In how many shards schedules may be: as many as anybody ever used, which a row beside the guards says. So those who use the
 * legacy index, or fewer shards, find what others have left. Thread-safe.
 */
final class DueShards {
    private static final String KEY = "setting#due-index";
    private static final String SHARDS = "shards";

    /** For so long, what was read is believed: what others have begun to use since waits no longer. */
    private static final Duration BELIEVED = Duration.ofMinutes(5);

    private record Known(int shards, Instant until) {}

    private final Tables tables;
    private final DueIndex index;
    private final AtomicReference<@Nullable Known> known = new AtomicReference<>();
    private volatile boolean isAnnounced;

    DueShards(Tables tables) {
        this.tables = tables;
        this.index = tables.settings().dueIndex();
    }

    /** As many as may hold schedules. */
    int toRead() {
        Known last = known.get();
        Instant now = tables.clock().instant();
        if (last != null && now.isBefore(last.until())) {
            return last.shards();
        }
        int shards = Math.min(DueIndex.MOST_SHARDS, Math.max(announced(), index.shards()));
        known.set(new Known(shards, now.plus(BELIEVED)));
        return shards;
    }

    /**
     * Before the first schedule is written to a shard: tells everybody that there are so many.
     *
     * @throws NotSetUpException if the index does not exist, or cannot be read yet: nobody is told of it then, and nothing written
     */
    void beforeWrite() {
        if (!index.isSharded() || isAnnounced) {
            return;
        }
        if (announced() < index.shards()) {
            requireIndex();
            announce();
        }
        isAnnounced = true;
    }

    /** None where the table is missing: with the legacy index it is needed by those alone who create. */
    private int announced() {
        var request = GetItemRequest.builder()
                .tableName(table())
                .key(key())
                .consistentRead(true)
                .build();
        try {
            AttributeValue shards = Calls.call(
                            Operation.GET_ITEM, table(), () -> tables.client().getItem(request))
                    .item()
                    .get(SHARDS);
            return shards == null || shards.n() == null ? 0 : Integer.parseInt(shards.n());
        } catch (NotSetUpException e) {
            if (index.isSharded()) {
                throw e;
            }
            return 0;
        }
    }

    private void requireIndex() {
        String schedules = Table.SCHEDULES.in(tables.settings().tables());
        var request = QueryRequest.builder()
                .tableName(schedules)
                .indexName(Table.DUE_SHARDS.name())
                .keyConditionExpression("#shard = :shard")
                .expressionAttributeNames(Map.of("#shard", Table.DUE_SHARDS.partitionKey()))
                .expressionAttributeValues(Map.of(":shard", AttributeValue.fromS("0")))
                .limit(1)
                .build();
        try {
            Calls.call(Operation.QUERY, schedules, () -> tables.client().query(request));
        } catch (ThrottledException | ServiceUnavailableException | AccessDeniedException e) {
            throw e;
        } catch (ServiceException e) {
            throw new NotSetUpException(
                    "dynamodb:Query",
                    schedules,
                    "its index " + Table.DUE_SHARDS.name() + ", which the settings ask for, does not exist or cannot be"
                            + " read yet",
                    e);
        }
    }

    private void announce() {
        var request = UpdateItemRequest.builder()
                .tableName(table())
                .key(key())
                .updateExpression("SET #shards = :shards")
                .conditionExpression("attribute_not_exists(#shards) OR #shards < :shards")
                .expressionAttributeNames(Map.of("#shards", SHARDS))
                .expressionAttributeValues(Map.of(":shards", AttributeValue.fromN(Integer.toString(index.shards()))))
                .build();
        try {
            Calls.call(Operation.UPDATE_ITEM, table(), () -> tables.client().updateItem(request));
        } catch (ConditionalCheckFailedException e) {
            // as many are known already
        }
    }

    private String table() {
        return Table.UNIQUE_KEYS.in(tables.settings().tables());
    }

    private static Map<String, AttributeValue> key() {
        return Map.of(Table.UNIQUE_KEYS.partitionKey(), AttributeValue.fromS(KEY));
    }
}
