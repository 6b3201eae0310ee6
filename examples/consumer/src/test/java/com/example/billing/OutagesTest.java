package com.example.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.error.AccessDeniedException;
import io.threatengine.onboarding.schedule.DueIndex;
import io.threatengine.onboarding.testkit.CallRecorder;
import io.threatengine.onboarding.testkit.Fault;
import io.threatengine.onboarding.testkit.Faults;
import io.threatengine.onboarding.testkit.Fixtures;
import io.threatengine.onboarding.testkit.junit.OnboardingExtension;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.Isolation;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.On;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the service sees when AWS is not well; each method with tables of its own, and with other settings than the default. */
class OutagesTest {
    @RegisterExtension
    static final OnboardingExtension ONBOARDING = OnboardingExtension.on(On.EMBEDDED)
            .isolatedBy(Isolation.METHOD)
            .withSettings(settings -> settings.toBuilder().dueIndex(DueIndex.sharded(4)).build());

    @Test
    void throttlingIsWaitedFor(Onboarding onboarding, Fixtures fixtures, Faults faults, CallRecorder calls) {
        Account account = fixtures.gcp();
        faults.on("GetItem").next(2, Fault.throttled());
        calls.clear();

        assertThat(onboarding.accounts().get(account.id())).isEqualTo(account);

        calls.assertCalls("1 GetItem"); // the SDK's retries are part of the call
        assertThat(faults.happened()).isEqualTo(2);
    }

    @Test
    void refusalIsSaid(Onboarding onboarding, Fixtures fixtures, Faults faults) {
        Account account = fixtures.azure();
        faults.on("GetItem").next(1, Fault.denied());

        assertThatExceptionOfType(AccessDeniedException.class)
                .isThrownBy(() -> onboarding.accounts().get(account.id()));
    }

    @Test
    void settingsAreTheOnesAskedFor(OnboardingSettings settings) {
        assertThat(settings.dueIndex()).isEqualTo(DueIndex.sharded(4));
    }
}
