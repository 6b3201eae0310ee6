package io.threatengine.onboarding.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.storage.Bulk;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.tenant.NewTenant;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.tenant.TenantRepository;
import io.threatengine.onboarding.tenant.TenantStatus;
import io.threatengine.onboarding.testkit.Deviation;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link TenantRepository} does. */
public interface TenantRepositoryContract extends EntityRepositoryContract<TenantId, Tenant> {

    @Override
    default TenantRepository repository() {
        return storage().tenants();
    }

    @Override
    default Tenant create() {
        return Samples.tenant(storage());
    }

    @Override
    default Tenant changed(Tenant tenant) {
        return tenant.describe("changed " + UUID.randomUUID());
    }

    @Test
    default void aTenantIsCreatedActiveWithWhatWasGiven() {
        String name = Samples.name();

        Tenant tenant = repository().create(new NewTenant(name, "the first"));

        assertThat(tenant.name()).isEqualTo(name);
        assertThat(tenant.description()).isEqualTo("the first");
        assertThat(tenant.status()).isEqualTo(TenantStatus.ACTIVE);
        assertThat(tenant.createdAt()).isEqualTo(tenant.updatedAt());
    }

    @Test
    default void aNameIsTakenOnce() {
        Tenant first = create();

        assertThatExceptionOfType(AlreadyExistsException.class)
                .isThrownBy(() -> repository().create(first.name()))
                .satisfies(e -> {
                    assertThat(e.kind()).isEqualTo("tenant");
                    assertThat(e.field()).isEqualTo("name");
                    assertThat(e.value()).isEqualTo(first.name());
                    assertThat(e.existingId()).contains(first.id().value());
                });
        assertThat(repository().named(first.name()).stream()).hasSize(1);
    }

