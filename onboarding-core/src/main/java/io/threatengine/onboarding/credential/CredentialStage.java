package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.internal.Rules;

/**
 * A staging label: which part a version of a secret plays. Each label is at one version at most. The list is open; others
 * may attach labels of their own.
 *
 * @param value as the service knows it
 */
public record CredentialStage(String value) {
    /** What readers get. */
    public static final CredentialStage CURRENT = new CredentialStage("AWSCURRENT");

    /** What readers got before that; what a rollback goes back to. */
    public static final CredentialStage PREVIOUS = new CredentialStage("AWSPREVIOUS");

    /** What a rotation that is under way has written and not yet proven. */
    public static final CredentialStage PENDING = new CredentialStage("AWSPENDING");

    /** The service's limit (API reference, GetSecretValue). */
    private static final int LONGEST = 256;

    /** Checks the label. */
    public CredentialStage {
        Rules.printable("credential stage", value, 1, LONGEST);
    }

    @Override
    public String toString() {
        return value;
    }
}
