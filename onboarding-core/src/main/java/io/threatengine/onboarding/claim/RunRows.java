package io.threatengine.onboarding.claim;

import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.schedule.Schedule;
import org.jspecify.annotations.Nullable;

/**
 * For storage: a schedule and one of its executions.
 *
 * @param schedule null where there is none
 * @param execution null where there is none
 */
public record RunRows(@Nullable Schedule schedule, @Nullable Execution execution) {}
