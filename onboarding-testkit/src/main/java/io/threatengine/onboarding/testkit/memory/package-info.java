/** Fakes of the ports, in maps: same results and errors as the real ones, no network, microseconds a call. */
@NullMarked
package io.threatengine.onboarding.testkit.memory;

import org.jspecify.annotations.NullMarked;
