package io.threatengine.onboarding.error;

import org.jspecify.annotations.Nullable;

/** Somebody else is changing the same credential, or has done so. What they did stands; nothing of this call's became current. */
public final class RotationConflictException extends OnboardingException {
    private static final long serialVersionUID = 1L;

    /** What stands in the way. */
    public enum Reason {
        /** A rotation is pending, begun by another process or left by one that died. */
        IN_PROGRESS("another rotation is pending; resume it or discard it"),
        /** Another credential became current meanwhile. */
        OVERTAKEN("another version became current meanwhile; read the account again and repeat"),
        /** Somebody gave the pending rotation up meanwhile. */
        DISCARDED("the pending rotation was discarded meanwhile; repeat it, if it is wanted still");

        private final String remedy;

        Reason(String remedy) {
            this.remedy = remedy;
        }
    }

    private final String secretName;
    private final Reason reason;

    public RotationConflictException(String secretName, Reason reason) {
        this(secretName, reason, null);
    }

    public RotationConflictException(String secretName, Reason reason, @Nullable Throwable cause) {
        super("The credential " + secretName + " was not changed: " + reason.remedy + ".", cause);
        this.secretName = secretName;
        this.reason = reason;
    }

    /** The secret's name or ARN. */
    public String secretName() {
        return secretName;
    }

    public Reason reason() {
        return reason;
    }
}
