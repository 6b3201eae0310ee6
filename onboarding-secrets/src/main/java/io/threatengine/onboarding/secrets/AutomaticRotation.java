package io.threatengine.onboarding.secrets;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How AWS rotates a secret by itself. Immutable.
 *
 * @param enabled whether it does so now
 * @param functionArn the Lambda function that makes the next credential; null where AWS does it without one
 * @param schedule when
 * @param nextAt when the next rotation is due at the latest; null where the service does not say
 * @param lastAt when the last one succeeded; null if none has yet
 * @param lastResult what came of the last one
 */
public record AutomaticRotation(
        boolean enabled,
        @Nullable String functionArn,
        @Nullable RotationSchedule schedule,
        @Nullable Instant nextAt,
        @Nullable Instant lastAt,
        LastResult lastResult) {

    /** What came of the last rotation. Why one failed, only the function's log and CloudTrail's {@code RotationFailed} tell. */
    public enum LastResult {
        /** There was none yet. */
        NONE,
        /** It was finished. */
        SUCCEEDED,
        /** A pending version is there that is not current: a rotation is under way, or failed. The service tries it again. */
        UNFINISHED
    }
}
