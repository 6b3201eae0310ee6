package io.threatengine.onboarding.setup;

/** How much a failed check matters. */
public enum Severity {
    /** A practice that is advised; nothing fails without it. */
    ADVICE,
    /** Something works less well than it should, or will fail one day. */
    WARNING,
    /** Something fails now. */
    ERROR
}
