package io.threatengine.onboarding.account;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.Rules;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.tenant.TenantId;
import java.util.Objects;

/**
 * What an account is created from. What is wrong is an {@link InvalidValueException} that names the field.
 *
 * @param tenantId whose account
 * @param providerType in which cloud
 * @param name 1 to 255 printable characters, unique within the tenant
 * @param number the cloud's own number or name of the account, by the provider's rule; empty until it is known
 */
public record NewAccount(TenantId tenantId, ProviderType providerType, String name, String number) {
    public NewAccount {
        Objects.requireNonNull(tenantId, "tenantId");
        Objects.requireNonNull(providerType, "providerType");
        Rules.name("account name", name);
        boolean unknown = number != null && number.isEmpty();
        number = unknown ? number : providerType.checkAccountNumber(number);
    }

    public static NewAccount of(TenantId tenantId, ProviderType providerType, String name, String number) {
        return new NewAccount(tenantId, providerType, name, number);
    }

    void requireOf(Provider provider) {
        if (!provider.tenantId().equals(tenantId)) {
            throw new InvalidValueException(
                    "tenant id", "must be that of the provider, " + provider.tenantId(), tenantId.value());
        }
        if (!provider.type().equals(providerType)) {
            throw new InvalidValueException(
                    "provider type", "must be that of the provider, " + provider.type(), providerType.value());
        }
    }

    /** An account whose number validation will find out. */
    public static NewAccount withoutNumber(TenantId tenantId, ProviderType providerType, String name) {
        return new NewAccount(tenantId, providerType, name, "");
    }
}
