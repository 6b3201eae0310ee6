/**
 * Credentials of cloud accounts: typed values that never print their secrets, and the vault that keeps them.
 *
 * <p>{@link io.threatengine.onboarding.credential.Credential} is sealed, one record per kind; its secret parts are {@link
 * io.threatengine.onboarding.credential.Secret}s, opened explicitly by {@code reveal()}. {@link
 * io.threatengine.onboarding.credential.CredentialVault} is the port that stores them.
 */
@NullMarked
package io.threatengine.onboarding.credential;

import org.jspecify.annotations.NullMarked;
