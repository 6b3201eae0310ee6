package io.threatengine.onboarding.tests;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Takes tasks, and does each when the test says so, on the test's own thread. For a test that is one thread. */
final class HeldThreads extends AbstractExecutorService {
    private final List<Runnable> held = new ArrayList<>();
    private boolean shutDown;

    /** How many tasks were taken and not done yet. */
    int held() {
        return held.size();
    }

    /** Does the task that was taken first. */
    void runNext() {
        held.remove(0).run();
    }

    void runAll() {
        while (!held.isEmpty()) {
            runNext();
        }
    }

    @Override
    public void execute(Runnable command) {
        if (shutDown) {
            throw new RejectedExecutionException("it was shut down");
        }
        held.add(command);
    }

    @Override
    public void shutdown() {
        shutDown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutDown = true;
        List<Runnable> left = List.copyOf(held);
        held.clear();
        return left;
    }

    @Override
    public boolean isShutdown() {
        return shutDown;
    }

    @Override
    public boolean isTerminated() {
        return shutDown && held.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isTerminated();
    }
}
