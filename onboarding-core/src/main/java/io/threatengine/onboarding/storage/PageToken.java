package io.threatengine.onboarding.storage;

import io.threatengine.onboarding.error.InvalidPageTokenException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a list goes on: opaque text, safe in a URL, that may be kept and used later, by another process too. It is bound
 * to its query: given to another one, or changed, it is refused with {@link InvalidPageTokenException}. It holds keys,
 * never a secret; it is no permission, since the query is still the caller's.
 *
 * @param text what to keep
 */
public record PageToken(String text) {
    private static final byte VERSION = 1;
    private static final int CHECKSUM_BYTES = 8;
    private static final int LONGEST = 16_384;

    @Override
    public String toString() {
        return text;
    }

    /**
     * For repositories: a token that {@link #position} reads back for the same query only.
     *
     * @param query the query with its parameters, in any unambiguous form
     * @param position the key after which the list goes on
     */
    public static PageToken of(String query, Map<String, String> position) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeShort(position.size());
            for (var entry : position.entrySet()) {
                out.writeUTF(entry.getKey());
                out.writeUTF(entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a key is too long for a page token", e);
        }
        byte[] payload = bytes.toByteArray();
        byte[] token = new byte[1 + CHECKSUM_BYTES + payload.length];
        token[0] = VERSION;
        System.arraycopy(checksum(query, payload), 0, token, 1, CHECKSUM_BYTES);
        System.arraycopy(payload, 0, token, 1 + CHECKSUM_BYTES, payload.length);
        return new PageToken(Base64.getUrlEncoder().withoutPadding().encodeToString(token));
    }

    /**
     * For repositories: the key that {@link #of} was given.
     *
     * @throws InvalidPageTokenException if this token is another query's, another version's, or was changed
     */
    public Map<String, String> position(String query) {
        byte[] token = bytes();
        if (token.length <= CHECKSUM_BYTES || token[0] != VERSION) {
            throw new InvalidPageTokenException("must be one of this version of the library", text);
        }
        byte[] payload = Arrays.copyOfRange(token, 1 + CHECKSUM_BYTES, token.length);
        byte[] given = Arrays.copyOfRange(token, 1, 1 + CHECKSUM_BYTES);
        if (!MessageDigest.isEqual(given, checksum(query, payload))) {
            throw new InvalidPageTokenException("must come, unchanged, from an earlier page of the same query", text);
        }
        var position = new LinkedHashMap<String, String>();
        try (var in = new DataInputStream(new ByteArrayInputStream(payload))) {
            for (int left = in.readUnsignedShort(); left > 0; left--) {
                position.put(in.readUTF(), in.readUTF());
            }
        } catch (IOException e) {
            throw new InvalidPageTokenException("must come, unchanged, from an earlier page of the same query", text);
        }
        return position;
    }

    private byte[] bytes() {
        if (text.length() > LONGEST) {
            throw new InvalidPageTokenException("must come, unchanged, from an earlier page of the same query", text);
        }
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidPageTokenException("must come, unchanged, from an earlier page of the same query", text);
        }
    }

    private static byte[] checksum(String query, byte[] payload) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(query.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return Arrays.copyOf(digest.digest(payload), CHECKSUM_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
