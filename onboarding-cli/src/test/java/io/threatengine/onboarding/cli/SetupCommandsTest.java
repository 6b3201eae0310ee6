package io.threatengine.onboarding.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.cli.Run.Desk;
import io.threatengine.onboarding.schedule.DueIndex;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Plan, apply, verify, and plan again; then what hands have done to it. */
@OnboardingTest
class SetupCommandsTest {
    private static final String ROLE = "arn:aws:iam::000000000000:role/engines";

    private final EmbeddedAws aws;
    private final Desk desk;
    private final TableNames tables;

    SetupCommandsTest(EmbeddedAws aws) {
        this.aws = aws;
        this.desk = Desk.of(aws);
        this.tables = desk.settings().tables();
    }

    @Test
    void fromNothingToVerified() {
        Run before = desk.run("plan", "--engine-role", ROLE);
        Run apply = desk.run("apply", "--engine-role", ROLE);
        Run verify = desk.run("verify", "--engine-role", ROLE);
        Run after = desk.run("plan", "--engine-role", ROLE);

        assertThat(before.code()).isEqualTo(ExitCode.PENDING);
        assertThat(before.out())
                .contains("create", tables.accounts(), "To do it: onboarding apply")
                .contains(ROLE);
        assertThat(before.err()).isEmpty();
        assertThat(apply.code()).isEqualTo(ExitCode.OK);
        assertThat(apply.err().lines())
                .anyMatch(line -> line.endsWith(tables.tenants() + ": table done"))
                .allMatch(line -> line.startsWith("["));
        assertThat(apply.out())
                .contains(" done, ", " skipped, which the service does not know, ")
                .doesNotContain("[");
        assertThat(verify.code()).as(verify.out()).isEqualTo(ExitCode.OK);
        assertThat(verify.out()).contains("0 errors, 0 warnings");
        assertThat(after.code()).isEqualTo(ExitCode.OK);
        assertThat(after.out()).contains(" 0 to do, 0 in conflict, ").contains("Nothing to do.");
    }

    @Test
    void aSecondApplyDoesNothing() {
        desk.run("apply");

        Run again = desk.run("apply");

        assertThat(again.code()).isEqualTo(ExitCode.OK);
        assertThat(again.err()).isEmpty();
        assertThat(again.out()).startsWith("Nothing to do");
    }

