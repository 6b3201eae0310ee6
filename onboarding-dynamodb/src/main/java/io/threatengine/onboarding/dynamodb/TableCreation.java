package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.dynamodb.TableProgress.State;
import io.threatengine.onboarding.error.NotSetUpException;
import io.threatengine.onboarding.error.ServiceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.waiters.Waiter;
import software.amazon.awssdk.core.waiters.WaiterAcceptor;
import software.amazon.awssdk.core.waiters.WaiterOverrideConfiguration;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateGlobalSecondaryIndexAction;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveSpecification;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveRequest;

/** Makes the tables of the manifest: asks for all that are missing, then waits until each can be used. */
final class TableCreation {
    /** On AWS a table with three indexes takes about ten seconds, seldom more than a minute. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Waiter<DescribeTableResponse> UNTIL_USABLE = Waiter.builder(DescribeTableResponse.class)
            .addAcceptor(WaiterAcceptor.successOnResponseAcceptor(response -> isUsable(response.table())))
            .addAcceptor(WaiterAcceptor.retryOnResponseAcceptor(response -> true))
            .addAcceptor(WaiterAcceptor.retryOnExceptionAcceptor(ResourceNotFoundException.class::isInstance))
            .overrideConfiguration(WaiterOverrideConfiguration.builder()
                    .maxAttempts(Integer.MAX_VALUE)
                    .waitTimeout(PATIENCE)
                    .backoffStrategyV2(BackoffStrategy.exponentialDelay(Duration.ofMillis(100), Duration.ofSeconds(3)))
                    .build())
            .build();

    private static final Projection EVERYTHING =
            Projection.builder().projectionType(ProjectionType.ALL).build();

    private static final Set<TimeToLiveStatus> ON = EnumSet.of(TimeToLiveStatus.ENABLED, TimeToLiveStatus.ENABLING);

    private final DynamoDbClient client;
    private final OnboardingSettings settings;
    private final TableNames names;
    private final Consumer<TableProgress> progress;
    private int done;

    TableCreation(DynamoDbClient client, OnboardingSettings settings, Consumer<TableProgress> progress) {
        this.client = client;
        this.settings = settings;
        this.names = settings.tables();
        this.progress = progress;
    }

    void run() {
        // Everything that exists is looked at before anything is made.
        Map<Table, TableDescription> found = new EnumMap<>(Table.class);
        for (Table table : Table.values()) {
            describe(table).ifPresent(description -> {
                requireShape(table, description);
                found.put(table, description);
            });
        }
        List<Table> awaited = new ArrayList<>();
        for (Table table : Table.values()) {
            TableDescription description = found.get(table);
            if (description != null && addMissingIndex(table, description)) {
                awaited.add(table);
                report(table, State.CREATING);
            } else if (description != null && isUsable(description)) {
                done++;
                report(table, State.FOUND);
            } else {
                if (description == null) {
                    create(table);
                }
                awaited.add(table);
                report(table, State.CREATING);
            }
        }
        awaited.forEach(this::await);
        for (Table table : Table.values()) {
            if (table.retention(settings) != null) {
                letRowsExpire(table);
            }
        }
    }

    /** Switches the expiry of rows on, where a retention is asked for and nobody has yet. */
    private void letRowsExpire(Table table) {
        String attribute = Objects.requireNonNull(table.expiryAttribute(), "expiry attribute");
        String name = table.in(names);
        String found = expiryOf(name);
        if (found == null) {
            try {
                switchOn(name, attribute);
                return;
            } catch (ServiceException e) {
                // another process may have been faster: the service refuses what is on already
                found = expiryOf(name);
                if (found == null) {
                    throw e;
                }
            }
        }
        if (!attribute.equals(found)) {
            throw new NotSetUpException(
                    "dynamodb:UpdateTimeToLive",
                    name,
                    "its rows expire by the attribute " + found + " already, not by " + attribute
                            + "; it was left as it is",
                    null);
        }
    }

    /** The attribute by which the rows of a table expire; null where they do not. */
    private @Nullable String expiryOf(String name) {
        var request = DescribeTimeToLiveRequest.builder().tableName(name).build();
        TimeToLiveDescription found = Calls.call("DescribeTimeToLive", name, () -> client.describeTimeToLive(request))
                .timeToLiveDescription();
        return found != null && ON.contains(found.timeToLiveStatus()) ? found.attributeName() : null;
    }

    private void switchOn(String name, String attribute) {
        var request = UpdateTimeToLiveRequest.builder()
                .tableName(name)
                .timeToLiveSpecification(TimeToLiveSpecification.builder()
                        .attributeName(attribute)
                        .enabled(true)
                        .build())
                .build();
        Calls.call("UpdateTimeToLive", name, () -> client.updateTimeToLive(request));
    }

    private void await(Table table) {
        TableDescription made;
        try {
            made = UNTIL_USABLE
                    .run(() -> client.describeTable(request -> request.tableName(table.in(names))))
                    .matched()
                    .response()
                    .orElseThrow()
                    .table();
        } catch (SdkException e) {
            throw SdkFailures.translate(e, "dynamodb:DescribeTable", table.in(names));
        }
        if (addMissingIndex(table, made)) {
            // somebody else changed the table at that moment
            await(table);
            return;
        }
        requireShape(table, made);
        done++;
        report(table, State.READY);
    }

