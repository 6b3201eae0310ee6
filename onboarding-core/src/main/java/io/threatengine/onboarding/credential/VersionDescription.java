package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.Rules;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of one version of a stored credential without opening it.
 *
 * @param version where it is, and its id
 * @param stages its staging labels; one that has none is kept for a while, and can be read until the service removes it
 * @param createdAt when it was written
 * @param kmsKeyId the customer managed key that encrypts it; null for the AWS managed one, or where it is not said
 */
public record VersionDescription(
        CredentialVersion version,
        Set<CredentialStage> stages,
        Instant createdAt,
        @Nullable String kmsKeyId) {

    /** API reference, GetSecretValue. */
    private static final int SHORTEST_ID = 32;

    private static final int LONGEST_ID = 64;

    /** Copies the labels. */
    public VersionDescription {
        stages = Set.copyOf(stages);
    }

    /** Whether it has this label. */
    public boolean is(CredentialStage stage) {
        return stages.contains(stage);
    }

    /**
     * For vaults: checks what is to be a version's id.
     *
     * @throws InvalidValueException unless it has 32 to 64 printable characters
     */
    public static void checkId(String versionId) {
        Rules.printable("version id", versionId, SHORTEST_ID, LONGEST_ID);
    }
}
