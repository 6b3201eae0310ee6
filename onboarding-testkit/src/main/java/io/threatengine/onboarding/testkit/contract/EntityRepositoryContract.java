package io.threatengine.onboarding.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.VersionConflictException;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkProgress;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.Entity;
import io.threatengine.onboarding.storage.EntityRepository;
import io.threatengine.onboarding.testkit.Deviation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What every repository does with one row. The contracts of the single repositories extend it. */
public interface EntityRepositoryContract<I, T extends Entity<I, T>> extends Contract {

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
    @FailsWith(Deviation.CONCURRENT_WRITES)
    default void ofConcurrentUpdatesNoneIsLost() throws Exception {
        T created = create();
        int writers = 64;
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

    @Test
    default void manyRowsAreReadWithAnOutcomeForEach() {
        List<I> ids = new ArrayList<>();
        I gone = deleted().id();
        for (int i = 0; i < 120; i++) {
            ids.add(i % 40 == 7 ? gone : create().id());
        }
        ids.add(ids.get(0));
        List<BulkProgress> progress = new ArrayList<>();

        BulkResult<I, T> read = repository()
                .getAll(ids, BulkOptions.defaults().withParallelism(3).withProgress(progress::add));

        assertThat(read.outcomes()).extracting(BulkResult.Outcome::input).containsExactlyElementsOf(ids);
        assertThat(read.failures()).hasSize(3).allSatisfy(outcome -> {
            assertThat(outcome.input()).isEqualTo(gone);
            assertThat(outcome.failure()).isInstanceOf(NotFoundException.class);
        });
        assertThat(read.outcomes())
                .filteredOn(BulkResult.Outcome::succeeded)
                .allSatisfy(outcome ->
                        assertThat(outcome.found().orElseThrow().id()).isEqualTo(outcome.input()));
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(read::values);
        BulkProgress last = progress.get(progress.size() - 1);
        assertThat(last.done()).isEqualTo(last.total());
        assertThat(repository().getAll(List.of()).values()).isEmpty();
    }

    @Test
    @FailsWith(Deviation.CONCURRENT_WRITES)
    default void manyRowsAreDeletedWithAnOutcomeForEach() {
        I gone = deleted().id();
        List<I> ids = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            ids.add(create().id());
        }
        I stays = ids.remove(29);
        ids.add(gone);

        BulkResult<I, I> deleted = repository().deleteAll(ids, BulkOptions.defaults());

        assertThat(deleted.outcomes()).extracting(BulkResult.Outcome::input).containsExactlyElementsOf(ids);
        assertThat(deleted.failures()).singleElement().satisfies(outcome -> {
            assertThat(outcome.input()).isEqualTo(gone);
            assertThat(outcome.failure()).isInstanceOf(NotFoundException.class);
        });
        assertThat(repository().getAll(ids).failures()).hasSize(ids.size());
        assertThat(repository().find(stays)).isPresent();
    }

    @Test
    default void whatIsToBeDeletedTwiceIsDeletedOnceAndHasTwiceTheOutcome() {
        I one = create().id();
        I gone = deleted().id();
        List<BulkProgress> progress = new ArrayList<>();

        BulkResult<I, I> deleted = repository()
                .deleteAll(List.of(one, gone, one, gone), BulkOptions.defaults().withProgress(progress::add));

        assertThat(deleted.outcomes()).extracting(BulkResult.Outcome::input).containsExactly(one, gone, one, gone);
        assertThat(deleted.outcomes())
                .extracting(BulkResult.Outcome::succeeded)
                .containsExactly(true, false, true, false);
        assertThat(progress).endsWith(new BulkProgress(2, 1, 2));
        assertThat(repository().find(one)).isEmpty();
    }

    private T deleted() {
        T entity = create();
        repository().delete(entity.id());
        return entity;
    }
}
