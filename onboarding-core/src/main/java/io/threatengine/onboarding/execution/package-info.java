/** Executions: the single runs of schedules. */
@NullMarked
package io.threatengine.onboarding.execution;

import org.jspecify.annotations.NullMarked;
