package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.error.ThrottledException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Calls for many rows of one table. What the service leaves unprocessed, because it is throttled or the answer would be too
 * large, is asked for again, after pauses that grow while nothing gets done.
 */
final class Batch {
    /** The most rows that BatchGetItem reads. */
    static final int MOST_READ = 100;

    /**
     * The most rows that BatchWriteItem writes. As many are created in a transaction, which would take 100: it is throttled as a
     * whole, and costs twice, so that a small one gets through where a large one would not.
     */
    static final int MOST_WRITTEN = 25;

    /** How often nothing may get done, one time after the other; with the pauses some seconds. */
    private static final int TRIES = 10;

    private static final String READING = Operation.BATCH_GET_ITEM.qualified();
    private static final String WRITING = Operation.BATCH_WRITE_ITEM.qualified();

    private final DynamoDbClient client;
    private final String table;
    private final String key;

    Batch(DynamoDbClient client, String table, String key) {
        this.client = client;
        this.table = table;
        this.key = key;
    }

    /**
     * What was read.
     *
     * @param items by their keys; what does not exist is missing
     * @param failures by the keys of what the service would not read
     */
    record Read(Map<String, Map<String, AttributeValue>> items, Map<String, OnboardingException> failures) {}

    /**
     * Reads rows, strongly consistent.
     *
     * @param ids different ones, at most {@link #MOST_READ}
     * @param keysOnly whether their keys are enough
     */
    Read read(Collection<String> ids, boolean keysOnly) {
        var items = new HashMap<String, Map<String, AttributeValue>>();
        var request = KeysAndAttributes.builder().consistentRead(true);
        if (keysOnly) {
            request.projectionExpression("#key").expressionAttributeNames(Map.of("#key", key));
        }
        List<Map<String, AttributeValue>> pending = new ArrayList<>();
        ids.forEach(id -> pending.add(Map.of(key, AttributeValue.fromS(id))));
        for (int idle = 0; !pending.isEmpty() && idle < TRIES; ) {
            var all = BatchGetItemRequest.builder()
                    .requestItems(Map.of(table, request.keys(pending).build()))
                    .build();
            BatchGetItemResponse answer;
            try {
                answer = Calls.call(Operation.BATCH_GET_ITEM, table, () -> client.batchGetItem(all));
            } catch (OperationInterruptedException e) {
                throw e;
            } catch (OnboardingException e) {
                return new Read(items, failed(keysOf(pending), e));
            }

            answer.responses().getOrDefault(table, List.of()).forEach(item -> items.put(keyOf(item), item));
            KeysAndAttributes left = answer.unprocessedKeys().get(table);
            int before = pending.size();
            pending.clear();
            pending.addAll(left == null ? List.of() : left.keys());
            idle = pauseIfLeft(pending.size(), before, idle, READING);
        }
        return new Read(items, failed(keysOf(pending), new ThrottledException(READING, table, null)));
    }

    /**
     * Deletes rows, each on its own.
     *
     * @param ids different ones, at most {@link #MOST_WRITTEN}
     * @return the failures of what the service would not delete, by key
     */
    Map<String, OnboardingException> delete(Collection<String> ids) {
        List<WriteRequest> pending = new ArrayList<>();
        ids.forEach(id -> pending.add(WriteRequest.builder()
                .deleteRequest(DeleteRequest.builder()
                        .key(Map.of(key, AttributeValue.fromS(id)))
                        .build())
                .build()));
        for (int idle = 0; !pending.isEmpty() && idle < TRIES; ) {
            var all = BatchWriteItemRequest.builder()
                    .requestItems(Map.of(table, List.copyOf(pending)))
                    .build();
            BatchWriteItemResponse answer;
            try {
                answer = Calls.call(Operation.BATCH_WRITE_ITEM, table, () -> client.batchWriteItem(all));
            } catch (OperationInterruptedException e) {
                throw e;
            } catch (OnboardingException e) {
                return failed(pending.stream().map(this::keyOfWrite).toList(), e);
            }

            int before = pending.size();
            pending.clear();
            pending.addAll(answer.unprocessedItems().getOrDefault(table, List.of()));
            idle = pauseIfLeft(pending.size(), before, idle, WRITING);
        }
        return failed(pending.stream().map(this::keyOfWrite).toList(), new ThrottledException(WRITING, table, null));
    }

    /**
     * Puts new rows, each on its own, but several in a transaction: without its client token, a put whose answer was lost
     * would, tried again, undo what was done to its row meanwhile.
     *
     * @param items by the rows' keys, at most {@link #MOST_WRITTEN}
     * @param meaning what it means that there is a row already, given its key and it; null for nothing bad
     * @return the failures, by key
     */
    Map<String, OnboardingException> create(
            Map<String, Map<String, AttributeValue>> items,
            BiFunction<String, Map<String, AttributeValue>, @Nullable OnboardingException> meaning) {
        var failures = new HashMap<String, OnboardingException>();
        for (List<String> together : asTransactionsTake(items)) {
            try {
                Transaction.separately(
                                client,
                                table,
                                together.stream().map(items::get).map(this::put).toList())
                        .forEach((place, refusal) -> {
                            String id = together.get(place);
                            OnboardingException failure = Transaction.CONDITION.equals(refusal.code())
                                    ? meaning.apply(id, refusal.item())
                                    : Transaction.meaningOf(refusal, table);
                            if (failure != null) {
                                failures.put(id, failure);
                            }
                        });
            } catch (OperationInterruptedException e) {
                throw e;
            } catch (OnboardingException e) {
                failures.putAll(failed(together, e));
            }
        }
        return failures;
    }

    private TransactWriteItem put(Map<String, AttributeValue> item) {
        Expression missing = Conditions.missing(key).build();
        return TransactWriteItem.builder()
                .put(Put.builder()
                        .tableName(table)
                        .item(item)
                        .conditionExpression(missing.expression())
                        .expressionAttributeNames(missing.expressionNames())
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                        .build())
                .build();
    }

    private static List<List<String>> asTransactionsTake(Map<String, Map<String, AttributeValue>> items) {
        var transactions = new ArrayList<List<String>>();
        long size = Long.MAX_VALUE;
        for (var entry : items.entrySet()) {
            long itemSize = ItemSize.of(entry.getValue());
            if (size > ItemSize.TRANSACTION_LIMIT - itemSize) {
                transactions.add(new ArrayList<>());
                size = 0;
            }
            size += itemSize;
            transactions.get(transactions.size() - 1).add(entry.getKey());
        }
        return transactions;
    }

    private String keyOfWrite(WriteRequest request) {
        return keyOf(request.deleteRequest().key());
    }

    private String keyOf(Map<String, AttributeValue> attributes) {
        return Objects.requireNonNull(attributes.get(key), "the key").s();
    }

    /** @return how often nothing got done by now */
    private static int pauseIfLeft(int left, int before, int idle, String operation) {
        if (left == 0) {
            return 0;
        }
        int idleNow = left < before ? 0 : idle + 1;
        if (idleNow < TRIES) {
            SdkFailures.backOff(idleNow + 1, operation);
        }
        return idleNow;
    }

    private List<String> keysOf(List<Map<String, AttributeValue>> keys) {
        return keys.stream().map(this::keyOf).toList();
    }

    /** What is done already stays done: only the rest has failed. */
    private static Map<String, OnboardingException> failed(List<String> keys, OnboardingException failure) {
        var failures = new HashMap<String, OnboardingException>();
        keys.forEach(id -> failures.put(id, failure));
        return failures;
    }
}
