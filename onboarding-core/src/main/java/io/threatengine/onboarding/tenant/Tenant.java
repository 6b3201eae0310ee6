package io.threatengine.onboarding.tenant;

import com.google.auto.value.AutoValue;
import io.threatengine.onboarding.internal.Rules;
import io.threatengine.onboarding.storage.Entity;
import io.threatengine.onboarding.storage.Revision;
import io.threatengine.onboarding.storage.UniqueKey;
import java.time.Instant;
import java.util.List;

/**
 * A customer. Immutable; the named changes return a changed copy, which {@link TenantRepository} stores.
 */
@AutoValue
public abstract class Tenant implements Entity<TenantId, Tenant> {
    Tenant() {}

    @Override
    public abstract TenantId id();

    /** Unique among all tenants. */
    public abstract String name();

    /** May be empty. */
    public abstract String description();

    public abstract TenantStatus status();

    /** 1970 where other engines have stored a row without it. */
    public abstract Instant createdAt();

    public abstract Instant updatedAt();

    @Override
    public abstract Revision revision();

    /**
     * Gives the tenant another name.
     *
     * @throws io.threatengine.onboarding.error.InvalidValueException if the name is blank, too long or unprintable
     */
    public Tenant rename(String name) {
        return toBuilder().name(Rules.name("tenant name", name)).build();
    }

    /**
     * Says something else of the tenant.
     *
     * @param description any text of at most 16,384 characters; an empty one removes the description
     * @throws io.threatengine.onboarding.error.InvalidValueException if it is longer
     */
    public Tenant describe(String description) {
        return toBuilder()
                .description(Rules.description("tenant description", description))
                .build();
    }

    public Tenant withStatus(TenantStatus status) {
        return toBuilder().status(status).build();
    }

    @Override
    public List<String> belongsTo() {
        return List.of();
    }

    /** What no other tenant may hold; nothing once the tenant is deleted. */
    @Override
    public List<UniqueKey> uniqueKeys() {
        return status().equals(TenantStatus.DELETED)
                ? List.of()
                : List.of(new UniqueKey("tenant", "name", List.of(), name()));
    }

    @Override
    public Tenant written(Instant now) {
        return toBuilder().revision(revision().next(now)).updatedAt(now).build();
    }

    abstract Builder toBuilder();

    /** For storage: a tenant that begins now, with a random id. */
    public static Tenant created(NewTenant tenant, Instant now) {
        return builder()
                .id(TenantId.random())
                .name(tenant.name())
                .description(tenant.description())
                .createdAt(now)
                .updatedAt(now)
                .revision(Revision.first(now))
                .build();
    }

    /** For storage: restores a tenant as it was stored, without judging it. To make a new one, use the repository. */
    public static Builder builder() {
        return new AutoValue_Tenant.Builder().description("").status(TenantStatus.ACTIVE);
    }

    /** See {@link Tenant#builder()}. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        public abstract Builder id(TenantId id);

        public abstract Builder name(String name);

        public abstract Builder description(String description);

        public abstract Builder status(TenantStatus status);

        public abstract Builder createdAt(Instant createdAt);

        public abstract Builder updatedAt(Instant updatedAt);

        public abstract Builder revision(Revision revision);

        public abstract Tenant build();
    }
}
