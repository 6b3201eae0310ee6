package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.error.MalformedDataException;
import org.jspecify.annotations.Nullable;

/**
 * What a version of a secret holds. It does not print it.
 *
 * @param text null if it is binary
 * @param isSettled whether it is the version that the caller knows of, or known to be a later one
 */
record SecretContent(
        String name, String versionId, @Nullable String text, boolean isSettled) {

    /** @throws MalformedDataException if it is no credential */
    CredentialDocument document() {
        if (text == null) {
            throw new MalformedDataException(name, "the secret is binary, not text");
        }
        return CredentialDocument.parse(name, text);
    }

    SecretContent settled() {
        return new SecretContent(name, versionId, text, true);
    }

    @Override
    public String toString() {
        return name;
    }
}
