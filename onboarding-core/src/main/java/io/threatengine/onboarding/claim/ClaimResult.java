package io.threatengine.onboarding.claim;

import java.util.List;

/**
 * What a look for due schedules has brought.
 *
 * @param claims what the worker runs now
 * @param problems the schedules that could not be claimed and were left as they are: {@link
 *     io.threatengine.onboarding.error.MalformedDataException} for a row that cannot be understood or whose recurrence is wrong;
 *     last, what ended the look before its time
 * @param lost how many another worker was faster with
 * @param skipped how many were missed for too long, or over already, and went on to their next due time
 * @param givenUp how many executions were ended as failed: begun too often, or of a schedule that was given another time
 * @param more whether more may be due: it ended because it had as many as it might, because it took so long that what it
 *     had was better begun, or because what is left is of tenants that have their share
 */
public record ClaimResult(
        List<Claim> claims, List<RuntimeException> problems, int lost, int skipped, int givenUp, boolean more) {
    public ClaimResult {
        claims = List.copyOf(claims);
        problems = List.copyOf(problems);
    }
}
