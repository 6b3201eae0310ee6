package io.threatengine.onboarding.tenant;

import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.storage.EntityRepository;
import io.threatengine.onboarding.storage.Listing;

/** The tenants. Thread-safe. */
public interface TenantRepository extends EntityRepository<TenantId, Tenant> {

    /**
     * Creates a tenant with a random id, status active.
     *
     * @throws AlreadyExistsException if another tenant has the name
     */
    Tenant create(NewTenant tenant);

    /** {@link #create(NewTenant)} with a name only. */
    default Tenant create(String name) {
        return create(NewTenant.of(name));
    }

    /** The tenants of this name, by index: one, unless other engines have written duplicates. */
    Listing<Tenant> named(String name);

    /** Every tenant, in no order, by a scan of the table: for operators, not for a service's requests. */
    Listing<Tenant> all();
}
