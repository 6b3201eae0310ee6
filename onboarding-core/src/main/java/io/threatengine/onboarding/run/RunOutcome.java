package io.threatengine.onboarding.run;

/** How a run of a schedule ended, for its counters: every run counts, a failed one too. */
public enum RunOutcome {
    SUCCEEDED,
    FAILED
}
