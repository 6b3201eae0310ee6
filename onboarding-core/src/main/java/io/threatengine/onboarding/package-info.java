/**
 * The front door: {@link io.threatengine.onboarding.Onboarding} offers the repositories, the vault and the use cases over
 * them; {@link io.threatengine.onboarding.OnboardingSettings} says where everything is stored.
 */
@NullMarked
package io.threatengine.onboarding;

import org.jspecify.annotations.NullMarked;
