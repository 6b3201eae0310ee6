package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.claim.Claim;
import io.threatengine.onboarding.claim.ClaimOptions;
import io.threatengine.onboarding.claim.RunHandler;
import io.threatengine.onboarding.claim.RunnerCounts;
import io.threatengine.onboarding.claim.RunnerOptions;
import io.threatengine.onboarding.claim.ScheduleRunner;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.Isolation;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.On;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a runner does, turn by turn: the timer is moved by hand, and runs are held where threads do not matter. */
@OnboardingTest(value = On.MEMORY, isolation = Isolation.METHOD)
class ScheduleRunnerTest {
    private static final Duration LEASE = Duration.ofMinutes(6);
    private static final Duration RENEWAL = LEASE.dividedBy(3);
    private static final Duration POLL = Duration.ofMinutes(20);

    private final HeldThreads held = new HeldThreads();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger handled = new AtomicInteger();

    private OnboardingStorage storage;
    private SettableClock clock;
    private ManualTimer timer;

    @BeforeEach
    void use(Workspace workspace) {
        storage = workspace.storage();
        clock = workspace.clock();
        timer = new ManualTimer(clock);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    // ---- looking

    @Test
    void runsAsManyAtOnceAsTheLimitSaysAndMoreAsRoomBecomesFree() {
        DueSchedules.due(storage, clock, 5);
        try (ScheduleRunner runner = start(2, this::count)) {
            timer.runDue();
            assertThat(runner.counts().running()).isEqualTo(2);
            assertThat(held.held()).isEqualTo(2);
            for (int done = 1; done <= 5; done++) {
                held.runNext();
                timer.runDue();
                assertThat(runner.counts().completed()).isEqualTo(done);
                assertThat(runner.counts().running()).isEqualTo(Math.min(2, 5 - done));
            }
            assertThat(handled).hasValue(5);
            assertThat(runner.counts().claimed()).isEqualTo(5);
        }
    }

    @Test
    void looksAgainNotForEachRunThatEndsButForAFewOfThem() {
        DueSchedules.due(storage, clock, 20);
        try (ScheduleRunner runner = start(8, this::count)) {
            timer.runDue();
            held.runNext();
            timer.runDue();
            assertThat(runner.counts().looks()).isEqualTo(1);

            held.runNext();
            timer.runDue();
            assertThat(runner.counts().looks()).isEqualTo(2);
            assertThat(runner.counts().running()).isEqualTo(8);
        }
    }

    @Test
    void looksAfterEachPollIntervalForWhateverRoomThereIs() {
        DueSchedules.due(storage, clock, 9);
        try (ScheduleRunner runner = start(8, this::count)) {
            timer.runDue();
            held.runNext();
            timer.runDue();
            assertThat(runner.counts().running()).isEqualTo(7);

            timer.advance(POLL);

            assertThat(runner.counts().running()).as("seven take long").isEqualTo(8);
        }
    }

    @Test
    void whatBecomesDueIsFoundAtTheNextPoll() {
        DueSchedules.due(storage, clock, 1);
        try (ScheduleRunner runner = start(2, this::count)) {
            timer.runDue();
            held.runAll();
            timer.advance(DueSchedules.HOUR);
            held.runAll();
            assertThat(runner.counts().completed()).isEqualTo(2);
            assertThat(runner.counts().looks()).isEqualTo(4);
        }
    }

    @Test
    void aLookThatTheServiceFailsIsCountedAndTheNextOneTriesAgain() {
        DueSchedules.due(storage, clock, 1);
        var service = new FailingService(storage);
        try (ScheduleRunner runner =
                ScheduleRunner.start(service.claims(), impatient(options(2)), this::count, timer, held)) {
            service.failNext(1);
            timer.runDue();
            assertThat(runner.counts().failedLooks()).isEqualTo(1);
            assertThat(runner.counts().claimed()).isZero();

            timer.advance(POLL);

            assertThat(runner.counts().failedLooks()).isEqualTo(1);
            assertThat(runner.counts().looks()).isEqualTo(2);
            assertThat(runner.counts().claimed()).isEqualTo(1);
        }
    }

    @Test
    void whatIsClaimedIsGivenBackWhereNoThreadTakesIt() {
        DueSchedules.due(storage, clock, 1);
        held.shutdown();
        try (ScheduleRunner runner = start(1, this::count)) {
            timer.runDue();
            assertThat(runner.counts().released()).isEqualTo(1);
            assertThat(runner.counts().running()).isZero();
            assertThat(runner.counts().looks()).as("at the next poll again").isEqualTo(1);
        }
        assertThat(claimElsewhere().attempt()).isEqualTo(1);
    }

    @Test
    void theSameWhereTheSystemHasNoMoreThreads() {
        DueSchedules.due(storage, clock, 1);
        ExecutorService none = Executors.newCachedThreadPool(task -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        try (ScheduleRunner runner = ScheduleRunner.start(storage.claims(), options(1), this::count, timer, none)) {
            timer.runDue();
            assertThat(runner.counts().released()).isEqualTo(1);
            assertThat(runner.counts().failedLooks()).isZero();
            timer.advance(POLL);
            assertThat(runner.counts().released()).isEqualTo(2);
        } finally {
            none.shutdownNow();
        }
    }

    // ---- what comes of a run

    @Test
    void whatTheHandlerCountsIsReported() {
        Schedule schedule = DueSchedules.due(storage, clock, 1).get(0);
        try (ScheduleRunner runner = start(1, claim -> Checks.of(10, 8, 2))) {
            timer.runDue();
            held.runAll();
            assertThat(runner.counts().completed()).isEqualTo(1);
        }
        assertThat(execution(schedule).checks()).contains(Checks.of(10, 8, 2));
        assertThat(storage.schedules().get(schedule.id()).successCount()).isEqualTo(1);
    }

    @Test
    void aHandlerThatFailsMakesAFailedExecutionWithItsMessage() {
        Schedule schedule = DueSchedules.due(storage, clock, 1).get(0);

        assertThat(failureOf(schedule, claim -> {
                    throw new IllegalStateException("the role cannot be assumed");
                }))
                .isEqualTo("the role cannot be assumed");
        assertThat(storage.schedules().get(schedule.id()).failureCount()).isEqualTo(1);
    }

    @Test
    void aFailureWithoutAMessageIsNamed() {
        Schedule schedule = DueSchedules.due(storage, clock, 1).get(0);

        assertThat(failureOf(schedule, claim -> {
                    throw new IOException();
                }))
                .isEqualTo("java.io.IOException");
    }

    @Test
    void aLongFailureIsCutBetweenTwoCharacters() {
        Schedule schedule = DueSchedules.due(storage, clock, 1).get(0);
        String message = "!" + "\uD83D\uDD25".repeat(20_000);

        assertThat(failureOf(schedule, claim -> {
                    throw new IllegalStateException(message);
                }))
                .isEqualTo(message.substring(0, 999));
    }

    @Test
    void countsThatDoNotFitEachOtherAreAFailure() {
        Schedule schedule = DueSchedules.due(storage, clock, 1).get(0);

        assertThat(failureOf(schedule, claim -> new Checks(1, 2, 3, 4))).contains("checks");
    }

    @Test
    void anErrorIsReportedAndGoesOnToTheThread() {
        Schedule schedule = DueSchedules.due(storage, clock, 1).get(0);
        try (ScheduleRunner runner = start(1, claim -> {
            throw new StackOverflowError("too deep");
        })) {
            timer.runDue();
            assertThatExceptionOfType(StackOverflowError.class).isThrownBy(held::runAll);
            assertThat(runner.counts().failed()).isEqualTo(1);
        }
        assertThat(execution(schedule).errorMessage()).contains("too deep");
    }

    @Test
    void aReportThatTheServiceFailsIsTriedAgainAtTheNextRenewal() {
        Schedule schedule = DueSchedules.due(storage, clock, 1).get(0);
        var service = new FailingService(storage);
        try (ScheduleRunner runner = ScheduleRunner.start(service.claims(), options(1), this::count, timer, held)) {
            timer.runDue();
            service.failNext(1);
            held.runAll();
            assertThat(runner.counts().running()).isEqualTo(1);
            assertThat(runner.counts().completed()).isZero();
            assertThat(execution(schedule).status()).isEqualTo(RunStatus.RUNNING);

            timer.advance(RENEWAL);

            assertThat(runner.counts().completed()).isEqualTo(1);
            assertThat(runner.counts().running()).isZero();
            assertThat(execution(schedule).status()).isEqualTo(RunStatus.COMPLETED);
        }
        assertThat(handled).as("the handler is not asked again").hasValue(1);
    }

    @Test
    void aReportThatWaitsKeepsItsLease() {
        DueSchedules.due(storage, clock, 1);
        var service = new FailingService(storage);
        try (ScheduleRunner runner = ScheduleRunner.start(service.claims(), options(1), this::count, timer, held)) {
            timer.runDue();
            service.failNext(1);
            held.runAll();
            for (int renewal = 0; renewal < 9; renewal++) {
                service.failNext(1); // the report; what renews comes after it
                timer.advance(RENEWAL);
                assertThat(storage.claims().claimDue("another", LEASE, 1).claims())
                        .isEmpty();
            }
            timer.advance(RENEWAL);
            assertThat(runner.counts().completed()).isEqualTo(1);
        }
    }

    @Test
    void aReportIsTriedOnceMoreWhenTheRunnerStops() {
        Schedule schedule = DueSchedules.due(storage, clock, 1).get(0);
        var service = new FailingService(storage);
        ScheduleRunner runner = ScheduleRunner.start(service.claims(), impatient(options(1)), this::count, timer, held);
        timer.runDue();
        service.failNext(1);
        held.runAll();

        runner.close();

        assertThat(runner.counts().completed()).isEqualTo(1);
        assertThat(execution(schedule).status()).isEqualTo(RunStatus.COMPLETED);
    }

    // ---- leases

    @Test
    void aRunThatTakesLongIsRenewed() {
        DueSchedules.due(storage, clock, 1);
        try (ScheduleRunner runner = start(1, this::count)) {
            timer.runDue();
            for (int renewal = 0; renewal < 30; renewal++) {
                timer.advance(RENEWAL);
                assertThat(storage.claims().claimDue("another", LEASE, 1).claims())
                        .isEmpty();
            }
            held.runAll();
            assertThat(runner.counts().completed()).isEqualTo(1);
        }
    }

    @Test
    void aRenewalThatTheServiceFailsIsTriedAgain() {
        DueSchedules.due(storage, clock, 1);
        var service = new FailingService(storage);
        try (ScheduleRunner runner = ScheduleRunner.start(service.claims(), options(1), this::count, timer, held)) {
            timer.runDue();
            service.failNext(1);
            timer.advance(RENEWAL);
            timer.advance(RENEWAL);
            clock.advance(LEASE.minusSeconds(1));
            assertThat(storage.claims().claimDue("another", LEASE, 1).claims()).isEmpty();
            held.runAll();
            assertThat(runner.counts().completed()).isEqualTo(1);
        }
    }

    @Test
    void aRunnerDoesNotTakeItsOwnRunsOverAfterAnOutage() {
        DueSchedules.due(storage, clock, 1);
        try (ScheduleRunner runner = start(2, this::count)) {
            timer.runDue();
            clock.advance(DueSchedules.HOUR); // nothing was renewed; the look is due before the renewal

            timer.runDue();

            assertThat(runner.counts().looks()).isGreaterThan(1);
            assertThat(runner.counts().claimed()).isEqualTo(1);
            assertThat(storage.claims().claimDue("another", LEASE, 1).claims()).isEmpty();
            held.runNext();
            assertThat(runner.counts().completed()).isEqualTo(1);
        }
    }

    @Test
    void aSlowLookKeepsNoRenewalWaiting() throws InterruptedException {
        DueSchedules.due(storage, clock, 3);
        var service = new FailingService(storage);
        try (ScheduleRunner runner =
                ScheduleRunner.start(service.claims(), impatient(options(2)), this::count, timer, held)) {
            timer.runDue();
            held.runNext();
            var answer = new CountDownLatch(1);
            CountDownLatch asked = service.waitNext(answer);
            var looking = new Thread(timer::runDue);
            looking.start();
            asked.await();

            held.runNext(); // and asks for another look
            timer.runDue(); // which this thread does not wait for

            answer.countDown();
            looking.join();
            held.runNext();
            assertThat(runner.counts().completed()).isEqualTo(3);
        }
    }

    @Test
    void aRunWhoseLeaseIsLostIsInterruptedAndReportsNothing() throws InterruptedException {
        Schedule schedule = DueSchedules.due(storage, clock, 1).get(0);
        var begun = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        try (ScheduleRunner runner = ScheduleRunner.start(
                storage.claims(),
                options(1),
                claim -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                        return null;
                    } finally {
                        interrupted.countDown();
                    }
                },
                timer,
                threads)) {
            timer.runDue();
            begun.await();
            clock.advance(LEASE);
            Claim other = claimElsewhere();

            timer.advance(RENEWAL);

            interrupted.await();
            endOfThreads();
            assertThat(runner.counts().leasesLost()).isEqualTo(1);
            assertThat(runner.counts().failed() + runner.counts().completed()).isZero();
            assertThat(execution(schedule).status()).isEqualTo(RunStatus.RUNNING);
            storage.claims().complete(other);
            assertThat(storage.schedules().get(schedule.id()).runCount()).isEqualTo(1);
        }
    }

