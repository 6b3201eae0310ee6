package io.threatengine.onboarding.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.cli.Run.Desk;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.secretsmanager.model.RotationRulesType;

@OnboardingTest
class CredentialCommandsTest {
    private static final String FIRST = "planted-secret-1";
    private static final String SECOND = "planted-secret-2";
    private static final String NEXT =
            "{\"credential_type\": \"ibm_api_key\", \"credentials\": {\"api_key\": \"" + SECOND + "\"}}";

    private final EmbeddedAws aws;
    private final Desk desk;
    private final Onboarding onboarding;
    private final Account account;
    private final String id;

    CredentialCommandsTest(EmbeddedAws aws) {
        Installation installation = Installation.on(aws);
        this.aws = aws;
        this.desk = installation.desk();
        this.onboarding = installation.onboarding();
        this.account = installation.account(installation.tenant(), "production", FIRST);
        this.id = account.id().value();
    }

    private Credential current() {
        return onboarding.vault().get(onboarding.accounts().get(account.id()).credentialKey());
    }

    private static Credential key(String secret) {
        return new IbmApiKey(Secret.of(secret));
    }

    // ---- rotate and roll back

    @Test
    void rotatesAndRollsBack() {
        Run rotate = desk.typing(NEXT).run("credential", "rotate", id, "--yes");
        assertThat(rotate.code()).as(rotate.err()).isEqualTo(ExitCode.OK);
        assertThat(rotate.out()).startsWith("Rotated. Current version: ");
        assertThat(current()).isEqualTo(key(SECOND));

        Run rollback = desk.run("credential", "rollback", id, "--yes");
        assertThat(rollback.code()).isEqualTo(ExitCode.OK);
        assertThat(current()).isEqualTo(key(FIRST));
        assertThat(rotate + " " + rollback).doesNotContain("planted");
    }

    @Test
    void theDocumentsOfAChangeSayWhichVersionIsCurrent() {
        JsonNode rotated = desk.typing(NEXT).json("credential", "rotate", id, "--yes");
        JsonNode back = desk.json("credential", "rollback", id, "--yes");

        assertThat(Run.namesOf(rotated)).containsExactly("account_id", "secret", "version_id", "credential_status");
        assertThat(Run.namesOf(back)).isEqualTo(Run.namesOf(rotated));
        assertThat(back.path("version_id").asText())
                .isEqualTo(onboarding
                        .accounts()
                        .get(account.id())
                        .credentialVersionId()
                        .orElseThrow())
                .isNotEqualTo(rotated.path("version_id").asText());
    }

    @Test
    void aFileIsReadAndItsExpiryKept(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("next.json"), NEXT.replaceFirst("}}$", "}, \"expires_at\": \"2099-01-01T00:00:00\"}"));

