package io.threatengine.onboarding.testkit;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which threads that the library has started work on a workspace, known by their asking for its time. What holds such a thread, a
 * runner or a cache of the test's own, has to be closed. Thread-safe.
 */
final class LibraryThreads {
    private static final String OURS = "onboarding-";
    private static final String RUNNER = OURS + "runner-";

    /** A thread whose owner has been closed takes a moment to end. */
    private static final Duration ENDING = Duration.ofSeconds(2);

    private final Set<Thread> seen = ConcurrentHashMap.newKeySet();

    InstantSource watching(InstantSource clock) {
        return () -> {
            Thread thread = Thread.currentThread();
            if (thread.getName().startsWith(OURS)) {
                seen.add(thread);
            }
            return clock.instant();
        };
    }

    /** Whose threads are still alive, in words. */
    List<String> owners() {
        return seen.stream()
                .filter(LibraryThreads::staysAlive)
                .map(thread -> owner(thread.getName()))
                .distinct()
                .sorted()
                .toList();
    }

    private static boolean staysAlive(Thread thread) {
        try {
            thread.join(ENDING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return thread.isAlive();
    }

    private static String owner(String thread) {
        return thread.startsWith(RUNNER)
                ? "the ScheduleRunner of worker '" + thread.substring(RUNNER.length()) + "' still runs: close it"
                : "the thread '" + thread + "' of the library still runs: close what has started it";
    }
}
