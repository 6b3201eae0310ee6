package io.threatengine.onboarding.tests;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** Records which calls a client makes, and what DynamoDB says that they consume. */
final class CapacityRecorder extends Recorder {

    /**
     * What was recorded.
     *
     * @param calls how many of each operation: {@code "1 GetItem, 2 Query"}
     */
    record Recording(String calls, double readUnits, double writeUnits) {}

    Recording take() {
        List<Call> calls = calls();
        clear();
        Map<String, Long> counts = calls.stream()
                .map(call -> call.response() == null ? call.operation() + " (refused)" : call.operation())
                .collect(Collectors.groupingBy(operation -> operation, TreeMap::new, Collectors.counting()));
        String text = counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        return new Recording(
                text.isEmpty() ? "none" : text,
                calls.stream().mapToDouble(call -> read(call.response())).sum(),
                calls.stream().mapToDouble(CapacityRecorder::written).sum());
    }

    private static double read(@Nullable SdkResponse response) {
        if (response instanceof GetItemResponse get) {
            return units(Stream.of(get.consumedCapacity()));
        }
        if (response instanceof QueryResponse query) {
            return units(Stream.of(query.consumedCapacity()));
        }
        if (response instanceof ScanResponse scan) {
            return units(Stream.of(scan.consumedCapacity()));
        }
        return response instanceof BatchGetItemResponse batch ? units(batch.consumedCapacity().stream()) : 0;
    }

    private static double written(Call call) {
        SdkResponse response = call.response();
        if (response instanceof UpdateItemResponse update) {
            return units(Stream.of(update.consumedCapacity()));
        }
        if (response instanceof TransactWriteItemsResponse transaction) {
            // of several writes to one table DynamoDB Local reports one; ours are alike
            Map<String, Long> writes = writes((TransactWriteItemsRequest) call.request());
            return transaction.consumedCapacity().stream()
                    .mapToDouble(consumed -> consumed.capacityUnits() * writes.getOrDefault(consumed.tableName(), 1L))
                    .sum();
        }
        return response instanceof BatchWriteItemResponse batch ? units(batch.consumedCapacity().stream()) : 0;
    }

    private static Map<String, Long> writes(TransactWriteItemsRequest transaction) {
        return transaction.transactItems().stream()
                .collect(Collectors.groupingBy(CapacityRecorder::tableOf, Collectors.counting()));
    }

    static String tableOf(TransactWriteItem step) {
        if (step.put() != null) {
            return step.put().tableName();
        }
        if (step.update() != null) {
            return step.update().tableName();
        }
        return step.delete() == null
                ? step.conditionCheck().tableName()
                : step.delete().tableName();
    }

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        var indexes = ReturnConsumedCapacity.INDEXES;
        SdkRequest request = context.request();
        if (request instanceof GetItemRequest get) {
            return get.toBuilder().returnConsumedCapacity(indexes).build();
        }
        if (request instanceof QueryRequest query) {
            return query.toBuilder().returnConsumedCapacity(indexes).build();
        }
        if (request instanceof ScanRequest scan) {
            return scan.toBuilder().returnConsumedCapacity(indexes).build();
        }
        if (request instanceof BatchGetItemRequest batch) {
            return batch.toBuilder().returnConsumedCapacity(indexes).build();
        }
        if (request instanceof UpdateItemRequest update) {
            return update.toBuilder().returnConsumedCapacity(indexes).build();
        }
        if (request instanceof TransactWriteItemsRequest transaction) {
            return transaction.toBuilder().returnConsumedCapacity(indexes).build();
        }
        if (request instanceof BatchWriteItemRequest batch) {
            return batch.toBuilder().returnConsumedCapacity(indexes).build();
        }
        return request;
    }

    private static double units(Stream<ConsumedCapacity> consumed) {
        return consumed.mapToDouble(ConsumedCapacity::capacityUnits).sum();
    }
}
