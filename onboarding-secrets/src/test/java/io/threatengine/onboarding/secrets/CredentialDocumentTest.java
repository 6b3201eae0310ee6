package io.threatengine.onboarding.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.Secret;
import org.junit.jupiter.api.Test;

class CredentialDocumentTest {
    private static final String TEXT =
            "{\"credential_type\": \"ibm_api_key\", \"credentials\": {\"api_key\": \"k\", \"a\":"
                    + " 1}, \"created_at\": \"2026-11-24T08:17:00\", \"agent\": {\"x\": 1, \"y\": [1, 2]}}";

    private static final String OTHER = "11111111-2222-3333-4444-555555555555";
    private static final String OWN = "22222222-2222-3333-4444-555555555555";

    @Test
    void isTheSameWhateverTheOrderOfItsFields() {
        CredentialDocument document = CredentialDocument.parse("s", TEXT);

        assertThat(CredentialDocument.parse("s", TEXT.replace("\"x\": 1, \"y\": [1, 2]", "\"y\":[1,2],\"x\":1")))
                .isEqualTo(document)
                .hasSameHashCodeAs(document);
        assertThat(CredentialDocument.parse("s", TEXT.replace("[1, 2]", "[2, 1]")))
                .isNotEqualTo(document);
        assertThat(CredentialDocument.parse("s", TEXT.replace("\"k\"", "\"l\"")))
                .isNotEqualTo(document);
    }

    @Test
    void whatItReplacesIsNotPartOfWhatItSays() {
        CredentialDocument document = CredentialDocument.parse("s", TEXT);

        CredentialDocument replacing = CredentialDocument.parse("s", document.textReplacing(OTHER, OWN));

        assertThat(replacing.replacedBy(OWN)).contains(OTHER);
        assertThat(replacing).isEqualTo(document);
        assertThat(document.replacedBy(OWN)).isEmpty();
        IbmApiKey next = new IbmApiKey(Secret.of("next"));
        assertThat(replacing.text()).doesNotContain("version_id");
        assertThat(replacing.with(next, null).text()).contains("\"agent\"").doesNotContain("version_id");
    }

    @Test
    void aCopyReplacesNothing() {
        CredentialDocument document = CredentialDocument.parse("s", TEXT);

        CredentialDocument copy = CredentialDocument.parse("s", document.textReplacing(OTHER, OWN));

        assertThat(copy.replacedBy("33333333-2222-3333-4444-555555555555")).isEmpty();
        String older = document.textReplacing(OTHER, OWN).replace("replacing_version_id", "something_else");
        assertThat(CredentialDocument.parse("s", older).replacedBy(OWN)).isEmpty();
    }

    @Test
    void sharesItsCredentialWhateverElseIsSaid() {
        CredentialDocument document = CredentialDocument.parse("s", TEXT);

        assertThat(document.sharesCredentialWith(CredentialDocument.parse("s", TEXT.replace("\"x\": 1", "\"x\": 2"))))
                .isTrue();
        assertThat(document.sharesCredentialWith(CredentialDocument.parse("s", TEXT.replace("\"k\"", "\"l\""))))
                .isFalse();
    }
}
