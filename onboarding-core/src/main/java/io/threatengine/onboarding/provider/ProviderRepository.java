package io.threatengine.onboarding.provider;

import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.storage.EntityRepository;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.tenant.TenantId;

/** The providers. Thread-safe. */
public interface ProviderRepository extends EntityRepository<ProviderId, Provider> {

    /**
     * Creates a provider with a random id, status active.
     *
     * @throws NotFoundException if there is no such tenant
     * @throws AlreadyExistsException if the tenant has a provider of this type
     */
    Provider create(TenantId tenant, ProviderType type);

    /** A tenant's providers, by type. */
    Listing<Provider> ofTenant(TenantId tenant);

    /** A tenant's providers of one type: one, unless other engines have written duplicates. */
    Listing<Provider> ofTenant(TenantId tenant, ProviderType type);
}
