package io.threatengine.onboarding.secrets;

/**
 * Which KMS key encrypts a secret, and which one the settings ask for. Immutable.
 *
 * @param secretName the secret's name
 * @param keyArn the ARN of the key that encrypts the current version; where the key exists no more, what the secret says of
 *     it
 * @param keyState the key's state in the words of KMS, {@code Enabled} where it can be used; {@code Deleted} where it exists
 *     no more
 * @param settingsKeyArn the ARN of the key that the settings name by key id, key ARN, alias name or alias ARN, or of the AWS
 *     managed key if they name none
 */
public record SecretEncryption(String secretName, String keyArn, String keyState, String settingsKeyArn) {

    /** Whether the current version is encrypted with the key of the settings. */
    public boolean isAsSet() {
        return keyArn.equals(settingsKeyArn);
    }

    /** Whether the key can be used, as far as its state says; whether the caller may use it is another question. */
    public boolean isUsable() {
        return keyState.equals("Enabled");
    }
}
