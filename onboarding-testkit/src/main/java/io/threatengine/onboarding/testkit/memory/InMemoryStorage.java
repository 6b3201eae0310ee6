package io.threatengine.onboarding.testkit.memory;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.AccountRepository;
import io.threatengine.onboarding.account.AccountStatus;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.internal.Rules;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderId;
import io.threatengine.onboarding.provider.ProviderRepository;
import io.threatengine.onboarding.provider.ProviderStatus;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.tenant.NewTenant;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.tenant.TenantRepository;
import io.threatengine.onboarding.tenant.TenantStatus;
import java.time.InstantSource;

/** A fake storage in maps. Thread-safe. */
public final class InMemoryStorage implements OnboardingStorage {
    private final Tenants tenants;
    private final Providers providers;
    private final Accounts accounts;

    public InMemoryStorage(InstantSource clock) {
        this.tenants = new Tenants(clock);
        this.providers = new Providers(clock, tenants);
        this.accounts = new Accounts(clock, providers);
    }

    @Override
    public TenantRepository tenants() {
        return tenants;
    }

    @Override
    public ProviderRepository providers() {
        return providers;
    }

    @Override
    public AccountRepository accounts() {
        return accounts;
    }

    @Override
    public void close() {
        // nothing was opened
    }

    private static final class Tenants extends InMemoryRepository<TenantId, Tenant> implements TenantRepository {
        Tenants(InstantSource clock) {
            super("tenant", clock);
        }

        @Override
        public Tenant create(NewTenant tenant) {
            return create(Tenant.created(tenant, now()));
        }

        @Override
        public Listing<Tenant> named(String name) {
            Rules.name("tenant name", name);
            return list("named\u0000" + name, tenant -> tenant.name().equals(name), tenant -> "");
        }

        @Override
        public Listing<Tenant> all() {
            return list("all", tenant -> true, tenant -> "");
        }

        void requireUsable(TenantId id) {
            if (get(id).status().equals(TenantStatus.DELETED)) {
                throw notFound(id);
            }
        }
    }

    private static final class Providers extends InMemoryRepository<ProviderId, Provider>
            implements ProviderRepository {
        private final Tenants tenants;

        Providers(InstantSource clock, Tenants tenants) {
            super("provider", clock);
            this.tenants = tenants;
        }

        @Override
        public Provider create(TenantId tenant, ProviderType type) {
            tenants.requireUsable(tenant);
            return create(Provider.created(tenant, type, now()));
        }

        @Override
        public Listing<Provider> ofTenant(TenantId tenant) {
            return list(
                    "tenant\u0000" + tenant,
                    provider -> provider.tenantId().equals(tenant),
                    provider -> provider.type().value());
        }

        @Override
        public Listing<Provider> ofTenant(TenantId tenant, ProviderType type) {
            return list(
                    "tenant\u0000" + tenant + "\u0000" + type,
                    provider -> provider.tenantId().equals(tenant)
                            && provider.type().equals(type),
                    provider -> "");
        }

        void requireUsable(ProviderId id) {
            if (get(id).status().equals(ProviderStatus.DELETED)) {
                throw notFound(id);
            }
        }
    }

    private static final class Accounts extends InMemoryRepository<AccountId, Account> implements AccountRepository {
        private final Providers providers;

        Accounts(InstantSource clock, Providers providers) {
            super("account", clock);
            this.providers = providers;
        }

        @Override
        public Account create(Provider provider, NewAccount account) {
            Account created = Account.created(provider, account, now());
            providers.tenants.requireUsable(provider.tenantId());
            providers.requireUsable(provider.id());
            return create(created);
        }

        @Override
        public Listing<Account> ofTenant(TenantId tenant) {
            return list(
                    "tenant\u0000" + tenant,
                    account -> account.tenantId().equals(tenant),
                    account -> account.status().value());
        }

        @Override
        public Listing<Account> ofTenant(TenantId tenant, AccountStatus status) {
            return list(
                    "tenant\u0000" + tenant + "\u0000" + status,
                    account -> account.tenantId().equals(tenant)
                            && account.status().equals(status),
                    account -> "");
        }

        @Override
        public Listing<Account> ofProvider(ProviderId provider) {
            return list(
                    "provider\u0000" + provider,
                    account -> account.providerId().equals(provider),
                    account -> account.status().value());
        }

        @Override
        public Listing<Account> ofProvider(ProviderId provider, AccountStatus status) {
            return list(
                    "provider\u0000" + provider + "\u0000" + status,
                    account -> account.providerId().equals(provider)
                            && account.status().equals(status),
                    account -> "");
        }
    }
}
