package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.Isolation;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.On;
import org.junit.jupiter.api.extension.ExtendWith;

@OnboardingTest(value = On.ENDPOINT, isolation = Isolation.METHOD)
@ExtendWith(Parity.class)
class EndpointContractsTest extends Contracts {
    EndpointContractsTest(Workspace workspace, Backend backend) {
        super(workspace, backend);
    }
}
