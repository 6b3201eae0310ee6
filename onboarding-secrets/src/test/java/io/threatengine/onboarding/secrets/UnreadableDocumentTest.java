package io.threatengine.onboarding.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CustomCredential;
import io.threatengine.onboarding.credential.GcpServiceAccount;
import io.threatengine.onboarding.credential.Kubeconfig;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.MalformedDataException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnreadableDocumentTest {

    /** Digits that stand in each secret here, and must stand in no error. */
    private static final String MARKER = "48151623";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"credential_type\": \"ibm_api_key\", \"credentials\": {\"api_key\": 4e48151623000}}",
                "{\"credential_type\": \"ibm_api_key\", \"credentials\": {\"api_key\": \"k\"}, \"x\": 1.4e-48151623000}",
            })
    void aNumberThatNobodyReadsMakesTheSecretMalformedAndIsNotQuoted(String text) {
        malformed(text);
    }

    @Test
    void aNumberThatNobodyReadsIsRefusedInsideACredential() {
        refused(new GcpServiceAccount(Secret.of("{\"type\": 1e48151623000}"), null), "service_account_json");
        refused(new CustomCredential("other", Map.of(), Map.of("count", Secret.of("1e48151623000"))), "count");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token: \"48151623 \\UFFFFFFFF\"",
                "token: \"48151623 \\U00110000\"",
                "token: \"48151623 \\xZZ\"",
                "token: !<%FF48151623> x",
                "token: &48151623 *48151623",
                "token: @48151623",
                "48151623: 1\n48151623: 2",
                "%YAML 48151623.99999999999\n---\ntoken: x",
                "? [48151623]\n: x",
                "token: [48151623",
                "--- 48151623",
            })
    void whatIsNoYamlIsNotQuoted(String text) {
        refused(new Kubeconfig(Secret.of(text)), "kubeconfig");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "? ", "{? ", "&a [", "!a [", "- - - - ", "a:\n ", "*a", "%", "---\n"})
    void depthIsBoundedBeforeTheStackIs(String opening) {
        for (int times : List.of(51, 1_000, 50_000)) {
            refused(new Kubeconfig(Secret.of("token: 48151623\nx: " + opening.repeat(times))), "kubeconfig");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[{\"a\":"})
    void depthOfJsonIsBoundedToo(String opening) {
        for (int times : List.of(1_001, 50_000)) {
            String text = "{\"type\": \"48151623\", \"x\": " + opening.repeat(times);
            refused(new GcpServiceAccount(Secret.of(text), null), "service_account_json");
            refused(new CustomCredential("other", Map.of(), Map.of("x", Secret.of(text))), "x");
            malformed(text);
        }
    }

    private static void malformed(String text) {
        Throwable failure = catchThrowable(() -> CredentialDocument.parse("secret-name", text));

        assertThat(failure).isInstanceOf(MalformedDataException.class).hasMessageContaining("secret-name");
        assertThat(everyWordOf(failure)).doesNotContain(MARKER);
    }

    private static void refused(Credential credential, String field) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> ContentRules.check(credential))
                .satisfies(failure -> {
                    assertThat(failure.field()).isEqualTo(field);
                    assertThat(everyWordOf(failure)).doesNotContain(MARKER);
                });
    }

    /** The failure as a log shows it, with its causes and what was suppressed. */
    private static String everyWordOf(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
