package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.provider.ProviderType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An access key of Alibaba Cloud.
 *
 * @param accessKeyId the key's id, no secret
 * @param accessKeySecret the key
 * @param securityToken for temporary credentials
 * @param accountId the 16 digits of the account it belongs to, where known
 */
public record AlicloudAccessKey(
        String accessKeyId,
        Secret accessKeySecret,
        @Nullable Secret securityToken,
        @Nullable String accountId) implements Credential {
    public static final String TYPE = "alicloud_access_key";

    /**
     * Checks the parts.
     *
     * @throws InvalidValueException naming the field that is missing or wrong
     */
    public AlicloudAccessKey {
        Fields.required("access_key_id", accessKeyId);
        Fields.required("access_key_secret", accessKeySecret);
        if (accountId != null) {
            ProviderType.ALICLOUD.checkAccountNumber(accountId);
        }
    }

    public AlicloudAccessKey(String accessKeyId, Secret accessKeySecret) {
        this(accessKeyId, accessKeySecret, null, null);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Optional<ProviderType> providerType() {
        return Optional.of(ProviderType.ALICLOUD);
    }

    @Override
    public Optional<String> accountNumber() {
        return Optional.ofNullable(accountId);
    }
}
