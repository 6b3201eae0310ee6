package io.threatengine.onboarding.testkit.endpoint;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** A secret's value: text or binary. Prints nothing of itself. */
final class SecretValue {
    private static final int MAX_BYTES = 65_536;

    private final byte[] bytes;
    private final boolean binary;

    SecretValue(byte[] bytes, boolean binary) {
        this.bytes = bytes;
        this.binary = binary;
    }

    /** Empty when the request carries none; at most one of {@code SecretString} and {@code SecretBinary} may be set. */
    static Optional<SecretValue> of(Request request) {
        if (request.has("SecretString") && request.has("SecretBinary")) {
            throw new AwsError(
                    "InvalidParameterException",
                    "You can't specify both a binary secret value and a string secret value in the same secret.");
        }
        if (request.has("SecretBinary")) {
            return request.bytes("SecretBinary", 1, MAX_BYTES).map(bytes -> new SecretValue(bytes, true));
        }
        return request.text("SecretString").map(text -> {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            Request.checkLength("SecretString", utf8.length, 1, MAX_BYTES);
            return new SecretValue(utf8, false);
        });
    }

    byte[] bytes() {
        return bytes;
    }

    boolean isBinary() {
        return binary;
    }

    boolean sameAs(SecretValue other) {
        return binary == other.binary && MessageDigest.isEqual(bytes, other.bytes);
    }

    Reply addTo(Reply reply) {
        return binary
                ? reply.with("SecretBinary", bytes)
                : reply.with("SecretString", new String(bytes, StandardCharsets.UTF_8));
    }
}
