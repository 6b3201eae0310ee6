package io.threatengine.onboarding.provider;

import com.google.auto.value.AutoValue;
import io.threatengine.onboarding.storage.Entity;
import io.threatengine.onboarding.storage.Revision;
import io.threatengine.onboarding.storage.UniqueKey;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Instant;
import java.util.List;

/** A tenant's use of one cloud. Immutable; {@link ProviderRepository} stores a changed copy. */
@AutoValue
public abstract class Provider implements Entity<ProviderId, Provider> {
    Provider() {}

    @Override
    public abstract ProviderId id();

    public abstract TenantId tenantId();

    /** Unique within the tenant. */
    public abstract ProviderType type();

    public abstract ProviderStatus status();

    /** 1970 where other engines have stored a row without it. */
    public abstract Instant createdAt();

    public abstract Instant updatedAt();

    @Override
    public abstract Revision revision();

    public Provider withStatus(ProviderStatus status) {
        return toBuilder().status(status).build();
    }

    @Override
    public List<String> belongsTo() {
        return List.of(tenantId().value(), type().value());
    }

    /** What no other provider may hold; nothing once the provider is deleted. */
    @Override
    public List<UniqueKey> uniqueKeys() {
        return status().equals(ProviderStatus.DELETED)
                ? List.of()
                : List.of(new UniqueKey("provider", "type", List.of(tenantId().value()), type().value()));
    }

    @Override
    public Provider written(Instant now) {
        return toBuilder().revision(revision().next(now)).updatedAt(now).build();
    }

    abstract Builder toBuilder();

    /** For storage: a provider that begins now, with a random id. */
    public static Provider created(TenantId tenant, ProviderType type, Instant now) {
        return builder()
                .id(ProviderId.random())
                .tenantId(tenant)
                .type(type)
                .createdAt(now)
                .updatedAt(now)
                .revision(Revision.first(now))
                .build();
    }

    /** For storage: restores a provider as it was stored, without judging it. To make a new one, use the repository. */
    public static Builder builder() {
        return new AutoValue_Provider.Builder().status(ProviderStatus.ACTIVE);
    }

    /** See {@link Provider#builder()}. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        public abstract Builder id(ProviderId id);

        public abstract Builder tenantId(TenantId tenantId);

        public abstract Builder type(ProviderType type);

        public abstract Builder status(ProviderStatus status);

        public abstract Builder createdAt(Instant createdAt);

        public abstract Builder updatedAt(Instant updatedAt);

        public abstract Builder revision(Revision revision);

        public abstract Provider build();
    }
}
