package io.threatengine.onboarding.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderId;
import io.threatengine.onboarding.provider.ProviderRepository;
import io.threatengine.onboarding.provider.ProviderStatus;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.tenant.TenantId;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every {@link ProviderRepository} does. */
public interface ProviderRepositoryContract extends EntityRepositoryContract<ProviderId, Provider> {

    @Override
    default ProviderRepository repository() {
        return storage().providers();
    }

    @Override
    default Provider create() {
        return Samples.aws(storage());
    }

    @Override
    default Provider changed(Provider provider) {
        return provider.withStatus(new ProviderStatus("status " + UUID.randomUUID()));
    }

    @Test
    default void aProviderIsCreatedActive() {
        Tenant tenant = Samples.tenant(storage());

        Provider provider = repository().create(tenant.id(), ProviderType.GCP);

        assertThat(provider.tenantId()).isEqualTo(tenant.id());
        assertThat(provider.type()).isEqualTo(ProviderType.GCP);
        assertThat(provider.status()).isEqualTo(ProviderStatus.ACTIVE);
    }

    @Test
    default void aProviderNeedsItsTenant() {
        TenantId nobody = TenantId.random();

        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> repository().create(nobody, ProviderType.AWS))
                .satisfies(e -> assertThat(e.kind()).isEqualTo("tenant"));
        assertThat(repository().ofTenant(nobody).stream()).isEmpty();
    }

    @Test
    default void aTenantHasOneProviderOfAType() {
        Provider first = create();

        assertThatExceptionOfType(AlreadyExistsException.class)
                .isThrownBy(() -> repository().create(first.tenantId(), first.type()))
                .satisfies(e -> assertThat(e.existingId()).contains(first.id().value()));
        repository().delete(first.id());
        assertThat(repository().create(first.tenantId(), first.type()).id()).isNotEqualTo(first.id());
    }

    @Test
    default void aTypeThatNobodyKnowsIsKept() {
        var type = new ProviderType("Mainframe/390");

        Provider provider = repository().create(Samples.tenant(storage()).id(), type);

        assertThat(repository().get(provider.id()).type()).isEqualTo(type);
    }

    @Test
    default void providersAreListedByTenantAndByType() {
        TenantId tenant = Samples.tenant(storage()).id();
        Provider aws = repository().create(tenant, ProviderType.AWS);
        Provider gcp = repository().create(tenant, ProviderType.GCP);
        create();

        assertThat(repository().ofTenant(tenant).stream()).containsExactly(aws, gcp);
        assertThat(repository().ofTenant(tenant, ProviderType.GCP).stream()).containsExactly(gcp);
        assertThat(repository().ofTenant(tenant, ProviderType.AZURE).stream()).isEmpty();
    }
}
