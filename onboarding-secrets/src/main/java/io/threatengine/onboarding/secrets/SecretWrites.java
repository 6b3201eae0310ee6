package io.threatengine.onboarding.secrets;

import static io.threatengine.onboarding.secrets.SecretCalls.CURRENT;
import static io.threatengine.onboarding.secrets.SecretCalls.READS_AFTER_WRITE;
import static io.threatengine.onboarding.secrets.SecretCalls.notFound;

import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialStage;
import io.threatengine.onboarding.credential.StoreOptions;
import io.threatengine.onboarding.credential.StoreOptions.WhenDeleted;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.CredentialUnavailableException.Reason;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.RotationConflictException;
import io.threatengine.onboarding.internal.WireTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/**
 * Makes an account's secret, or changes it where it is. A change is written as a draft and becomes current on condition
 * that the version which it was made from still is: nothing that others write meanwhile is lost.
 */
final class SecretWrites {
    /** How often others may be faster, before it is an error. */
    private static final int MOST_CHANGES = 10;

    private final SecretCalls calls;
    private final SecretNames names;
    private final SecretReads reads;
    private final SecretDeletion deletion;
    private final InstantSource clock;

    SecretWrites(
            SecretCalls calls, SecretNames names, SecretReads reads, SecretDeletion deletion, InstantSource clock) {
        this.calls = calls;
        this.names = names;
        this.reads = reads;
        this.deletion = deletion;
        this.clock = clock;
    }

    CredentialVersion store(CredentialKey key, Credential credential, StoreOptions options) {
        Instant now = WireTime.now(clock);
        var first = CredentialDocument.of(key, credential, now, options.expiresAt());
        for (int attempt = 1; ; attempt++) {
            try {
                return store(key, first, now);
            } catch (CredentialUnavailableException e) {
                if (e.reason() != Reason.PENDING_DELETION
                        || options.whenDeleted() == WhenDeleted.REFUSE
                        || attempt == READS_AFTER_WRITE) {
                    throw e;
                }
                restore(key, e);
            }
            SdkFailures.backOff(attempt, Operation.RESTORE_SECRET.qualified());
        }
    }

    private void restore(CredentialKey key, CredentialUnavailableException deleted) {
        try {
            deletion.restore(key);
        } catch (NotFoundException e) {
            throw deleted; // it is not the account's to restore
        }
    }

    /** @param first what to make, if there is nothing; else its credential and expiry are what to change */
    private CredentialVersion store(CredentialKey key, CredentialDocument first, Instant now) {
        String name = names.tenantScoped(key);
        for (int attempt = 1; ; attempt++) {
            Optional<SecretContent> found = reads.lookUpToChange(key);
            if (found.isPresent()) {
                return change(key, found.get(), first, now);
            }
            try {
                return calls.create(name, first);
            } catch (ResourceNotFoundException e) {
                throw calls.failure(e, Operation.CREATE_SECRET, name); // what it needs: a key
            } catch (ResourceExistsException e) {
                // made between look-up and creation, not seen yet, or made empty by a template
                if (hasNoValue(name)) {
                    SecretCalls.Draft filled = calls.draft(name, first, null);
                    if (filled.isCurrent()) {
                        return new CredentialVersion(name, filled.versionId());
                    }
                }
                if (attempt == READS_AFTER_WRITE) {
                    throw calls.failure(e, Operation.CREATE_SECRET, name);
                }
                SdkFailures.backOff(attempt, Operation.CREATE_SECRET.qualified());
            }
        }
    }

    private boolean hasNoValue(String name) {
        try {
            return calls.describe(name).versionIdsToStages().values().stream()
                    .noneMatch(stages -> stages.contains(CURRENT));
        } catch (ResourceNotFoundException e) {
            return false;
        }
    }

    private CredentialVersion change(CredentialKey key, SecretContent found, CredentialDocument first, Instant now) {
        SecretContent content = found;
        try {
            for (int attempt = 1; attempt <= MOST_CHANGES; attempt++) {
                Optional<CredentialDocument> next = changed(key, content, first, now);
                if (next.isEmpty()) {
                    return content.version();
                }
                releasePending(content);
                String draft = calls.draft(content.name(), next.get(), content.versionId())
                        .versionId();
                Optional<SecretContent> other = calls.promote(content.name(), content.versionId(), draft);
                if (other.isEmpty()) {
                    return new CredentialVersion(content.name(), draft);
                }
                content = other.get(); // what somebody else has written meanwhile: once more, from there
                SdkFailures.backOff(attempt, Operation.UPDATE_SECRET_VERSION_STAGE.qualified());
            }
        } catch (ResourceNotFoundException e) {
            throw notFound(key, e);
        }
        throw new RotationConflictException(found.name(), RotationConflictException.Reason.OVERTAKEN);
    }

    /** A rotation that ended at its last step has left its label, which would look like one under way. */
    private void releasePending(SecretContent content) {
        if (content.is(CredentialStage.PENDING)) {
            calls.release(content.name(), CredentialStage.PENDING, content.versionId());
        }
    }

    /** What to write instead; empty if it says the same already. */
    private Optional<CredentialDocument> changed(
            CredentialKey key, SecretContent content, CredentialDocument first, Instant now) {
        try {
            CredentialDocument present = content.document();
            if (!present.isFor(key)) {
                throw notFound(key, null);
            }
            CredentialDocument next = present.with(first.credential(), first.expiresAt());
            return next.equals(present) ? Optional.empty() : Optional.of(next);
        } catch (MalformedDataException e) {
            if (!names.isTenantScoped(key, content.name())) {
                throw e; // it does not say whose it is
            }
            return Optional.of(CredentialDocument.over(
                    content.text() == null ? "" : content.text(), key, first.credential(), now, first.expiresAt()));
        }
    }
}
