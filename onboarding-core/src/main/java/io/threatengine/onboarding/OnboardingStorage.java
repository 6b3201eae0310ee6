package io.threatengine.onboarding;

import io.threatengine.onboarding.account.AccountRepository;
import io.threatengine.onboarding.claim.ScheduleClaims;
import io.threatengine.onboarding.execution.ExecutionRepository;
import io.threatengine.onboarding.provider.ProviderRepository;
import io.threatengine.onboarding.scan.ScanResultRepository;
import io.threatengine.onboarding.schedule.ScheduleRepository;
import io.threatengine.onboarding.tenant.TenantRepository;

/** The repositories of one storage. Thread-safe. */
public interface OnboardingStorage extends AutoCloseable {

    TenantRepository tenants();

    ProviderRepository providers();

    AccountRepository accounts();

    ScheduleRepository schedules();

    ExecutionRepository executions();

    ScanResultRepository scanResults();

    /** Takes due schedules for workers. */
    ScheduleClaims claims();

    /** Releases what this storage has opened itself. */
    @Override
    void close();
}
