package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.AwsAccessKey;
import io.threatengine.onboarding.credential.AwsIamRole;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CustomCredential;
import io.threatengine.onboarding.credential.GcpServiceAccount;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.credential.StoreOptions;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.CredentialUnavailableException.Reason;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.secrets.SecretsManagerVault;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;

/** Secrets that the Python engines wrote are read and changed without loss; secrets that we write are what they expect. */
@OnboardingTest
class SecretsWireFormatTest {
    private static final String ROLE = "{\"role_arn\": \"arn:aws:iam::123456789012:role/Scanner\","
            + " \"external_id\": \"threat-engine-0123456789abcdef\", \"account_number\": \"123456789012\"}";
    private static final AwsIamRole NEXT =
            new AwsIamRole("arn:aws:iam::123456789012:role/Next", "threat-engine-fedcba9876543210");

    private final CredentialKey key = CredentialKey.of(TenantId.random(), AccountId.random());
    private final Workspace workspace;
    private final SettableClock clock;
    private final SecretsManagerClient client;
    private final KmsClient kms;
    private final SecretsManagerVault vault;
    private final String legacyName;
    private final String scopedName;

    SecretsWireFormatTest(Workspace workspace, EmbeddedAws aws) {
        this.workspace = workspace;
        this.clock = workspace.clock();
        this.client = aws.secretsManager();
        this.kms = aws.kms();
        this.vault = SecretsManagerVault.using(client, workspace.settings(), clock);
        String prefix = workspace.settings().secretsPrefix();
        this.legacyName = prefix + "/account/" + key.accountId();
        this.scopedName = prefix + "/account/" + key.tenantId() + "/" + key.accountId();
    }

    @Test
    void aNewSecretIsWhatThePythonEnginesWrite() {
        clock.set(Instant.parse("2026-11-24T08:17:00.5Z"));

        CredentialVersion version =
                vault.store(key, NEXT, StoreOptions.defaults().expiringAt(Instant.parse("2027-01-01T00:00:00Z")));

        assertThat(version.reference()).isEqualTo(scopedName);
        assertThat(json(scopedName)).isEqualTo(parsed("""
                {"credential_type": "aws_iam_role",
                 "credentials": {"role_arn": "arn:aws:iam::123456789012:role/Next",
                                 "external_id": "threat-engine-fedcba9876543210",
                                 "account_number": "123456789012"},
                 "account_id": "%s", "tenant_id": "%s",
                 "created_at": "2026-11-24T08:17:00.500000", "expires_at": "2027-01-01T00:00:00.000000"}
                """.formatted(key.accountId(), key.tenantId())));
    }

    @Test
    void aSecretIsFoundByReferenceThenUnderTheTenantThenUnderItsOldName() {
        create(legacyName, document("ibm_api_key", "{\"api_key\": \"old name\"}"));
        assertThat(vault.get(key)).isEqualTo(new IbmApiKey(Secret.of("old name")));

        create(scopedName, document("ibm_api_key", "{\"api_key\": \"tenant\"}"));
        assertThat(vault.get(key)).isEqualTo(new IbmApiKey(Secret.of("tenant")));

        String elsewhere = "shared/" + key.accountId();
        String arn = create(elsewhere, document("ibm_api_key", "{\"api_key\": \"reference\"}"));
        assertThat(vault.get(key.at(elsewhere, null))).isEqualTo(new IbmApiKey(Secret.of("reference")));
        assertThat(vault.get(key.at(arn, null))).isEqualTo(new IbmApiKey(Secret.of("reference")));
        assertThat(vault.get(key.at("nowhere/at-all", null))).isEqualTo(new IbmApiKey(Secret.of("tenant")));
    }

