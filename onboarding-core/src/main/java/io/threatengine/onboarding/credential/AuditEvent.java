package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * That somebody did something with a credential: never the credential itself. Immutable.
 *
 * @param actor who asked, as the application says
 * @param operation what was asked for
 * @param key whose credential, and what the caller knew of its place and version
 * @param version which version was read or written; null where the operation failed or concerns no version
 * @param outcome whether it succeeded, changed nothing, or how it failed
 */
public record AuditEvent(
        String actor,
        Operation operation,
        CredentialKey key,
        @Nullable CredentialVersion version,
        VaultOutcome outcome) {

    /** What can be done with a credential. */
    public enum Operation {
        STORE,
        LOAD,
        /** To learn whether a given credential is the stored one. */
        COMPARE,
        DESCRIBE,
        DELETE,
        RESTORE,
        ROTATE,
        /** To go on with a rotation. */
        RESUME,
        /** To give a rotation up. */
        DISCARD,
        ROLL_BACK,
        LIST_VERSIONS
    }

    public AuditEvent {
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(outcome, "outcome");
    }
}
