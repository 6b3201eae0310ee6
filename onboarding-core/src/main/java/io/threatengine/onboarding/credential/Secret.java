package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.error.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Text that must not be seen. It does not print itself, has no getter that a serializer would find, compares in constant
 * time, and is opened only by {@link #reveal()}. Immutable.
 */
public final class Secret {
    private static final String PRINTED = "[secret]";

    /** Transient: serializers that look into private fields leave it out. */
    private final transient String text;

    private Secret(String text) {
        this.text = text;
    }

    /**
     * Checks the parts.
     *
     * @throws InvalidValueException if the text is missing or empty
     */
    public static Secret of(String text) {
        return of("secret", text);
    }

    /** Like {@link #of(String)}, naming the field in the error. */
    public static Secret of(String field, String text) {
        if (text == null || text.isEmpty()) {
            throw InvalidValueException.ofSecret(field, "must not be empty");
        }
        return new Secret(text);
    }

    /** The text. Call it where the text is used, and keep the result nowhere. */
    public String reveal() {
        return text;
    }

    /** Compares in a time that does not depend on where the texts differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(
                        text.getBytes(StandardCharsets.UTF_8), secret.text.getBytes(StandardCharsets.UTF_8));
    }

    /** The same for all secrets: a hash that depends on the text would tell something of it. */
    @Override
    public int hashCode() {
        return PRINTED.hashCode();
    }

    @Override
    public String toString() {
        return PRINTED;
    }
}