    @Test
    void whatHandsHaveDoneIsFoundAndMended() {
        desk.run("apply");
        aws.dynamoDb()
                .updateTable(request -> request.tableName(tables.accounts()).deletionProtectionEnabled(false));
        aws.kms()
                .disableKeyRotation(request -> request.keyId(aws.kms()
                        .describeKey(key -> key.keyId(desk.settings().kmsKeyId().orElseThrow()))
                        .keyMetadata()
                        .keyId()));

        Run plan = desk.run("plan");
        Run verify = desk.run("verify");
        desk.run("apply");

        assertThat(plan.code()).isEqualTo(ExitCode.PENDING);
        assertThat(plan.out())
                .containsPattern("change +" + tables.accounts() + " +deletion protection")
                .containsPattern("change +alias/.* rotation");
        assertThat(verify.out()).contains(tables.accounts(), "Remedy:", "Why:");
        assertThat(desk.run("plan").code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void whatIsMissingIsAnErrorOfVerify() {
        desk.run("apply");
        aws.dynamoDb()
                .updateTable(request -> request.tableName(tables.accounts()).deletionProtectionEnabled(false));
        aws.dynamoDb().deleteTable(request -> request.tableName(tables.accounts()));

        Run verify = desk.run("verify");

        assertThat(verify.code()).isEqualTo(ExitCode.FAILED);
        assertThat(verify.out()).startsWith("ERRORS\n").contains("table-missing", tables.accounts());
    }

    /** As from a stand-in of AWS that has no IAM. */
    @Test
    void whereNobodyKnowsOfRolesAllElseIsChecked() {
        desk.run("apply");

        Run verify = desk.run("verify", "--role", "reader=one", "--role", "reader=two");

        assertThat(verify.code()).as(verify.out() + verify.err()).isEqualTo(ExitCode.OK);
        assertThat(verify.out()).contains("role-policies", "    one: ", "    two: ", "0 errors");
    }

    @Test
    void severalPoliciesOfOneKindAreAllChecked(@TempDir Path folder) throws IOException {
        desk.run("apply");
        Path one = Files.writeString(folder.resolve("one"), "{\"Statement\": []}");
        Path two = Files.writeString(folder.resolve("two"), "{\"Statement\": []}");

        Run verify = desk.run("verify", "--policy", "reader=" + one, "--policy", "READER=" + two);

        assertThat(verify.out()).contains(one + ": without", two + ": without");
        assertThat(desk.run("verify", "--policy", "reader").code()).isEqualTo(ExitCode.USAGE);
        assertThat(desk.run("verify", "--policy", "cook=" + one).err())
                .contains("--policy", "reader, writer, scheduler or administrator");
    }

    @Test
    void warningsHaveACodeOfTheirOwn() {
        desk.run("apply");
        aws.secretsManager()
                .createSecret(request -> request.name(
                                desk.settings().secretsPrefix() + "/account/00000000-0000-4000-8000-000000000000")
                        .kmsKeyId(desk.settings().kmsKeyId().orElseThrow())
                        .secretString("nobody's"));

        Run verify = desk.run("verify");

        assertThat(verify.code()).isEqualTo(ExitCode.PENDING);
        assertThat(verify.out()).contains("WARNINGS\n  secret-orphaned").doesNotContain("nobody's");
    }

    @Test
    void aTableOfAnotherShapeIsAConflictAndIsLeftAlone() {
        aws.dynamoDb()
                .createTable(request -> request.tableName(tables.accounts())
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(AttributeDefinition.builder()
                                .attributeName("pk")
                                .attributeType(ScalarAttributeType.S)
                                .build())
                        .keySchema(KeySchemaElement.builder()
                                .attributeName("pk")
                                .keyType(KeyType.HASH)
                                .build()));

        Run plan = desk.run("plan");
        Run apply = desk.run("apply");

        assertThat(plan.code()).isEqualTo(ExitCode.CONFLICT);
        assertThat(plan.out()).contains("conflict", "yours to decide");
        assertThat(apply.code()).isEqualTo(ExitCode.CONFLICT);
        assertThat(apply.out()).isEmpty();
        assertThat(apply.err().lines())
                .singleElement()
                .asString()
                .startsWith("error: ")
                .contains("pk", "nothing of this service was changed")
                .doesNotContain("createTables");
    }

    @Test
    void everyOptionOfTheSetUpReachesIt() {
        OnboardingSettings sharded =
                desk.settings().toBuilder().dueIndex(DueIndex.sharded(4)).build();
        String[] plan = {
            "plan",
            "--administrator=arn:aws:iam::000000000000:user/admin",
            "--tag=team=platform",
            "--tag=stage=test",
            "--no-deletion-protection",
            "--no-point-in-time-recovery",
            "--managed-table-key",
            "--execution-retention=30",
            "--scan-result-retention=60"
        };

        JsonNode items = desk.with(sharded).json(plan).path("items");

        assertThat(items.toString())
                .contains("user/admin", "team=platform", "stage=test", "due-shard")
                .contains("expiry of rows", "encrypted with aws/dynamodb")
                .doesNotContain("deletion protection")
                .doesNotContain("point-in-time recovery");
    }

    @Test
    void theDocumentsHaveTheFieldsThatAreDocumented() {
        JsonNode plan = desk.json("plan");
        JsonNode apply = desk.json("apply");
        JsonNode verify = desk.json("verify");

        assertThat(Run.namesOf(plan)).containsExactly("changes", "conflicts", "not_checkable", "items");
        assertThat(Run.namesOf(plan.path("items").path(0)))
                .containsExactly("resource", "aspect", "kind", "found", "wanted");
        assertThat(plan.path("changes").asInt()).isPositive();
        assertThat(plan.path("items"))
                .extracting(item -> item.path("kind").asText())
                .contains("create");
        assertThat(Run.namesOf(apply)).containsExactly("changed", "skipped", "not_checkable", "items");
        assertThat(apply.path("skipped").asInt()).isPositive();
        assertThat(apply.path("changed").asInt() + apply.path("skipped").asInt())
                .isEqualTo(plan.path("changes").asInt());
        assertThat(Run.namesOf(verify))
                .containsExactly("errors", "warnings", "advice", "not_checkable", "passed", "findings");
        assertThat(Run.namesOf(verify.path("findings").path(0)))
                .containsExactly("id", "severity", "title", "why", "remedy", "result", "resource", "saw");
        assertThat(verify.path("errors").asInt()).isZero();
        assertThat(verify.path("passed").asInt()).isGreaterThan(10);
    }

    @Test
    void policiesThatSomebodyWroteAreCheckedToo(@TempDir Path folder) throws IOException {
        desk.run("apply");
        Path file = Files.writeString(
                folder.resolve("policy.json"),
                "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"dynamodb:*\"], \"Resource\": \"*\"}]}");

        Run verify = desk.run("verify", "--policy", "writer=" + file);
        Run unknown = desk.run("verify", "--policy", "king=" + file);
        Run missing = desk.run("verify", "--policy", "writer=" + folder.resolve("none"));

        assertThat(verify.code()).isEqualTo(ExitCode.FAILED);
        assertThat(verify.out())
                .contains("policy-incomplete", "secretsmanager:GetSecretValue")
                .contains("policy-wildcard", "dynamodb:*");
        assertThat(unknown.code()).isEqualTo(ExitCode.USAGE);
        assertThat(missing.code()).isEqualTo(ExitCode.FAILED);
        assertThat(missing.err()).contains("cannot be read: there is no such file");
    }

    @Test
    void coloursAreThereOnATerminalAndCanBeSwitchedOff() {
        assertThat(desk.coloured().run("plan").out())
                .contains("\u001b[32mcreate        \u001b[0m")
                .endsWith("\u001b[0m\n");
        assertThat(desk.coloured().run("plan", "--no-color").out()).doesNotContain("\u001b");
        assertThat(desk.coloured().run("plan", "--json").out()).doesNotContain("\u001b");
        assertThat(desk.run("plan").out()).doesNotContain("\u001b");
    }

    @Test
    void theRegionOfTheOptionGoesBeforeThatOfTheEnvironment() {
        desk.run("apply");

        assertThat(desk.run("plan", "--region", "eu-central-1").code()).isEqualTo(ExitCode.PENDING);
        assertThat(desk.run("plan").code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void aWrongSettingNamesItsVariable() {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        Shell shell = desk.shell(out, err);
        var wrong = new HashMap<>(shell.environment());
        wrong.put("SCHEDULE_DUE_INDEX", "sharded:many");

        int code = OnboardingCli.run(
                new Shell(Map.copyOf(wrong), shell.in(), out, err, shell.ansi(), null), desk.arguments("plan"));

        assertThat(code).isEqualTo(ExitCode.USAGE.number());
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("SCHEDULE_DUE_INDEX");
    }
}
