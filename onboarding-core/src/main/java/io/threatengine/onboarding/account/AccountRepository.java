package io.threatengine.onboarding.account;

import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderId;
import io.threatengine.onboarding.storage.EntityRepository;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.tenant.TenantId;

/** The accounts. Thread-safe. */
public interface AccountRepository extends EntityRepository<AccountId, Account> {

    /**
     * Creates an account with a random id, status and onboarding pending.
     *
     * @param provider the provider it belongs to
     * @throws InvalidValueException if the new account is of another tenant or type than the provider
     * @throws NotFoundException if the provider does not exist any more
     * @throws AlreadyExistsException if the tenant has an account of this name, or the provider one of this number
     */
    Account create(Provider provider, NewAccount account);

    /** A tenant's accounts, by status. */
    Listing<Account> ofTenant(TenantId tenant);

    /** A tenant's accounts in one status. */
    Listing<Account> ofTenant(TenantId tenant, AccountStatus status);

    /** A provider's accounts, by status. */
    Listing<Account> ofProvider(ProviderId provider);

    /** A provider's accounts in one status. */
    Listing<Account> ofProvider(ProviderId provider, AccountStatus status);
}
