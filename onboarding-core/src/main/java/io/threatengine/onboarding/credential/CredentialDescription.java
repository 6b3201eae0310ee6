package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.account.CredentialVersion;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a stored credential without opening it.
 *
 * @param version where it is stored, and its current version
 * @param arn the secret's full ARN
 * @param createdAt when the secret was made
 * @param lastChangedAt when it, or what is said of it, was changed last
 * @param kmsKeyId the customer managed key that encrypts it; null for the AWS managed one
 * @param deletionDate when a scheduled deletion takes effect; null if none is scheduled
 */
public record CredentialDescription(
        CredentialVersion version,
        String arn,
        Instant createdAt,
        Instant lastChangedAt,
        @Nullable String kmsKeyId,
        @Nullable Instant deletionDate) {}
