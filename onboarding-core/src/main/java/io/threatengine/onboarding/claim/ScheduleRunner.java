package io.threatengine.onboarding.claim;

import io.threatengine.onboarding.error.LeaseLostException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.error.VersionConflictException;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.tenant.TenantId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs due schedules: looks for them, claims as many as it may run at once, has a handler run each on a thread of its own,
 * renews the leases of what takes long, and reports what came of it. Thread-safe.
 *
 * <pre>{@code
 * var options = RunnerOptions.of(ClaimOptions.of("scanner-7", Duration.ofMinutes(5), 50));
 * try (ScheduleRunner runner = ScheduleRunner.start(storage.claims(), options, claim -> scan(claim.schedule()))) {
 *     stopSignal.await();
 * }
 * }</pre>
 *
 * <p>{@link #close} looks no more, waits for what is under way as long as the options say, then interrupts it and gives it
 * back to other workers. A handler that goes on in spite of it keeps its claim until the lease ends.
 *
 * <p>What a service refuses or fails is tried again at the next look, renewal or report; it is logged, as everything else that
 * somebody should see, by {@link System.Logger} under this class's name.
 */
public final class ScheduleRunner implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ScheduleRunner.class.getName());
    private static final int RENEWALS_PER_LEASE = 3;
    private static final int LONGEST_REASON = 1_000;
    private static final int REPORTS_AT_ONCE = 8;

    /** How long a run that was interrupted may take to notice. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final ScheduleClaims claims;
    private final RunnerOptions options;
    private final RunHandler handler;
    private final ScheduledExecutorService timer;
    private final ExecutorService threads;
    private final boolean ownsExecutors;
    private final List<Future<?>> timers = new CopyOnWriteArrayList<>();
    private final Map<Run, Run> running = new ConcurrentHashMap<>();
    private final Phaser underWay = new Phaser(1);
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger looksAsked = new AtomicInteger();
    private final ReentrantLock looking = new ReentrantLock();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Whether the last look has left something due, for want of room. */
    private volatile boolean moreIsDue;

    private final LongAdder looks = new LongAdder();
    private final LongAdder failedLooks = new LongAdder();
    private final LongAdder claimed = new LongAdder();
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder released = new LongAdder();
    private final LongAdder leasesLost = new LongAdder();
    private final LongAdder races = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final LongAdder givenUp = new LongAdder();
    private final LongAdder broken = new LongAdder();

    private ScheduleRunner(
            ScheduleClaims claims,
            RunnerOptions options,
            RunHandler handler,
            ScheduledExecutorService timer,
            ExecutorService threads,
            boolean ownsExecutors) {
        this.claims = Objects.requireNonNull(claims, "claims");
        this.options = Objects.requireNonNull(options, "options");
        this.handler = Objects.requireNonNull(handler, "handler");
        this.timer = Objects.requireNonNull(timer, "timer");
        this.threads = Objects.requireNonNull(threads, "threads");
        this.ownsExecutors = ownsExecutors;
    }

    /**
     * Starts a runner with threads of its own: virtual ones for the runs where the JVM has them, daemon threads where not. Its
     * first look is at once.
     */
    public static ScheduleRunner start(ScheduleClaims claims, RunnerOptions options, RunHandler handler) {
        ScheduledExecutorService timer = Executors.newScheduledThreadPool(
                2,
                task -> RunnerThreads.daemon(
                        "onboarding-runner-" + options.claims().worker(), task));
        return started(new ScheduleRunner(claims, options, handler, timer, RunnerThreads.perRun(), true));
    }

    /**
     * Starts a runner on the caller's threads, which stay the caller's to shut down.
     *
     * @param timer looks for what is due and renews leases; two threads, so that one does not keep the other waiting
     * @param threads runs the handler; for as many as the claims' limit at once
     */
    public static ScheduleRunner start(
            ScheduleClaims claims,
            RunnerOptions options,
            RunHandler handler,
            ScheduledExecutorService timer,
            ExecutorService threads) {
        return started(new ScheduleRunner(claims, options, handler, timer, threads, false));
    }

    private static ScheduleRunner started(ScheduleRunner runner) {
        long poll = runner.options.pollInterval().toNanos();
        long renewal = runner.options.claims().lease().toNanos() / RENEWALS_PER_LEASE;
        runner.timers.add(runner.timer.scheduleWithFixedDelay(() -> runner.look(true), 0, poll, TimeUnit.NANOSECONDS));
        runner.timers.add(runner.timer.scheduleWithFixedDelay(runner::renew, renewal, renewal, TimeUnit.NANOSECONDS));
        return runner;
    }

    public RunnerCounts counts() {
        return new RunnerCounts(
                looks.sum(),
                failedLooks.sum(),
                claimed.sum(),
                running.size(),
                completed.sum(),
                failed.sum(),
                released.sum(),
                leasesLost.sum(),
                races.sum(),
                skipped.sum(),
                givenUp.sum(),
                broken.sum());
    }

    /** Stops as the class says. Returns when nothing is under way any more, or the time for it is over. */
    @Override
    public void close() {
        if (!stopped.compareAndSet(false, true)) {
            awaitClosed();
            return;
        }
        long deadline = System.nanoTime() + options.stopTime().toNanos();
        awaitLook();
        int phase = underWay.arriveAndDeregister();
        if (!ended(phase, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
            reportAside(running.keySet().stream().filter(Run::interrupt).toList());
            if (!ended(phase, GRACE)) {
                LOG.log(Level.WARNING, "{0} runs go on after they were interrupted", running.size());
            }
        }
        timers.forEach(task -> task.cancel(false));
        if (ownsExecutors) {
            timer.shutdownNow();
            threads.shutdown();
        }
        closed.countDown();
    }

    private void awaitClosed() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A look that is under way has its time too; what it claims after that it gives back by itself. */
    private void awaitLook() {
        try {
            if (looking.tryLock(options.stopTime().toNanos(), TimeUnit.NANOSECONDS)) {
                looking.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On threads of their own: the others may be taken by handlers that do not end. */
    private static void reportAside(List<Run> ended) {
        if (ended.isEmpty()) {
            return;
        }
        ExecutorService aside = Executors.newFixedThreadPool(
                Math.min(REPORTS_AT_ONCE, ended.size()), task -> RunnerThreads.daemon("onboarding-runner-end", task));
        ended.forEach(run -> aside.execute(run::reportIfIdle));
        aside.shutdown();
    }

    private boolean ended(int phase, Duration patience) {
        try {
            underWay.awaitAdvanceInterruptibly(phase, patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    // ---- looking

    /**
     * Looks until there is no more, or no room. Where a look is under way already, that one goes on instead: the timer's other
     * thread is for renewals.
     *
     * @param polled whether it is time for a look, for whatever room there is; otherwise only because some has become free
     */
    private void look(boolean polled) {
        if (looksAsked.getAndIncrement() > 0) {
            return;
        }
        boolean first = polled;
        int answered;
        do {
            answered = looksAsked.get();
            looking.lock();
            try {
                boolean again = true;
                while (again && (first || moreIsDue) && !stopped.get()) {
                    again = lookOnce(first ? 1 : enoughRoom());
                    first = false;
                }
            } finally {
                looking.unlock();
            }
        } while (looksAsked.addAndGet(-answered) > 0);
    }

    /**
     * Looks, if there is room.
     *
     * @return whether there may be more than was claimed, and room for it by now
     */
    private boolean lookOnce(int room) {
        moreIsDue = true; // first, so that whoever ends from here on asks for the next look
        int free = options.claims().limit() - running.size();
        if (free < room) {
            return false;
        }
        looks.increment();
        try {
            // after an outage our own runs would be found due, and be taken over from ourselves
            running.keySet().stream().filter(Run::isOverdue).forEach(this::renew);
            ClaimResult found = claims.claimDue(options.claims().withLimit(free), runningByTenant());
            races.add(found.lost());
            skipped.add(found.skipped());
            givenUp.add(found.givenUp());
            broken.add(found.problems().size());
            found.problems().forEach(problem -> LOG.log(Level.WARNING, "A due schedule was left out", problem));
            if (stopped.get()) {
                found.claims().forEach(this::giveBack);
                return false;
            }
            moreIsDue = found.more();
            // all of them, whether or not one before had a thread
            boolean allBegun =
                    found.claims().stream().filter(claim -> !begin(claim)).count() == 0;
            return moreIsDue && allBegun && !found.claims().isEmpty();
        } catch (RuntimeException | Error e) {
            // an error too: the timer would not look any more, and nobody would know
            failedLooks.increment();
            LOG.log(Level.WARNING, "The look for due schedules failed; the next one tries again", e);
            return false;
        }
    }

    private Map<TenantId, Integer> runningByTenant() {
        Map<TenantId, Integer> counts = new HashMap<>();
        running.keySet().forEach(run -> counts.merge(run.claim.schedule().tenantId(), 1, Integer::sum));
        return counts;
    }

    /** What was claimed while the runner was stopped. */
    private void giveBack(Claim claim) {
        claimed.increment();
        try {
            claims.release(claim);
            released.increment();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, claim + " could not be given back; its lease ends by itself", e);
            leasesLost.increment();
        }
    }

    /** A look reads a page: not for each single run that ends. */
    private int enoughRoom() {
        return Math.max(1, options.claims().limit() / 4);
    }

    /** Whether there was a thread for it. */
    private boolean begin(Claim claim) {
        claimed.increment();
        var run = new Run(claim);
        running.put(run, run);
        underWay.register();
        try {
            threads.execute(run);
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // the error is what the JVM says when the system gives it no more threads
            LOG.log(Level.WARNING, "No thread for " + claim + "; it is given back", e);
            moreIsDue = false; // to claim it again at once would find no thread again
            run.giveBack();
            return false;
        }
    }

    private void renew() {
        running.keySet().forEach(this::renew);
    }

    private void renew(Run run) {
        try {
            run.renew();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "The renewal of " + run.claim + " failed; it is tried again", e);
        }
    }

    /** A room has become free: somebody may wait for it. */
    private void ended(Run run) {
        running.remove(run);
        underWay.arriveAndDeregister();
        int free = options.claims().limit() - running.size();
        if (moreIsDue && free >= enoughRoom() && !stopped.get()) {
            try {
                timer.execute(() -> look(false));
            } catch (RejectedExecutionException e) {
                // it was shut down: there is no look any more
            }
        }
    }

    // ---- a run

    private enum State {
        WAITING,
        RUNNING,
        /** The handler has returned; what it reports is not stored yet. */
        REPORTING,
        /** Another worker has it; the handler has been interrupted, and has not returned yet. */
        LOST,
        OVER
    }

    private final class Run implements Runnable {
        /** Held during a call about the claim, so that there is one at a time. The timer and {@link #close} never wait for it. */
        private final ReentrantLock calling = new ReentrantLock();

        private volatile Claim claim;

        // guarded by this, which is never held during a call
        private State state = State.WAITING;
        private @Nullable Thread thread;
        private boolean interrupted;
        private Runnable report = () -> {};
        private LongAdder outcome = failed;

        Run(Claim claim) {
            this.claim = claim;
        }

        @Override
        public void run() {
            if (!start()) {
                return;
            }
            try {
                Checks checks = handler.run(claim);
                Checks counts = checks == null ? null : checks.check();
                toReport(completed, () -> {
                    if (counts == null) {
                        claims.complete(claim);
                    } else {
                        claims.complete(claim, counts);
                    }
                });
            } catch (Error e) {
                toReportFailure(e);
                throw e;
            } catch (Throwable e) { // other languages throw whatever they like
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                LOG.log(Level.DEBUG, () -> "The run of " + claim + " failed", e);
                toReportFailure(e);
            } finally {
                // an interruption was for the handler; what comes of the claim is stored all the same
                boolean wasInterrupted = Thread.interrupted();
                report();
                if (wasInterrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private synchronized boolean start() {
            if (state != State.WAITING) {
                return false;
            }
            state = State.RUNNING;
            thread = Thread.currentThread();
            return true;
        }

        private synchronized void toReport(LongAdder how, Runnable newReport) {
            thread = null;
            switch (state) {
                case LOST -> over();
                case OVER -> {}
                default -> {
                    state = State.REPORTING;
                    report = newReport;
                    outcome = how;
                }
            }
        }

        /** Of one that the runner has interrupted nobody knows whether it would have failed. */
        private synchronized void toReportFailure(Throwable e) {
            if (interrupted) {
                toReport(released, () -> claims.release(claim));
            } else {
                toReport(failed, () -> claims.fail(claim, reason(e)));
            }
        }

        private void report() {
            calling.lock();
            try {
                store();
            } finally {
                calling.unlock();
            }
        }

        /** Unless a call is under way, which then sees to it, or leaves it to the next renewal. */
        void reportIfIdle() {
            if (calling.tryLock()) {
                try {
                    store();
                } finally {
                    calling.unlock();
                }
            }
        }

        /** Stores what is to be reported, if anything is. */
        private void store() {
            Runnable toStore;
            LongAdder how;
            synchronized (this) {
                if (state != State.REPORTING) {
                    return;
                }
                toStore = report;
                how = outcome;
            }
            try {
                toStore.run();
                over(how);
            } catch (RuntimeException e) {
                if (isRefusal(e)) {
                    LOG.log(Level.WARNING, "The end of " + claim + " was refused", e);
                    over(leasesLost);
                } else if (how.equals(released)) {
                    LOG.log(Level.WARNING, claim + " could not be given back; its lease ends by itself", e);
                    over(leasesLost);
                } else {
                    LOG.log(Level.WARNING, "The end of " + claim + " could not be stored; it is tried again", e);
                }
            }
        }

        private static boolean isRefusal(RuntimeException e) {
            boolean mayPass = e instanceof ServiceException
                    || e instanceof OperationInterruptedException
                    || e instanceof VersionConflictException;
            return e instanceof OnboardingException && !mayPass;
        }

        /** Reports what waits for it, first: where only the answer was lost, there is nothing to renew any more. */
        void renew() {
            if (!calling.tryLock()) {
                return;
            }
            try {
                store();
                if (isHeld()) {
                    claim = claims.renew(claim);
                }
            } catch (NotFoundException e) {
                LOG.log(
                        Level.DEBUG,
                        () -> "The schedule of " + claim + " is gone; the run goes on, and is reported",
                        e);
            } catch (LeaseLostException e) {
                LOG.log(Level.WARNING, claim + " is lost", e);
                lose();
            } finally {
                calling.unlock();
            }
        }

        private synchronized boolean isHeld() {
            return state != State.LOST && state != State.OVER;
        }

        /** Whoever still works on it keeps its room until it notices. */
        private synchronized void lose() {
            leasesLost.increment();
            if (state == State.RUNNING) {
                state = State.LOST;
                interruptNow();
            } else {
                over();
            }
        }

        boolean isOverdue() {
            return !claim.until().isAfter(claims.now());
        }

        /**
         * The runner stops, and waits no longer.
         *
         * @return whether there is something to report
         */
        synchronized boolean interrupt() {
            switch (state) {
                case WAITING -> toReport(released, () -> claims.release(claim));
                case RUNNING, LOST -> interruptNow();
                default -> {}
            }
            return state == State.REPORTING;
        }

        private void interruptNow() {
            interrupted = true;
            if (thread != null) {
                thread.interrupt();
            }
        }

        void giveBack() {
            toReport(released, () -> claims.release(claim));
            report();
        }

        private synchronized void over(LongAdder count) {
            if (state != State.OVER) {
                count.increment();
                over();
            }
        }

        private void over() {
            state = State.OVER;
            ended(this);
        }

        private String reason(Throwable e) {
            String message = e.getMessage();
            String reason = message == null || message.isBlank() ? e.getClass().getName() : message;
            if (reason.length() <= LONGEST_REASON) {
                return reason;
            }
            boolean wouldCutACharacter = Character.isHighSurrogate(reason.charAt(LONGEST_REASON - 1));
            return reason.substring(0, wouldCutACharacter ? LONGEST_REASON - 1 : LONGEST_REASON);
        }
    }
}
