package io.threatengine.onboarding.error;

/** A page token was not made by this library, was changed, or belongs to another query or version. Start over. */
public final class InvalidPageTokenException extends InvalidValueException {
    private static final long serialVersionUID = 1L;

    public InvalidPageTokenException(String rule, String token) {
        super("page token", rule, token);
    }
}
