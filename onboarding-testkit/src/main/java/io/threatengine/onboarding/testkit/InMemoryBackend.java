package io.threatengine.onboarding.testkit;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.secrets.CacheOptions;
import io.threatengine.onboarding.secrets.CachingVault;
import io.threatengine.onboarding.testkit.memory.InMemoryStorage;
import io.threatengine.onboarding.testkit.memory.InMemoryVault;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

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
    public Workspace newWorkspace(UnaryOperator<OnboardingSettings> change) {
        OnboardingSettings settings = change.apply(OnboardingSettings.defaults());
        var threads = new LibraryThreads();
        var clock = SettableClock.atPresent();
        InstantSource time = threads.watching(clock);
        var faults = new Faults();
        var calls = new CallRecorder();
        var observed = new ObservedPorts(faults, calls);
        var storage = observed.in(new InMemoryStorage(time));
        var vault = CachingVault.over(observed.in(new InMemoryVault(time)), CacheOptions.defaults(), time);
        return new Workspace(settings, storage, vault, clock, faults, calls, null, threads, () -> {});
    }

    @Override
    public void close() {
        // nothing was started
    }
}
