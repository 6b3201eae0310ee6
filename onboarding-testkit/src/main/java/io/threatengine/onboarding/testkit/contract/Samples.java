package io.threatengine.onboarding.testkit.contract;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.credential.AwsIamRole;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.schedule.NewSchedule;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.tenant.Tenant;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Valid values that no test has used before. */
final class Samples {
    private Samples() {}

    static String name() {
        return "name " + UUID.randomUUID();
    }

    static String awsNumber() {
        return String.format("%012d", ThreadLocalRandom.current().nextLong(1_000_000_000_000L));
    }

    static AwsIamRole roleOf(String awsNumber) {
        return new AwsIamRole("arn:aws:iam::" + awsNumber + ":role/ThreatEngine", AwsIamRole.randomExternalId());
    }

    static Tenant tenant(OnboardingStorage storage) {
        return storage.tenants().create(name());
    }

    static Provider aws(OnboardingStorage storage) {
        return storage.providers().create(tenant(storage).id(), ProviderType.AWS);
    }

    static NewAccount awsAccount(Provider provider) {
        return NewAccount.of(provider.tenantId(), ProviderType.AWS, name(), awsNumber());
    }

    static NewSchedule hourly(Account account) {
        return NewSchedule.of(account, ProviderType.AWS, name(), Recurrence.every(Duration.ofHours(1)));
    }

    static Schedule schedule(OnboardingStorage storage) {
        return storage.schedules().create(hourly(account(storage)));
    }

    static Account account(OnboardingStorage storage) {
        Provider provider = aws(storage);
        return storage.accounts().create(provider, awsAccount(provider));
    }
}
