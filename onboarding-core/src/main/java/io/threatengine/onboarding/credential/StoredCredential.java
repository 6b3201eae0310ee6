package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.account.CredentialVersion;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A credential as a vault keeps it.
 *
 * @param credential the credential itself
 * @param version where, and as which version, it is stored
 * @param createdAt when the first version was stored; null where the stored document does not say
 * @param expiresAt when it stops being given out; null for never
 */
public record StoredCredential(
        Credential credential,
        CredentialVersion version,
        @Nullable Instant createdAt,
        @Nullable Instant expiresAt) {}
