package io.threatengine.onboarding.error;

import org.jspecify.annotations.Nullable;

/** The service asked to slow down, and went on asking until the retries were spent. Try again later. */
public final class ThrottledException extends ServiceException {
    private static final long serialVersionUID = 1L;

    public ThrottledException(String operation, String resource, @Nullable Throwable cause) {
        super(
                operation,
                resource,
                "the service throttled the call until its retries were spent. Try again later.",
                cause);
    }
}
