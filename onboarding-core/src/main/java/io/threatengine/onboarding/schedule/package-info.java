/** Schedules: when an account is scanned, again and again or once. */
@NullMarked
package io.threatengine.onboarding.schedule;

import org.jspecify.annotations.NullMarked;
