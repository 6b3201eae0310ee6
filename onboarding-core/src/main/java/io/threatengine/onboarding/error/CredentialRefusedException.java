package io.threatengine.onboarding.error;

/**
 * A new credential failed its proof. It was discarded, and the old one stays. The cause is what the proof threw.
 */
public final class CredentialRefusedException extends OnboardingException {
    private static final long serialVersionUID = 1L;

    private final String secretName;

    public CredentialRefusedException(String secretName, Exception cause) {
        super(
                "The new credential for " + secretName + " failed its proof ("
                        + cause.getClass().getName()
                        + "); the old one stays. See the cause, and rotate to one that works.",
                cause);
        this.secretName = secretName;
    }

    /** The secret's name or ARN. */
    public String secretName() {
        return secretName;
    }
}
