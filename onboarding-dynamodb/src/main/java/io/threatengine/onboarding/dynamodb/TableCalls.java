package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.setup.SetupOptions;
import io.threatengine.onboarding.setup.TableDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.waiters.Waiter;
import software.amazon.awssdk.core.waiters.WaiterAcceptor;
import software.amazon.awssdk.core.waiters.WaiterOverrideConfiguration;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsUnavailableException;
import software.amazon.awssdk.services.dynamodb.model.CreateGlobalSecondaryIndexAction;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeContinuousBackupsRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ListTagsOfResourceRequest;
import software.amazon.awssdk.services.dynamodb.model.ListTagsOfResourceResponse;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryDescription;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoverySpecification;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryStatus;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.SSESpecification;
import software.amazon.awssdk.services.dynamodb.model.SSEType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.Tag;
import software.amazon.awssdk.services.dynamodb.model.TagResourceRequest;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveSpecification;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.dynamodb.model.UpdateContinuousBackupsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateContinuousBackupsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveRequest;

/** The calls that look at tables, make them and change them. None of them deletes. */
final class TableCalls {
    static final Projection EVERYTHING =
            Projection.builder().projectionType(ProjectionType.ALL).build();

    /** The service's own key: what a table has that says nothing of its encryption. */
    static final SSESpecification MANAGED_KEY =
            SSESpecification.builder().enabled(true).sseType(SSEType.KMS).build();

    /** On AWS a table with three indexes takes about ten seconds, seldom more than a minute. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final WaiterOverrideConfiguration PATIENTLY = WaiterOverrideConfiguration.builder()
            .maxAttempts(Integer.MAX_VALUE)
            .waitTimeout(PATIENCE)
            .backoffStrategyV2(BackoffStrategy.exponentialDelay(Duration.ofMillis(100), Duration.ofSeconds(3)))
            .build();

    private static final Waiter<DescribeTableResponse> UNTIL_USABLE = waiter(TableCalls::isUsable);
    private static final Waiter<DescribeTableResponse> UNTIL_ACTIVE =
            waiter(table -> table.tableStatus() == TableStatus.ACTIVE && isUsable(table));

    /** Of a table that was just made the service refuses to switch recovery on for some seconds. */
    private static final Waiter<UpdateContinuousBackupsResponse> UNTIL_RECOVERABLE = Waiter.builder(
                    UpdateContinuousBackupsResponse.class)
            .addAcceptor(WaiterAcceptor.successOnResponseAcceptor(response -> true))
            .addAcceptor(
                    WaiterAcceptor.retryOnExceptionAcceptor(ContinuousBackupsUnavailableException.class::isInstance))
            .overrideConfiguration(PATIENTLY)
            .build();

    private static final Set<TimeToLiveStatus> ON = EnumSet.of(TimeToLiveStatus.ENABLED, TimeToLiveStatus.ENABLING);

    private final DynamoDbClient client;

    TableCalls(DynamoDbClient client) {
        this.client = client;
    }

    private static Waiter<DescribeTableResponse> waiter(Predicate<TableDescription> condition) {
        return Waiter.builder(DescribeTableResponse.class)
                .addAcceptor(WaiterAcceptor.successOnResponseAcceptor(response -> condition.test(response.table())))
                .addAcceptor(WaiterAcceptor.retryOnResponseAcceptor(response -> true))
                .addAcceptor(WaiterAcceptor.retryOnExceptionAcceptor(ResourceNotFoundException.class::isInstance))
                .overrideConfiguration(PATIENTLY)
                .build();
    }

    static boolean isUsable(TableDescription table) {
        return (table.tableStatus() == TableStatus.ACTIVE || table.tableStatus() == TableStatus.UPDATING)
                && table.globalSecondaryIndexes().stream().allMatch(index -> index.indexStatus() == IndexStatus.ACTIVE);
    }

    Optional<TableDescription> describe(String table) {
        try {
            return Optional.of(
                    client.describeTable(request -> request.tableName(table)).table());
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw SdkFailures.translate(e, Operation.DESCRIBE_TABLE.qualified(), table);
        }
    }

