package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.provider.ProviderType;
import java.util.Optional;

/**
 * An application's identity in Microsoft Entra ID with access to one subscription.
 *
 * @param clientId the application's id
 * @param clientSecret its secret
 * @param directoryId the directory that Azure calls tenant, no tenant of ours; stored as {@code tenant_id}
 * @param subscriptionId a UUID, kept in lower case
 */
public record AzureServicePrincipal(String clientId, Secret clientSecret, String directoryId, String subscriptionId)
        implements Credential {
    public static final String TYPE = "azure_service_principal";

    /**
     * Checks the parts.
     *
     * @throws InvalidValueException naming the field that is missing or wrong
     */
    public AzureServicePrincipal {
        Fields.required("client_id", clientId);
        Fields.required("client_secret", clientSecret);
        Fields.required("tenant_id", directoryId);
        subscriptionId = ProviderType.AZURE.checkAccountNumber(subscriptionId);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Optional<ProviderType> providerType() {
        return Optional.of(ProviderType.AZURE);
    }

    @Override
    public Optional<String> accountNumber() {
        return Optional.of(subscriptionId);
    }
}
