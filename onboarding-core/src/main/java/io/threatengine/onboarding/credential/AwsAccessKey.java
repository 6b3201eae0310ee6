package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.provider.ProviderType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An access key of an AWS user, or temporary credentials with their session token.
 *
 * @param accessKeyId the key's id, no secret
 * @param secretAccessKey the key
 * @param sessionToken for temporary credentials
 * @param awsAccountNumber the 12 digits of the account it belongs to, where known
 */
public record AwsAccessKey(
        String accessKeyId,
        Secret secretAccessKey,
        @Nullable Secret sessionToken,
        @Nullable String awsAccountNumber) implements Credential {
    public static final String TYPE = "aws_access_key";

    /**
     * Checks the parts.
     *
     * @throws InvalidValueException naming the field that is missing or wrong
     */
    public AwsAccessKey {
        Fields.required("access_key_id", accessKeyId);
        Fields.required("secret_access_key", secretAccessKey);
        if (awsAccountNumber != null) {
            ProviderType.AWS.checkAccountNumber(awsAccountNumber);
        }
    }

    public AwsAccessKey(String accessKeyId, Secret secretAccessKey) {
        this(accessKeyId, secretAccessKey, null, null);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Optional<ProviderType> providerType() {
        return Optional.of(ProviderType.AWS);
    }

    @Override
    public Optional<String> accountNumber() {
        return Optional.ofNullable(awsAccountNumber);
    }
}
