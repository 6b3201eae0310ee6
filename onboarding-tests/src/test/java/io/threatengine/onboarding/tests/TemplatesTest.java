package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.aws.AccessRole;
import io.threatengine.onboarding.aws.Arns;
import io.threatengine.onboarding.dynamodb.DynamoDbSetup;
import io.threatengine.onboarding.infrastructure.IamPolicies;
import io.threatengine.onboarding.infrastructure.Templates;
import io.threatengine.onboarding.schedule.DueIndex;
import io.threatengine.onboarding.secrets.KeySetup;
import io.threatengine.onboarding.setup.SetupOptions;
import io.threatengine.onboarding.setup.TableDefinition;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** The files under infrastructure are what the code writes, and describe what the set-up makes. */
@OnboardingTest
class TemplatesTest {
    private static final Path FILES = Path.of("..", "infrastructure");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The defaults, with a key of one's own. */
    private static final OnboardingSettings USUAL =
            OnboardingSettings.builder().kmsKeyId("alias/threat-engine").build();

    private final DynamoDbClient client;

    TemplatesTest(EmbeddedAws aws) {
        this.client = aws.dynamoDb();
    }

    // ---- the files

    @Test
    void theFilesAreWhatTheCodeWrites() throws IOException {
        var files = new TreeMap<String, String>();
        files.put("cloudformation.json", Templates.cloudFormation(USUAL, SetupOptions.defaults()));
        files.put("terraform/onboarding.tf.json", Templates.terraform(USUAL, SetupOptions.defaults()));
        files.put("configmap.yaml", Templates.configMap(USUAL, "threat-engine-onboarding"));
        files.put("customer-role.json", Templates.customerRole(USUAL));
        for (AccessRole role : AccessRole.values()) {
            files.put(
                    "iam/" + role.name().toLowerCase(Locale.ROOT) + ".json",
                    IamPolicies.of(USUAL, new Arns("aws", USUAL.region(), "123456789012"))
                            .json(role));
        }
        Path written = Path.of("target", "infrastructure");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = written.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            assertThat(FILES.resolve(file.getKey()))
                    .as("to bring it up to date: cp -r onboarding-tests/target/infrastructure .")
                    .content()
                    .isEqualTo(file.getValue());
        }
    }

    /** By AWS's own schemas, where Python has AWS's linter: {@code pip install cfn-lint}. */
    @ParameterizedTest
    @ValueSource(strings = {"cloudformation.json", "customer-role.json"})
    void cfnLintFindsNothing(String file) throws InterruptedException {
        assumeThat(Python.run("-c", "import cfnlint.api").succeeded())
                .as("cfn-lint is not here, so that templates are not linted")
                .isTrue();

        Python.Ran ran = Python.run(
                "-c",
                "import sys, pathlib, cfnlint.api\nfor m in cfnlint.api.lint_file(pathlib.Path(sys.argv[1])): print(m.rule.id, m.message)",
                FILES.resolve(file).toString());

        assertThat(ran).isEqualTo(new Python.Ran(0, ""));
    }

    // ---- what they describe

    @Test
    void bothTemplatesDescribeTheTablesThatTheSetUpMakes() throws IOException {
        var settings = OnboardingSettings.builder()
                .tables(TableNames.withPrefix("templates-" + UUID.randomUUID() + "-"))
                .dueIndex(DueIndex.sharded(4))
                .scanResultRetention(Duration.ofDays(30))
                .build();
        SetupOptions options = SetupOptions.defaults();
        DynamoDbSetup.using(client, settings, options).apply(step -> {});
        JsonNode cloudFormation = JSON.readTree(Templates.cloudFormation(settings, options));
        JsonNode terraform = JSON.readTree(Templates.terraform(settings, options));

        var made = new TreeSet<String>();
        for (var table : DynamoDbSetup.tables(settings)) {
            made.add(shape(table.name()));
        }

        assertThat(made).hasSize(7);
        assertThat(stream(cloudFormation.path("Resources"))
                        .filter(resource -> resource.path("Type").asText().equals("AWS::DynamoDB::Table"))
                        .map(resource -> cloudFormationShape(resource.path("Properties"))))
                .containsExactlyInAnyOrderElementsOf(made);
        assertThat(stream(terraform.path("resource").path("aws_dynamodb_table")).map(TemplatesTest::terraformShape))
                .containsExactlyInAnyOrderElementsOf(made);
    }

    private static Stream<JsonNode> stream(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false);
    }

    private String shape(String table) {
        TableDescription found =
                client.describeTable(request -> request.tableName(table)).table();
        var attributes = new TreeMap<String, String>();
        found.attributeDefinitions()
                .forEach(attribute -> attributes.put(attribute.attributeName(), attribute.attributeTypeAsString()));
        var indexes = new TreeMap<String, List<String>>();
        found.globalSecondaryIndexes()
                .forEach(index -> indexes.put(
                        index.indexName() + " " + index.projection().projectionTypeAsString(),
                        keys(index.keySchema())));
        TimeToLiveDescription expiry =
                client.describeTimeToLive(request -> request.tableName(table)).timeToLiveDescription();
        return describe(
                table,
                found.billingModeSummary().billingModeAsString(),
                attributes,
                keys(found.keySchema()),
                indexes,
                found.deletionProtectionEnabled(),
                expiry.timeToLiveStatus() == TimeToLiveStatus.ENABLED ? expiry.attributeName() : "");
    }

    private static List<String> keys(List<KeySchemaElement> keys) {
        return keys.stream()
                .map(key -> key.keyTypeAsString() + " " + key.attributeName())
                .toList();
    }

    private static String describe(
            String table,
            String billing,
            Map<String, String> attributes,
            List<String> keys,
            Map<String, List<String>> indexes,
            boolean isProtected,
            String expiry) {
        return String.join(
                " | ",
                table,
                billing,
                attributes.toString(),
                keys.toString(),
                indexes.toString(),
                "" + isProtected,
                expiry);
    }

    private static String cloudFormationShape(JsonNode table) {
        var attributes = new TreeMap<String, String>();
        table.path("AttributeDefinitions")
                .forEach(attribute -> attributes.put(
                        attribute.path("AttributeName").asText(),
                        attribute.path("AttributeType").asText()));
        var indexes = new TreeMap<String, List<String>>();
        table.path("GlobalSecondaryIndexes")
                .forEach(index -> indexes.put(
                        index.path("IndexName").asText() + " "
                                + index.path("Projection")
                                        .path("ProjectionType")
                                        .asText(),
                        cloudFormationKeys(index.path("KeySchema"))));
        return describe(
                table.path("TableName").asText(),
                table.path("BillingMode").asText(),
                attributes,
                cloudFormationKeys(table.path("KeySchema")),
                indexes,
                table.path("DeletionProtectionEnabled").asBoolean(),
                table.path("TimeToLiveSpecification").path("AttributeName").asText());
    }

    private static List<String> cloudFormationKeys(JsonNode keys) {
        return stream(keys)
                .map(key -> key.path("KeyType").asText() + " "
                        + key.path("AttributeName").asText())
                .toList();
    }

    private static String terraformShape(JsonNode table) {
        var attributes = new TreeMap<String, String>();
        table.path("attribute")
                .forEach(attribute -> attributes.put(
                        attribute.path("name").asText(), attribute.path("type").asText()));
        var indexes = new TreeMap<String, List<String>>();
        table.path("global_secondary_index")
                .forEach(index -> indexes.put(
                        index.path("name").asText() + " "
                                + index.path("projection_type").asText(),
                        terraformKeys(index)));
        return describe(
                table.path("name").asText(),
                table.path("billing_mode").asText(),
                attributes,
                terraformKeys(table),
                indexes,
                table.path("deletion_protection_enabled").asBoolean(),
                table.path("ttl").path("attribute_name").asText());
    }

    private static List<String> terraformKeys(JsonNode node) {
        return node.has("range_key")
                ? List.of(
                        "HASH " + node.path("hash_key").asText(),
                        "RANGE " + node.path("range_key").asText())
                : List.of("HASH " + node.path("hash_key").asText());
    }

    @Test
    void bothTemplatesHaveTheKeysPolicyAndEachRolesPolicy() throws IOException {
        SetupOptions options = SetupOptions.builder()
                .engineRoles(List.of("arn:aws:iam::123456789012:role/engines"))
                .build();
        var arns = new Arns("aws", USUAL.region(), "123456789012");
        JsonNode keyPolicy =
                JSON.readTree(KeySetup.keyPolicy(arns.partition(), arns.region(), arns.account(), options));
        JsonNode cloudFormation = JSON.readTree(Templates.cloudFormation(USUAL, options)
                .replaceAll("\\{\\s*\"Fn::Sub\": (\"[^\"]*\")\\s*}", "$1")
                .replace("${AWS::Partition}", "aws")
                .replace("${AWS::Region}", USUAL.region())
                .replace("${AWS::AccountId}", "123456789012"));
        JsonNode terraform = JSON.readTree(Templates.terraform(USUAL, options)
                .replace("${data.aws_partition.current.partition}", "aws")
                .replace("${var.region}", USUAL.region())
                .replace("${data.aws_caller_identity.current.account_id}", "123456789012"));

        assertThat(cloudFormation.at("/Resources/Key/Properties/KeyPolicy")).isEqualTo(keyPolicy);
        assertThat(cloudFormation.at("/Resources/KeyAlias/Properties/AliasName").asText())
                .isEqualTo("alias/threat-engine");
        assertThat(JSON.readTree(
                        terraform.at("/resource/aws_kms_key/credentials/policy").asText()))
                .isEqualTo(keyPolicy);
        for (AccessRole role : AccessRole.values()) {
            JsonNode policy = JSON.readTree(IamPolicies.of(USUAL, arns).json(role));
            String name = role.name().toLowerCase(Locale.ROOT);
            String id = role.name().charAt(0) + name.substring(1) + "Policy";
            assertThat(cloudFormation.at("/Resources/" + id + "/Properties/PolicyDocument"))
                    .isEqualTo(policy);
            assertThat(JSON.readTree(terraform
                            .at("/resource/aws_iam_policy/" + name + "/policy")
                            .asText()))
                    .isEqualTo(policy);
        }
    }

    @Test
    void alarmsHaveAtMostTenMetricsAndBothTemplatesTheSameOnes() throws IOException {
        JsonNode cloudFormation = JSON.readTree(Templates.cloudFormation(USUAL, SetupOptions.defaults()));
        JsonNode terraform = JSON.readTree(Templates.terraform(USUAL, SetupOptions.defaults()));
        List<JsonNode> alarms = stream(cloudFormation.path("Resources"))
                .filter(resource -> resource.path("Type").asText().equals("AWS::CloudWatch::Alarm"))
                .toList();

        assertThat(alarms).hasSize(7 * 2 + 2);
        assertThat(alarms).allMatch(alarm -> alarm.at("/Properties/Metrics").size() <= 10);
        assertThat(terraform.at("/resource/aws_cloudwatch_metric_alarm")).hasSize(alarms.size());
        assertThat(alarms.stream()
                        .map(alarm -> alarm.at("/Properties/AlarmDescription").asText()))
                .containsExactlyInAnyOrderElementsOf(stream(terraform.at("/resource/aws_cloudwatch_metric_alarm"))
                        .map(alarm -> alarm.path("alarm_description").asText())
                        .toList());
    }

    /** CloudWatch counts the throttled events of an index apart from its table's, and the index of what is due is the hot one. */
    @Test
    void throttlesOfIndexesAreCountedToo() throws IOException {
        OnboardingSettings sharded =
                USUAL.toBuilder().dueIndex(DueIndex.sharded(4)).build();
        JsonNode cloudFormation = JSON.readTree(Templates.cloudFormation(sharded, SetupOptions.defaults()));
        JsonNode terraform = JSON.readTree(Templates.terraform(sharded, SetupOptions.defaults()));

        for (TableDefinition table : DynamoDbSetup.tables(sharded)) {
            for (String metric : List.of("ReadThrottleEvents", "WriteThrottleEvents")) {
                assertThat(stream(cloudFormation.path("Resources"))
                                .flatMap(resource -> stream(resource.at("/Properties/Metrics")))
                                .map(query -> query.at("/MetricStat/Metric"))
                                .filter(one -> one.path("MetricName").asText().equals(metric))
                                .map(one -> stream(one.path("Dimensions"))
                                        .collect(Collectors.toMap(
                                                dimension ->
                                                        dimension.path("Name").asText(),
                                                dimension ->
                                                        dimension.path("Value").asText())))
                                .filter(of -> of.containsValue(table.name()))
                                .map(of -> of.getOrDefault("GlobalSecondaryIndexName", "")))
                        .containsExactlyInAnyOrderElementsOf(tableAndIndexes(table));
                assertThat(stream(terraform.at("/resource/aws_cloudwatch_metric_alarm"))
                                .flatMap(alarm -> stream(alarm.path("metric_query")))
                                .map(query -> query.path("metric"))
                                .filter(one -> one.path("metric_name").asText().equals(metric))
                                .map(one -> one.path("dimensions"))
                                .filter(of -> of.path("TableName").asText().equals(table.name()))
                                .map(of -> of.path("GlobalSecondaryIndexName").asText()))
                        .containsExactlyInAnyOrderElementsOf(tableAndIndexes(table));
            }
        }
        assertThat(stream(cloudFormation.path("Resources"))
                        .map(resource -> stream(resource.at("/Properties/Metrics"))
                                .filter(query -> query.has("MetricStat"))
                                .count()))
                .allMatch(metrics -> metrics <= 10);
    }

    private static List<String> tableAndIndexes(TableDefinition table) {
        return Stream.concat(Stream.of(""), table.indexes().stream().map(TableDefinition.Index::name))
                .toList();
    }

    @Test
    void ofAwsOwnKeyNoAliasIsMade() {
        OnboardingSettings settings =
                USUAL.toBuilder().kmsKeyId("alias/aws/secretsmanager").build();

        assertThat(Templates.cloudFormation(settings, SetupOptions.defaults())).doesNotContain("AWS::KMS::");
    }

    @Test
    void withoutAnAliasNoKeyIsMade() throws IOException {
        JsonNode template =
                JSON.readTree(Templates.cloudFormation(OnboardingSettings.defaults(), SetupOptions.defaults()));

        assertThat(template.path("Resources").has("Key")).isFalse();
        assertThat(template.toString()).doesNotContain("kms:Decrypt");
    }

    @Test
    void theEnvironmentGivesTheSameSettings() {
        for (OnboardingSettings settings : List.of(
                OnboardingSettings.defaults(),
                USUAL.toBuilder()
                        .region("eu-central-1")
                        .secretsPrefix("staging/x")
                        .tables(TableNames.withPrefix("staging-"))
                        .dueIndex(DueIndex.sharded(16))
                        .platformAwsAccountId("123456789012")
                        .build())) {
            assertThat(OnboardingSettings.from(Templates.environment(settings))).isEqualTo(settings);
            assertThat(Templates.configMap(settings, "x").lines())
                    .contains("  AWS_REGION: \"" + settings.region() + "\"");
        }
    }

    @Test
    void aCustomersRoleNeedsTheExternalIdAndNamesNoWildcard() throws IOException {
        JsonNode template = JSON.readTree(Templates.customerRole(USUAL));
        JsonNode statement = template.at("/Resources/Role/Properties/AssumeRolePolicyDocument/Statement/0");

        assertThat(statement.at("/Condition/StringEquals/sts:ExternalId/Ref").asText())
                .isEqualTo("ExternalId");
        assertThat(statement.path("Action").asText()).isEqualTo("sts:AssumeRole");
        assertThat(template.toString()).doesNotContain("*");
        assertThat(stream(template.at("/Resources/Role/Properties/ManagedPolicyArns")))
                .allMatch(policy -> policy.path("Fn::Sub").asText().contains(":iam::aws:policy/"));
    }
}
