package io.threatengine.onboarding.infrastructure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.threatengine.onboarding.aws.AccessRole;
import io.threatengine.onboarding.aws.Arns;
import io.threatengine.onboarding.secrets.KeySetup;
import io.threatengine.onboarding.setup.TableDefinition;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The manifest as a CloudFormation template. What holds data is retained when the stack goes. */
final class CloudFormation {
    private static final Arns ARNS = new Arns("${AWS::Partition}", "${AWS::Region}", "${AWS::AccountId}");

    private final Manifest manifest;
    private final ObjectNode resources = Documents.object();

    private CloudFormation(Manifest manifest) {
        this.manifest = manifest;
    }

    static String of(Manifest manifest) {
        return Documents.text(new CloudFormation(manifest).template());
    }

    private ObjectNode template() {
        ObjectNode template = Documents.object()
                .put("AWSTemplateFormatVersion", "2010-09-09")
                .put("Description", "Threat Engine onboarding: tables, key, policies and alarms");
        ObjectNode parameters = template.putObject("Parameters");
        parameters
                .putObject("AlarmTopicArn")
                .put("Type", "String")
                .put("Default", "")
                .put("Description", "SNS topic that alarms go to; empty for none");
        parameters
                .putObject("TrailLogGroupName")
                .put("Type", "String")
                .put("Default", "")
                .put(
                        "Description",
                        "CloudWatch log group of CloudTrail, for the alarms on KMS and Secrets Manager; empty for none");
        ObjectNode conditions = template.putObject("Conditions");
        conditions.set("HasAlarmTopic", isSet("AlarmTopicArn"));
        conditions.set("HasTrail", isSet("TrailLogGroupName"));
        manifest.tables().forEach(this::table);
        manifest.keyAlias().ifPresent(this::key);
        ObjectNode outputs = Documents.object();
        for (AccessRole role : AccessRole.values()) {
            policy(role, outputs);
        }
        Alarm.of(manifest.tables()).forEach(this::alarm);
        template.set("Resources", resources);
        template.set("Outputs", outputs);
        return template;
    }

    private static JsonNode isSet(String parameter) {
        ObjectNode condition = Documents.object();
        ArrayNode equals = condition.putArray("Fn::Not").addObject().putArray("Fn::Equals");
        equals.addObject().put("Ref", parameter);
        equals.add("");
        return condition;
    }

    private ObjectNode resource(String id, String type) {
        return resources.putObject(id).put("Type", type);
    }

    private ObjectNode retained(String id, String type) {
        return resource(id, type).put("DeletionPolicy", "Retain").put("UpdateReplacePolicy", "Retain");
    }

    private void table(String id, TableDefinition table) {
        ObjectNode properties = retained(id + "Table", "AWS::DynamoDB::Table")
                .putObject("Properties")
                .put("TableName", table.name())
                .put("BillingMode", "PAY_PER_REQUEST");
        ArrayNode attributes = properties.putArray("AttributeDefinitions");
        table.keyAttributes()
                .forEach(attribute ->
                        attributes.addObject().put("AttributeName", attribute).put("AttributeType", "S"));
        properties.set("KeySchema", keys(List.of(table.partitionKey())));
        if (!table.indexes().isEmpty()) {
            ArrayNode indexes = properties.putArray("GlobalSecondaryIndexes");
            table.indexes().forEach(index -> {
                ObjectNode node = indexes.addObject().put("IndexName", index.name());
                node.set("KeySchema", keys(index.keys()));
                node.putObject("Projection").put("ProjectionType", "ALL");
            });
        }
        properties.put("DeletionProtectionEnabled", manifest.options().deletionProtection());
        properties
                .putObject("PointInTimeRecoverySpecification")
                .put("PointInTimeRecoveryEnabled", manifest.options().pointInTimeRecovery());
        if (manifest.options().managedTableKey()) {
            properties.putObject("SSESpecification").put("SSEEnabled", true).put("SSEType", "KMS");
        }
        if (table.expiryAttribute() != null) {
            properties
                    .putObject("TimeToLiveSpecification")
                    .put("AttributeName", table.expiryAttribute())
                    .put("Enabled", true);
        }
        tags(properties);
    }

