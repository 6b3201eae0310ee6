package io.threatengine.onboarding.claim;

import io.threatengine.onboarding.run.Checks;
import org.jspecify.annotations.Nullable;

/** Does what a schedule is for. Called by several threads at once, each with another claim. */
@FunctionalInterface
public interface RunHandler {

    /**
     * Runs for a due time. It may be called again for the same one, with the next {@link Claim#attempt()}, when an earlier worker
     * died or stood still; it is interrupted when its claim is lost or the runner stops.
     *
     * @return what the checks came to; null for none
     * @throws Exception if the run has failed; its message becomes the execution's and must hold no secret
     */
    @Nullable
    Checks run(Claim claim) throws Exception;
}
