package io.threatengine.onboarding.account;

import io.threatengine.onboarding.internal.Rules;

/**
 * Whether an account's credential was tried: pending → valid or invalid, valid → expired. The list is open: a value that
 * is unknown here is kept and written back as it is.
 *
 * @param value as stored
 */
public record CredentialStatus(String value) {
    public static final CredentialStatus PENDING = new CredentialStatus("pending");
    public static final CredentialStatus VALID = new CredentialStatus("valid");
    public static final CredentialStatus INVALID = new CredentialStatus("invalid");
    public static final CredentialStatus EXPIRED = new CredentialStatus("expired");

    public CredentialStatus {
        Rules.word("credential status", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
