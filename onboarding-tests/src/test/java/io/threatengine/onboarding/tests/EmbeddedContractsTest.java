package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;

@OnboardingTest
class EmbeddedContractsTest extends Contracts {
    EmbeddedContractsTest(Workspace workspace, Backend backend) {
        super(workspace, backend);
    }
}