    private static ArrayNode keys(List<String> names) {
        ArrayNode keys = Documents.array(List.of());
        names.forEach(name ->
                keys.addObject().put("AttributeName", name).put("KeyType", keys.size() == 1 ? "HASH" : "RANGE"));
        return keys;
    }

    private void tags(ObjectNode properties) {
        Map<String, String> tags = manifest.options().tags();
        if (!tags.isEmpty()) {
            ArrayNode nodes = properties.putArray("Tags");
            tags.forEach((key, value) -> nodes.addObject().put("Key", key).put("Value", value));
        }
    }

    private void key(String alias) {
        ObjectNode properties = retained("Key", "AWS::KMS::Key")
                .putObject("Properties")
                .put("Description", Manifest.KEY_DESCRIPTION)
                .put("EnableKeyRotation", true);
        properties.set(
                "KeyPolicy",
                substituted(Documents.parse(
                        KeySetup.keyPolicy(ARNS.partition(), ARNS.region(), ARNS.account(), manifest.options()))));
        tags(properties);
        ObjectNode named = retained("KeyAlias", "AWS::KMS::Alias").putObject("Properties");
        named.put("AliasName", alias).putObject("TargetKeyId").put("Ref", "Key");
    }

    private void policy(AccessRole role, ObjectNode outputs) {
        String name = role.name().charAt(0) + role.name().substring(1).toLowerCase(Locale.ROOT);
        String id = name + "Policy";
        ObjectNode properties = resource(id, "AWS::IAM::ManagedPolicy")
                .putObject("Properties")
                .put("Description", "Threat Engine onboarding, " + name.toLowerCase(Locale.ROOT));
        properties.set(
                "PolicyDocument",
                substituted(IamPolicies.of(manifest.settings(), ARNS).document(role)));
        outputs.putObject(id + "Arn").putObject("Value").put("Ref", id);
    }

    private static JsonNode substituted(JsonNode document) {
        return Documents.withTexts(
                document,
                text -> text.contains("${") ? Documents.object().put("Fn::Sub", text) : TextNode.valueOf(text));
    }

    private void alarm(Alarm alarm) {
        if (alarm.isOfTrail()) {
            ObjectNode filter =
                    resource(alarm.id() + "Filter", "AWS::Logs::MetricFilter").put("Condition", "HasTrail");
            ObjectNode properties = filter.putObject("Properties");
            properties.putObject("LogGroupName").put("Ref", "TrailLogGroupName");
            properties.put("FilterPattern", alarm.pattern());
            properties
                    .putArray("MetricTransformations")
                    .addObject()
                    .put("MetricNamespace", Alarm.TRAIL_NAMESPACE)
                    .put("MetricName", alarm.id())
                    .put("MetricValue", "1");
        }
        ObjectNode resource = resource(alarm.id() + "Alarm", "AWS::CloudWatch::Alarm");
        if (alarm.isOfTrail()) {
            resource.put("Condition", "HasTrail");
        }
        ObjectNode properties = resource.putObject("Properties")
                .put("AlarmDescription", alarm.description())
                .put("ComparisonOperator", "GreaterThanThreshold")
                .put("Threshold", 0)
                .put("EvaluationPeriods", 1)
                .put("TreatMissingData", "notBreaching");
        ArrayNode choice = properties.putObject("AlarmActions").putArray("Fn::If");
        choice.add("HasAlarmTopic");
        choice.addArray().addObject().put("Ref", "AlarmTopicArn");
        choice.addObject().put("Ref", "AWS::NoValue");
        ArrayNode queries = properties.putArray("Metrics");
        queries.addObject()
                .put("Id", "total")
                .put("Expression", "SUM(METRICS())")
                .put("ReturnData", true);
        for (Alarm.Metric metric : alarm.metrics()) {
            ObjectNode query = queries.addObject().put("Id", "m" + queries.size());
            ObjectNode stat = query.putObject("MetricStat").put("Period", 300).put("Stat", "Sum");
            ObjectNode node = stat.putObject("Metric")
                    .put("Namespace", metric.namespace())
                    .put("MetricName", metric.name());
            if (!metric.dimensions().isEmpty()) {
                ArrayNode dimensions = node.putArray("Dimensions");
                metric.dimensions()
                        .forEach((key, value) ->
                                dimensions.addObject().put("Name", key).put("Value", value));
            }
            query.put("ReturnData", false);
        }
    }
}
