package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.credential.AuditedVault;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.Deviation;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.contract.CredentialVaultContract;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.util.Set;

/** A vault around another one keeps the contract. The example of docs/contracts.md. */
@OnboardingTest
class AuditedVaultContractTest implements CredentialVaultContract {
    private final Backend backend;
    private final SettableClock clock;
    private final CredentialVault vault;

    AuditedVaultContractTest(Backend backend, Workspace workspace) {
        this.backend = backend;
        this.clock = workspace.clock();
        this.vault = AuditedVault.over(workspace.vault(), event -> {}, () -> "test");
    }

    @Override
    public CredentialVault vault() {
        return vault;
    }

    @Override
    public SettableClock clock() {
        return clock;
    }

    @Override
    public Set<Deviation> deviations() {
        return backend.deviations();
    }
}
