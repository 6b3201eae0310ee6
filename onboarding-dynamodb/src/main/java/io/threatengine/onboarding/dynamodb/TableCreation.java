package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.dynamodb.TableProgress.State;
import io.threatengine.onboarding.error.NotSetUpException;
import io.threatengine.onboarding.setup.TableDefinition;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** Makes the tables of the manifest: asks for all that are missing, then waits until each can be used. */
final class TableCreation {
    private final TableCalls calls;
    private final OnboardingSettings settings;
    private final TableNames names;
    private final Consumer<TableProgress> progress;
    private int done;

    TableCreation(DynamoDbClient client, OnboardingSettings settings, Consumer<TableProgress> progress) {
        this.calls = new TableCalls(client);
        this.settings = settings;
        this.names = settings.tables();
        this.progress = progress;
    }

    void run() {
        // Everything that exists is looked at before anything is made.
        Map<Table, TableDescription> found = new EnumMap<>(Table.class);
        for (Table table : Table.values()) {
            calls.describe(table.in(names)).ifPresent(description -> {
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
            } else if (description != null && TableCalls.isUsable(description)) {
                done++;
                report(table, State.FOUND);
            } else {
                if (description == null) {
                    calls.create(table.definition(settings), null);
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
        String found = calls.expiryOf(name);
        if (found == null) {
            found = calls.letExpire(name, attribute);
        }

        if (!attribute.equals(found)) {
            throw new NotSetUpException(
                    Operation.UPDATE_TIME_TO_LIVE.qualified(),
                    name,
                    "its rows expire by the attribute " + found + " already, not by " + attribute
                            + "; it was left as it is",
                    null);
        }
    }

    private void await(Table table) {
        TableDescription made = calls.awaitUsable(table.in(names));
        if (addMissingIndex(table, made)) {
            // somebody else changed the table at that moment
            await(table);
            return;
        }
        requireShape(table, made);
        done++;
        report(table, State.READY);
    }

    /** An index that the settings ask for, on a table that was made without it. */
    private boolean addMissingIndex(Table table, TableDescription found) {
        List<TableDefinition.Index> missing = table.definition(settings).indexes().stream()
                .filter(index -> isAddedLater(table, index))
                .filter(index -> found.globalSecondaryIndexes().stream()
                        .noneMatch(present -> index.name().equals(present.indexName())))
                .toList();
        // if another process asked for it first, it is waited for all the same
        missing.forEach(index -> calls.addIndex(table.in(names), index));
        return !missing.isEmpty();
    }

    private static boolean isAddedLater(Table table, TableDefinition.Index index) {
        return table.indexes().stream().noneMatch(always -> always.name().equals(index.name()));
    }

    /** A table of that name with other keys is another application's, or an older guide's: say so at once. */
    private void requireShape(Table table, TableDescription found) {
        var missing = new ArrayList<String>();
        if (!found.keySchema().equals(TableCalls.keys(List.of(table.partitionKey())))) {
            missing.add("the partition key " + table.partitionKey() + " (it has " + TableCalls.names(found.keySchema())
                    + ")");
        }
        Map<String, List<KeySchemaElement>> indexes = new LinkedHashMap<>();
        found.globalSecondaryIndexes().forEach(index -> indexes.put(index.indexName(), index.keySchema()));
        for (TableDefinition.Index index : table.definition(settings).indexes()) {
            List<KeySchemaElement> keys = indexes.get(index.name());
            boolean willBeAdded = keys == null && isAddedLater(table, index);
            if (!willBeAdded && !TableCalls.keys(index.keys()).equals(keys)) {
                missing.add("the index " + index.name() + " on " + index.keys()
                        + (keys == null ? "" : " (it is on " + TableCalls.names(keys) + ")"));
            }
        }
        if (!missing.isEmpty()) {
            throw new NotSetUpException(
                    Operation.CREATE_TABLE.qualified(),
                    table.in(names),
                    "the table exists but lacks " + String.join(" and ", missing) + "; it was left as it is",
                    null);
        }
    }

    private void report(Table table, State state) {
        progress.accept(new TableProgress(table.in(names), state, done, Table.values().length));
    }
}
