package io.threatengine.onboarding.claim;

import io.threatengine.onboarding.error.OnboardingException;
import java.util.List;

/**
 * What a look for due schedules has brought.
 *
 * @param claims what the worker runs now
 * @param problems the schedules that could not be claimed and were left as they are: {@link
 *     io.threatengine.onboarding.error.MalformedDataException} for a row that cannot be understood or whose recurrence is wrong;
 *     last, what made the service end the look before its time
 * @param lost how many another worker was faster with
 * @param skipped how many were missed for too long, or over already, and went on to their next due time
 * @param givenUp how many executions were ended as failed: begun too often, or of a schedule that was given another time
 */
public record ClaimResult(List<Claim> claims, List<OnboardingException> problems, int lost, int skipped, int givenUp) {
    public ClaimResult {
        claims = List.copyOf(claims);
        problems = List.copyOf(problems);
    }
}
