/** What executions and scan results share: they run, end in one of three ways, and count checks. */
@NullMarked
package io.threatengine.onboarding.run;

import org.jspecify.annotations.NullMarked;
