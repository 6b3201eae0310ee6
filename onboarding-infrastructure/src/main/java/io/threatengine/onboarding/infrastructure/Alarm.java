package io.threatengine.onboarding.infrastructure;

import io.threatengine.onboarding.setup.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An alarm: the sum of some metrics, looked at each five minutes, is above zero.
 *
 * @param id of template resources, in capitals: {@code TenantsThrottles}
 * @param description for who is woken
 * @param metrics at most ten (CloudWatch, quota of a metric math alarm)
 * @param trailPattern the pattern of CloudTrail events that are counted, where the service has no metric of its own
 */
record Alarm(
        String id,
        String description,
        List<Metric> metrics,
        @Nullable String trailPattern) {
    static final String TRAIL_NAMESPACE = "ThreatEngine/Onboarding";

    record Metric(String namespace, String name, Map<String, String> dimensions) {
        static Metric ofTable(String metric, String table) {
            return new Metric("AWS/DynamoDB", metric, Map.of("TableName", table));
        }

        static Metric ofIndex(String metric, String table, String index) {
            return new Metric(
                    "AWS/DynamoDB",
                    metric,
                    new TreeMap<>(Map.of("GlobalSecondaryIndexName", index, "TableName", table)));
        }

        static Metric ofOperation(String metric, String table, String operation) {
            return new Metric(
                    "AWS/DynamoDB", metric, new TreeMap<>(Map.of("Operation", operation, "TableName", table)));
        }
    }

    /** System errors are counted by operation only (DynamoDB Developer Guide, "Metrics and dimensions"). */
    private static final List<String> OPERATIONS = List.of(
            "GetItem",
            "BatchGetItem",
            "Query",
            "Scan",
            "PutItem",
            "UpdateItem",
            "DeleteItem",
            "BatchWriteItem",
            "TransactWriteItems");

    static List<Alarm> of(Map<String, TableDefinition> tables) {
        var alarms = new ArrayList<Alarm>();
        tables.forEach((id, table) -> {
            alarms.add(new Alarm(
                    id + "Throttles",
                    "Calls on " + table.name() + " are throttled",
                    Stream.of("ReadThrottleEvents", "WriteThrottleEvents")
                            .flatMap(metric -> ofTableAndIndexes(metric, table))
                            .toList(),
                    null));
            alarms.add(new Alarm(
                    id + "SystemErrors",
                    "DynamoDB fails on " + table.name(),
                    OPERATIONS.stream()
                            .map(operation -> Metric.ofOperation("SystemErrors", table.name(), operation))
                            .toList(),
                    null));
        });
        alarms.add(ofTrail("KmsErrors", "KMS refuses or fails", "kms.amazonaws.com", ""));
        alarms.add(ofTrail(
                "SecretsManagerErrors",
                "Secrets Manager refuses or fails",
                "secretsmanager.amazonaws.com",
                // these two the library expects
                " && ($.errorCode != \"ResourceNotFoundException\") && ($.errorCode != \"ResourceExistsException\")"));
        return alarms;
    }

    /** A table's own metric leaves out its indexes (DynamoDB Developer Guide, "Metrics and dimensions"). */
    private static Stream<Metric> ofTableAndIndexes(String metric, TableDefinition table) {
        return Stream.concat(
                Stream.of(Metric.ofTable(metric, table.name())),
                table.indexes().stream().map(index -> Metric.ofIndex(metric, table.name(), index.name())));
    }

    private static Alarm ofTrail(String id, String description, String source, String more) {
        return new Alarm(
                id,
                description,
                List.of(new Metric(TRAIL_NAMESPACE, id, Map.of())),
                "{ ($.eventSource = \"" + source + "\") && ($.errorCode = \"*\")" + more + " }");
    }

    boolean isOfTrail() {
        return trailPattern != null;
    }

    String pattern() {
        return Objects.requireNonNull(trailPattern, "pattern");
    }
}
