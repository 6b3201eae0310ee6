package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialVersion;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a stored credential without opening it.
 *
 * @param version where it is stored, and its current version
 * @param arn the secret's full ARN
 * @param owner the account that it was made for, which others may share; null where it does not say
 * @param createdAt when the secret was made
 * @param lastChangedAt when it, or what is said of it, was changed last
 * @param kmsKeyId the customer managed key that encrypts it; null for the AWS managed one
 * @param deletionDate when a scheduled deletion takes effect; null if none is scheduled
 */
public record CredentialDescription(
        CredentialVersion version,
        String arn,
        @Nullable AccountId owner,
        Instant createdAt,
        Instant lastChangedAt,
        @Nullable String kmsKeyId,
        @Nullable Instant deletionDate) {

    private static final String NAME_IN_ARN = ":secret:";

    /** A hyphen and six characters, which the service adds to the name (API reference, CreateSecret). */
    private static final int SUFFIX = 7;

    /**
     * Whether an account's {@code credential_ref} means this secret: its name, its ARN, or its ARN without the random
     * suffix.
     */
    public boolean isAt(String reference) {
        int end = arn.length() - SUFFIX;
        int name = arn.indexOf(NAME_IN_ARN) + NAME_IN_ARN.length();
        return reference.equals(version.reference())
                || reference.equals(arn)
                || (end > name && (arn.startsWith(reference) && reference.length() == end))
                || (end > name && reference.equals(arn.substring(name, end)));
    }
}
