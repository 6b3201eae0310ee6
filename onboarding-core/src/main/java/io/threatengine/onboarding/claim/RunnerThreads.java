package io.threatengine.onboarding.claim;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The threads of runners that are given none. */
final class RunnerThreads {
    private RunnerThreads() {}

    /** A thread for each run: a virtual one on Java 21 and later. */
    static ExecutorService perRun() {
        try {
            return (ExecutorService) MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class))
                    .invoke();
        } catch (NoSuchMethodException e) {
            return Executors.newCachedThreadPool(task -> daemon("onboarding-run", task));
        } catch (Throwable e) {
            throw new IllegalStateException("the JVM refuses virtual threads", e);
        }
    }

    static Thread daemon(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
