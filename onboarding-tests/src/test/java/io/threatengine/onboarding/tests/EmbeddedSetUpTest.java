package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.testkit.TestAws;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;

@OnboardingTest
class EmbeddedSetUpTest extends SetUpJourney {
    EmbeddedSetUpTest(TestAws aws) {
        super(aws);
    }
}
