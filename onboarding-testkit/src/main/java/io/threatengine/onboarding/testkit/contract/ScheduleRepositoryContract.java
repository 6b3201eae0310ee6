package io.threatengine.onboarding.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.error.InvalidPageTokenException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.RunOutcome;
import io.threatengine.onboarding.schedule.NewSchedule;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.schedule.ScheduleId;
import io.threatengine.onboarding.schedule.ScheduleRepository;
import io.threatengine.onboarding.schedule.ScheduleStatus;
import io.threatengine.onboarding.storage.Bulk;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.PageToken;
import io.threatengine.onboarding.testkit.Deviation;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link ScheduleRepository} does. */
public interface ScheduleRepositoryContract extends EntityRepositoryContract<ScheduleId, Schedule> {

    @Override
    default ScheduleRepository repository() {
        return storage().schedules();
    }

    @Override
    default Schedule create() {
        return Samples.schedule(storage());
    }

    @Override
    default Schedule changed(Schedule schedule) {
        return schedule.describe(UUID.randomUUID().toString());
    }

    @Test
    default void aScheduleIsCreatedKnowingWhenItIsDue() {
        Account account = Samples.account(storage());
        Schedule schedule = repository()
                .create(NewSchedule.builder(
                                account,
                                ProviderType.AWS,
                                "nightly",
                                Recurrence.cron("0 2 * * *", ZoneId.of("Europe/Berlin")))
                        .description("every night")
                        .regions(List.of("eu-central-1", "eu-west-1"))
                        .services(List.of("iam"))
                        .excludedServices(List.of("s3"))
                        .notifyOnSuccess(true)
                        .notifyOnFailure(false)
                        .build());

        Schedule read = repository().get(schedule.id());
        assertThat(read).isEqualTo(schedule);
        assertThat(read.tenantId()).isEqualTo(account.tenantId());
        assertThat(read.accountId()).isEqualTo(account.id());
        assertThat(read.recurrence()).isEqualTo(new Recurrence.Cron("0 2 * * *", "Europe/Berlin"));
        assertThat(read.nextRunAt())
                .hasValueSatisfying(due -> assertThat(due)
                        .isAfter(read.createdAt())
                        .isBeforeOrEqualTo(read.createdAt().plus(Duration.ofHours(25))));
        assertThat(read.regions()).containsExactly("eu-central-1", "eu-west-1");
        assertThat(read.services()).containsExactly("iam");
        assertThat(read.excludedServices()).containsExactly("s3");
        assertThat(read.notifyOnSuccess()).isTrue();
        assertThat(read.notifyOnFailure()).isFalse();
        assertThat(read.enabled()).isTrue();
        assertThat(read.status()).isEqualTo(ScheduleStatus.ACTIVE);
        assertThat(read.runCount()).isZero();
    }

