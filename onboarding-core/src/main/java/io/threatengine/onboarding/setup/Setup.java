package io.threatengine.onboarding.setup;

import io.threatengine.onboarding.error.NotSetUpException;
import io.threatengine.onboarding.error.OnboardingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The set-up of one service, or of several in turn. Thread-safe.
 *
 * <pre>{@code
 * Setup setup = Setup.of(tables, keys);
 * setup.plan().items().forEach(System.out::println);
 * setup.apply(System.out::println);
 * setup.verify().stream().filter(Finding::isProblem).forEach(System.out::println);
 * }</pre>
 *
 * <p>Nothing here ever deletes, disables or weakens anything.
 */
public interface Setup {

    /**
     * Looks at what exists and compares it with what is wanted. Changes nothing.
     *
     * @throws OnboardingException if a service refuses or fails; a missing permission is named
     */
    SetupPlan plan();

    /**
     * Carries out a fresh {@link #plan}, in its order, and waits until all can be used. Safe to repeat: after a failure or a
     * crash the next call goes on where this one stopped. Several processes may do it at once.
     *
     * @param progress told before and after each change
     * @return the plan that was carried out
     * @throws NotSetUpException if something exists in another shape, which cannot be changed without loss; then nothing of
     *     this service was changed
     * @throws OnboardingException if a service refuses or fails
     */
    SetupPlan apply(Consumer<? super SetupProgress> progress);

    /**
     * Runs all checks. Changes nothing, unless a check says that it does and undoes it. What cannot be checked is a finding
     * too, not an error.
     */
    List<Finding> verify();

    /** Several in turn, as one. */
    static Setup of(Setup... parts) {
        List<Setup> all = List.copyOf(Arrays.asList(parts));
        return new Setup() {
            @Override
            public SetupPlan plan() {
                return SetupPlan.join(all.stream().map(Setup::plan).toList());
            }

            @Override
            public SetupPlan apply(Consumer<? super SetupProgress> progress) {
                Objects.requireNonNull(progress, "progress");
                var done = new ArrayList<SetupPlan>();
                all.forEach(part -> done.add(part.apply(progress)));
                return SetupPlan.join(done);
            }

            @Override
            public List<Finding> verify() {
                return all.stream().flatMap(part -> part.verify().stream()).toList();
            }
        };
    }
}
