package io.threatengine.onboarding.testkit.endpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * What a {@code CiphertextBlob} contains: the id of the key, so that Decrypt needs no KeyId, and the sealed text.
 *
 * <p>Layout: format (1 byte), key id (16), AES-GCM nonce (12), text and tag, CRC-32 (4). The tag protects the text; the
 * checksum tells a blob with an altered key id (invalid) from one whose key no longer exists (intact).
 */
@SuppressWarnings("ArrayRecordComponent") // made and taken apart at once, never compared
record Ciphertext(UUID keyId, byte[] sealed) {
    private static final byte FORMAT = 1;
    private static final int KEY_ID_BYTES = 16;
    private static final int CHECKSUM_BYTES = 4;
    private static final int OVERHEAD = 1 + KEY_ID_BYTES + CHECKSUM_BYTES;

    byte[] toBlob() {
        ByteBuffer blob = ByteBuffer.allocate(OVERHEAD + sealed.length);
        blob.put(FORMAT).putLong(keyId.getMostSignificantBits()).putLong(keyId.getLeastSignificantBits());
        blob.put(sealed).putInt(checksum(blob.array()));
        return blob.array();
    }

    static Ciphertext parse(byte[] blob) {
        ByteBuffer buffer = ByteBuffer.wrap(blob);
        if (blob.length < OVERHEAD
                || buffer.get() != FORMAT
                || buffer.getInt(blob.length - CHECKSUM_BYTES) != checksum(blob)) {
            throw invalid();
        }
        UUID keyId = new UUID(buffer.getLong(), buffer.getLong());
        byte[] sealed = new byte[buffer.remaining() - CHECKSUM_BYTES];
        buffer.get(sealed);
        return new Ciphertext(keyId, sealed);
    }

    static AwsError invalid() {
        return new AwsError("InvalidCiphertextException", null);
    }

    /** An encryption context as associated data: sorted and length-prefixed, so that no two contexts look alike. */
    static byte[] canonical(Map<String, String> context) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new TreeMap<>(context).forEach((name, value) -> {
            append(bytes, name);
            append(bytes, value);
        });
        return bytes.toByteArray();
    }

    private static void append(ByteArrayOutputStream bytes, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        bytes.writeBytes(ByteBuffer.allocate(4).putInt(utf8.length).array());
        bytes.writeBytes(utf8);
    }

    /** Of all but the checksum's own place at the end. */
    private static int checksum(byte[] blob) {
        CRC32 crc = new CRC32();
        crc.update(blob, 0, blob.length - CHECKSUM_BYTES);
        return (int) crc.getValue();
    }
}