    @Test
    default void whatIsNeverDueIsNoSchedule() {
        Account account = Samples.account(storage());
        Instant past = account.createdAt().minusSeconds(60);

        for (Recurrence never : List.of(Recurrence.once(past), Recurrence.cron("0 0 30 2 *", ZoneId.of("UTC")))) {
            assertThatExceptionOfType(InvalidValueException.class)
                    .isThrownBy(() -> repository().create(NewSchedule.of(account, ProviderType.AWS, "never", never)));
        }
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> Recurrence.cron("at two", ZoneId.of("UTC")))
                .withMessageContaining("0 2 * * *");
        assertThat(repository().ofAccount(account.id()).stream()).isEmpty();
    }

    @Test
    default void aScheduleNeedsItsAccount() {
        Account account = Samples.account(storage());
        NewSchedule schedule = Samples.hourly(account);
        storage().accounts().update(account.id(), Account::markDeleted);

        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> repository().create(schedule))
                .satisfies(e -> assertThat(e.kind()).isEqualTo("account"));
        storage().accounts().delete(account.id());
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> repository().create(schedule));
        assertThat(repository().ofAccount(account.id()).stream()).isEmpty();
    }

    @Test
    @FailsWith(Deviation.CONCURRENT_WRITES)
    default void manySchedulesAreCreatedWithAnOutcomeForEach() {
        Account account = Samples.account(storage());
        Account gone = Samples.account(storage());
        storage().accounts().delete(gone.id());
        List<NewSchedule> wanted = IntStream.range(0, 60)
                .mapToObj(i -> Samples.hourly(i % 20 == 3 ? gone : account))
                .toList();

        BulkResult<NewSchedule, Schedule> made = repository().createAll(wanted, BulkOptions.defaults());

        assertThat(made.outcomes()).extracting(BulkResult.Outcome::input).containsExactlyElementsOf(wanted);
        assertThat(made.failures())
                .hasSize(3)
                .allSatisfy(outcome -> assertThat(outcome.failure()).isInstanceOf(NotFoundException.class));
        assertThat(repository().ofAccount(account.id()).stream())
                .hasSize(57)
                .containsAll(made.outcomes().stream()
                        .flatMap(outcome -> outcome.found().stream())
                        .toList());
    }

    @Test
    default void aPausedScheduleIsNotDueAndAResumedOneIsDueFromThenOn() {
        Schedule schedule = create();
        Instant due = schedule.nextRunAt().orElseThrow();
        Instant later = due.plus(Duration.ofHours(5));

        Schedule paused = repository().update(schedule.pause());
        assertThat(paused.status()).isEqualTo(ScheduleStatus.PAUSED);
        assertThat(repository().due(later).stream()).doesNotContain(paused);

        Schedule resumed = repository().update(schedule.id(), s -> s.resume(later));
        assertThat(resumed.enabled()).isTrue();
        assertThat(resumed.nextRunAt()).contains(later.plus(Duration.ofHours(1)));
        assertThat(repository().get(schedule.id())).isEqualTo(resumed);
    }

    @Test
    default void aScheduleIsRescheduled() {
        Schedule schedule = create();
        Instant now = schedule.createdAt();

        Schedule once = repository().update(schedule.reschedule(Recurrence.once(now.plusSeconds(90)), now));

        assertThat(repository().get(schedule.id())).isEqualTo(once);
        assertThat(once.recurrence()).isEqualTo(new Recurrence.OneTime(now.plusSeconds(90)));
        assertThat(once.nextRunAt()).contains(now.plusSeconds(90));
    }

    @Test
    default void dueIsWhatIsEnabledAndNotLater() {
        Schedule schedule = create();
        Instant due = schedule.nextRunAt().orElseThrow();

        assertThat(repository().due(due).stream()).contains(schedule);
        assertThat(repository().due(due.minusNanos(1_000)).stream()).doesNotContain(schedule);
        assertThat(repository().due(Instant.MAX).stream()).contains(schedule);
    }

    @Test
    @FailsWith(Deviation.CONCURRENT_WRITES)
    default void ofConcurrentRunsNoneIsLostAndFailedOnesCount() {
        Schedule schedule = create();
        Instant at = schedule.createdAt().plusSeconds(30);
        List<Integer> runs = IntStream.range(0, 48).boxed().toList();

        Bulk.each(runs, BulkOptions.defaults().withParallelism(32), run -> {
                    repository().recordRun(schedule.id(), run % 3 == 0 ? RunOutcome.FAILED : RunOutcome.SUCCEEDED, at);
                    return run;
                })
                .values();

        Schedule read = repository().get(schedule.id());
        assertThat(read.runCount()).isEqualTo(48);
        assertThat(read.failureCount()).isEqualTo(16);
        assertThat(read.successCount()).isEqualTo(32);
        assertThat(read.lastRunAt()).contains(at);
        assertThat(read.nextRunAt()).isEqualTo(schedule.nextRunAt());
        assertThat(read.revision().version()).isEqualTo(49);
    }

    @Test
    default void aOneTimeScheduleDisablesItselfWhenItHasRun() {
        Account account = Samples.account(storage());
        Instant at = account.createdAt().plusSeconds(60);
        Schedule once = repository().create(NewSchedule.of(account, ProviderType.AWS, "once", Recurrence.once(at)));

        repository().recordRun(once.id(), RunOutcome.SUCCEEDED, at);

        Schedule done = repository().get(once.id());
        assertThat(done.enabled()).isFalse();
        assertThat(done.nextRunAt()).isEmpty();
        assertThat(done.runCount()).isEqualTo(1);
        assertThat(done.lastRunAt()).contains(at);
        assertThatExceptionOfType(IllegalTransitionException.class).isThrownBy(() -> done.resume(at));
    }

    @Test
    default void noRunOfWhatDoesNotExistIsCounted() {
        ScheduleId nobody = ScheduleId.random();

        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> repository().recordRun(nobody, RunOutcome.FAILED, Instant.EPOCH));
        assertThat(repository().find(nobody)).isEmpty();
    }

    @Test
    default void schedulesAreListedByTenantAndAccountInPages() {
        Account account = Samples.account(storage());
        List<Schedule> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(repository().create(Samples.hourly(account)));
        }
        made.sort((a, b) -> a.id().value().compareTo(b.id().value()));
        create();
        PageToken token = Objects.requireNonNull(
                repository().ofAccount(account.id()).page(2).next());

        assertThat(repository().ofTenant(account.tenantId()).stream()).containsExactlyElementsOf(made);
        assertThat(repository().ofAccount(account.id()).stream()).containsExactlyElementsOf(made);
        assertThat(repository().ofAccount(account.id()).first(3)).containsExactlyElementsOf(made.subList(0, 3));
        assertThat(repository().ofAccount(account.id()).page(9, token).items())
                .containsExactlyElementsOf(made.subList(2, 5));
        assertThat(repository().ofAccount(account.id()).prefetching(Runnable::run).stream())
                .containsExactlyElementsOf(made);
        assertThatExceptionOfType(InvalidPageTokenException.class)
                .isThrownBy(() -> repository().ofTenant(account.tenantId()).page(2, token));
        assertThatExceptionOfType(InvalidPageTokenException.class)
                .isThrownBy(() -> repository().due(Instant.MAX).page(2, token));
    }
}
