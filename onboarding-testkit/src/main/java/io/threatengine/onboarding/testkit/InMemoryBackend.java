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
        var faults = new Faults();
        var calls = new CallRecorder();
        var observed = new ObservedPorts(faults, calls);
        var storage = observed.in(new InMemoryStorage(clock));
        var vault = CachingVault.over(observed.in(new InMemoryVault(clock)), CacheOptions.defaults(), clock);
        return new Workspace(OnboardingSettings.defaults(), storage, vault, clock, faults, calls, null, () -> {});
    }

    @Override
    public void close() {
        // nothing was started
    }
}