    @Test
    @FailsWith(Deviation.CONCURRENT_WRITES)
    default void ofConcurrentCreationsOfOneNameOneWins() throws Exception {
        String name = Samples.name();
        int creators = 8;
        List<Callable<Tenant>> creations = new ArrayList<>();
        for (int i = 0; i < creators; i++) {
            creations.add(() -> repository().create(name));
        }

        int won = 0;
        ExecutorService threads = Executors.newFixedThreadPool(creators);
        try {
            for (Future<Tenant> creation : threads.invokeAll(creations)) {
                try {
                    creation.get();
                    won++;
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(AlreadyExistsException.class);
                }
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(won).isEqualTo(1);
        assertThat(repository().named(name).stream()).hasSize(1);
    }

    @Test
    default void renamingMovesTheNameAndReleasesTheOldOne() {
        Tenant tenant = create();
        String next = Samples.name();

        Tenant renamed = repository().update(tenant.rename(next));

        assertThat(repository().get(tenant.id())).isEqualTo(renamed);
        assertThat(renamed.name()).isEqualTo(next);
        assertThatExceptionOfType(AlreadyExistsException.class)
                .isThrownBy(() -> repository().create(next));
        assertThat(repository().create(tenant.name()).id()).isNotEqualTo(tenant.id());
    }

    @Test
    default void renamingToATakenNameIsRefusedAndChangesNothing() {
        Tenant first = create();
        Tenant second = create();

        assertThatExceptionOfType(AlreadyExistsException.class)
                .isThrownBy(() -> repository().update(second.rename(first.name())))
                .satisfies(e -> assertThat(e.existingId()).contains(first.id().value()));
        assertThatExceptionOfType(AlreadyExistsException.class)
                .isThrownBy(() -> repository().update(second.id(), tenant -> tenant.rename(first.name())));
        assertThat(repository().get(second.id())).isEqualTo(second);
    }

    @Test
    default void deletingReleasesTheName() {
        Tenant tenant = create();

        repository().delete(tenant.id());

        assertThat(repository().create(tenant.name()).id()).isNotEqualTo(tenant.id());
    }

    @Test
    default void theStatusDeletedReleasesTheNameAndActiveTakesItBack() {
        Tenant tenant = create();

        Tenant deleted = repository().update(tenant.withStatus(TenantStatus.DELETED));
        Tenant successor = repository().create(tenant.name());

        assertThatExceptionOfType(AlreadyExistsException.class)
                .isThrownBy(() -> repository().update(deleted.withStatus(TenantStatus.ACTIVE)));
        repository().delete(successor.id());
        repository().update(deleted.withStatus(TenantStatus.ACTIVE));
        assertThatExceptionOfType(AlreadyExistsException.class)
                .isThrownBy(() -> repository().create(tenant.name()));
    }

    @Test
    default void aStatusThatNobodyKnowsIsKept() {
        Tenant tenant = create();
        var unknown = new TenantStatus("on probation");

        repository().update(tenant.withStatus(unknown));

        Tenant updated = repository().update(tenant.id(), this::changed);
        assertThat(updated.status()).isEqualTo(unknown);
        assertThat(repository().get(tenant.id()).status()).isEqualTo(unknown);
    }

    @Test
    default void allTenantsAreListed() {
        List<Tenant> some = List.of(create(), create(), create());

        assertThat(repository().all().stream()).containsAll(some);
        assertThat(repository().all().page(1).items()).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    @FailsWith(Deviation.CONCURRENT_WRITES)
    default void ofManyWhoCreateOneNameAtOnceOneWins() {
        String name = Samples.name();
        List<Integer> all = IntStream.range(0, 64).boxed().toList();

        BulkResult<Integer, Tenant> created = Bulk.each(
                all,
                BulkOptions.defaults().withParallelism(64),
                i -> repository().create(name));

        assertThat(repository().named(name).stream()).singleElement().satisfies(winner -> {
            assertThat(created.outcomes())
                    .filteredOn(BulkResult.Outcome::succeeded)
                    .singleElement()
                    .satisfies(outcome -> assertThat(outcome.found()).contains(winner));
            assertThat(created.failures())
                    .hasSize(63)
                    .allSatisfy(outcome -> assertThat(outcome.failure())
                            .isInstanceOfSatisfying(
                                    AlreadyExistsException.class,
                                    taken -> assertThat(taken.existingId())
                                            .contains(winner.id().value())));
        });
    }

    @Test
    @FailsWith(Deviation.CONCURRENT_WRITES)
    default void twoWhoTakeEachOthersNamesAtOnceLeaveEachNameWithOneOwner() {
        Tenant left = create();
        Tenant right = create();

        BulkResult<Tenant, Tenant> crossed = Bulk.each(
                List.of(left, right),
                BulkOptions.defaults().withParallelism(2),
                tenant -> repository().update(tenant.rename((tenant.equals(left) ? right : left).name())));

        // a name is given up in the same write that takes the other: neither can have both, and none is free meanwhile
        assertThat(crossed.failures())
                .hasSize(2)
                .allSatisfy(outcome -> assertThat(outcome.failure()).isInstanceOf(AlreadyExistsException.class));
        assertThat(repository().get(left.id())).isEqualTo(left);
        assertThat(repository().get(right.id())).isEqualTo(right);
    }

    @Test
    @FailsWith(Deviation.CONCURRENT_WRITES)
    default void transactionsThatCrossBothSucceed() {
        List<Tenant> tenants = IntStream.range(0, 8).mapToObj(i -> create()).toList();

        BulkResult<Tenant, Tenant> renamed = Bulk.each(
                tenants,
                BulkOptions.defaults().withParallelism(8),
                tenant -> repository().update(tenant.id(), t -> t.rename(t.name() + " renamed")));

        assertThat(renamed.failures()).isEmpty();
        assertThat(tenants).allSatisfy(tenant -> {
            assertThat(repository().named(tenant.name()).stream()).isEmpty();
            assertThat(repository().named(tenant.name() + " renamed").stream()).hasSize(1);
            assertThat(repository().create(tenant.name()).id()).isNotEqualTo(tenant.id());
        });
    }
}
