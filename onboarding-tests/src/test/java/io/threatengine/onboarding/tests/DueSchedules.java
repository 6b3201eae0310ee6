package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.schedule.NewSchedule;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.testkit.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Schedules for tests of what runs them. */
final class DueSchedules {
    static final Duration HOUR = Duration.ofHours(1);

    private DueSchedules() {}

    /** An account of a tenant of its own. */
    static Account account(OnboardingStorage storage) {
        String name = "runs " + UUID.randomUUID();
        Provider provider =
                storage.providers().create(storage.tenants().create(name).id(), ProviderType.AWS);
        return storage.accounts()
                .create(provider, NewAccount.withoutNumber(provider.tenantId(), ProviderType.AWS, name));
    }

    static Schedule schedule(OnboardingStorage storage, Recurrence recurrence) {
        return storage.schedules()
                .create(NewSchedule.of(account(storage), ProviderType.AWS, recurrence.toString(), recurrence));
    }

    /** So many hourly schedules of one account, just due. */
    static List<Schedule> due(OnboardingStorage storage, SettableClock clock, int count) {
        NewSchedule hourly = NewSchedule.of(account(storage), ProviderType.AWS, "hourly", Recurrence.every(HOUR));
        List<Schedule> schedules = Stream.generate(() -> storage.schedules().create(hourly))
                .limit(count)
                .toList();
        clock.advance(HOUR.plusSeconds(1));
        return schedules;
    }
}