    private static boolean isUsable(TableDescription table) {
        return (table.tableStatus() == TableStatus.ACTIVE || table.tableStatus() == TableStatus.UPDATING)
                && table.globalSecondaryIndexes().stream().allMatch(index -> index.indexStatus() == IndexStatus.ACTIVE);
    }

    private Optional<TableDescription> describe(Table table) {
        try {
            return Optional.of(client.describeTable(request -> request.tableName(table.in(names)))
                    .table());
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw SdkFailures.translate(e, "dynamodb:DescribeTable", table.in(names));
        }
    }

    private void create(Table table) {
        try {
            client.createTable(request(table));
        } catch (ResourceInUseException e) {
            // another process asked for it first: it is waited for all the same
        } catch (SdkException e) {
            throw SdkFailures.translate(e, "dynamodb:CreateTable", table.in(names));
        }
    }

    private CreateTableRequest request(Table table) {
        var request = CreateTableRequest.builder()
                .tableName(table.in(names))
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(keys(List.of(table.partitionKey())))
                .attributeDefinitions(attributes(table.keyAttributes(settings)));
        if (!table.indexes(settings).isEmpty()) {
            request.globalSecondaryIndexes(table.indexes(settings).stream()
                    .map(index -> GlobalSecondaryIndex.builder()
                            .indexName(index.name())
                            .keySchema(keys(index.keys()))
                            .projection(EVERYTHING)
                            .build())
                    .toList());
        }
        return request.build();
    }

    /** An index that the settings ask for, on a table that was made without it. */
    private boolean addMissingIndex(Table table, TableDescription found) {
        List<Table.Index> missing = table.indexes(settings).stream()
                .filter(index -> !table.indexes().contains(index))
                .filter(index -> found.globalSecondaryIndexes().stream()
                        .noneMatch(present -> index.name().equals(present.indexName())))
                .toList();
        for (Table.Index index : missing) {
            var create = CreateGlobalSecondaryIndexAction.builder()
                    .indexName(index.name())
                    .keySchema(keys(index.keys()))
                    .projection(EVERYTHING)
                    .build();
            var request = UpdateTableRequest.builder()
                    .tableName(table.in(names))
                    .attributeDefinitions(attributes(index.keys()))
                    .globalSecondaryIndexUpdates(
                            GlobalSecondaryIndexUpdate.builder().create(create).build())
                    .build();
            try {
                client.updateTable(request);
            } catch (ResourceInUseException e) {
                // another process asked for it, or for something else, first: it is waited for all the same
                SdkFailures.backOff(1, "dynamodb:UpdateTable");
            } catch (SdkException e) {
                throw SdkFailures.translate(e, "dynamodb:UpdateTable", table.in(names));
            }
        }
        return !missing.isEmpty();
    }

    private static List<AttributeDefinition> attributes(Collection<String> names) {
        return names.stream()
                .map(name -> AttributeDefinition.builder()
                        .attributeName(name)
                        .attributeType(ScalarAttributeType.S)
                        .build())
                .toList();
    }

    private static List<KeySchemaElement> keys(List<String> names) {
        var keys = new ArrayList<KeySchemaElement>();
        for (String name : names) {
            keys.add(KeySchemaElement.builder()
                    .attributeName(name)
                    .keyType(keys.isEmpty() ? KeyType.HASH : KeyType.RANGE)
                    .build());
        }
        return keys;
    }

    /** A table of that name with other keys is another application's, or an older guide's: say so at once. */
    private void requireShape(Table table, TableDescription found) {
        var missing = new ArrayList<String>();
        if (!found.keySchema().equals(keys(List.of(table.partitionKey())))) {
            missing.add("the partition key " + table.partitionKey() + " (it has " + names(found.keySchema()) + ")");
        }
        Map<String, List<KeySchemaElement>> indexes = new LinkedHashMap<>();
        found.globalSecondaryIndexes().forEach(index -> indexes.put(index.indexName(), index.keySchema()));
        for (Table.Index index : table.indexes(settings)) {
            List<KeySchemaElement> keys = indexes.get(index.name());
            boolean isAddedLater = keys == null && !table.indexes().contains(index);
            if (!isAddedLater && !keys(index.keys()).equals(keys)) {
                missing.add("the index " + index.name() + " on " + index.keys()
                        + (keys == null ? "" : " (it is on " + names(keys) + ")"));
            }
        }
        if (!missing.isEmpty()) {
            throw new NotSetUpException(
                    "dynamodb:CreateTable",
                    table.in(names),
                    "the table exists but lacks " + String.join(" and ", missing) + "; it was left as it is",
                    null);
        }
    }

    private static String names(List<KeySchemaElement> keys) {
        return keys.stream().map(KeySchemaElement::attributeName).collect(Collectors.joining(", ", "[", "]"));
    }

    private void report(Table table, State state) {
        progress.accept(new TableProgress(table.in(names), state, done, Table.values().length));
    }
}
