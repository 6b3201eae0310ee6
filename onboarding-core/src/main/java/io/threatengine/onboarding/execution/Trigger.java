package io.threatengine.onboarding.execution;

import io.threatengine.onboarding.internal.Rules;

/**
 * What had a schedule executed. The list is open: any word is kept as it is given.
 *
 * @param value as stored
 */
public record Trigger(String value) {
    /** It was due. */
    public static final Trigger SCHEDULER = new Trigger("scheduler");

    /** Somebody asked for it. */
    public static final Trigger MANUAL = new Trigger("manual");

    /** A program asked for it. */
    public static final Trigger API = new Trigger("api");

    public Trigger {
        Rules.word("trigger", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
