package io.threatengine.onboarding.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CustomCredential;
import io.threatengine.onboarding.credential.GcpServiceAccount;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.Kubeconfig;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.tenant.TenantId;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Whatever a secret holds: only the documented exceptions escape, and none of them shows a piece of it. */
class SecretFuzzTest {

    /** Stands for the secret, as a number where it is part of one. */
    private static final String MARKER = "48151623";

    private static final CredentialKey KEY = CredentialKey.of(TenantId.of("tenant"), AccountId.of("account"));

    private static final List<String> TYPES = List.of(
            "aws_access_key",
            "access_key",
            "aws_iam_role",
            "azure_service_principal",
            "gcp_service_account",
            "alicloud_access_key",
            "oci_user_principal",
            "ibm_api_key",
            "kubeconfig",
            "in_cluster",
            "other");

    private static final List<String> NAMES = List.of(
            "access_key_id",
            "secret_access_key",
            "session_token",
            "account_number",
            "role_arn",
            "external_id",
            "session_duration",
            "client_id",
            "client_secret",
            "tenant_id",
            "subscription_id",
            "service_account_json",
            "project_id",
            "access_key_secret",
            "user_ocid",
            "tenancy_ocid",
            "fingerprint",
            "private_key",
            "api_key",
            "kubeconfig",
            "cluster_name",
            "x");

    private static final List<String> VALUES = List.of(
            "null",
            "\"\"",
            "true",
            "[]",
            "{}",
            MARKER,
            "1e" + MARKER + "000",
            "1E999999999",
            "-0.0",
            '"' + MARKER + '"',
            '"' + MARKER + "\\ud800\"",
            '"' + MARKER + "\\q\"",
            "\"123456789012\"",
            "\"arn:aws:iam::123456789012:role/" + MARKER + '"',
            "\"threat-engine-" + MARKER + '"',
            "\"ocid1.user.oc1.." + MARKER + '"',
            "\"ocid1.tenancy.oc1.." + MARKER + '"',
            "\"-----BEGIN " + MARKER + '"',
            "\"apiVersion: v1\\ntoken: " + MARKER + "\"",
            "\"token: \\\"" + MARKER + "\\\\UFFFFFFFF\\\"\"",
            "\"{\\\"type\\\": 1e" + MARKER + "000}\"",
            "\"2026-11-24T08:17:00\"",
            "[".repeat(60) + MARKER + "]".repeat(60),
            "[".repeat(1_100) + MARKER);

    @FuzzTest
    void anyTextIsADocumentOrSaidToBeMalformed(FuzzedDataProvider data) {
        check(text(data));
    }

    @FuzzTest
    void anyFieldsMakeADocumentOrAreSaidToBeMalformed(FuzzedDataProvider data) {
        var text = new StringBuilder("{\"credential_type\": \"" + data.pickValue(TYPES) + "\", \"credentials\": {");
        String comma = "";
        for (int left = data.consumeInt(0, 6); left > 0; left--) {
            text.append(comma).append('"').append(data.pickValue(NAMES)).append("\": ");
            text.append(
                    data.consumeInt(0, 9) == 0 ? data.consumeString(40).replace("~", MARKER) : data.pickValue(VALUES));
            comma = ", ";
        }
        text.append('}');
        for (String name : List.of("account_id", "tenant_id", "created_at", "expires_at", "x")) {
            if (data.consumeInt(0, 3) == 0) {
                text.append(", \"" + name + "\": ").append(data.pickValue(VALUES));
            }
        }
        check(text.append('}').toString());
    }

    @FuzzTest
    void anyKubeconfigIsTakenOrRefused(FuzzedDataProvider data) {
        String text = text(data);
        store(() -> new Kubeconfig(Secret.of(text)));
    }

    @FuzzTest
    void anyJsonInACredentialIsTakenOrRefused(FuzzedDataProvider data) {
        boolean keyFile = data.consumeBoolean();
        String text = text(data);
        store(() -> keyFile
                ? new GcpServiceAccount(Secret.of(text), null)
                : new CustomCredential("other", Map.of("a", Secret.of(text)), Map.of("b", Secret.of(text))));
    }

    /** A text that may be anything; each {@code ~} of the input stands for the marker. */
    private static String text(FuzzedDataProvider data) {
        return data.consumeRemainingAsString().replace("~", MARKER);
    }

    private static void check(String text) {
        var other = new IbmApiKey(Secret.of("other"));
        CredentialDocument document;
        try {
            document = CredentialDocument.parse("secret-name", text);
        } catch (MalformedDataException e) {
            assertThat(e.where()).isEqualTo("secret-name");
            assertSaysNothing(e);
            attempt(() -> CredentialDocument.over(text, KEY, other, Instant.EPOCH, null));
            return;
        }
        // what was understood once is written in a form that is understood the same way
        attempt(() -> {
            CredentialDocument again = document.with(document.credential(), document.expiresAt());
            assertThat(CredentialDocument.parse("again", again.text())).isEqualTo(again);
        });
    }

    private static void store(Supplier<Credential> credential) {
        attempt(() -> {
            CredentialDocument document = CredentialDocument.of(KEY, credential.get(), Instant.EPOCH, null);
            assertThat(CredentialDocument.parse("again", document.text())).isEqualTo(document);
        });
    }

    /** A change that works, or does not since a value is refused. */
    private static void attempt(Runnable change) {
        try {
            change.run();
        } catch (InvalidValueException e) {
            assertSaysNothing(e);
        }
    }

    private static void assertSaysNothing(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        assertThat(text.toString()).doesNotContain(MARKER);
    }
}
