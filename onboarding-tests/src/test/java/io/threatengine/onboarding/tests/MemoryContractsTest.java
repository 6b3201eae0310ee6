package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.On;
import org.junit.jupiter.api.extension.ExtendWith;

@OnboardingTest(On.MEMORY)
@ExtendWith(Parity.class)
class MemoryContractsTest extends Contracts {
    MemoryContractsTest(Workspace workspace, Backend backend) {
        super(workspace, backend);
    }
}