    /** Waits until the table and its indexes can be used. */
    TableDescription awaitUsable(String table) {
        return await(UNTIL_USABLE, table);
    }

    /** Waits until the table takes another change. */
    TableDescription awaitActive(String table) {
        return await(UNTIL_ACTIVE, table);
    }

    private TableDescription await(Waiter<DescribeTableResponse> waiter, String table) {
        try {
            return await(waiter, () -> client.describeTable(request -> request.tableName(table)))
                    .table();
        } catch (SdkException e) {
            throw SdkFailures.translate(e, Operation.DESCRIBE_TABLE.qualified(), table);
        }
    }

    /** A waiter wraps what it does not wait for; it is thrown as it was. */
    private static <R> R await(Waiter<R> waiter, Supplier<R> call) {
        try {
            return waiter.run(call).matched().response().orElseThrow();
        } catch (SdkException e) {
            throw e.getCause() instanceof SdkException cause ? cause : e;
        }
    }

    /**
     * Asks for a table. If another process was first, it is waited for all the same.
     *
     * @param options null for a table without protection
     */
    void create(TableDefinition table, @Nullable SetupOptions options) {
        var request = CreateTableRequest.builder()
                .tableName(table.name())
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(keys(List.of(table.partitionKey())))
                .attributeDefinitions(attributes(table.keyAttributes()));
        if (!table.indexes().isEmpty()) {
            request.globalSecondaryIndexes(table.indexes().stream()
                    .map(index -> GlobalSecondaryIndex.builder()
                            .indexName(index.name())
                            .keySchema(keys(index.keys()))
                            .projection(EVERYTHING)
                            .build())
                    .toList());
        }
        if (options != null) {
            request.deletionProtectionEnabled(options.deletionProtection());
            if (options.managedTableKey()) {
                request.sseSpecification(MANAGED_KEY);
            }
        }
        unlessInUse(Operation.CREATE_TABLE, table.name(), () -> client.createTable(request.build()));
    }

    /** Asks for an index; false if the table is being changed by somebody else. */
    boolean addIndex(String table, TableDefinition.Index index) {
        var create = CreateGlobalSecondaryIndexAction.builder()
                .indexName(index.name())
                .keySchema(keys(index.keys()))
                .projection(EVERYTHING)
                .build();
        return update(UpdateTableRequest.builder()
                .tableName(table)
                .attributeDefinitions(attributes(index.keys()))
                .globalSecondaryIndexUpdates(
                        GlobalSecondaryIndexUpdate.builder().create(create).build())
                .build());
    }

    /** Changes the table; false if it is being changed by somebody else. */
    boolean update(UpdateTableRequest request) {
        return unlessInUse(Operation.UPDATE_TABLE, request.tableName(), () -> client.updateTable(request));
    }

    private static boolean unlessInUse(Operation operation, String table, Supplier<?> call) {
        try {
            Object unused = call.get();
            return unused != null;
        } catch (ResourceInUseException e) {
            return false;
        } catch (SdkException e) {
            throw SdkFailures.translate(e, operation.qualified(), table);
        }
    }

    // ---- expiry of rows

    /** The attribute by which the rows of a table expire; null where they do not. */
    @Nullable
    String expiryOf(String table) {
        var request = DescribeTimeToLiveRequest.builder().tableName(table).build();
        TimeToLiveDescription found = Calls.call(
                        Operation.DESCRIBE_TIME_TO_LIVE, table, () -> client.describeTimeToLive(request))
                .timeToLiveDescription();
        return found != null && ON.contains(found.timeToLiveStatus()) ? found.attributeName() : null;
    }

    /**
     * Lets rows expire.
     *
     * @return the attribute by which they do; another one, if another process was faster: the service refuses what is on already
     */
    String letExpire(String table, String attribute) {
        var request = UpdateTimeToLiveRequest.builder()
                .tableName(table)
                .timeToLiveSpecification(TimeToLiveSpecification.builder()
                        .attributeName(attribute)
                        .enabled(true)
                        .build())
                .build();
        try {
            Calls.call(Operation.UPDATE_TIME_TO_LIVE, table, () -> client.updateTimeToLive(request));
            return attribute;
        } catch (ServiceException e) {
            String found = expiryOf(table);
            if (found == null) {
                throw e;
            }
            return found;
        }
    }

