package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.claim.Claim;
import io.threatengine.onboarding.claim.ClaimResult;
import io.threatengine.onboarding.claim.ScheduleClaims;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.Isolation;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.On;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is claimed waits until the look is over: a look that is slow must not use its leases up. */
@OnboardingTest(value = On.MEMORY, isolation = Isolation.METHOD)
class SlowLooksTest {
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Duration WRITE = Duration.ofSeconds(3);

    private OnboardingStorage storage;
    private SettableClock clock;

    @BeforeEach
    void use(Workspace workspace) {
        storage = workspace.storage();
        clock = workspace.clock();
    }

    @Test
    void aLeaseBeginsWhenTheScheduleIsTaken() {
        DueSchedules.due(storage, clock, 8);
        Instant begun = clock.instant();

        ClaimResult result = slow().claimDue("one", LEASE, 8);

        assertThat(result.claims()).hasSize(8);
        Instant last = result.claims().stream()
                .map(Claim::until)
                .max(Instant::compareTo)
                .orElseThrow();
        Instant first = result.claims().stream()
                .map(Claim::until)
                .min(Instant::compareTo)
                .orElseThrow();
        assertThat(first).isAfterOrEqualTo(begun.plus(LEASE));
        assertThat(last).isAfter(begun.plus(LEASE));
    }

    @Test
    void aLookEndsWhileItsLeasesAreYoungAndSaysThatThereIsMore() {
        DueSchedules.due(storage, clock, 40);

        ClaimResult first = slow().claimDue("one", LEASE, 40);
        ClaimResult second = storage.claims().claimDue("two", LEASE, 40);
        ClaimResult third = storage.claims().claimDue("two", LEASE, 40);

        assertThat(first.claims()).hasSizeBetween(1, 39);
        assertThat(first.more()).isTrue();
        assertThat(second.claims()).hasSize(40 - first.claims().size());
        assertThat(second.more()).isFalse();
        assertThat(third.claims()).isEmpty();
    }

    @Test
    void aLookThatHasAsManyAsItMayDoesNotKnowWhetherThereIsMore() {
        DueSchedules.due(storage, clock, 2);

        assertThat(storage.claims().claimDue("one", LEASE, 2).more()).isTrue();
        assertThat(storage.claims().claimDue("one", LEASE, 2).more()).isFalse();
    }

    /** Claims whose writes take their time. */
    private ScheduleClaims slow() {
        return storage.claims().within(storage.schedules(), storage.executions(), schedule -> {
            clock.advance(WRITE);
            return true;
        });
    }
}
