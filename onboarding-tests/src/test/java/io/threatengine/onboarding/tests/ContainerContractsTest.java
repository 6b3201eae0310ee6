package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.Isolation;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.On;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each test has tables of its own: moto copies those of a transaction, which takes the longer the more rows there are. */
@OnboardingTest(value = On.CONTAINER, isolation = Isolation.METHOD)
@ExtendWith(Parity.class)
class ContainerContractsTest extends Contracts {
    ContainerContractsTest(Workspace workspace, Backend backend) {
        super(workspace, backend);
    }
}
