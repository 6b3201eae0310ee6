package io.threatengine.onboarding.testkit.endpoint;

import java.time.Instant;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One value of a secret, sealed by a data key that the secret's KMS key in turn seals, as Secrets Manager does. */
final class SecretVersion {
    final String id;
    final Instant created;
    /** Counts up in the order of creation, also where dates are equal. */
    final long number;

    final NavigableSet<String> stages = new TreeSet<>();

    @Nullable
    Instant lastAccessed;

    private final boolean binary;
    /** Secrets Manager passes these two to KMS, so that a blob moved to another secret or version does not open. */
    private final Map<String, String> encryptionContext;

    private byte[] sealedDataKey;
    private byte[] sealedValue;

    SecretVersion(String id, Secret secret, Instant created, SecretValue value, Key key) {
        this.id = id;
        this.created = created;
        this.number = secret.nextVersionNumber();
        this.binary = value.isBinary();
        this.encryptionContext = Map.of("SecretARN", secret.arn, "SecretVersionId", id);
        byte[] dataKey = AesGcm.randomBytes(32);
        this.sealedDataKey = key.encrypt(dataKey, encryptionContext);
        this.sealedValue = AesGcm.seal(dataKey, value.bytes(), new byte[0]);
    }

    /** @throws AwsError in KMS's words, when the key is disabled, pending deletion or gone */
    SecretValue open(Keyring keyring) {
        Ciphertext ciphertext = Ciphertext.parse(sealedDataKey);
        Key key = keyring.keyByIdOrArn(ciphertext.keyId().toString());
        byte[] dataKey = key.decrypt(ciphertext, encryptionContext);
        return new SecretValue(AesGcm.open(dataKey, sealedValue, new byte[0]).orElseThrow(Ciphertext::invalid), binary);
    }

    void reseal(Keyring keyring, Key key) {
        byte[] value = open(keyring).bytes();
        byte[] dataKey = AesGcm.randomBytes(32);
        sealedDataKey = key.encrypt(dataKey, encryptionContext);
        sealedValue = AesGcm.seal(dataKey, value, new byte[0]);
    }

    /** As {@code ListSecretVersionIds} names it; the key may be gone, so this asks only the blob. */
    String keyId(Keyring keyring) {
        String keyId = Ciphertext.parse(sealedDataKey).keyId().toString();
        String standard = keyring.resolve(Keyring.SECRETS_MANAGER_ALIAS).id.toString();
        return keyId.equals(standard) ? "DefaultEncryptionKey" : keyId;
    }
}
