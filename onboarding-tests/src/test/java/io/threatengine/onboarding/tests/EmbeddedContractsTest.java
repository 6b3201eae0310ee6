package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.secrets.SecretsManagerVault;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;

@OnboardingTest
class EmbeddedContractsTest extends Contracts {
    EmbeddedContractsTest(Workspace workspace, EmbeddedAws aws) {
        super(workspace, SecretsManagerVault.using(aws.secretsManager(), workspace.settings(), workspace.clock()));
    }
}
