package io.threatengine.onboarding.testkit;

import org.jspecify.annotations.Nullable;

/** A backend that cannot be used here: no engine, no image, nothing at the address. The message says what to do. */
public final class BackendUnavailableException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    BackendUnavailableException(String message) {
        this(message, null);
    }

    BackendUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
