package io.threatengine.onboarding.claim;

/**
 * What a {@link ScheduleRunner} has done since it was started.
 *
 * @param looks how often it looked for what is due
 * @param failedLooks those that the service refused or failed
 * @param claimed runs that it has begun
 * @param running runs that are under way
 * @param completed runs that ended well
 * @param failed runs that ended badly
 * @param released runs that it gave back, because it was stopped
 * @param leasesLost runs that another worker has taken over, or that were ended otherwise
 * @param races due schedules that another worker was faster with
 * @param skipped due times that were left out
 * @param givenUp executions of dead workers that were begun too often
 * @param broken schedules that could not be claimed, counted at each look
 */
public record RunnerCounts(
        long looks,
        long failedLooks,
        long claimed,
        long running,
        long completed,
        long failed,
        long released,
        long leasesLost,
        long races,
        long skipped,
        long givenUp,
        long broken) {}
