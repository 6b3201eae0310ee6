package io.threatengine.onboarding.error;

import org.jspecify.annotations.Nullable;

/** The root of every exception that this library throws on purpose. */
public abstract class OnboardingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    protected OnboardingException(String message) {
        super(message);
    }

    protected OnboardingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
