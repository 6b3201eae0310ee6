package io.threatengine.onboarding.claim;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.Rules;
import java.time.Duration;
import java.util.Objects;

/**
 * Who claims due schedules, and how many. Immutable.
 *
 * <pre>{@code
 * ClaimOptions.of("scanner-7", Duration.ofMinutes(5), 50).withTenantCap(10).withJitter(Duration.ofMinutes(10));
 * }</pre>
 *
 * @param worker the name of who claims, unique among those who run at the same time
 * @param lease how long a claim is held before others may take it over: longer than the pauses between renewals, and than
 *     the clocks of two workers may differ. 1 second to 24 hours
 * @param limit the most schedules to claim in one call, 1 to 1,000
 * @param tenantCap the most of them that may be one tenant's. Default: no less than the limit
 * @param jitter the window after a due time within which a run is begun, at a moment that each schedule's id decides, so
 *     that what is due at the same time does not begin at once. Default 0. Schedules that wait in it are read at each look
 * @param missedRuns what becomes of due times that nobody ran for. Default {@link MissedRuns#RUN_ONCE}
 * @param attempts how often a run is begun before it is given up, and has failed. Default 3
 */
public record ClaimOptions(
        String worker, Duration lease, int limit, int tenantCap, Duration jitter, MissedRuns missedRuns, int attempts) {

    public static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);

    public static final Duration LONGEST_LEASE = Duration.ofHours(24);
    public static final int HIGHEST_LIMIT = 1_000;

    private static final int DEFAULT_ATTEMPTS = 3;

    /**
     * Checks the options.
     *
     * @throws InvalidValueException if one of them is out of its range
     */
    public ClaimOptions {
        Rules.printable("worker", worker, 1, Rules.LONGEST_NAME);
        within("lease", lease, SHORTEST_LEASE, LONGEST_LEASE);
        within("limit", limit, HIGHEST_LIMIT);
        within("tenant cap", tenantCap, HIGHEST_LIMIT);
        within("jitter", jitter, Duration.ZERO, LONGEST_LEASE);
        Objects.requireNonNull(missedRuns, "missedRuns");
        within("attempts", attempts, HIGHEST_LIMIT);
    }

    /**
     * The defaults for this worker.
     *
     * @throws InvalidValueException if one of them is out of its range
     */
    public static ClaimOptions of(String worker, Duration lease, int limit) {
        return new ClaimOptions(
                worker, lease, limit, HIGHEST_LIMIT, Duration.ZERO, MissedRuns.RUN_ONCE, DEFAULT_ATTEMPTS);
    }

    public ClaimOptions withLimit(int limit) {
        return new ClaimOptions(worker, lease, limit, tenantCap, jitter, missedRuns, attempts);
    }

    public ClaimOptions withTenantCap(int tenantCap) {
        return new ClaimOptions(worker, lease, limit, tenantCap, jitter, missedRuns, attempts);
    }

    public ClaimOptions withJitter(Duration jitter) {
        return new ClaimOptions(worker, lease, limit, tenantCap, jitter, missedRuns, attempts);
    }

    public ClaimOptions withMissedRuns(MissedRuns missedRuns) {
        return new ClaimOptions(worker, lease, limit, tenantCap, jitter, missedRuns, attempts);
    }

    public ClaimOptions withAttempts(int attempts) {
        return new ClaimOptions(worker, lease, limit, tenantCap, jitter, missedRuns, attempts);
    }

    private static void within(String field, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new InvalidValueException(field, "must be " + least + " to " + most, value.toString());
        }
    }

    private static void within(String field, int value, int most) {
        if (value < 1 || value > most) {
            throw new InvalidValueException(field, "must be 1 to " + most, Integer.toString(value));
        }
    }
}
