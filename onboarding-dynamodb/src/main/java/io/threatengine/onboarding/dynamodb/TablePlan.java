package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.setup.PlannedChange;
import io.threatengine.onboarding.setup.PlannedChange.Kind;
import io.threatengine.onboarding.setup.SetupOptions;
import io.threatengine.onboarding.setup.SetupPlan;
import io.threatengine.onboarding.setup.TableDefinition;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;

/** What one table lacks, and the steps that add it. */
final class TablePlan {
    /** Those of a table that can be used, or soon. */
    private static final Set<TableStatus> CHANGEABLE =
            EnumSet.of(TableStatus.CREATING, TableStatus.UPDATING, TableStatus.ACTIVE);

    private static final String OFF = "off";
    private static final String ON = "on";

    private final TableDefinition table;
    private final SetupOptions options;
    private final boolean exists;
    private final List<Item> items = new ArrayList<>();

    /** A step of a table that exists. */
    private interface Step {
        Outcome take(TableCalls calls, TableDescription table);
    }

    private enum Outcome {
        DONE,
        /** The service does not know how to. */
        UNKNOWN,
        /** Somebody else is changing the table. */
        IN_USE;

        static Outcome doneIf(boolean known) {
            return known ? DONE : UNKNOWN;
        }

        static Outcome unlessInUse(boolean taken) {
            return taken ? DONE : IN_USE;
        }
    }

    /** @param step null where nothing is to be done, or the table is made first */
    private record Item(PlannedChange change, @Nullable Step step) {}

    interface Done {
        void accept(PlannedChange change, boolean known);
    }

    private TablePlan(TableDefinition table, SetupOptions options, boolean exists) {
        this.table = table;
        this.options = options;
        this.exists = exists;
    }

    static TablePlan of(TableDefinition table, SetupOptions options, TableCalls calls) {
        Optional<TableDescription> found = calls.describe(table.name());
        var plan = new TablePlan(table, options, found.isPresent());
        found.ifPresentOrElse(description -> plan.compare(description, calls), plan::make);
        return plan;
    }

    TableDefinition table() {
        return table;
    }

    SetupPlan asPlan() {
        return new SetupPlan(items.stream().map(Item::change).toList());
    }

    // ---- looking

    private void make() {
        add("table", Kind.CREATE, "none", shape(), null);
        if (options.pointInTimeRecovery()) {
            add("point-in-time recovery", Kind.CHANGE, OFF, ON, TablePlan::makeRecoverable);
        }
        if (table.expiryAttribute() != null) {
            add("expiry of rows", Kind.CHANGE, OFF, "by " + table.expiryAttribute(), this::letExpire);
        }
        if (!options.tags().isEmpty()) {
            add("tags", Kind.CHANGE, "none", options.tags().toString(), this::tag);
        }
    }

    private String shape() {
        var shape = new StringBuilder("partition key " + table.partitionKey());
        table.indexes()
                .forEach(index -> shape.append(", ")
                        .append(index.name())
                        .append(" on ")
                        .append(String.join(" and ", index.keys())));
        shape.append(", on demand");
        if (options.deletionProtection()) {
            shape.append(", protected from deletion");
        }
        return shape.append(options.managedTableKey() ? ", encrypted with aws/dynamodb" : "")
                .toString();
    }

    private void compare(TableDescription found, TableCalls calls) {
        if (!CHANGEABLE.contains(found.tableStatus())) {
            // being deleted, or its key cannot be used: nothing can be changed, and to wait for it is in vain
            add("state", Kind.CONFLICT, found.tableStatusAsString(), "ACTIVE", null);
            return;
        }
        String keys = "partition key " + String.join(" and ", TableCalls.names(found.keySchema()));
        boolean sameKeys = found.keySchema().equals(TableCalls.keys(List.of(table.partitionKey())))
                && isText(found, table.partitionKey());
        add("table", sameKeys ? Kind.NONE : Kind.CONFLICT, keys, "partition key " + table.partitionKey(), null);
        compareIndexes(found);
        compareBilling(found);
        compareProtection(found);
        compareEncryption(found);
        compareRecovery(calls);
        compareExpiry(calls);
        compareTags(found, calls);
    }

    private void compareIndexes(TableDescription found) {
        Map<String, GlobalSecondaryIndexDescription> present = new LinkedHashMap<>();
        found.globalSecondaryIndexes().stream()
                .filter(index -> index.indexStatus() != IndexStatus.DELETING)
                .forEach(index -> present.put(index.indexName(), index));
        for (TableDefinition.Index index : table.indexes()) {
            String aspect = "index " + index.name();
            String wanted = "on " + String.join(" and ", index.keys());
            GlobalSecondaryIndexDescription other = present.get(index.name());
            if (other != null) {
                boolean same = other.keySchema().equals(TableCalls.keys(index.keys()))
                        && other.projection().projectionType() == ProjectionType.ALL;
                String has = "on " + String.join(" and ", TableCalls.names(other.keySchema()))
                        + (other.projection().projectionType() == ProjectionType.ALL
                                ? ""
                                : ", with " + other.projection().projectionTypeAsString());
                add(aspect, same ? Kind.NONE : Kind.CONFLICT, has, wanted, null);
            } else if (index.keys().stream().allMatch(key -> isText(found, key) || !isDefined(found, key))) {
                add(
                        aspect,
                        Kind.CREATE,
                        "none",
                        wanted,
                        (calls, description) -> Outcome.unlessInUse(calls.addIndex(table.name(), index)));
            } else {
                add(aspect, Kind.CONFLICT, "a key attribute that is no text", wanted, null);
            }
        }
    }

