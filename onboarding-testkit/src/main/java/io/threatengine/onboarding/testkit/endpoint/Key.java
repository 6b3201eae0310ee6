package io.threatengine.onboarding.testkit.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A symmetric KMS key: its material, its state, and what its state permits. */
final class Key {
    static final int DEFAULT_ROTATION_DAYS = 365;

    final UUID id;
    final String arn;
    final boolean awsManaged;
    final Instant created;
    final String description;
    final Tags tags = Tags.ofKey();
    PolicyDocument policy;
    boolean enabled = true;
    /** When the key will be deleted, if that is scheduled. */
    @Nullable
    Instant deletion;
    /** When automatic rotation was switched on, if it is. */
    @Nullable
    Instant rotatingSince;

    int rotationDays = DEFAULT_ROTATION_DAYS;

    private final byte[] material = AesGcm.randomBytes(32);

    Key(String region, boolean awsManaged, Instant created, String description, PolicyDocument policy) {
        this.id = UUID.randomUUID();
        this.arn = Keyring.arn(region, "key/" + id);
        this.awsManaged = awsManaged;
        this.created = created;
        this.description = description;
        this.policy = policy;
    }

    String state() {
        return deletion != null ? "PendingDeletion" : enabled ? "Enabled" : "Disabled";
    }

    void requireNotPendingDeletion() {
        if (deletion != null) {
            throw new AwsError("KMSInvalidStateException", arn + " is pending deletion.");
        }
    }

    void requireEnabled() {
        requireNotPendingDeletion();
        if (!enabled) {
            throw new AwsError("DisabledException", arn + " is disabled.");
        }
    }

    byte[] encrypt(byte[] plaintext, Map<String, String> context) {
        requireEnabled();
        return new Ciphertext(id, AesGcm.seal(material, plaintext, Ciphertext.canonical(context))).toBlob();
    }

    byte[] decrypt(Ciphertext ciphertext, Map<String, String> context) {
        requireEnabled();
        return AesGcm.open(material, ciphertext.sealed(), Ciphertext.canonical(context))
                .orElseThrow(Ciphertext::invalid);
    }

    /** Rotation pauses while the key waits for its deletion. */
    boolean rotates() {
        return rotatingSince != null && deletion == null;
    }

    @Nullable
    Instant nextRotation(Instant now) {
        Instant start = rotatingSince;
        if (start == null || deletion != null) {
            return null;
        }
        Duration period = Duration.ofDays(rotationDays);
        long rotationsSoFar = Duration.between(start, now).dividedBy(period);
        return start.plus(period.multipliedBy(rotationsSoFar + 1));
    }
}
