package io.threatengine.onboarding.setup;

import java.util.Locale;
import java.util.Objects;

/**
 * A step of {@link Setup#apply}. Immutable.
 *
 * @param change what is being done
 * @param state how far it is
 * @param done how many changes are done
 * @param total how many changes there are
 */
public record SetupProgress(PlannedChange change, State state, int done, int total) {

    /** How far a change is. */
    public enum State {
        /** The service has been asked, or is about to be. */
        STARTED,
        /** It is done and can be used. */
        DONE,
        /** The service does not know how to: a stand-in of AWS. */
        SKIPPED
    }

    public SetupProgress {
        Objects.requireNonNull(change, "change");
        Objects.requireNonNull(state, "state");
    }

    /** For people: {@code [3/9] threat-engine-accounts: table done}. */
    @Override
    public String toString() {
        return "[" + done + "/" + total + "] " + change.resource() + ": " + change.aspect() + " "
                + state.name().toLowerCase(Locale.ROOT);
    }
}
