package io.threatengine.onboarding.testkit;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.credential.CredentialVault;

/**
 * One test's own storage and vault. Closing it releases what it has opened.
 *
 * @param settings the names of its tables and the prefix of its secrets
 * @param storage its repositories, with the tables made
 * @param vault its vault, cached
 * @param onboarding the use cases over both
 * @param clock the clock of storage, vault and cache
 */
public record Workspace(
        OnboardingSettings settings,
        OnboardingStorage storage,
        CredentialVault vault,
        Onboarding onboarding,
        SettableClock clock)
        implements AutoCloseable {

    static Workspace of(
            OnboardingSettings settings, OnboardingStorage storage, CredentialVault vault, SettableClock clock) {
        return new Workspace(settings, storage, vault, Onboarding.of(storage, vault), clock);
    }

    @Override
    public void close() {
        vault.close();
        storage.close();
    }
}
