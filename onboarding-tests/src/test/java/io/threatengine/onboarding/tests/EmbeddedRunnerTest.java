package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.aws.ClientOptions;
import io.threatengine.onboarding.claim.Claim;
import io.threatengine.onboarding.claim.ClaimOptions;
import io.threatengine.onboarding.claim.RunnerCounts;
import io.threatengine.onboarding.claim.RunnerOptions;
import io.threatengine.onboarding.claim.ScheduleRunner;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.testkit.Fault;
import io.threatengine.onboarding.testkit.Faults;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.Isolation;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A runner on real threads and over the network. */
@OnboardingTest(isolation = Isolation.METHOD)
class EmbeddedRunnerTest {
    private static final Duration LEASE = Duration.ofMinutes(6);
    private static final int ATTEMPTS = ClientOptions.defaults().attempts();

    private OnboardingStorage storage;
    private Faults faults;
    private SettableClock clock;
    private ManualTimer timer;

    @BeforeEach
    void use(Workspace workspace) {
        clock = workspace.clock();
        storage = workspace.storage();
        faults = workspace.faults();
        timer = new ManualTimer(clock);
    }

    @Test
    void runsEverythingThatIsDueOnceAndCountsIt() throws InterruptedException {
        int count = 60;
        List<Schedule> schedules = DueSchedules.due(storage, clock, count);
        var handled = new CountDownLatch(count);
        Set<String> seen = ConcurrentHashMap.newKeySet();
        ScheduleRunner runner = ScheduleRunner.start(storage.claims(), options(8), claim -> {
            boolean first = seen.add(claim.executionId().value());
            handled.countDown();
            if (!first) {
                throw new IllegalStateException("run twice");
            }
            return Checks.of(3, 2, 1);
        });
        handled.await();
        runner.close();

        RunnerCounts counts = runner.counts();
        assertThat(counts)
                .isEqualTo(new RunnerCounts(counts.looks(), 0, count, 0, count, 0, 0, 0, counts.races(), 0, 0, 0));
        assertThat(counts.looks()).as("a look for each few that end").isLessThan(count);
        assertThat(schedules).allSatisfy(schedule -> {
            Schedule stored = storage.schedules().get(schedule.id());
            assertThat(stored.runCount()).isEqualTo(1);
            assertThat(stored.successCount()).isEqualTo(1);
            assertThat(stored.lease()).isEmpty();
            assertThat(execution(schedule).status()).isEqualTo(RunStatus.COMPLETED);
        });
    }

    @Test
    void whatSetsItsInterruptionAgainIsGivenBackAllTheSame() throws InterruptedException {
        DueSchedules.due(storage, clock, 1);
        var begun = new CountDownLatch(1);
        ScheduleRunner runner =
                ScheduleRunner.start(storage.claims(), options(1).withStopTime(Duration.ZERO), claim -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                        return null;
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new IllegalStateException("interrupted", e);
                    }
                });
        begun.await();

        runner.close();

        assertThat(runner.counts().released()).isEqualTo(1);
        List<Claim> next = storage.claims().claimDue("another", LEASE, 1).claims();
        assertThat(next)
                .singleElement()
                .satisfies(claim -> assertThat(claim.attempt()).isEqualTo(1));
        storage.claims().complete(next.get(0));
    }

    @Test
    void aReportWhoseAnswerWasLostIsNotTakenForALostLease() {
        Schedule schedule = DueSchedules.due(storage, clock, 1).get(0);
        var held = new HeldThreads();
        try (ScheduleRunner runner = ScheduleRunner.start(storage.claims(), options(1), claim -> null, timer, held)) {
            timer.runDue();
            faults.on("TransactWriteItems").next(1, Fault.cutAfter());
            faults.on("TransactWriteItems").next(ATTEMPTS, Fault.cutBefore());
            held.runAll();
            assertThat(faults.happened()).isEqualTo(ATTEMPTS);
            assertThat(runner.counts().completed()).isZero();
            assertThat(execution(schedule).status()).as("stored").isEqualTo(RunStatus.COMPLETED);

            timer.advance(LEASE.dividedBy(3));

            assertThat(runner.counts().completed()).isEqualTo(1);
            assertThat(runner.counts().leasesLost()).isZero();
            assertThat(storage.schedules().get(schedule.id()).runCount()).isEqualTo(1);
        }
    }

    private static RunnerOptions options(int limit) {
        return RunnerOptions.of(ClaimOptions.of("one", LEASE, limit)).withPollInterval(Duration.ofHours(1));
    }

    private Execution execution(Schedule schedule) {
        List<Execution> executions =
                storage.executions().ofSchedule(schedule.id()).stream().toList();
        assertThat(executions).hasSize(1);
        return executions.get(0);
    }
}
