package io.threatengine.onboarding.credential;

/**
 * Tries a new credential before anybody else gets it: by a call to the customer's cloud, say.
 *
 * <pre>{@code
 * CredentialProof proof = credential -> sts.getCallerIdentity(credential);
 * }</pre>
 */
@FunctionalInterface
public interface CredentialProof {
    /**
     * Returns if the credential works.
     *
     * @param credential the new credential, which is not current yet
     * @throws Exception if it does not work, or cannot be tried: it is then refused. What is thrown becomes the cause of
     *     the error that the caller of the rotation gets, so it must not quote the credential.
     */
    void prove(Credential credential) throws Exception;
}
