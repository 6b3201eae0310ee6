package io.threatengine.onboarding.secrets;

import static io.threatengine.onboarding.secrets.SecretCalls.READS_AFTER_WRITE;
import static io.threatengine.onboarding.secrets.SecretCalls.notFound;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.credential.CredentialDescription;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.CredentialUnavailableException.Reason;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.OnboardingException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** Schedules an account's secrets for deletion, and takes it back: under all of its names, and never a stranger's. */
final class SecretDeletion {
    private final SecretCalls calls;
    private final SecretNames names;
    private final SecretReads reads;

    SecretDeletion(SecretCalls calls, SecretNames names, SecretReads reads) {
        this.calls = calls;
        this.names = names;
        this.reads = reads;
    }

    Instant delete(CredentialKey key) {
        Instant date = forEachName(
                key,
                name -> names.isTenantScoped(key, name) || mayDelete(key, name) ? calls.scheduleDeletion(name) : null);
        if (date == null) {
            throw notFound(key, null);
        }
        return date;
    }

    Optional<Instant> deleteUnless(CredentialKey key, Predicate<CredentialDescription> isNeeded) {
        return Optional.ofNullable(forEachName(key, name -> {
            if (names.isTenants(key, name)) {
                return deleteUnless(name, names.ownerOf(key, name), isNeeded);
            }
            if (mayDelete(key, name)) {
                return deleteUnless(name, key.accountId(), isNeeded);
            }
            Optional<CredentialDocument> shared = tenantsDocument(key, name);
            return shared.isPresent() ? deleteUnless(name, shared.get().owner(), isNeeded) : null;
        }));
    }

    private @Nullable Instant deleteUnless(
            String name, @Nullable AccountId owner, Predicate<CredentialDescription> isNeeded) {
        CredentialDescription secret = SecretReads.described(name, calls.describe(name), owner);
        return isNeeded.test(secret) ? null : calls.scheduleDeletion(name);
    }

    /** What stands under a name that is not the account's, if it says that it is the tenant's. */
    private Optional<CredentialDocument> tenantsDocument(CredentialKey key, String name) {
        try {
            return reads.documentFor(key, name).filter(document -> document.isTenants(key));
        } catch (CredentialUnavailableException e) {
            if (e.reason() == Reason.PENDING_DELETION) {
                return Optional.empty();
            }
            throw e;
        }
    }

    void restore(CredentialKey key) {
        Boolean restored = forEachName(key, name -> restore(key, name) ? true : null);
        if (restored == null) {
            throw notFound(key, null);
        }
    }

    /**
     * Does the same under all of the account's names, its own first. One that fails does not keep the others from it; the
     * first failure is thrown at the end.
     *
     * @return a result that is not null; null if there is none
     */
    private <R> @Nullable R forEachName(CredentialKey key, Function<String, @Nullable R> action) {
        R result = null;
        OnboardingException failure = null;
        for (String name : names.ownFirst(key)) {
            try {
                R done = action.apply(name);
                result = result == null ? done : result;
            } catch (ResourceNotFoundException e) {
                // the other names may exist
            } catch (OnboardingException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return result;
    }

    /**
     * A secret under another name goes only if it says that it is this very account's; under the account's old name also
     * if it is too old to say a tenant. One that is scheduled for deletion already cannot be read, and stays so.
     */
    private boolean mayDelete(CredentialKey key, String name) {
        try {
            return isOwn(key, name);
        } catch (MalformedDataException e) {
            if (names.isLegacy(key, name)) {
                throw e; // the account's, by its name, but of which tenant?
            }
            return false;
        } catch (CredentialUnavailableException e) {
            if (e.reason() == Reason.PENDING_DELETION) {
                return names.isLegacy(key, name);
            }
            throw e;
        }
    }

    private boolean restore(CredentialKey key, String name) {
        if (names.isTenantScoped(key, name)) {
            calls.restore(name);
            return true;
        }
        return restoreIfOwn(key, name);
    }

    /** A secret that is scheduled for deletion can only be read once it is restored; a stranger's is deleted again. */
    private boolean restoreIfOwn(CredentialKey key, String name) {
        Instant deletionDate = calls.describe(name).deletedDate();
        if (deletionDate == null) {
            return reads.documentFor(key, name).isPresent();
        }
        boolean own = false;
        calls.restore(name);
        try {
            own = isOwnOnceVisible(key, name);
        } finally {
            if (!own) {
                calls.scheduleDeletion(name);
            }
        }
        return own;
    }

    private boolean isOwnOnceVisible(CredentialKey key, String name) {
        for (int attempt = 1; ; attempt++) {
            try {
                return isOwn(key, name);
            } catch (MalformedDataException e) {
                return false; // it does not say whose it is
            } catch (CredentialUnavailableException e) {
                if (e.reason() != Reason.PENDING_DELETION || attempt == READS_AFTER_WRITE) {
                    throw e;
                }
                SdkFailures.backOff(attempt, Operation.RESTORE_SECRET.qualified());
            }
        }
    }

    /** Whether it says that it is this very account's, or is too old to say so and stands under the account's old name. */
    private boolean isOwn(CredentialKey key, String name) {
        CredentialDocument document = calls.read(name).document();
        return document.belongsTo(key) || (names.isLegacy(key, name) && document.isOf(key));
    }
}
