package io.threatengine.onboarding.execution;

import io.threatengine.onboarding.internal.Rules;

/**
 * The last of the workers that have begun an execution: one that died is followed by another.
 *
 * @param number how often it was begun; from 1 on
 * @param worker who has begun it last
 * @param fence of that worker's lease on the schedule
 */
public record Attempt(int number, String worker, long fence) {
    public Attempt {
        Rules.printable("worker", worker, 1, Rules.LONGEST_NAME);
    }
}
