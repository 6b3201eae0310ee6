package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.TestAws;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.On;

@OnboardingTest(On.CONTAINER)
class ContainerDeviationsTest extends Deviations {
    ContainerDeviationsTest(Backend backend, Workspace workspace, TestAws aws) {
        super(backend, workspace, aws);
    }
}