    @Test
    void whatALostRunReportsInSpiteOfAllIsNotTaken() {
        Schedule schedule = DueSchedules.due(storage, clock, 1).get(0);
        try (ScheduleRunner runner = start(1, this::count)) {
            timer.runDue();
            clock.advance(LEASE);
            claimElsewhere();

            held.runAll();

            assertThat(runner.counts().leasesLost()).isEqualTo(1);
            assertThat(runner.counts().completed()).isZero();
            assertThat(execution(schedule).status()).isEqualTo(RunStatus.RUNNING);
            assertThat(storage.schedules().get(schedule.id()).runCount()).isZero();
        }
    }

    @Test
    void theRunOfAScheduleThatIsDeletedGoesOnAndIsReported() {
        Schedule schedule = DueSchedules.due(storage, clock, 1).get(0);
        try (ScheduleRunner runner = start(1, this::count)) {
            timer.runDue();
            storage.schedules().delete(schedule.id());
            timer.advance(RENEWAL);
            assertThat(runner.counts().running()).isEqualTo(1);

            held.runAll();

            assertThat(runner.counts().completed()).isEqualTo(1);
            assertThat(execution(schedule).status()).isEqualTo(RunStatus.COMPLETED);
        }
    }

    // ---- stopping

    @Test
    void stoppingWaitsForWhatIsUnderWay() throws InterruptedException {
        DueSchedules.due(storage, clock, 1);
        var begun = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        ScheduleRunner runner = ScheduleRunner.start(
                storage.claims(),
                options(1).withStopTime(Duration.ofMinutes(10)),
                claim -> {
                    begun.countDown();
                    release.await();
                    order.add("the run has ended");
                    return null;
                },
                timer,
                threads);
        timer.runDue();
        begun.await();

        var closing = new Thread(() -> {
            runner.close();
            order.add("it is closed");
        });
        closing.start();
        while (closing.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        timer.advance(RENEWAL);
        release.countDown();
        closing.join();

        assertThat(order).containsExactly("the run has ended", "it is closed");
        assertThat(runner.counts().completed()).isEqualTo(1);
        assertThat(timer.waiting()).as("its tasks").isZero();
    }

    @Test
    void whatDoesNotEndInTimeIsInterruptedAndGivenBack() throws InterruptedException {
        DueSchedules.due(storage, clock, 1);
        var begun = new CountDownLatch(1);
        ScheduleRunner runner = ScheduleRunner.start(
                storage.claims(),
                impatient(options(1)),
                claim -> {
                    begun.countDown();
                    new CountDownLatch(1).await();
                    return null;
                },
                timer,
                threads);
        timer.runDue();
        begun.await();

        runner.close();

        assertThat(runner.counts().released()).isEqualTo(1);
        assertThat(runner.counts().running()).isZero();
        Claim next = claimElsewhere();
        assertThat(next.attempt()).as("no attempt was used up").isEqualTo(1);
    }

    @Test
    void whatEndsThoughItWasInterruptedIsReported() throws InterruptedException {
        Schedule schedule = DueSchedules.due(storage, clock, 1).get(0);
        var begun = new CountDownLatch(1);
        ScheduleRunner runner = ScheduleRunner.start(
                storage.claims(),
                impatient(options(1)),
                claim -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt(); // and soon done
                    }
                    return Checks.of(1, 1, 0);
                },
                timer,
                threads);
        timer.runDue();
        begun.await();

