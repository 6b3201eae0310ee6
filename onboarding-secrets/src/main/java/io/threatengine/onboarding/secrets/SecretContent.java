package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.CredentialStage;
import io.threatengine.onboarding.error.MalformedDataException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/**
 * What a version of a secret holds. It does not print it.
 *
 * @param name as it was asked for
 * @param text null if it is binary
 * @param stages its labels when it was read
 */
record SecretContent(
        String name, String versionId, @Nullable String text, List<String> stages) {

    static SecretContent of(String name, GetSecretValueResponse value) {
        return new SecretContent(name, value.versionId(), value.secretString(), value.versionStages());
    }

    CredentialVersion version() {
        return new CredentialVersion(name, versionId);
    }

    /** @throws MalformedDataException if it is no credential */
    CredentialDocument document() {
        if (text == null) {
            throw new MalformedDataException(name, "the secret is binary, not text");
        }
        return CredentialDocument.parse(name, text);
    }

    /**
     * Which version this one was made to replace; empty for a first version, and where another engine has written it.
     *
     * @throws MalformedDataException if it is no credential
     */
    Optional<String> replaces() {
        return document().replacedBy(versionId);
    }

    boolean is(CredentialStage stage) {
        return stages.contains(stage.value());
    }

    boolean isDraft() {
        return stages.contains(SecretCalls.DRAFT);
    }

    /** Whether a rotation made it to take that version's place. */
    boolean replaces(String other) {
        try {
            return replaces().filter(other::equals).isPresent();
        } catch (MalformedDataException e) {
            return false;
        }
    }

    /** Whether it is a secret of another account of the tenant, which this one shares by its reference. */
    boolean isAnotherAccounts(CredentialKey key) {
        if (key.reference().filter(name::equals).isEmpty()) {
            return false;
        }
        try {
            return document().isFor(key) && !document().isOf(key);
        } catch (MalformedDataException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
