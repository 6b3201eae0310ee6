package io.threatengine.onboarding.testkit;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.secrets.CacheOptions;
import io.threatengine.onboarding.secrets.CachingVault;
import io.threatengine.onboarding.testkit.memory.InMemoryStorage;
import io.threatengine.onboarding.testkit.memory.InMemoryVault;
import java.util.Optional;
import java.util.Set;

/** The fakes. */
final class InMemoryBackend implements Backend {

    @Override
    public String description() {
        return "in memory";
    }

    @Override
    public Set<Deviation> deviations() {
        return Deviation.OF_FAKES;
    }

    @Override
    public Optional<TestAws> aws() {
        return Optional.empty();
    }

    @Override
    public Workspace newWorkspace() {
        var clock = SettableClock.atPresent();
        var vault = CachingVault.over(new InMemoryVault(clock), CacheOptions.defaults(), clock);
        return Workspace.of(OnboardingSettings.defaults(), new InMemoryStorage(clock), vault, clock);
    }

    @Override
    public void close() {
        // nothing was started
    }
}
