package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.AccountRepository;
import io.threatengine.onboarding.account.AccountStatus;
import io.threatengine.onboarding.account.CredentialStatus;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.account.OnboardingStatus;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderId;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.tenant.TenantId;
import java.util.Map;

final class DynamoDbAccountRepository extends DynamoDbRepository<AccountId, Account> implements AccountRepository {
    private static final Table.Index BY_TENANT = Table.ACCOUNTS.index("tenant-accounts-index");
    private static final Table.Index BY_PROVIDER = Table.ACCOUNTS.index("provider-accounts-index");

    private static final EntityMapping<Account> MAPPING = EntityMapping.of(
                    "account", Table.ACCOUNTS, Account.class, DynamoDbAccountRepository::restore)
            .text("account_id", account -> account.id().value())
            .fixedText("provider_id", account -> account.providerId().value())
            .fixedText("tenant_id", account -> account.tenantId().value())
            .uniqueText("account_name", Account::name)
            .uniqueText("account_number", Account::number)
            .text(Row.STATUS, account -> account.status().value())
            .text("onboarding_status", account -> account.onboardingStatus().value())
            .text("onboarding_id", account -> account.onboardingId().orElse(null))
            .instant("last_validated_at", account -> account.lastValidatedAt().orElse(null))
            .text("credential_ref", account -> account.credentialReference().orElse(null))
            // what the Python engines do not know
            .text(
                    "credential_version_id",
                    account -> account.credentialVersionId().orElse(null))
            .text(
                    "credential_validation_status",
                    account -> account.credentialStatus().value())
            .text("validation_error", account -> account.validationError().orElse(null))
            .build(Account::createdAt, Account::updatedAt);

    private final DynamoDbTenantRepository tenants;
    private final DynamoDbProviderRepository providers;

    DynamoDbAccountRepository(Tables tables, DynamoDbTenantRepository tenants, DynamoDbProviderRepository providers) {
        super(tables, MAPPING);
        this.tenants = tenants;
        this.providers = providers;
    }

    @Override
    public Account create(Provider provider, NewAccount account) {
        return create(Account.created(provider, account, now()), transaction -> {
            tenants.mustExist(transaction, provider.tenantId(), Map.of());
            providers.mustExist(
                    transaction,
                    provider.id(),
                    Map.of("tenant_id", provider.tenantId().value()));
        });
    }

    @Override
    public Listing<Account> ofTenant(TenantId tenant) {
        return lists().query(BY_TENANT, tenant.value());
    }

    @Override
    public Listing<Account> ofTenant(TenantId tenant, AccountStatus status) {
        return lists().query(BY_TENANT, tenant.value(), status.value());
    }

    @Override
    public Listing<Account> ofProvider(ProviderId provider) {
        return lists().query(BY_PROVIDER, provider.value());
    }

    @Override
    public Listing<Account> ofProvider(ProviderId provider, AccountStatus status) {
        return lists().query(BY_PROVIDER, provider.value(), status.value());
    }

    private static Account restore(Row row) {
        return Account.builder()
                .id(AccountId.of(row.required("account_id")))
                .providerId(ProviderId.of(row.required("provider_id")))
                .tenantId(TenantId.of(row.required("tenant_id")))
                .name(row.text("account_name", ""))
                .number(row.text("account_number", ""))
                .status(row.value(Row.STATUS, AccountStatus::new, AccountStatus.PENDING))
                .onboardingStatus(row.value("onboarding_status", OnboardingStatus::new, OnboardingStatus.PENDING))
                .onboardingId(row.text("onboarding_id"))
                .lastValidatedAt(row.instant("last_validated_at"))
                .credentialReference(row.text("credential_ref"))
                .credentialVersionId(row.text("credential_version_id"))
                .credentialStatus(
                        row.value("credential_validation_status", CredentialStatus::new, CredentialStatus.PENDING))
                .validationError(row.text("validation_error"))
                .createdAt(row.createdAt())
                .updatedAt(row.updatedAt())
                .revision(row.revision())
                .build();
    }
}
