/**
 * The credential vault on AWS Secrets Manager, and the cache in front of any vault.
 *
 * <p>{@link io.threatengine.onboarding.secrets.SecretsManagerVault} is the way in, {@link
 * io.threatengine.onboarding.secrets.CachingVault} decorates it. {@link
 * io.threatengine.onboarding.secrets.CredentialDocument} is what a secret holds: the JSON that all engines share.
 */
@NullMarked
package io.threatengine.onboarding.secrets;

import org.jspecify.annotations.NullMarked;
