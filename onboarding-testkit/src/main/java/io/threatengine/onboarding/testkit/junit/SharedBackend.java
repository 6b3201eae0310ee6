package io.threatengine.onboarding.testkit.junit;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.Deviation;
import io.threatengine.onboarding.testkit.TestAws;
import io.threatengine.onboarding.testkit.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;

/** What a class or method is given of the backend of the whole run: it knows which workspaces were opened there, and closes those only. */
final class SharedBackend implements Backend {
    private final Backend backend;
    private final Queue<Opened> opened = new ConcurrentLinkedQueue<>();

    SharedBackend(Backend backend) {
        this.backend = backend;
    }

    @Override
    public String description() {
        return backend.description();
    }

    @Override
    public Set<Deviation> deviations() {
        return backend.deviations();
    }

    @Override
    public Optional<TestAws> aws() {
        return backend.aws();
    }

    @Override
    public Workspace newWorkspace(UnaryOperator<OnboardingSettings> change) {
        Workspace workspace = backend.newWorkspace(change);
        opened.add(new Opened(workspace, caller()));
        return workspace;
    }

    /** The backend is everybody's, so it stays. */
    @Override
    public void close() {
        // ended with the run
    }

    /** Closes what a test has opened here. What of it was still open, or has left something open, in words. */
    List<String> closeAll() {
        List<String> leaks = new ArrayList<>();
        for (Opened each : opened) {
            if (!each.workspace.isClosed()) {
                leaks.add("a Workspace was opened " + each.by + " and not closed");
                try {
                    each.workspace.close();
                } catch (RuntimeException e) {
                    leaks.add("and could not be closed: " + e); // the others are closed all the same
                }
            }
            leaks.addAll(each.workspace.leftOpen());
        }
        return leaks;
    }

    private static String caller() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !frame.getClassName().equals(SharedBackend.class.getName())
                                && !frame.getClassName().equals(Backend.class.getName()))
                        .findFirst()
                        .map(frame -> "at " + frame.toStackTraceElement()))
                .orElse("");
    }

    private record Opened(Workspace workspace, String by) {}
}
