package io.threatengine.onboarding.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.error.InvalidPageTokenException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.execution.ExecutionId;
import io.threatengine.onboarding.execution.ExecutionRepository;
import io.threatengine.onboarding.execution.NewExecution;
import io.threatengine.onboarding.execution.Trigger;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.scan.ScanId;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.storage.Bulk;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.PageToken;
import io.threatengine.onboarding.storage.TimeRange;
import io.threatengine.onboarding.testkit.Deviation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link ExecutionRepository} does. */
public interface ExecutionRepositoryContract extends EntityRepositoryContract<ExecutionId, Execution> {

    @Override
    default ExecutionRepository repository() {
        return storage().executions();
    }

    @Override
    default Execution create() {
        return repository().create(NewExecution.of(Samples.schedule(storage())));
    }

    @Override
    default Execution changed(Execution execution) {
        return execution.withScan(ScanId.random());
    }

    @Test
    default void anExecutionIsCreatedRunningOrPending() {
        Schedule schedule = Samples.schedule(storage());

        Execution running = repository().create(NewExecution.of(schedule));
        Execution pending =
                repository().create(NewExecution.of(schedule).by(Trigger.MANUAL).pending());

        assertThat(running.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(running.triggeredBy()).isEqualTo(Trigger.SCHEDULER);
        assertThat(running.tenantId()).contains(schedule.tenantId());
        assertThat(running.scheduleId()).isEqualTo(schedule.id());
        assertThat(running.accountId()).isEqualTo(schedule.accountId());
        assertThat(repository().get(pending.id())).isEqualTo(pending);
        assertThat(pending.status()).isEqualTo(RunStatus.PENDING);
        assertThatExceptionOfType(IllegalTransitionException.class)
                .isThrownBy(() -> pending.complete(Checks.of(1, 1, 0), pending.startedAt()))
                .satisfies(e -> assertThat(e.from()).isEqualTo("pending"));
        Instant later = pending.startedAt().plusSeconds(5);
        Execution started = repository().update(pending.id(), e -> e.start(later));
        assertThat(started.startedAt()).isEqualTo(later);
        assertThatExceptionOfType(IllegalTransitionException.class).isThrownBy(() -> started.start(later));
    }

    @Test
    default void everyFactOfAnExecutionIsKept() {
        Execution execution = create();
        ScanId scan = ScanId.random();
        Instant end = execution.startedAt().plusSeconds(90);

        repository().update(execution.withScan(scan).complete(Checks.of(10, 6, 3, 1), end));

        Execution read = repository().get(execution.id());
        assertThat(read.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(read.scanId()).contains(scan);
        assertThat(read.checks()).contains(new Checks(10, 6, 3, 1));
        assertThat(read.completedAt()).contains(end);
        assertThat(read.createdAt()).isEqualTo(execution.createdAt());
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> execution.complete(Checks.of(1, 1, 1), end));
    }

    @Test
    default void anEndByAClockThatIsBehindIsKept() {
        Execution execution = create();
        Instant before = execution.startedAt().minusSeconds(2);

        Execution ended = repository().update(execution.complete(Checks.of(1, 1, 0), before));

        assertThat(ended.completedAt()).contains(before);
        assertThat(repository().get(execution.id())).isEqualTo(ended);
    }

    @Test
    default void whatHasEndedKeepsItsFirstOutcome() {
        Execution execution = create();
        Instant end = execution.startedAt().plusSeconds(1);
        Execution failed = repository().update(execution.id(), e -> e.fail("no such role", end));

        for (var again : List.<UnaryOperator<Execution>>of(
                e -> e.complete(Checks.of(1, 1, 0), end),
                e -> e.fail("again", end),
                e -> e.cancel(end),
                e -> e.start(end),
                e -> e.withScan(ScanId.random()))) {
            assertThatExceptionOfType(IllegalTransitionException.class)
                    .isThrownBy(() -> repository().update(execution.id(), again))
                    .satisfies(e -> assertThat(e.from()).isEqualTo("failed"))
                    .withMessageContaining(execution.id().value());
        }
        assertThat(repository().get(execution.id())).isEqualTo(failed);
        assertThat(failed.errorMessage()).contains("no such role");
    }

    @Test
    @FailsWith(Deviation.CONCURRENT_WRITES)
    default void ofThoseWhoEndItAtOnceOneWins() {
        Execution execution = create();
        Instant end = execution.startedAt().plusSeconds(1);

        BulkResult<Integer, Execution> ends = Bulk.each(
                IntStream.range(0, 16).boxed().toList(),
                BulkOptions.defaults().withParallelism(16),
                i -> repository()
                        .update(
                                execution.id(),
                                e -> i % 2 == 0 ? e.fail("by " + i, end) : e.cancel(end.plusSeconds(i))));

        assertThat(ends.failures())
                .hasSize(15)
                .allSatisfy(outcome -> assertThat(outcome.failure()).isInstanceOf(IllegalTransitionException.class));
        assertThat(ends.outcomes())
                .filteredOn(BulkResult.Outcome::succeeded)
                .singleElement()
                .satisfies(outcome ->
                        assertThat(outcome.found()).contains(repository().get(execution.id())));
    }

    @Test
    default void anExecutionNeedsItsSchedule() {
        Schedule schedule = Samples.schedule(storage());
        Schedule other = Samples.schedule(storage());
        NewExecution ofAnother =
                new NewExecution(other.tenantId(), schedule.id(), schedule.accountId(), Trigger.API, RunStatus.RUNNING);
        NewExecution ofAnotherAccount =
                new NewExecution(schedule.tenantId(), schedule.id(), other.accountId(), Trigger.API, RunStatus.RUNNING);
        storage().schedules().delete(other.id());

        for (NewExecution wrong : List.of(ofAnother, ofAnotherAccount, NewExecution.of(other))) {
            assertThatExceptionOfType(NotFoundException.class)
                    .isThrownBy(() -> repository().create(wrong))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo("schedule"));
        }
        assertThat(repository().ofSchedule(schedule.id()).stream()).isEmpty();
        BulkResult<NewExecution, Execution> made = repository()
                .createAll(
                        List.of(ofAnother, NewExecution.of(schedule), ofAnotherAccount, NewExecution.of(other)),
                        BulkOptions.defaults());
        assertThat(made.failures()).hasSize(3);
        assertThat(repository().ofSchedule(schedule.id()).stream())
                .containsExactly(made.outcomes().get(1).found().orElseThrow());
    }

