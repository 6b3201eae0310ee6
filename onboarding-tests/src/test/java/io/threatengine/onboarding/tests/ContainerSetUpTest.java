package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.testkit.TestAws;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.On;

@OnboardingTest(On.CONTAINER)
class ContainerSetUpTest extends SetUpJourney {
    ContainerSetUpTest(TestAws aws) {
        super(aws);
    }
}