    private void compareBilling(TableDescription found) {
        boolean onDemand = found.billingModeSummary() != null
                && found.billingModeSummary().billingMode() == BillingMode.PAY_PER_REQUEST;
        add(
                "billing",
                onDemand ? Kind.NONE : Kind.CHANGE,
                onDemand ? "on demand" : "provisioned",
                "on demand",
                update(request -> request.billingMode(BillingMode.PAY_PER_REQUEST)));
    }

    private void compareProtection(TableDescription found) {
        if (options.deletionProtection()) {
            boolean on = Boolean.TRUE.equals(found.deletionProtectionEnabled());
            add(
                    "deletion protection",
                    on ? Kind.NONE : Kind.CHANGE,
                    on ? ON : OFF,
                    ON,
                    update(request -> request.deletionProtectionEnabled(true)));
        }
    }

    /** A table under a key of its owner's stays there. */
    private void compareEncryption(TableDescription found) {
        if (options.managedTableKey()) {
            boolean on =
                    found.sseDescription() != null && found.sseDescription().kmsMasterKeyArn() != null;
            add(
                    "encryption",
                    on ? Kind.NONE : Kind.CHANGE,
                    on ? "with " + found.sseDescription().kmsMasterKeyArn() : "with the service's own key",
                    "with aws/dynamodb",
                    update(request -> request.sseSpecification(TableCalls.MANAGED_KEY)));
        }
    }

    private void compareRecovery(TableCalls calls) {
        if (!options.pointInTimeRecovery()) {
            return;
        }
        String aspect = "point-in-time recovery";
        calls.isRecoverable(table.name())
                .ifPresentOrElse(
                        on -> add(aspect, on ? Kind.NONE : Kind.CHANGE, on ? ON : OFF, ON, TablePlan::makeRecoverable),
                        () -> add(
                                aspect, Kind.NOT_CHECKABLE, "the service does not know continuous backups", ON, null));
    }

    private void compareExpiry(TableCalls calls) {
        String attribute = table.expiryAttribute();
        if (attribute == null) {
            return;
        }
        String found = calls.expiryOf(table.name());
        Kind kind = found == null ? Kind.CHANGE : found.equals(attribute) ? Kind.NONE : Kind.CONFLICT;
        add("expiry of rows", kind, found == null ? OFF : "by " + found, "by " + attribute, this::letExpire);
    }

    /** Other tags stay. */
    private void compareTags(TableDescription found, TableCalls calls) {
        if (options.tags().isEmpty()) {
            return;
        }
        String wanted = options.tags().toString();
        calls.tags(found.tableArn())
                .ifPresentOrElse(
                        tags -> {
                            boolean all =
                                    tags.entrySet().containsAll(options.tags().entrySet());
                            add("tags", all ? Kind.NONE : Kind.CHANGE, tags.toString(), wanted, this::tag);
                        },
                        () -> add("tags", Kind.NOT_CHECKABLE, "the service does not know tags", wanted, null));
    }

    private static boolean isText(TableDescription found, String attribute) {
        return found.attributeDefinitions()
                .contains(AttributeDefinition.builder()
                        .attributeName(attribute)
                        .attributeType(ScalarAttributeType.S)
                        .build());
    }

    private static boolean isDefined(TableDescription found, String attribute) {
        return found.attributeDefinitions().stream()
                .anyMatch(definition -> definition.attributeName().equals(attribute));
    }

    private void add(String aspect, Kind kind, String found, String wanted, @Nullable Step step) {
        boolean changes = kind == Kind.CREATE || kind == Kind.CHANGE;
        items.add(new Item(new PlannedChange(table.name(), aspect, kind, found, wanted), changes ? step : null));
    }

    // ---- doing

    private Step update(Consumer<UpdateTableRequest.Builder> change) {
        return (calls, description) -> {
            var request = UpdateTableRequest.builder().tableName(table.name());
            change.accept(request);
            return Outcome.unlessInUse(calls.update(request.build()));
        };
    }

    private static Outcome makeRecoverable(TableCalls calls, TableDescription description) {
        return Outcome.doneIf(calls.makeRecoverable(description.tableName()));
    }

    private Outcome letExpire(TableCalls calls, TableDescription description) {
        String attribute = table.expiryAttribute();
        return Outcome.unlessInUse(attribute == null || attribute.equals(calls.letExpire(table.name(), attribute)));
    }

    private Outcome tag(TableCalls calls, TableDescription description) {
        return Outcome.doneIf(calls.tag(description.tableArn(), options.tags()));
    }

    /** Asks for the table if it does not exist. */
    void create(TableCalls calls, Consumer<PlannedChange> started) {
        if (!exists) {
            started.accept(items.get(0).change());
            calls.create(table, options);
        }
    }

    /**
     * Waits for the table, and takes the other steps.
     *
     * @return false if somebody else is changing the table: look anew
     */
    boolean finish(TableCalls calls, Consumer<PlannedChange> started, Done done) {
        if (!exists) {
            calls.awaitUsable(table.name());
            done.accept(items.get(0).change(), true);
        }
        for (Item item : items) {
            Step step = item.step();
            if (step != null) {
                TableDescription description = calls.awaitActive(table.name());
                started.accept(item.change());
                Outcome outcome = step.take(calls, description);
                if (outcome == Outcome.IN_USE) {
                    return false;
                }
                calls.awaitActive(table.name());
                done.accept(item.change(), outcome == Outcome.DONE);
            }
        }
        return true;
    }
}
