package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import org.junit.jupiter.api.extension.ExtendWith;

@OnboardingTest
@ExtendWith(Parity.class)
class EmbeddedContractsTest extends Contracts {
    EmbeddedContractsTest(Workspace workspace, Backend backend) {
        super(workspace, backend);
    }
}
