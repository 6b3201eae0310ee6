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
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Calls for many rows of one table. What the service leaves unprocessed, because it is throttled or the answer would be too
 * large, is asked for again, after pauses that grow while nothing gets done.
 */
final class Batch {
    /** The most rows that BatchGetItem reads. */
    static final int MOST_READ = 100;

    /** The most rows that BatchWriteItem writes. */
    static final int MOST_WRITTEN = 25;

    /** How often nothing may get done, one time after the other; with the pauses some seconds. */
    private static final int TRIES = 10;

    private static final String READING = "dynamodb:BatchGetItem";
    private static final String WRITING = "dynamodb:BatchWriteItem";

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
                answer = Calls.call("BatchGetItem", table, () -> client.batchGetItem(all));
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
     * Puts and deletes rows, each on its own.
     *
     * @param requests by the rows' keys, at most {@link #MOST_WRITTEN}
     * @return the failures of what the service would not write, by key
     */
    Map<String, OnboardingException> write(Map<String, WriteRequest> requests) {
        List<WriteRequest> pending = new ArrayList<>(requests.values());
        for (int idle = 0; !pending.isEmpty() && idle < TRIES; ) {
            var all = BatchWriteItemRequest.builder()
                    .requestItems(Map.of(table, List.copyOf(pending)))
                    .build();
            BatchWriteItemResponse answer;
            try {
                answer = Calls.call("BatchWriteItem", table, () -> client.batchWriteItem(all));
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

    private String keyOfWrite(WriteRequest request) {
        Map<String, AttributeValue> attributes = request.putRequest() == null
                ? request.deleteRequest().key()
                : request.putRequest().item();
        return keyOf(attributes);
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
