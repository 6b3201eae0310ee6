package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.provider.ProviderType;
import java.util.Optional;

/**
 * An API key of IBM Cloud.
 *
 * @param apiKey the key
 */
public record IbmApiKey(Secret apiKey) implements Credential {
    public static final String TYPE = "ibm_api_key";

    /**
     * Checks the parts.
     *
     * @throws InvalidValueException if the key is missing or blank
     */
    public IbmApiKey {
        Fields.required("api_key", apiKey);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Optional<ProviderType> providerType() {
        return Optional.of(ProviderType.IBM);
    }
}