        Run run = desk.run("credential", "rotate", id, "--file", file.toString(), "--yes");

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(aws.secretsManager()
                        .getSecretValue(request ->
                                request.secretId(account.credentialReference().orElseThrow()))
                        .secretString())
                .contains("2099-01-01");
        assertThat(Files.readString(file)).contains(SECOND);
    }

    @Test
    void whoCanBeAskedIsAsked(@TempDir Path folder) throws IOException {
        String file = Files.writeString(folder.resolve("next.json"), NEXT).toString();
        var questions = new ArrayList<String>();
        Desk refusing = desk.answering(question -> !questions.add(question));
        Desk agreeing = desk.answering(question -> questions.add(question));

        Run refused = refusing.run("credential", "rotate", id, "--file", file);
        assertThat(refused.code()).isEqualTo(ExitCode.FAILED);
        assertThat(refused.err()).contains("Nothing was changed.");
        assertThat(current()).isEqualTo(key(FIRST));

        assertThat(agreeing.run("credential", "rotate", id, "--file", file).code())
                .isEqualTo(ExitCode.OK);
        assertThat(agreeing.run("credential", "rollback", id).code()).isEqualTo(ExitCode.OK);
        assertThat(questions)
                .hasSize(3)
                .allMatch(question -> question.contains("production (" + id + ")"))
                .noneMatch(question -> question.contains("planted"));
    }

    @Test
    void whereNobodyCanBeAskedYesIsNeeded() {
        for (Desk silent : List.of(desk.typing(NEXT), desk.typing(NEXT).answering(question -> true))) {
            Run run = silent.run("credential", "rotate", id);

            assertThat(run.code()).isEqualTo(ExitCode.USAGE);
            assertThat(run.err()).contains("--yes");
        }
        assertThat(desk.run("credential", "rollback", id).code()).isEqualTo(ExitCode.USAGE);
        assertThat(current()).isEqualTo(key(FIRST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "planted",
                "{\"credential_type\": \"ibm_api_key\", \"credentials\": {\"api_key\": \"planted",
                "{\"credential_type\": \"ibm_api_key\", \"credentials\": \"planted\"}",
                "{\"credential_type\": \"ibm_api_key\", \"credentials\": {\"apikey_\": \"planted\"}}",
                "{\"credentials\": {\"api_key\": \"planted\"}}",
                "{\"credential_type\": \"ibm_api_kee\", \"credentials\": {\"api_key\": \"planted\"}}",
                "{\"credential_type\": \"ibm_api_key\", \"credentials\": {\"api_key\": \"planted\"}, \"expires_at\": \"planted\"}"
            })
    void whatIsNoCredentialIsRefusedAndNotShown(String text) {
        Run run = desk.typing(text).run("credential", "rotate", id, "--yes", "--debug");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).singleElement().asString().doesNotContain("planted");
        assertThat(current()).isEqualTo(key(FIRST));
    }

    @Test
    void whatIsTooLargeIsRefused() {
        Run run = desk.typing(NEXT.replace(SECOND, "x".repeat(70_000))).run("credential", "rotate", id, "--yes");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("65536 bytes");
    }

    @Test
    void aFileThatIsNoTextOfACredentialIsSaidWhatItIs(@TempDir Path folder) throws IOException {
        Path large = Files.write(folder.resolve("large"), new byte[2_000_000]);
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
        String account = "account-1";

        assertThat(Desk.alone()
                        .run("credential", "rotate", account, "--yes", "--file", large.toString())
                        .err())
                .contains(large + " cannot be read: it has more than 1048576 bytes");
        assertThat(Desk.alone()
                        .run("credential", "rotate", account, "--yes", "--file", binary.toString())
                        .err())
                .contains(binary + " cannot be read: it is no text in UTF-8");
        assertThat(Desk.alone()
                        .run("credential", "rotate", account, "--yes", "--file", folder.toString())
                        .err())
                .contains(folder + " cannot be read: it is a folder");
    }

    @Test
    void aTypeThatIsUnknownHereNeedsToBeMeant() {
        Run run = desk.typing("{\"credential_type\": \"vendor_token\", \"credentials\": {\"token\": \"planted\"}}")
                .run("credential", "rotate", id, "--yes", "--custom-type");

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(current().type()).isEqualTo("vendor_token");
    }

    @Test
    void aCredentialInPlaceOfTheAccountIsNotShown() {
        Run run = desk.run("credential", "rotate", NEXT, "--yes", "--debug");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("ACCOUNT_ID must be").doesNotContain("planted");
    }

    @Test
    void anAccountThatThereIsNotIsNotFound() {
        Run run = desk.typing(NEXT).run("credential", "rotate", "nobody", "--yes", "--json");

        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.error().path("type").asText()).isEqualTo("NotFoundException");
        assertThat(desk.run("credential", "describe", "nobody").code()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aDeletedAccountIsNotRotated() {
        assertThat(onboarding.offboardAccount(account.id())).isPresent();

        Run run = desk.typing(NEXT).run("credential", "rotate", id, "--yes");

        assertThat(run.code()).isEqualTo(ExitCode.CONFLICT);
    }

    @Test
    void withoutAnEarlierOneNothingIsRolledBack() {
        assertThat(desk.run("credential", "rollback", id, "--yes").code()).isEqualTo(ExitCode.FAILED);
    }

    // ---- describe

    @Test
    void describesWithoutShowing() {
        desk.typing(NEXT).run("credential", "rotate", id, "--yes");

        Run run = desk.run("credential", "describe", id);
        JsonNode json = desk.json("credential", "describe", id);

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .contains("AWSCURRENT", "AWSPREVIOUS", "Enabled, as set", "AWS does none", "production")
                .doesNotContain("planted");
        assertThat(Run.namesOf(json))
                .containsExactly(
                        "account_id",
                        "tenant_id",
                        "account_name",
                        "account_status",
                        "credential_status",
                        "secret",
                        "arn",
                        "owner",
                        "created_at",
                        "last_changed_at",
                        "deletion_date",
                        "encryption",
                        "pending",
                        "versions",
                        "rotation");
        assertThat(Run.namesOf(json.path("encryption"))).containsExactly("key", "state", "wanted_key", "as_set");
        assertThat(Run.namesOf(json.path("versions").path(0)))
                .containsExactly("version_id", "stages", "created_at", "key");
        assertThat(json.path("versions")).hasSize(2);
        assertThat(json.path("encryption").path("as_set").asBoolean()).isTrue();
        assertThat(json.path("rotation").path("enabled").asBoolean()).isFalse();
        assertThat(json.toString()).doesNotContain("planted");
    }

    @Test
    void saysWhichKeyItIsUnderAndThatAVersionIsPending() {
        String secret = account.credentialReference().orElseThrow();
        String other = aws.kms().createKey().keyMetadata().arn();
        aws.secretsManager().updateSecret(request -> request.secretId(secret).kmsKeyId(other));
        aws.secretsManager()
                .putSecretValue(request -> request.secretId(secret)
                        .secretString("{\"planted\": 1}")
                        .versionStages("AWSPENDING"));

        Run run = desk.run("credential", "describe", id);
        JsonNode json = desk.json("credential", "describe", id);

        assertThat(run.out())
                .contains("NOT as set")
                .contains("a version is pending")
                .doesNotContain("planted");
        assertThat(json.path("encryption").path("key").asText()).isEqualTo(other);
        assertThat(json.path("pending").asBoolean()).isTrue();
    }

    @Test
    void rotationByAwsIsDescribed() {
        aws.secretsManager()
                .rotateSecret(request -> request.secretId(
                                account.credentialReference().orElseThrow())
                        .rotationLambdaARN("arn:aws:lambda:ap-south-1:000000000000:function:rotate")
                        .rotateImmediately(false)
                        .rotationRules(RotationRulesType.builder()
                                .scheduleExpression("rate(30 days)")
                                .build()));

        JsonNode rotation = desk.json("credential", "describe", id).path("rotation");

        assertThat(Run.namesOf(rotation))
                .containsExactly("enabled", "function", "schedule", "next_at", "last_at", "last_result");
        assertThat(rotation.path("schedule").asText()).isEqualTo("rate(30 days)");
        assertThat(desk.run("credential", "describe", id).out()).contains("by AWS on");
    }
}
