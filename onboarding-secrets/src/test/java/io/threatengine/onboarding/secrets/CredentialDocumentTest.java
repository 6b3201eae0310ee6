package io.threatengine.onboarding.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CustomCredential;
import io.threatengine.onboarding.credential.GcpServiceAccount;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.MalformedDataException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialDocumentTest {

    /** Digits that stand in each secret here, and must stand in no error. */
    private static final String MARKER = "48151623";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"credential_type\": \"ibm_api_key\", \"credentials\": {\"api_key\": 4e48151623000}}",
                "{\"credential_type\": \"ibm_api_key\", \"credentials\": {\"api_key\": \"k\"}, \"x\": 1.4e-48151623000}",
            })
    void aNumberThatNobodyReadsMakesTheSecretMalformedAndIsNotQuoted(String text) {
        Throwable failure = catchThrowable(() -> CredentialDocument.parse("secret-name", text));

        assertThat(failure).isInstanceOf(MalformedDataException.class).hasMessageContaining("secret-name");
        assertThat(everyWordOf(failure)).doesNotContain(MARKER);
    }

    @Test
    void aNumberThatNobodyReadsIsRefusedInsideACredential() {
        refused(new GcpServiceAccount(Secret.of("{\"type\": 1e48151623000}"), null), "service_account_json");
        refused(new CustomCredential("other", Map.of(), Map.of("count", Secret.of("1e48151623000"))), "count");
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
