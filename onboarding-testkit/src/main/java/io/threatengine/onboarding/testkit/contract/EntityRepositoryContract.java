package io.threatengine.onboarding.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.VersionConflictException;
import io.threatengine.onboarding.storage.Entity;
import io.threatengine.onboarding.storage.EntityRepository;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What every repository does with one row. The contracts of the single repositories extend it. */
public interface EntityRepositoryContract<I, T extends Entity<I, T>> {

    /** The storage under test. */
    OnboardingStorage storage();

    /** The repository under test. */
    EntityRepository<I, T> repository();

    /** A new row. */
    T create();

    /** A change that touches no unique value and never gives what was there before. */
    T changed(T entity);

    @Test
    default void whatWasCreatedIsFound() {
        T created = create();

        assertThat(repository().find(created.id())).contains(created);
        assertThat(repository().get(created.id())).isEqualTo(created);
        assertThat(created.revision().version()).isEqualTo(1);
    }

    @Test
    default void whatDoesNotExistIsEmptyOrAnError() {
        I gone = deleted().id();

        assertThat(repository().find(gone)).isEmpty();
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> repository().get(gone))
                .satisfies(e -> assertThat(e.id()).isEqualTo(gone.toString()))
                .withMessageContaining(gone.toString());
    }

    @Test
    default void updatingOrDeletingWhatDoesNotExistIsAnErrorAndMakesNoRow() {
        T gone = deleted();

        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> repository().update(changed(gone)));
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> repository().update(gone.id(), this::changed));
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> repository().delete(gone.id()));
        assertThat(repository().find(gone.id())).isEmpty();
    }

    @Test
    default void anUpdateIsStoredUnderTheNextVersion() {
        T created = create();

        T updated = repository().update(changed(created));

        assertThat(updated.revision().version()).isEqualTo(2);
        assertThat(updated).isNotEqualTo(created);
        assertThat(repository().get(created.id())).isEqualTo(updated);
    }

    @Test
    default void anUpdateOfAnEntityThatIsNotFreshIsRefusedWithBothVersions() {
        T created = create();
        T updated = repository().update(changed(created));

        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> repository().update(changed(created)))
                .satisfies(e -> {
                    assertThat(e.id()).isEqualTo(created.id().toString());
                    assertThat(e.expectedVersion()).isEqualTo(1);
                    assertThat(e.actualVersion()).isEqualTo(2);
                });
        assertThat(repository().get(created.id())).isEqualTo(updated);
    }

    @Test
    default void anUpdateByIdReadsChangesAndWrites() {
        T created = create();

        T updated = repository().update(created.id(), this::changed);

        assertThat(updated.revision().version()).isEqualTo(2);
        assertThat(repository().get(created.id())).isEqualTo(updated);
    }

    @Test
    default void aChangeThatChangesNothingWritesNothing() {
        T created = create();

        assertThat(repository().update(created.id(), UnaryOperator.identity())).isEqualTo(created);
        assertThat(repository().get(created.id()).revision().version()).isEqualTo(1);
    }

    @Test
    default void ofConcurrentUpdatesNoneIsLost() throws Exception {
        T created = create();
        int writers = 8;
        List<Callable<T>> updates = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            updates.add(() -> repository().update(created.id(), this::changed));
        }

        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            for (Future<T> update : threads.invokeAll(updates)) {
                update.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(repository().get(created.id()).revision().version()).isEqualTo(1 + writers);
    }

    private T deleted() {
        T entity = create();
        repository().delete(entity.id());
        return entity;
    }
}
