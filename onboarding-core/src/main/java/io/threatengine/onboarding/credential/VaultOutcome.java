package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.error.AccessDeniedException;
import io.threatengine.onboarding.error.CredentialRefusedException;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.error.RotationConflictException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.error.ThrottledException;
import io.threatengine.onboarding.error.VersionConflictException;

/** What came of a vault's operation, for counters and audit records. */
public enum VaultOutcome {
    SUCCEEDED,
    /** Nothing was to be deleted: there is none, or others need it. */
    KEPT,
    NOT_FOUND,
    PENDING_DELETION,
    EXPIRED,
    KEY_UNUSABLE,
    ACCESS_DENIED,
    THROTTLED,
    UNAVAILABLE,
    INVALID,
    MALFORMED,
    CONFLICT,
    /** A proof refused the credential. */
    REFUSED,
    INTERRUPTED,
    FAILED;

    /** The outcome of an operation that threw this. */
    public static VaultOutcome of(Throwable failure) {
        if (failure instanceof CredentialUnavailableException unavailable) {
            return switch (unavailable.reason()) {
                case PENDING_DELETION -> PENDING_DELETION;
                case EXPIRED -> EXPIRED;
                case KEY_UNUSABLE -> KEY_UNUSABLE;
            };
        }
        if (failure instanceof NotFoundException) {
            return NOT_FOUND;
        }
        if (failure instanceof AccessDeniedException) {
            return ACCESS_DENIED;
        }
        if (failure instanceof ThrottledException) {
            return THROTTLED;
        }
        if (failure instanceof ServiceUnavailableException) {
            return UNAVAILABLE;
        }
        if (failure instanceof InvalidValueException) {
            return INVALID;
        }
        if (failure instanceof MalformedDataException) {
            return MALFORMED;
        }
        if (failure instanceof VersionConflictException || failure instanceof RotationConflictException) {
            return CONFLICT;
        }
        if (failure instanceof CredentialRefusedException) {
            return REFUSED;
        }
        return failure instanceof OperationInterruptedException ? INTERRUPTED : FAILED;
    }

    /** Whether the operation threw. */
    public boolean isFailure() {
        return this != SUCCEEDED && this != KEPT;
    }

    /** Whether the service failed and said nothing of the credential: it may be well, and the same call may succeed later. */
    public boolean isTransient() {
        return this == THROTTLED || this == UNAVAILABLE;
    }
}
