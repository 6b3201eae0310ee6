/**
 * Running what is due: {@link io.threatengine.onboarding.claim.ScheduleClaims} takes due schedules for a worker, each due time
 * for one worker at a time, and {@link io.threatengine.onboarding.claim.ScheduleRunner} does so again and again.
 */
@NullMarked
package io.threatengine.onboarding.claim;

import org.jspecify.annotations.NullMarked;
