package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.error.CredentialRefusedException;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.error.RotationConflictException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replaces credentials in stages, so that no reader ever gets one that was not tried. {@link CredentialVault#rotation} has
 * it. Thread-safe.
 *
 * <pre>{@code
 * vault.rotation().rotate(account.credentialKey(), next, credential -> tryOut(credential));
 * vault.rotation().rollback(account.credentialKey());   // it was not so good after all
 * }</pre>
 *
 * <p>A rotation writes the new credential as <em>pending</em>, lets the proof try it, and makes it current on condition
 * that the version which it replaces still is. If the process dies on the way, readers have the old credential, and {@link
 * #resume} or {@link #discard} finishes the work; so does the same {@link #rotate} again. An account's row names the version
 * that it knows: rotate through {@link io.threatengine.onboarding.Onboarding#rotateCredential(
 * io.threatengine.onboarding.account.AccountId, Credential, CredentialProof)}, which keeps both in step.
 *
 * <p>A secret of another account that the key shares by its reference is read, but not rotated: for what changes, it is "not
 * found". Beside the exceptions named at each method, all of them throw as {@link CredentialVault} says.
 */
public interface CredentialRotation {

    /**
     * Replaces the account's credential by one that has been proven. What is current already is neither written nor tried
     * again. Other fields of the stored document stay, also those that others write while the proof runs.
     *
     * @param expiresAt when it stops being given out; null for never
     * @return the version that is current now
     * @throws InvalidValueException as {@link CredentialVault#check}
     * @throws NotFoundException if the account has no credential of its own yet; store one
     * @throws CredentialRefusedException if the proof refused it; it was discarded, and the old one stays
     * @throws RotationConflictException if another rotation is under way, or the credential was replaced or the rotation
     *     discarded while the proof ran; the other one stays
     * @throws OperationInterruptedException if the proof was interrupted; the credential stays pending
     * @throws CredentialUnavailableException if the account's credential is scheduled for deletion
     */
    CredentialVersion rotate(CredentialKey key, Credential next, @Nullable Instant expiresAt, CredentialProof proof);

    /** {@link #rotate(CredentialKey, Credential, Instant, CredentialProof)} without an expiry. */
    default CredentialVersion rotate(CredentialKey key, Credential next, CredentialProof proof) {
        return rotate(key, next, null, proof);
    }

    /**
     * Goes on with a rotation that was left pending: tries the pending credential, and makes it current. Throws as {@link
     * #rotate}.
     *
     * @throws NotFoundException if none is pending
     */
    CredentialVersion resume(CredentialKey key, CredentialProof proof);

    /**
     * Gives a pending rotation up, also one whose proof is running: that rotation is told at its end. Does nothing if none is
     * pending, so that it may be repeated.
     */
    void discard(CredentialKey key);

    /**
     * Makes the version current again that was so before. Safe to repeat with the same key, where the key names the version
     * to go back from: if that one is the previous version already, nothing is done.
     *
     * <p>The whole version comes back, with all fields of its document. If another engine has written the secret since the
     * rotation, the previous version is that engine's; to go further back, load a version and store it.
     *
     * @return the version that is current now
     * @throws NotFoundException if there is no credential, or no previous version
     * @throws RotationConflictException if another version became current meanwhile, or is already and the key does not
     *     know it
     */
    CredentialVersion rollback(CredentialKey key);

    /**
     * The versions that can still be read, the latest first.
     *
     * @throws NotFoundException if there is no credential
     */
    List<VersionDescription> versions(CredentialKey key);

    /**
     * One version of the credential, whether current or not; throws as {@link CredentialVault#load}.
     *
     * @throws InvalidValueException if no version can have that id
     * @throws NotFoundException if there is no such version, or no more
     */
    StoredCredential load(CredentialKey key, String versionId);

    /**
     * The version at a stage; throws as {@link CredentialVault#load}.
     *
     * @throws NotFoundException if no version is at that stage
     */
    StoredCredential load(CredentialKey key, CredentialStage stage);
}
