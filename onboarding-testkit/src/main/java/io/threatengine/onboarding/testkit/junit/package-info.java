/** The JUnit extension: {@link io.threatengine.onboarding.testkit.junit.OnboardingTest} on a test class is all it takes. */
@NullMarked
package io.threatengine.onboarding.testkit.junit;

import org.jspecify.annotations.NullMarked;