        runner.close();

        assertThat(runner.counts().completed()).isEqualTo(1);
        assertThat(execution(schedule).checks()).contains(Checks.of(1, 1, 0));
    }

    @Test
    void whatHasNoThreadYetIsGivenBackAndNeverBegun() {
        DueSchedules.due(storage, clock, 3);
        ScheduleRunner runner = ScheduleRunner.start(storage.claims(), impatient(options(3)), this::count, timer, held);
        timer.runDue();

        runner.close();
        held.runAll();

        assertThat(runner.counts().released()).isEqualTo(3);
        assertThat(handled).hasValue(0);
        assertThat(storage.claims().claimDue("another", LEASE, 3).claims()).hasSize(3);
    }

    @Test
    void aHandlerThatIgnoresTheInterruptionKeepsItsClaim() throws InterruptedException {
        Schedule schedule = DueSchedules.due(storage, clock, 1).get(0);
        var begun = new CountDownLatch(1);
        var release = new CompletableFuture<Void>();
        ScheduleRunner runner = ScheduleRunner.start(
                storage.claims(),
                impatient(options(1)),
                claim -> {
                    begun.countDown();
                    release.join(); // which no interruption ends
                    return null;
                },
                timer,
                threads);
        timer.runDue();
        begun.await();

        Thread.currentThread().interrupt(); // then close does not wait
        runner.close();

        assertThat(Thread.interrupted()).as("it says so").isTrue();
        assertThat(runner.counts().running()).isEqualTo(1);
        assertThat(runner.counts().released()).isZero();
        assertThat(storage.claims().claimDue("another", LEASE, 1).claims()).isEmpty();

        release.complete(null);
        endOfThreads();
        assertThat(runner.counts().completed()).isEqualTo(1);
        assertThat(execution(schedule).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void closingTwiceIsClosingOnceAndTheCallersThreadsStayOpen() {
        DueSchedules.due(storage, clock, 1);
        ScheduleRunner runner = start(1, this::count);
        timer.runDue();
        held.runAll();
        timer.runDue();

        runner.close();
        RunnerCounts counts = runner.counts();
        runner.close();

        assertThat(runner.counts()).isEqualTo(counts);
        assertThat(timer.waiting()).isZero();
        assertThat(timer.isShutdown()).isFalse();
        assertThat(held.isShutdown()).isFalse();
    }

    @Test
    void aClosedRunnerClaimsNothing() {
        ScheduleRunner runner = start(1, this::count);
        runner.close();
        DueSchedules.due(storage, clock, 1);
        timer.advance(POLL);
        assertThat(runner.counts().looks()).isZero();
        assertThat(storage.claims().claimDue("another", LEASE, 1).claims()).hasSize(1);
    }

    // ---- counts and threads

    @Test
    void theCountsAddUp() {
        List<Schedule> schedules = DueSchedules.due(storage, clock, 12);
        var which = new AtomicInteger();
        ScheduleRunner runner = ScheduleRunner.start(
                storage.claims(),
                impatient(options(12)),
                claim -> {
                    if (which.getAndIncrement() % 2 == 0) {
                        throw new IllegalStateException("every second one");
                    }
                    return null;
                },
                timer,
                held);
        timer.runDue();
        for (int i = 0; i < 6; i++) {
            held.runNext();
        }
        clock.advance(LEASE);
        int taken = storage.claims().claimDue("another", LEASE, 2).claims().size();
        timer.runDue(); // the renewals
        RunnerCounts open = runner.counts();
        runner.close();
        RunnerCounts counts = runner.counts();

        assertThat(taken).isEqualTo(2);
        assertThat(open.claimed())
                .isEqualTo(open.running() + open.completed() + open.failed() + open.released() + open.leasesLost());
        assertThat(counts).isEqualTo(new RunnerCounts(counts.looks(), 0, 12, 0, 3, 3, 4, 2, counts.races(), 0, 0, 0));
        assertThat(schedules.stream()
                        .mapToLong(schedule ->
                                storage.schedules().get(schedule.id()).runCount())
                        .sum())
                .isEqualTo(6);
    }

    @Test
    void runsOnThreadsOfItsOwnThatKeepNoProcessAlive() throws Exception {
        DueSchedules.due(storage, clock, 1);
        var thread = new CompletableFuture<Thread>();
        try (ScheduleRunner runner = ScheduleRunner.start(storage.claims(), options(1), claim -> {
            thread.complete(Thread.currentThread());
            return null;
        })) {
            Thread ran = thread.get();
            assertThat(ran.isDaemon()).isTrue();
            if (Runtime.version().feature() >= 21) {
                assertThat(Thread.class.getMethod("isVirtual").invoke(ran)).isEqualTo(true);
            } else {
                assertThat(ran.getName()).isEqualTo("onboarding-run");
            }
            assertThat(threadsOf(runnerName())).isNotEmpty().allMatch(Thread::isDaemon);
        }
        for (Thread own : threadsOf(runnerName())) {
            own.join(); // which a pool that was left open would never let happen
        }
    }

    // ---- what the tests need

    private static String runnerName() {
        return "onboarding-runner-one";
    }

    private static List<Thread> threadsOf(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .toList();
    }

    private Checks count(Claim claim) {
        handled.incrementAndGet();
        return null;
    }

    private ScheduleRunner start(int limit, RunHandler handler) {
        return ScheduleRunner.start(storage.claims(), impatient(options(limit)), handler, timer, held);
    }

    private static RunnerOptions options(int limit) {
        return RunnerOptions.of(ClaimOptions.of("one", LEASE, limit)).withPollInterval(POLL);
    }

    private static RunnerOptions impatient(RunnerOptions options) {
        return options.withStopTime(Duration.ZERO);
    }

    private String failureOf(Schedule schedule, RunHandler handler) {
        try (ScheduleRunner runner = start(1, handler)) {
            timer.runDue();
            held.runAll();
            assertThat(runner.counts().failed()).isEqualTo(1);
            assertThat(runner.counts().completed()).isZero();
        }
        assertThat(execution(schedule).status()).isEqualTo(RunStatus.FAILED);
        return execution(schedule).errorMessage().orElseThrow();
    }

    private Execution execution(Schedule schedule) {
        List<Execution> executions =
                storage.executions().ofSchedule(schedule.id()).stream().toList();
        assertThat(executions).hasSize(1);
        return executions.get(0);
    }

    private Claim claimElsewhere() {
        List<Claim> claims = storage.claims().claimDue("another", LEASE, 1).claims();
        assertThat(claims).hasSize(1);
        return claims.get(0);
    }

    private void endOfThreads() throws InterruptedException {
        threads.shutdown();
        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
}
