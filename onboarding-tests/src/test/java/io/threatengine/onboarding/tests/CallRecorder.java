package io.threatengine.onboarding.tests;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
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
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** Records which calls a client makes, and what DynamoDB says that they consume. */
final class CallRecorder implements ExecutionInterceptor {
    private final List<String> operations = new ArrayList<>();
    private double readUnits;
    private double writeUnits;

    /**
     * What was recorded.
     *
     * @param calls how many of each operation: {@code "1 GetItem, 2 Query"}
     */
    record Recording(String calls, double readUnits, double writeUnits) {}

    synchronized Recording take() {
        Map<String, Long> counts = operations.stream()
                .collect(Collectors.groupingBy(operation -> operation, TreeMap::new, Collectors.counting()));
        String calls = counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        var recording = new Recording(calls.isEmpty() ? "none" : calls, readUnits, writeUnits);
        operations.clear();
        readUnits = 0;
        writeUnits = 0;
        return recording;
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

    @Override
    public synchronized void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        operations.add(String.valueOf(attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME)));
        SdkResponse response = context.response();
        if (response instanceof GetItemResponse get) {
            readUnits += units(Stream.of(get.consumedCapacity()));
        } else if (response instanceof QueryResponse query) {
            readUnits += units(Stream.of(query.consumedCapacity()));
        } else if (response instanceof ScanResponse scan) {
            readUnits += units(Stream.of(scan.consumedCapacity()));
        } else if (response instanceof BatchGetItemResponse batch) {
            readUnits += units(batch.consumedCapacity().stream());
        } else if (response instanceof UpdateItemResponse update) {
            writeUnits += units(Stream.of(update.consumedCapacity()));
        } else if (response instanceof TransactWriteItemsResponse transaction) {
            writeUnits += units(transaction.consumedCapacity().stream());
        } else if (response instanceof BatchWriteItemResponse batch) {
            writeUnits += units(batch.consumedCapacity().stream());
        }
    }

    @Override
    public synchronized void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
        operations.add(attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME) + " (refused)");
    }

    private static double units(Stream<ConsumedCapacity> consumed) {
        return consumed.mapToDouble(ConsumedCapacity::capacityUnits).sum();
    }
}
