package io.threatengine.onboarding.account;

/**
 * Where a credential was stored, and as which version.
 *
 * @param reference the secret's name or ARN, for an account's {@code credential_ref}
 * @param versionId the version's id
 */
public record CredentialVersion(String reference, String versionId) {}
