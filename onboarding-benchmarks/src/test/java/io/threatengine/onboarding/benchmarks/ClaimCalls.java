package io.threatengine.onboarding.benchmarks;

import io.threatengine.onboarding.testkit.EmbeddedAws;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;

/**
 * Counts what is asked of DynamoDB, and adds up what it says that this consumes, table by table and index by index. Only sums
 * are kept, since a run makes tens of thousands of calls. Thread-safe.
 */
final class ClaimCalls implements ExecutionInterceptor {
    private static final String REFUSED = " (refused)";

    /**
     * What was counted.
     *
     * @param requests how many of each operation; the refused ones under a name of their own
     * @param rowsRead how many rows the pages of lists held
     * @param writeUnits of each table and index, by its name without the prefix of the tables
     */
    record Tally(Map<String, Long> requests, long rowsRead, double readUnits, Map<String, Double> writeUnits) {

        long requests(String operation) {
            return requests.getOrDefault(operation, 0L);
        }

        /** The writes, those that were refused too: they are paid for. */
        long writes() {
            return requests("TransactWriteItems") + refusedWrites() + requests("UpdateItem");
        }

        long refusedWrites() {
            return requests("TransactWriteItems" + REFUSED);
        }

        double allWriteUnits() {
            return writeUnits.values().stream().mapToDouble(units -> units).sum();
        }
    }

    private final String prefix;
    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
    private final Map<String, DoubleAdder> writeUnits = new ConcurrentHashMap<>();
    private final LongAdder rowsRead = new LongAdder();
    private final DoubleAdder readUnits = new DoubleAdder();

    /** @param prefix what the names of the tables begin with */
    ClaimCalls(String prefix) {
        this.prefix = prefix;
    }

    /** A client whose calls are counted here. */
    DynamoDbClient client(EmbeddedAws aws) {
        var embedded = aws.dynamoDb().serviceClientConfiguration();
        return DynamoDbClient.builder()
                .endpointOverride(embedded.endpointOverride().orElseThrow())
                .region(embedded.region())
                .credentialsProvider(embedded.credentialsProvider())
                .overrideConfiguration(options -> options.addExecutionInterceptor(this))
                .build();
    }

    /** What was counted since the last time; not while calls are under way. */
    Tally take() {
        var tally = new Tally(
                requests.entrySet().stream()
                        .collect(Collectors.toUnmodifiableMap(
                                Map.Entry::getKey, entry -> entry.getValue().sum())),
                rowsRead.sumThenReset(),
                readUnits.sumThenReset(),
                writeUnits.entrySet().stream()
                        .collect(Collectors.toUnmodifiableMap(
                                Map.Entry::getKey, entry -> entry.getValue().sum())));
        requests.clear();
        writeUnits.clear();
        return tally;
    }

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        var indexes = ReturnConsumedCapacity.INDEXES;
        SdkRequest request = context.request();
        if (request instanceof QueryRequest query) {
            return query.toBuilder().returnConsumedCapacity(indexes).build();
        }
        if (request instanceof GetItemRequest get) {
            return get.toBuilder().returnConsumedCapacity(indexes).build();
        }
        return request instanceof TransactWriteItemsRequest transaction
                ? transaction.toBuilder().returnConsumedCapacity(indexes).build()
                : request;
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        count(operation(attributes));
        SdkResponse response = context.response();
        if (response instanceof QueryResponse query) {
            rowsRead.add(query.count());
            addRead(query.consumedCapacity());
        } else if (response instanceof GetItemResponse get) {
            addRead(get.consumedCapacity());
        } else if (response instanceof TransactWriteItemsResponse transaction) {
            addWritten(transaction.consumedCapacity());
        }
    }

    @Override
    public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
        count(operation(attributes) + REFUSED);
    }

    private static String operation(ExecutionAttributes attributes) {
        return attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    }

    private void count(String operation) {
        requests.computeIfAbsent(operation, name -> new LongAdder()).increment();
    }

    private void addRead(@Nullable ConsumedCapacity consumed) {
        if (consumed != null) {
            readUnits.add(consumed.capacityUnits());
        }
    }

    /** Each write of a run is alone on its table, so that what DynamoDB Local reports for a table is the whole of it. */
    private void addWritten(Collection<ConsumedCapacity> consumed) {
        for (ConsumedCapacity table : List.copyOf(consumed)) {
            add(table.tableName().substring(prefix.length()), table.table().capacityUnits());
            table.globalSecondaryIndexes().forEach((index, capacity) -> add(index, capacity.capacityUnits()));
        }
    }

    private void add(String place, double units) {
        writeUnits.computeIfAbsent(place, name -> new DoubleAdder()).add(units);
    }
}
