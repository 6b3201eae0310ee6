package io.threatengine.onboarding.error;

import org.jspecify.annotations.Nullable;

/** The caller's role lacks a permission, or its credentials are not accepted. Retrying does not help. */
public final class AccessDeniedException extends ServiceException {
    private static final long serialVersionUID = 1L;

    public AccessDeniedException(String operation, String resource, @Nullable Throwable cause) {
        super(
                operation,
                resource,
                "access was denied. Allow the caller this action on this resource"
                        + " (a customer managed KMS key needs kms:Decrypt, and kms:GenerateDataKey to write).",
                cause);
    }
}
