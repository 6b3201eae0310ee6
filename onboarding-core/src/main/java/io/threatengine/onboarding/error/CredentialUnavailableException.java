package io.threatengine.onboarding.error;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A credential exists but must not or cannot be used now. Caches fail closed on it. */
public final class CredentialUnavailableException extends OnboardingException {
    private static final long serialVersionUID = 1L;

    /** Why a credential is not available. */
    public enum Reason {
        /** Scheduled for deletion; {@code restore} brings it back until the recovery window ends. */
        PENDING_DELETION("it is scheduled for deletion; restore it within its recovery window"),
        /** Its {@code expires_at} has passed; store a new one. */
        EXPIRED("it has expired; store a new one"),
        /** The KMS key that encrypts it is disabled, pending deletion, gone or forbidden to the caller. */
        KEY_UNUSABLE("the KMS key that encrypts it cannot be used; enable the key, cancel its deletion, or allow"
                + " the caller kms:Decrypt, and kms:GenerateDataKey to write");

        private final String remedy;

        Reason(String remedy) {
            this.remedy = remedy;
        }
    }

    private final String secretName;
    private final Reason reason;
    private final @Nullable String kmsKeyId;

    public CredentialUnavailableException(String secretName, Reason reason) {
        this(secretName, reason, null);
    }

    public CredentialUnavailableException(String secretName, Reason reason, @Nullable Throwable cause) {
        super("The credential " + secretName + " is not available: " + reason.remedy + ".", cause);
        this.secretName = secretName;
        this.reason = reason;
        this.kmsKeyId = null;
    }

    private CredentialUnavailableException(
            String secretName, String kmsKeyId, String problem, @Nullable Throwable cause) {
        super(
                "The credential " + secretName + " is not available: the KMS key " + kmsKeyId + " " + problem + ".",
                cause);
        this.secretName = secretName;
        this.reason = Reason.KEY_UNUSABLE;
        this.kmsKeyId = kmsKeyId;
    }

    /**
     * A credential whose key cannot be used.
     *
     * @param kmsKeyId the key's id, ARN or alias
     * @param problem what is wrong with the key, what action is needed and what to do, to follow the key's name
     */
    public static CredentialUnavailableException ofKey(
            String secretName, String kmsKeyId, String problem, @Nullable Throwable cause) {
        return new CredentialUnavailableException(secretName, kmsKeyId, problem, cause);
    }

    /** The secret's name or ARN. */
    public String secretName() {
        return secretName;
    }

    public Reason reason() {
        return reason;
    }

    /** The key that cannot be used, where it is known. */
    public Optional<String> kmsKeyId() {
        return Optional.ofNullable(kmsKeyId);
    }
}
