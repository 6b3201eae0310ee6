package io.threatengine.onboarding.scan;

import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.tenant.TenantId;
import java.util.Objects;

/**
 * What a scan result is created from. Immutable.
 *
 * <pre>{@code
 * NewScan.of(account, ProviderType.AWS);                            // running, scheduled
 * NewScan.of(account, ProviderType.AWS).as(ScanType.FULL).pending();
 * }</pre>
 *
 * @param status running, or pending
 */
public record NewScan(
        TenantId tenantId, AccountId accountId, ProviderType providerType, ScanType type, RunStatus status) {
    public NewScan {
        Objects.requireNonNull(tenantId, "tenantId");
        Objects.requireNonNull(accountId, "accountId");
        Objects.requireNonNull(providerType, "providerType");
        Objects.requireNonNull(type, "type");
        status.requireFirst();
    }

    /**
     * A scheduled scan of the account, that begins with its creation.
     *
     * @param providerType the account's; it is written into the result's row
     */
    public static NewScan of(Account account, ProviderType providerType) {
        return new NewScan(account.tenantId(), account.id(), providerType, ScanType.SCHEDULED, RunStatus.RUNNING);
    }

    public NewScan as(ScanType scanType) {
        return new NewScan(tenantId, accountId, providerType, scanType, status);
    }

    /** One that waits until it is started. */
    public NewScan pending() {
        return new NewScan(tenantId, accountId, providerType, type, RunStatus.PENDING);
    }
}
