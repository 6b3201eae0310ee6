package io.threatengine.onboarding.error;

import org.jspecify.annotations.Nullable;

/** The calling thread was interrupted while it waited; its interrupt flag is set again. A write may have taken effect. */
public final class OperationInterruptedException extends OnboardingException {
    private static final long serialVersionUID = 1L;

    public OperationInterruptedException(String operation, @Nullable Throwable cause) {
        super(
                operation
                        + " was interrupted. A write may have taken effect: repeat it, but look before you repeat a creation.",
                cause);
    }
}