    // ---- what stand-ins of the service do not know

    /** Whether the table can be restored to any second; empty where the service does not know. */
    Optional<Boolean> isRecoverable(String table) {
        var request =
                DescribeContinuousBackupsRequest.builder().tableName(table).build();
        return ifKnown(Operation.DESCRIBE_CONTINUOUS_BACKUPS, table, () -> client.describeContinuousBackups(request))
                .map(answer -> {
                    PointInTimeRecoveryDescription recovery =
                            answer.continuousBackupsDescription().pointInTimeRecoveryDescription();
                    return recovery != null
                            && recovery.pointInTimeRecoveryStatus() == PointInTimeRecoveryStatus.ENABLED;
                });
    }

    /** Switches point-in-time recovery on; false where the service does not know how to. */
    boolean makeRecoverable(String table) {
        var request = UpdateContinuousBackupsRequest.builder()
                .tableName(table)
                .pointInTimeRecoverySpecification(PointInTimeRecoverySpecification.builder()
                        .pointInTimeRecoveryEnabled(true)
                        .build())
                .build();
        return ifKnown(
                        Operation.UPDATE_CONTINUOUS_BACKUPS,
                        table,
                        () -> await(UNTIL_RECOVERABLE, () -> client.updateContinuousBackups(request)))
                .isPresent();
    }

    /** The table's tags; empty where the service does not know. */
    Optional<Map<String, String>> tags(String arn) {
        var tags = new TreeMap<String, String>();
        String token = null;
        do {
            var request = ListTagsOfResourceRequest.builder()
                    .resourceArn(arn)
                    .nextToken(token)
                    .build();
            Optional<ListTagsOfResourceResponse> page =
                    ifKnown(Operation.LIST_TAGS_OF_RESOURCE, arn, () -> client.listTagsOfResource(request));
            if (page.isEmpty()) {
                return Optional.empty();
            }
            page.get().tags().forEach(tag -> tags.put(tag.key(), tag.value()));
            token = page.get().nextToken();
        } while (token != null);
        return Optional.of(tags);
    }

    /** Adds tags; false where the service does not know how to. */
    boolean tag(String arn, Map<String, String> tags) {
        var request = TagResourceRequest.builder()
                .resourceArn(arn)
                .tags(tags.entrySet().stream()
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList())
                .build();
        return ifKnown(Operation.TAG_RESOURCE, arn, () -> client.tagResource(request))
                .isPresent();
    }

    private static <R> Optional<R> ifKnown(Operation operation, String resource, Supplier<R> call) {
        return Calls.call(operation, resource, () -> {
            try {
                return Optional.of(call.get());
            } catch (DynamoDbException e) {
                if (isUnknown(e)) {
                    return Optional.<R>empty();
                }
                throw e;
            }
        });
    }

    /** As DynamoDB Local says it: of an operation, and of tags. */
    private static boolean isUnknown(DynamoDbException e) {
        return SdkFailures.errorCode(e).equals("UnknownOperationException")
                || String.valueOf(e.getMessage()).contains("not currently supported");
    }

    // ---- shapes

    static List<AttributeDefinition> attributes(Collection<String> names) {
        return names.stream()
                .map(name -> AttributeDefinition.builder()
                        .attributeName(name)
                        .attributeType(ScalarAttributeType.S)
                        .build())
                .toList();
    }

    static List<KeySchemaElement> keys(List<String> names) {
        var keys = new ArrayList<KeySchemaElement>();
        for (String name : names) {
            keys.add(KeySchemaElement.builder()
                    .attributeName(name)
                    .keyType(keys.isEmpty() ? KeyType.HASH : KeyType.RANGE)
                    .build());
        }
        return keys;
    }

    static List<String> names(List<KeySchemaElement> keys) {
        return keys.stream().map(KeySchemaElement::attributeName).toList();
    }
}
