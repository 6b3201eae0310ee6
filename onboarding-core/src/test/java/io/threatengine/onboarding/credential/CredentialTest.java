package io.threatengine.onboarding.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.error.InvalidValueException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialTest {
    private static final String ARN = "arn:aws:iam::123456789012:role/path/Scanner";
    private static final String EXTERNAL_ID = "threat-engine-0123456789abcdef";
    private static final Secret SECRET = Secret.of("PLANTED");

    @Test
    void aSecretPrintsNothingAndOpensOnRequest() {
        assertThat(SECRET)
                .hasToString("[secret]")
                .isEqualTo(Secret.of("PLANTED"))
                .isNotEqualTo(Secret.of("planted"));
        assertThat(SECRET).hasSameHashCodeAs(Secret.of("another"));
        assertThat(SECRET.reveal()).isEqualTo("PLANTED");
        refused("secret", () -> Secret.of(""));
    }

    @Test
    void noCredentialPrintsItsSecrets() {
        List<Credential> credentials = List.of(
                new AwsAccessKey("id", SECRET, SECRET, null),
                new AzureServicePrincipal("client", SECRET, "directory", "0b1f6471-1bf0-4dda-aec3-cb9272f09590"),
                new GcpServiceAccount(SECRET),
                new AlicloudAccessKey("id", SECRET, SECRET, null),
                new OciUserPrincipal(
                        "ocid1.user.oc1..a",
                        "ocid1.tenancy.oc1..a",
                        "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff",
                        Secret.of("-----BEGIN PLANTED"),
                        null),
                new IbmApiKey(SECRET),
                new Kubeconfig(SECRET),
                new CustomCredential("other", Map.of("field", SECRET), Map.of("json", SECRET)));

        assertThat(credentials)
                .allSatisfy(credential -> assertThat(credential.toString())
                        .doesNotContain("PLANTED")
                        .contains("[secret]"));
    }

    @Test
    void aRoleKnowsItsAccount() {
        var role = new AwsIamRole(ARN, EXTERNAL_ID);

        assertThat(role.awsAccountNumber()).isEqualTo("123456789012");
        assertThat(role.accountNumber()).contains("123456789012");
        assertThat(AwsIamRole.randomExternalId()).matches("threat-engine-[0-9a-f]{32}");
    }

    @Test
    void aRoleOfAnotherAccountIsRefused() {
        refused("role_arn", () -> new AwsIamRole(ARN, EXTERNAL_ID, "000000000000", null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Scanner",
                "arn:aws:iam::123456789012:user/Scanner",
                "arn:aws:iam::12345678901:role/Scanner",
                "arn:aws:iam::123456789012:role/",
                "arn:aws:iam::123456789012:role/Scan ner",
            })
    void whatIsNoRoleIsRefused(String arn) {
        refused("role_arn", () -> new AwsIamRole(arn, EXTERNAL_ID));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "threat-engine-1", "with a blank inside it", "ümlaut-is-not-allowed-here"})
    void whatIsNoExternalIdIsRefused(String externalId) {
        refused("external_id", () -> new AwsIamRole(ARN, externalId));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 899, 43_201})
    void aSessionOfAnImpossibleLengthIsRefused(long seconds) {
        Duration duration = Duration.ofSeconds(seconds);
        refused("session_duration", () -> new AwsIamRole(ARN, EXTERNAL_ID, "123456789012", null, duration));
    }

    @Test
    void aSessionLastsWholeSeconds() {
        Duration duration = Duration.ofMillis(900_500);
        refused("session_duration", () -> new AwsIamRole(ARN, EXTERNAL_ID, "123456789012", null, duration));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "-a", "/a", ".a", ":aa"})
    void aTextOfManyPartsIsRefused(String part) {
        String parts = part.repeat(100_000);
        Secret pem = Secret.of("-----BEGIN PRIVATE KEY-----");
        String user = "ocid1.user.oc1..aaaa";
        String tenancy = "ocid1.tenancy.oc1..aaaa";
        String fingerprint = "11" + ":11".repeat(15);

        refused("role_arn", () -> new AwsIamRole("arn:aws" + parts + ":iam::123456789012:role/a", EXTERNAL_ID));
        refused("role_arn", () -> new AwsIamRole(ARN + parts, EXTERNAL_ID));
        refused("external_id", () -> new AwsIamRole(ARN, EXTERNAL_ID + parts));
        refused("user_ocid", () -> new OciUserPrincipal(user + parts, tenancy, fingerprint, pem, null));
        refused("oci account number", () -> new OciUserPrincipal(user, tenancy + parts, fingerprint, pem, null));
        refused("fingerprint", () -> new OciUserPrincipal(user, tenancy, fingerprint + parts, pem, null));
        refused("region", () -> new OciUserPrincipal(user, tenancy, fingerprint, pem, parts));
    }

    @Test
    void eachTypeChecksItsFields() {
        Secret blank = Secret.of(" ");
        refused("access_key_id", () -> new AwsAccessKey("", SECRET));
        refused("secret_access_key", () -> new AwsAccessKey("id", blank));
        refused("aws account number", () -> new AwsAccessKey("id", SECRET, null, "12"));
        refused("client_id", () -> new AzureServicePrincipal(" ", SECRET, "directory", "sub"));
        refused("azure account number", () -> new AzureServicePrincipal("client", SECRET, "directory", "sub"));
        refused("service_account_json", () -> new GcpServiceAccount(blank));
        refused("gcp account number", () -> new GcpServiceAccount(SECRET, "X"));
        refused("access_key_secret", () -> new AlicloudAccessKey("id", blank));
        refused("fingerprint", () -> oci("ocid1.user.oc1..a", "00:11", "-----BEGIN X"));
        refused("user_ocid", () -> oci("ocid1.tenancy.oc1..a", FINGERPRINT, "-----BEGIN X"));
        refused("private_key", () -> oci("ocid1.user.oc1..a", FINGERPRINT, "PLANTED"));
        refused("api_key", () -> new IbmApiKey(blank));
        refused("kubeconfig", () -> new Kubeconfig(blank));
        refused("cluster_name", () -> new InCluster(""));
        refused("credential type", () -> new CustomCredential("aws_iam_role", Map.of()));
        refused("credential type", () -> new CustomCredential("iam_role", Map.of()));
        refused("custom credential field", () -> new CustomCredential("x", Map.of("a", SECRET), Map.of("a", SECRET)));
    }

    private static final String FINGERPRINT = "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff";

    private static OciUserPrincipal oci(String user, String fingerprint, String key) {
        return new OciUserPrincipal(user, "ocid1.tenancy.oc1..a", fingerprint, Secret.of(key), null);
    }

    private static void refused(String field, ThrowingCallable call) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.field()).isEqualTo(field))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("PLANTED"));
    }
}