    @Test
    default void noExecutionMovesElsewhere() {
        Execution execution = create();
        Schedule other = Samples.schedule(storage());
        Execution moved = Execution.builder()
                .id(execution.id())
                .tenantId(other.tenantId())
                .scheduleId(other.id())
                .accountId(other.accountId())
                .startedAt(execution.startedAt())
                .createdAt(execution.createdAt())
                .revision(execution.revision())
                .build();

        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> repository().update(moved));
        assertThat(repository().get(execution.id())).isEqualTo(execution);
    }

    @Test
    default void executionsAreListedByTimeFromEitherEnd() {
        Schedule schedule = Samples.schedule(storage());
        List<Execution> made = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Execution pending = repository().create(NewExecution.of(schedule).pending());
            Instant start = pending.createdAt().plusSeconds(60L * i);
            made.add(repository().update(pending.start(start)));
        }
        Instant second = made.get(1).startedAt();
        Instant fifth = made.get(4).startedAt();
        create();

        assertThat(repository().ofSchedule(schedule.id()).stream()).containsExactlyElementsOf(made);
        assertThat(repository().ofAccount(schedule.accountId()).stream()).containsExactlyElementsOf(made);
        assertThat(repository()
                        .ofAccount(schedule.accountId(), TimeRange.ALL.latestFirst())
                        .first(2))
                .containsExactly(made.get(5), made.get(4));
        assertThat(repository().ofSchedule(schedule.id(), TimeRange.between(second, fifth)).stream())
                .containsExactlyElementsOf(made.subList(1, 4));
        assertThat(repository().ofSchedule(schedule.id(), TimeRange.since(fifth)).stream())
                .containsExactlyElementsOf(made.subList(4, 6));
        assertThat(repository()
                        .ofSchedule(schedule.id(), TimeRange.before(second).latestFirst())
                        .stream())
                .containsExactly(made.get(0));
        assertThat(repository().ofSchedule(schedule.id(), TimeRange.between(second, second)).stream())
                .isEmpty();
        PageToken token = Objects.requireNonNull(
                repository().ofSchedule(schedule.id()).page(2).next());
        assertThat(repository().ofSchedule(schedule.id()).page(2, token).items())
                .containsExactlyElementsOf(made.subList(2, 4));
        for (TimeRange other : List.of(TimeRange.ALL.latestFirst(), TimeRange.since(second), TimeRange.before(fifth))) {
            assertThatExceptionOfType(InvalidPageTokenException.class)
                    .isThrownBy(
                            () -> repository().ofSchedule(schedule.id(), other).page(2, token));
        }
    }
}