    /** It names its account but no tenant, and so nobody can tell whose the account is. */
    @Test
    void anOldSecretOfAnotherAccountIsNotFoundWhoeverPointsToIt() {
        create(legacyName, document("ibm_api_key", "{\"api_key\": \"theirs\"}"));
        CredentialKey forged =
                CredentialKey.of(key.tenantId(), AccountId.random()).at(legacyName, null);

        assertThat(vault.find(forged)).isEmpty();
        assertThat(vault.holds(forged, new IbmApiKey(Secret.of("theirs")))).isFalse();
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault.describe(forged));
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault.delete(forged));
        assertThat(vault.loadAll(List.of(forged), BulkOptions.defaults()).failures())
                .hasSize(1);
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> vault.rotation().rotate(forged, NEXT, credential -> {}));
        assertThat(vault.get(key)).isEqualTo(new IbmApiKey(Secret.of("theirs")));
    }

    @Test
    void aSecretIsChangedWhereItIsAndKeepsWhatIsNotOurs() {
        create(
                legacyName,
                "{\"credential_type\": \"iam_role\", \"credentials\": {\"role_arn\": \"arn:aws:iam::123456789012:role/Old\","
                        + " \"external_id\": \"threat-engine-0123456789abcdef\", \"session_duration\": \"3600\","
                        + " \"tier\": 3}, \"account_id\": \"" + key.accountId()
                        + "\", \"created_at\": \"2024-03-01T10:00:00\", \"expires_at\": null,"
                        + " \"agent_token\": \"t0k3n\", \"agent_token_updated_at\": \"2024-03-02T10:00:00Z\","
                        + " \"later\": [1, {\"two\": 2.50}]}");

        CredentialVersion version = vault.store(key, NEXT);

        assertThat(version.reference()).isEqualTo(legacyName);
        assertThat(json(legacyName)).isEqualTo(parsed("""
                {"credential_type": "aws_iam_role",
                 "credentials": {"tier": 3,
                                 "role_arn": "arn:aws:iam::123456789012:role/Next",
                                 "external_id": "threat-engine-fedcba9876543210",
                                 "account_number": "123456789012"},
                 "account_id": "%s", "created_at": "2024-03-01T10:00:00", "expires_at": null,
                 "agent_token": "t0k3n", "agent_token_updated_at": "2024-03-02T10:00:00Z",
                 "later": [1, {"two": 2.50}]}
                """.formatted(key.accountId())));
        assertThat(client.getSecretValue(request -> request.secretId(legacyName))
                        .secretString())
                .contains("2.50");
    }

    @Test
    void aVersionSaysWhichOneItWasMadeFrom() {
        create(legacyName, document("ibm_api_key", "{\"api_key\": \"old\"}"));
        String old =
                client.getSecretValue(request -> request.secretId(legacyName)).versionId();

        CredentialVersion version = vault.store(key, NEXT);

        JsonNode document = parsed(
                client.getSecretValue(request -> request.secretId(legacyName)).secretString());
        assertThat(document.path("replaces_version_id").textValue()).isEqualTo(old);
        assertThat(document.path("replacing_version_id").textValue()).isEqualTo(version.versionId());
    }

    @Test
    void anotherTypeOfCredentialTakesNothingOfTheOldOneWithIt() {
        create(legacyName, document("aws_access_key", """
                {"access_key_id": "AKIA", "secret_access_key": "s", "session_token": "t", "tier": 3}"""));

        vault.store(key, NEXT);

        assertThat(json(legacyName).path("credentials").size()).isEqualTo(3);
    }

    @Test
    void theNextKeyOfTheSameTypeLosesTheOldSessionToken() {
        create(legacyName, document("aws_access_key", """
                {"aws_access_key_id": "AKIA", "aws_secret_access_key": "s", "aws_session_token": "t", "tier": 3}"""));
        assertThat(vault.get(key)).isEqualTo(new AwsAccessKey("AKIA", Secret.of("s"), Secret.of("t"), null));

        vault.store(key, new AwsAccessKey("AKIB", Secret.of("s2")));

        assertThat(json(legacyName).path("credentials")).isEqualTo(parsed("""
                {"tier": 3, "access_key_id": "AKIB", "secret_access_key": "s2"}"""));
    }

    @ParameterizedTest
    @CsvSource({"access_key, aws_access_key", "iam_role, aws_iam_role", "service_account, gcp_service_account"})
    void whatOldDataCallsOtherwiseIsTheSame(String alias, String type) {
        String credentials = switch (type) {
            case "aws_access_key" -> "{\"aws_access_key_id\": \"AKIA\", \"aws_secret_access_key\": \"s\"}";
            case "aws_iam_role" -> ROLE;
            default ->
                "{\"service_account_json\": {\"type\": \"service_account\", \"project_id\": \"acme-prod\","
                        + " \"private_key\": \"k\", \"client_email\": \"e\"}}";
        };
        create(legacyName, document(alias, credentials));

        Credential credential = vault.get(key);

        assertThat(credential.type()).isEqualTo(type);
        if (credential instanceof GcpServiceAccount account) {
            assertThat(account.serviceAccountJson().reveal()).startsWith("{\"type\":\"service_account\"");
        }
    }

    @Test
    void aTypeThatNobodyKnowsIsKeptWhole() {
        create(legacyName, document("jwt_bearer", "{\"token\": \"t\", \"claims\": {\"n\": 1.50}, \"none\": null}"));

        var custom = (CustomCredential) vault.get(key);

        assertThat(custom.type()).isEqualTo("jwt_bearer");
        assertThat(custom.fields()).isEqualTo(Map.of("token", Secret.of("t")));
        assertThat(custom.jsonFields())
                .isEqualTo(Map.of("claims", Secret.of("{\"n\":1.50}"), "none", Secret.of("null")));
        JsonNode before = json(legacyName);
        vault.store(key, new CustomCredential(custom.type(), Map.of("token", Secret.of("t2")), custom.jsonFields()));
        assertThat(json(legacyName).at("/credentials/claims")).isEqualTo(before.at("/credentials/claims"));
        assertThat(json(legacyName).at("/credentials/token").textValue()).isEqualTo("t2");
    }

    @Test
    void aRoleWithoutItsAccountNumberHasTheOneOfItsArn() {
        create(legacyName, document("aws_iam_role", """
                {"role_arn": "arn:aws:iam::123456789012:role/R", "external_id": "threat-engine-0123456789abcdef",
                 "session_duration": 3600}"""));

        var role = (AwsIamRole) vault.get(key);

        assertThat(role.awsAccountNumber()).isEqualTo("123456789012");
        assertThat(role.sessionDuration()).isEqualTo(Duration.ofHours(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PLANTED",
                "[\"PLANTED\"]",
                "{\"credentials\": {\"api_key\": \"PLANTED\"}}",
                "{\"credential_type\": \"ibm_api_key\", \"credentials\": \"PLANTED\"}",
                "{\"credential_type\": \"ibm_api_key\", \"credentials\": {\"key\": \"PLANTED\"}}",
                "{\"credential_type\": \"ibm_api_key\", \"credentials\": {\"api_key\": \"PLANTED\"}, \"created_at\": \"?\"}",
                "{\"credential_type\": \"aws_iam_role\", \"credentials\": {\"role_arn\": \"PLANTED\"}}",
                "{\"credential_type\": \"kubeconfig\", \"credentials\": {\"kubeconfig\":"
                        + " \"users: [{name: PLANTED, user: {exec: {command: sh}}}]\"}}",
                "{\"credential_type\": \"ibm_api_key\", \"credentials\": {\"api_key\": \"PLANTED\"}} trailing",
            })
    void whatIsNoCredentialIsAnErrorThatNamesTheSecretAndQuotesNothing(String text) {
        create(legacyName, text);

        assertThatExceptionOfType(MalformedDataException.class)
                .isThrownBy(() -> vault.get(key))
                .withMessageContaining(legacyName)
                .satisfies(SecretsWireFormatTest::saysNoSecret);
    }

    @Test
    void aBinarySecretIsNoCredential() {
        client.createSecret(request -> request.name(legacyName).secretBinary(SdkBytes.fromUtf8String("PLANTED")));

        assertThatExceptionOfType(MalformedDataException.class).isThrownBy(() -> vault.get(key));
    }

    @Test
    void deletionTakesBothNamesAndRestorationBringsBothBack() {
        create(legacyName, document("aws_iam_role", ROLE));
        create(scopedName, document("aws_iam_role", ROLE));

        Instant date = vault.delete(key);

        Instant week = Instant.now().plus(Duration.ofDays(7));
        assertThat(date).isBetween(week.minusSeconds(600), week.plusSeconds(600));
        assertThat(describe(legacyName).deletedDate()).isNotNull();
        assertThat(describe(scopedName).deletedDate()).isNotNull();
        vault.restore(key);
        assertThat(describe(legacyName).deletedDate()).isNull();
        assertThat(describe(scopedName).deletedDate()).isNull();
    }

    @Test
    void aSecretUnderTheOldNameIsNotDeletedForAnotherTenant() {
        create(
                legacyName,
                document("aws_iam_role", ROLE).replace("}}", "}, \"tenant_id\": \"" + key.tenantId() + "\"}"));
        CredentialKey stranger = CredentialKey.of(TenantId.random(), key.accountId());

        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault.delete(stranger));
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault.describe(stranger));
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault.get(stranger));
        assertThat(vault.get(key)).isInstanceOf(AwsIamRole.class);
    }

    @Test
    void secretsAreEncryptedWithTheKeyOfTheSettings() {
        String keyId = kms.createKey(request -> request.description("test"))
                .keyMetadata()
                .keyId();
        var encrypted = SecretsManagerVault.using(
                client, workspace.settings().toBuilder().kmsKeyId(keyId).build(), clock);

        encrypted.store(key, NEXT);

        assertThat(encrypted.describe(key).kmsKeyId()).isEqualTo(keyId);
        kms.disableKey(request -> request.keyId(keyId));
        assertThatExceptionOfType(CredentialUnavailableException.class)
                .isThrownBy(() -> encrypted.get(key))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.KEY_UNUSABLE))
                .withMessageContaining(scopedName);
        kms.enableKey(request -> request.keyId(keyId));
        assertThat(encrypted.get(key)).isEqualTo(NEXT);
    }

    @Test
    void aKeyThatDoesNotExistIsAnErrorAndNothingIsStored() {
        var encrypted = SecretsManagerVault.using(
                client, workspace.settings().toBuilder().kmsKeyId("alias/none").build(), clock);

        assertThatExceptionOfType(OnboardingException.class).isThrownBy(() -> encrypted.store(key, NEXT));
        assertThat(vault.find(key)).isEmpty();
    }

    @Test
    void aSecretElsewhereThatSaysItIsThisAccountsIsDeletedWithIt() {
        String earlier = "earlier/" + key.accountId();
        create(earlier, document("aws_iam_role", ROLE).replace("}}", "}, \"tenant_id\": \"" + key.tenantId() + "\"}"));

        vault.delete(key.at(earlier, null));

        assertThat(describe(earlier).deletedDate()).isNotNull();
    }

    @Test
    void whatSomebodyPointedToByMistakeIsLeftAlone() {
        String other = "database/" + key.accountId();
        create(other, "a password");

        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault.delete(key.at(other, null)));
        assertThatExceptionOfType(MalformedDataException.class).isThrownBy(() -> vault.get(key.at(other, null)));
        assertThatExceptionOfType(MalformedDataException.class)
                .isThrownBy(() -> vault.store(key.at(other, null), NEXT));
        assertThat(client.getSecretValue(request -> request.secretId(other)).secretString())
                .isEqualTo("a password");
        assertThat(describe(other).deletedDate()).isNull();
    }

    @Test
    void aStrangersSecretUnderTheOldNameIsNotRestored() {
        create(
                legacyName,
                document("aws_iam_role", ROLE).replace("}}", "}, \"tenant_id\": \"" + key.tenantId() + "\"}"));
        vault.delete(key);
        CredentialKey stranger = CredentialKey.of(TenantId.random(), key.accountId());

        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault.restore(stranger));

        assertThat(describe(legacyName).deletedDate()).isNotNull();
    }

    @Test
    void aSecretThatCannotBeReadIsReplacedUnderTheAccountsOwnNameAndKeepsWhatIsNotOurs() {
        create(
                scopedName,
                "{\"agent_token\": \"t0k3n\", "
                        + document("kubeconfig", "{\"kubeconfig\": \"users: [{user: {exec: {command: sh}}}]\"}")
                                .substring(1));
        assertThatExceptionOfType(MalformedDataException.class).isThrownBy(() -> vault.get(key));

        vault.store(key, NEXT);

        assertThat(vault.get(key)).isEqualTo(NEXT);
        assertThat(json(scopedName).path("agent_token").textValue()).isEqualTo("t0k3n");
        assertThat(json(scopedName).path("created_at").textValue()).isEqualTo("2024-03-01T10:00:00");
    }

    @Test
    void whatReplacesAnUnreadableSecretCanBeRead() {
        create(scopedName, "{\"created_at\": \"?\", \"account_id\": \"other\", \"tenant_id\": \"other\", \"more\": 1}");

        CredentialVersion version = vault.store(key, NEXT);

        assertThat(vault.get(key)).isEqualTo(NEXT);
        assertThat(vault.store(key, NEXT)).isEqualTo(version);
        assertThat(json(scopedName).path("more").intValue()).isEqualTo(1);
    }

    @Test
    void aReferenceThatPointsToSomethingElseDoesNotKeepTheAccountsOwnSecret() {
        String other = "database/" + key.accountId();
        create(other, "a password");
        vault.store(key, NEXT);
        CredentialKey mistaken = key.at(other, null);

        assertThat(vault.describe(mistaken).version().reference()).isEqualTo(scopedName);
        vault.delete(mistaken);
        assertThat(describe(scopedName).deletedDate()).isNotNull();
        vault.restore(mistaken);
        assertThat(describe(scopedName).deletedDate()).isNull();
        assertThat(describe(other).deletedDate()).isNull();
    }

    @Test
    void aStrangersSecretStaysDeletedAlsoWhenItCannotBeRead() {
        String keyId = kms.createKey(request -> request.description("test"))
                .keyMetadata()
                .keyId();
        client.createSecret(request -> request.name(legacyName)
                .kmsKeyId(keyId)
                .secretString(
                        document("aws_iam_role", ROLE).replace("}}", "}, \"tenant_id\": \"" + key.tenantId() + "\"}")));
        vault.delete(key);
        kms.disableKey(request -> request.keyId(keyId));
        CredentialKey stranger = CredentialKey.of(TenantId.random(), key.accountId());

        assertThatExceptionOfType(OnboardingException.class).isThrownBy(() -> vault.restore(stranger));

        assertThat(describe(legacyName).deletedDate()).isNotNull();
    }

    @Test
    void anOldSpellingHoldsTheSameCredential() {
        create(legacyName, document("iam_role", ROLE.replace(", \"account_number\": \"123456789012\"", "")));

        assertThat(vault.holds(key, vault.get(key))).isTrue();
    }

    @Test
    void aVersionThatCannotBeSeenYetIsNotAnsweredWithAnOlderOne() {
        clock.set(Instant.now());
        vault.store(key, NEXT);

        assertThatExceptionOfType(ServiceUnavailableException.class)
                .isThrownBy(() -> vault.get(key.at(null, "11111111-2222-3333-4444-555555555555")));

        clock.advance(Duration.ofMinutes(2));
        assertThat(vault.get(key.at(null, "11111111-2222-3333-4444-555555555555")))
                .isEqualTo(NEXT);
    }

    @Test
    void aSecretThatWasMadeEmptyIsFilled() {
        client.createSecret(request -> request.name(scopedName));

        vault.store(key, NEXT);

        assertThat(vault.get(key)).isEqualTo(NEXT);
    }

    @Test
    void aRowThatIsOlderThanTheSecretGetsTheNewerCredential() {
        CredentialVersion first = vault.store(key, NEXT);
        CredentialVersion second = vault.store(key, new IbmApiKey(Secret.of("second")));

        assertThat(vault.load(key.at(null, first.versionId())).version()).isEqualTo(second);
        assertThat(vault.load(key.at(null, second.versionId())).version()).isEqualTo(second);
    }

    private String create(String name, String text) {
        return client.createSecret(request -> request.name(name).secretString(text))
                .arn();
    }

    private String document(String type, String credentials) {
        return "{\"credential_type\": \"" + type + "\", \"account_id\": \"" + key.accountId()
                + "\", \"created_at\": \"2024-03-01T10:00:00\", \"expires_at\": null, \"credentials\": " + credentials
                + "}";
    }

    private DescribeSecretResponse describe(String name) {
        return client.describeSecret(request -> request.secretId(name));
    }

    /** What all engines know of a secret's document. */
    private JsonNode json(String name) {
        JsonNode document =
                parsed(client.getSecretValue(request -> request.secretId(name)).secretString());
        return ((ObjectNode) document).without(List.of("replaces_version_id", "replacing_version_id"));
    }

    private static JsonNode parsed(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static void saysNoSecret(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain("PLANTED");
        }
    }
}
