package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A timer that goes by a clock which the test moves, and works on the test's own thread: what is due is done by {@link
 * #runDue} and {@link #advance}, in the order in which it is due, and nothing is done besides. Tasks may be handed in by any
 * thread.
 */
final class ManualTimer extends AbstractExecutorService implements ScheduledExecutorService {
    private final SettableClock clock;
    private final List<Task> tasks = new ArrayList<>();
    private boolean shutDown;

    ManualTimer(SettableClock clock) {
        this.clock = clock;
    }

    /** Does what is due now, and what that makes due now. */
    void runDue() {
        for (Optional<Task> next = nextUntil(clock.instant()); next.isPresent(); next = nextUntil(clock.instant())) {
            next.get().run();
        }
    }

    /** Moves the clock on, from one task to the next. */
    void advance(Duration duration) {
        Instant until = clock.instant().plus(duration);
        for (Optional<Task> next = nextUntil(until); next.isPresent(); next = nextUntil(until)) {
            Task task = next.get();
            if (task.due.isAfter(clock.instant())) {
                clock.set(task.due);
            }
            task.run();
        }
        clock.set(until);
    }

    /** How many tasks will be done at some time. */
    synchronized int waiting() {
        return tasks.size();
    }

    private synchronized Optional<Task> nextUntil(Instant instant) {
        Optional<Task> next =
                tasks.stream().filter(task -> !task.due.isAfter(instant)).min(Comparator.comparing(task -> task.due));
        next.ifPresent(tasks::remove);
        return next;
    }

    private Task added(Runnable command, Duration delay, Duration pause) {
        var task = new Task(command, clock.instant().plus(delay), pause);
        add(task);
        return task;
    }

    private synchronized void add(Task task) {
        tasks.add(task);
    }

    private synchronized void remove(Task task) {
        tasks.remove(task);
    }

    @Override
    public void execute(Runnable command) {
        add(new Task(command, clock.instant(), Duration.ZERO));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long first, long pause, TimeUnit unit) {
        return added(command, Duration.of(first, unit.toChronoUnit()), Duration.of(pause, unit.toChronoUnit()));
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return added(command, Duration.of(delay, unit.toChronoUnit()), Duration.ZERO);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("nobody needs it");
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long first, long period, TimeUnit unit) {
        throw new UnsupportedOperationException("nobody needs it");
    }

    @Override
    public synchronized void shutdown() {
        shutDown = true;
        tasks.clear();
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        return List.of();
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutDown;
    }

    @Override
    public boolean isTerminated() {
        return isShutdown();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isShutdown();
    }

    private final class Task extends FutureTask<Void> implements ScheduledFuture<Void> {
        private final Duration pause;
        private volatile Instant due;

        Task(Runnable command, Instant due, Duration pause) {
            super(command, null);
            this.due = due;
            this.pause = pause;
        }

        @Override
        public void run() {
            if (pause.isZero()) {
                super.run();
            } else if (runAndReset()) {
                // as the JDK's: one that has thrown is not done again
                due = clock.instant().plus(pause);
                add(this);
            }
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            remove(this);
            return super.cancel(mayInterrupt);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(Duration.between(clock.instant(), due));
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
