package io.threatengine.onboarding.infrastructure;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.threatengine.onboarding.aws.AccessRole;
import io.threatengine.onboarding.aws.Arns;
import io.threatengine.onboarding.secrets.KeySetup;
import io.threatengine.onboarding.setup.TableDefinition;
import java.util.Locale;

/** The manifest in Terraform's JSON syntax. What holds data cannot be destroyed by a plan. */
final class Terraform {
    private static final Arns ARNS = new Arns(
            "${data.aws_partition.current.partition}",
            "${var.region}",
            "${data.aws_caller_identity.current.account_id}");

    private final Manifest manifest;
    private final ObjectNode resources = Documents.object();

    private Terraform(Manifest manifest) {
        this.manifest = manifest;
    }

    static String of(Manifest manifest) {
        return Documents.text(new Terraform(manifest).configuration());
    }

    private ObjectNode configuration() {
        ObjectNode root = Documents.object();
        root.putObject("terraform")
                .putObject("required_providers")
                .putObject("aws")
                .put("source", "hashicorp/aws")
                .put("version", ">= 5.0");
        ObjectNode variables = root.putObject("variable");
        variables
                .putObject("region")
                .put("type", "string")
                .put("default", manifest.settings().region());
        variables
                .putObject("alarm_topic_arns")
                .put("type", "list(string)")
                .put("description", "SNS topics that alarms go to")
                .putArray("default");
        variables
                .putObject("trail_log_group_name")
                .put("type", "string")
                .put("description", "CloudWatch log group of CloudTrail, for the alarms on KMS and Secrets Manager")
                .put("default", "");
        root.putObject("provider").putObject("aws").put("region", "${var.region}");
        ObjectNode data = root.putObject("data");
        data.putObject("aws_caller_identity").putObject("current");
        data.putObject("aws_partition").putObject("current");
        ObjectNode outputs = Documents.object();
        manifest.tables().forEach(this::table);
        manifest.keyAlias().ifPresent(this::key);
        for (AccessRole role : AccessRole.values()) {
            policy(role, outputs);
        }
        Alarm.of(manifest.tables()).forEach(this::alarm);
        root.set("resource", resources);
        root.set("output", outputs);
        return root;
    }

    private ObjectNode resource(String type, String name) {
        return resources.withObjectProperty(type).putObject(name);
    }

    /** {@code ScanResults} as {@code scan_results}. */
    private static String name(String id) {
        return id.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    private void table(String id, TableDefinition table) {
        ObjectNode node = resource("aws_dynamodb_table", name(id))
                .put("name", table.name())
                .put("billing_mode", "PAY_PER_REQUEST")
                .put("hash_key", table.partitionKey());
        ArrayNode attributes = node.putArray("attribute");
        table.keyAttributes()
                .forEach(attribute ->
                        attributes.addObject().put("name", attribute).put("type", "S"));
        if (!table.indexes().isEmpty()) {
            ArrayNode indexes = node.putArray("global_secondary_index");
            table.indexes().forEach(index -> {
                ObjectNode one = indexes.addObject()
                        .put("name", index.name())
                        .put("hash_key", index.keys().get(0));
                if (index.keys().size() > 1) {
                    one.put("range_key", index.keys().get(1));
                }
                one.put("projection_type", "ALL");
            });
        }
        node.put("deletion_protection_enabled", manifest.options().deletionProtection());
        node.putObject("point_in_time_recovery")
                .put("enabled", manifest.options().pointInTimeRecovery());
        if (manifest.options().managedTableKey()) {
            node.putObject("server_side_encryption").put("enabled", true);
        }
        if (table.expiryAttribute() != null) {
            node.putObject("ttl").put("attribute_name", table.expiryAttribute()).put("enabled", true);
        }
        finish(node);
    }

    private void finish(ObjectNode node) {
        if (!manifest.options().tags().isEmpty()) {
            ObjectNode tags = node.putObject("tags");
            manifest.options().tags().forEach(tags::put);
        }
        node.putObject("lifecycle").put("prevent_destroy", true);
    }

    private void key(String alias) {
        ObjectNode key = resource("aws_kms_key", "credentials")
                .put("description", Manifest.KEY_DESCRIPTION)
                .put("enable_key_rotation", true)
                .put("policy", KeySetup.keyPolicy(ARNS.partition(), ARNS.region(), ARNS.account(), manifest.options()));
        finish(key);
        resource("aws_kms_alias", "credentials")
                .put("name", alias)
                .put("target_key_id", "${aws_kms_key.credentials.key_id}");
    }

    private void policy(AccessRole role, ObjectNode outputs) {
        String name = role.name().toLowerCase(Locale.ROOT);
        resource("aws_iam_policy", name)
                .put("name_prefix", "threat-engine-onboarding-" + name + "-")
                .put("description", "Threat Engine onboarding, " + name)
                .put(
                        "policy",
                        IamPolicies.of(manifest.settings(), ARNS).document(role).toString());
        outputs.putObject(name + "_policy_arn").put("value", "${aws_iam_policy." + name + ".arn}");
    }

    private void alarm(Alarm alarm) {
        String name = name(alarm.id());
        String onlyWithTrail = "${var.trail_log_group_name == \"\" ? 0 : 1}";
        if (alarm.isOfTrail()) {
            ObjectNode filter = resource("aws_cloudwatch_log_metric_filter", name)
                    .put("count", onlyWithTrail)
                    .put("name", alarm.id())
                    .put("log_group_name", "${var.trail_log_group_name}")
                    .put("pattern", alarm.pattern());
            filter.putObject("metric_transformation")
                    .put("namespace", Alarm.TRAIL_NAMESPACE)
                    .put("name", alarm.id())
                    .put("value", "1");
        }
        ObjectNode node = resource("aws_cloudwatch_metric_alarm", name);
        if (alarm.isOfTrail()) {
            node.put("count", onlyWithTrail);
        }
        node.put("alarm_name", "threat-engine-onboarding-" + name.replace('_', '-'))
                .put("alarm_description", alarm.description())
                .put("comparison_operator", "GreaterThanThreshold")
                .put("threshold", 0)
                .put("evaluation_periods", 1)
                .put("treat_missing_data", "notBreaching")
                .put("alarm_actions", "${var.alarm_topic_arns}");
        ArrayNode queries = node.putArray("metric_query");
        queries.addObject()
                .put("id", "total")
                .put("expression", "SUM(METRICS())")
                .put("return_data", true);
        for (Alarm.Metric metric : alarm.metrics()) {
            ObjectNode query = queries.addObject().put("id", "m" + queries.size());
            ObjectNode one = query.putObject("metric")
                    .put("namespace", metric.namespace())
                    .put("metric_name", metric.name())
                    .put("period", 300)
                    .put("stat", "Sum");
            if (!metric.dimensions().isEmpty()) {
                ObjectNode dimensions = one.putObject("dimensions");
                metric.dimensions().forEach(dimensions::put);
            }
        }
    }
}
