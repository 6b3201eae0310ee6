package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.On;
import io.threatengine.onboarding.testkit.memory.InMemoryVault;

@OnboardingTest(On.MEMORY)
class MemoryContractsTest extends Contracts {
    MemoryContractsTest(Workspace workspace) {
        super(workspace, new InMemoryVault(workspace.clock()));
    }
}
