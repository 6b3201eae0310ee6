package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.RotationConflictException;
import io.threatengine.onboarding.storage.Bulk;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Keeps the credentials of accounts. Thread-safe.
 *
 * <pre>{@code
 * CredentialVersion version = vault.store(account.credentialKey(), new AwsIamRole(roleArn, externalId));
 * Credential credential = vault.get(account.credentialKey());
 * }</pre>
 *
 * <p>A credential of another tenant is "not found". Beside the exceptions named at each method, all of them throw {@link
 * io.threatengine.onboarding.error.ServiceException} or a subclass when the service refuses or fails.
 */
public interface CredentialVault extends AutoCloseable {

    /**
     * Checks, without any call, that this vault would store the credential: that what is text inside it is well-formed and
     * safe, and that it is not too large.
     *
     * @throws InvalidValueException naming the field and rule, never the secret
     */
    void check(CredentialKey key, Credential credential);

    /**
     * Stores the account's credential, as its first or as its next version. Storing what is stored already makes no new
     * version, so that a repeated call is safe. Other fields of the stored document stay as they are, also those that
     * others write at the same moment: of two that store, the later one's credential stays.
     *
     * <p>A secret that the key points to but that is another account's, shared with this one, is left alone, also while it is
     * scheduled for deletion: the account gets one of its own.
     *
     * <p>The credential is given out at once. To have it tried first, use {@link #rotation}.
     *
     * @throws InvalidValueException as {@link #check}
     * @throws CredentialUnavailableException if the account's credential is scheduled for deletion and the options say to
     *     refuse
     * @throws RotationConflictException if others kept changing it
     */
    CredentialVersion store(CredentialKey key, Credential credential, StoreOptions options);

    /** {@link #store(CredentialKey, Credential, StoreOptions)} with the default options: no expiry. */
    default CredentialVersion store(CredentialKey key, Credential credential) {
        return store(key, credential, StoreOptions.defaults());
    }

    /** Staged replacement of credentials: with a proof, and a way back. */
    CredentialRotation rotation();

    /**
     * The account's credential with its version and dates.
     *
     * @throws NotFoundException if there is none, or it is another tenant's
     * @throws CredentialUnavailableException if it is scheduled for deletion, has expired, or its key cannot be used
     * @throws MalformedDataException if what is stored is no credential, or one that is refused for safety
     */
    StoredCredential load(CredentialKey key);

    /** The account's credential; throws as {@link #load}. */
    default Credential get(CredentialKey key) {
        return load(key).credential();
    }

    /** Like {@link #get}, for a credential that may not exist. */
    default Optional<Credential> find(CredentialKey key) {
        try {
            return Optional.of(get(key));
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    /**
     * Many accounts' credentials, each with its own outcome: what {@link #load} gives or throws for its key. A vault whose
     * service takes many in one call makes few calls of it.
     *
     * @param keys of any number; twice the same gives twice the outcome
     */
    default BulkResult<CredentialKey, StoredCredential> loadAll(Collection<CredentialKey> keys, BulkOptions options) {
        return Bulk.each(keys, options, this::load);
    }

    /** The credentials alone of {@link #loadAll}, with {@link BulkOptions#defaults()}. */
    default BulkResult<CredentialKey, Credential> getAll(Collection<CredentialKey> keys) {
        return loadAll(keys, BulkOptions.defaults()).map(StoredCredential::credential);
    }

    /**
     * Whether exactly this credential is stored, as far as it can be told once it is stored: the order of fields and the
     * blanks in JSON do not count. Throws as {@link #load}, but for a credential that does not exist.
     */
    default boolean holds(CredentialKey key, Credential credential) {
        return find(key).filter(credential::equals).isPresent();
    }

    /**
     * What can be said of the credential without giving it out, also while it is scheduled for deletion.
     *
     * @throws NotFoundException if there is none
     * @throws CredentialUnavailableException if it is not under one of the account's own names, so that it has to be opened to
     *     see whose it is, and its key cannot be used
     */
    CredentialDescription describe(CredentialKey key);

    /**
     * Schedules the account's credential for deletion, under all of the names it may have; it can be restored until then.
     * A secret that the key points to but that is another account's, shared with this one, is left alone. Repeating the
     * call changes nothing.
     *
     * @return when the deletion takes effect
     * @throws NotFoundException if there is none
     */
    Instant delete(CredentialKey key);

    /**
     * Like {@link #delete}, for accounts that may share a secret: the account's own secrets go, and the one that the key
     * points to even if it is another account's of the same tenant; but each only if nobody needs it any more. Repeating
     * the call changes nothing.
     *
     * @param isNeeded asked for each of them, before it is scheduled for deletion
     * @return when the first of these deletions takes effect; empty if there was nothing to delete, or all are needed
     */
    Optional<Instant> deleteUnless(CredentialKey key, Predicate<CredentialDescription> isNeeded);

    /**
     * Takes a scheduled deletion back. Does nothing for a credential that is not scheduled for deletion.
     *
     * @throws NotFoundException if there is none, or its recovery window has ended
     */
    void restore(CredentialKey key);

    /** Releases what this vault has opened itself. */
    @Override
    void close();
}
