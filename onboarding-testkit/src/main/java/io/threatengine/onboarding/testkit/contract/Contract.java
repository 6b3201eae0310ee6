package io.threatengine.onboarding.testkit.contract;

import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.Deviation;
import java.util.Set;

/** What the contracts have in common: they say what AWS does, and may be run on what does not do all of it. */
public interface Contract {

    /**
     * In what the service behind the implementation under test is known to differ from AWS, such as {@link Backend#deviations}.
     * None by default. The tests that {@linkplain FailsWith fail with} one of these are reported as aborted, with its sentence.
     */
    default Set<Deviation> deviations() {
        return Set.of();
    }
}
