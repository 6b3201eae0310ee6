package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderId;
import io.threatengine.onboarding.provider.ProviderRepository;
import io.threatengine.onboarding.provider.ProviderStatus;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.tenant.TenantId;
import java.util.Map;

final class DynamoDbProviderRepository extends DynamoDbRepository<ProviderId, Provider> implements ProviderRepository {
    private static final Table.Index BY_TENANT = Table.PROVIDERS.index("tenant-provider-index");

    private static final EntityMapping<Provider> MAPPING = EntityMapping.of(
                    "provider", Table.PROVIDERS, Provider.class, DynamoDbProviderRepository::restore)
            .text("provider_id", provider -> provider.id().value())
            .fixedText("tenant_id", provider -> provider.tenantId().value())
            .fixedText("provider_type", provider -> provider.type().value())
            .text(Row.STATUS, provider -> provider.status().value())
            .build(Provider::createdAt, Provider::updatedAt);

    private final DynamoDbTenantRepository tenants;

    DynamoDbProviderRepository(Tables tables, DynamoDbTenantRepository tenants) {
        super(tables, MAPPING);
        this.tenants = tenants;
    }

    @Override
    public Provider create(TenantId tenant, ProviderType type) {
        return create(
                Provider.created(tenant, type, now()), transaction -> tenants.mustExist(transaction, tenant, Map.of()));
    }

    @Override
    public Listing<Provider> ofTenant(TenantId tenant) {
        return lists().query(BY_TENANT, tenant.value());
    }

    @Override
    public Listing<Provider> ofTenant(TenantId tenant, ProviderType type) {
        return lists().query(BY_TENANT, tenant.value(), type.value());
    }

    private static Provider restore(Row row) {
        return Provider.builder()
                .id(ProviderId.of(row.required("provider_id")))
                .tenantId(TenantId.of(row.required("tenant_id")))
                .type(new ProviderType(row.required("provider_type")))
                .status(row.value(Row.STATUS, ProviderStatus::new, ProviderStatus.ACTIVE))
                .createdAt(row.createdAt())
                .updatedAt(row.updatedAt())
                .revision(row.revision())
                .build();
    }
}
