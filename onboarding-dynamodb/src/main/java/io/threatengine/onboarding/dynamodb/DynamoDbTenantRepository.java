package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.internal.Rules;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.tenant.NewTenant;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.tenant.TenantRepository;
import io.threatengine.onboarding.tenant.TenantStatus;

final class DynamoDbTenantRepository extends DynamoDbRepository<TenantId, Tenant> implements TenantRepository {
    private static final Table.Index BY_NAME = Table.TENANTS.index("tenant-name-index");

    private static final EntityMapping<Tenant> MAPPING = EntityMapping.of(
                    "tenant", Table.TENANTS, Tenant.class, DynamoDbTenantRepository::restore)
            .text("tenant_id", tenant -> tenant.id().value())
            .uniqueText("tenant_name", Tenant::name)
            .text("description", Tenant::description)
            .text(Row.STATUS, tenant -> tenant.status().value())
            .build(Tenant::createdAt, Tenant::updatedAt);

    DynamoDbTenantRepository(Tables tables) {
        super(tables, MAPPING);
    }

    @Override
    public Tenant create(NewTenant tenant) {
        return create(Tenant.created(tenant, now()), transaction -> {});
    }

    @Override
    public Listing<Tenant> named(String name) {
        return lists().query(BY_NAME, Rules.name("tenant name", name));
    }

    @Override
    public Listing<Tenant> all() {
        return lists().scan();
    }

    private static Tenant restore(Row row) {
        return Tenant.builder()
                .id(TenantId.of(row.required("tenant_id")))
                .name(row.text("tenant_name", ""))
                .description(row.text("description", ""))
                .status(row.value(Row.STATUS, TenantStatus::new, TenantStatus.ACTIVE))
                .createdAt(row.createdAt())
                .updatedAt(row.updatedAt())
                .revision(row.revision())
                .build();
    }
}
