/**
 * Cron expressions for the schedules of {@code onboarding-core}, which finds this package as a service: put it on the class
 * path and use {@link io.threatengine.onboarding.schedule.Recurrence}. No type of the cron library is seen outside.
 */
@NullMarked
package io.threatengine.onboarding.cron;

import org.jspecify.annotations.NullMarked;
