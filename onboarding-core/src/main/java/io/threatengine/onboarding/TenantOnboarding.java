package io.threatengine.onboarding;

import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.AccountRepository;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.claim.ScheduleClaims;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialProof;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.execution.ExecutionRepository;
import io.threatengine.onboarding.provider.ProviderRepository;
import io.threatengine.onboarding.scan.ScanResultRepository;
import io.threatengine.onboarding.schedule.ScheduleRepository;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one tenant has, and nothing else: whatever belongs to another tenant is not found here, cannot be listed, changed,
 * opened or deleted, nor can a page token of another tenant's list be used. Thread-safe. {@link Onboarding#forTenant} makes
 * it; it opens nothing, so it closes nothing.
 *
 * <pre>{@code
 * TenantOnboarding acme = onboarding.forTenant(tenantId);
 * Account account = acme.accounts().get(accountId);       // NotFoundException, if it is another tenant's
 * Credential credential = acme.vault().get(account.credentialKey());
 * }</pre>
 *
 * <p>Rows say whose they are, but for executions and scans of other engines, which name their account alone, and secrets: for
 * these, the account's row is read once, strongly consistent, and its answer remembered, since no account ever moves to
 * another tenant.
 */
public final class TenantOnboarding {
    private final TenantId tenantId;
    private final OnboardingStorage storage;
    private final CredentialVault vault;
    private final Onboarding bound;

    TenantOnboarding(OnboardingStorage storage, CredentialVault vault, TenantId tenantId) {
        this.tenantId = tenantId;
        this.storage = storage;
        var boundStorage = new TenantBoundStorage(storage, tenantId);
        this.vault = new TenantBoundVault(vault, tenantId, boundStorage);
        this.bound = Onboarding.of(boundStorage, this.vault);
    }

    public TenantId tenantId() {
        return tenantId;
    }

    /**
     * The tenant itself.
     *
     * @throws NotFoundException if there is no such tenant
     */
    public Tenant tenant() {
        return storage.tenants().get(tenantId);
    }

    public ProviderRepository providers() {
        return bound.providers();
    }

    public AccountRepository accounts() {
        return bound.accounts();
    }

    public ScheduleRepository schedules() {
        return bound.schedules();
    }

    public ExecutionRepository executions() {
        return bound.executions();
    }

    /** Takes due schedules for workers. */
    public ScheduleClaims claims() {
        return bound.claims();
    }

    public ScanResultRepository scanResults() {
        return bound.scanResults();
    }

    public CredentialVault vault() {
        return vault;
    }

    /** {@link Onboarding#onboardAccount(NewAccount, Credential)} for this tenant; another tenant's is not found. */
    public Account onboardAccount(NewAccount account, Credential credential) {
        return onboardAccount(account, credential, null);
    }

    /** {@link Onboarding#onboardAccount(NewAccount, Credential, Instant)} for this tenant; another's is not found. */
    public Account onboardAccount(NewAccount account, Credential credential, @Nullable Instant expiresAt) {
        if (!account.tenantId().equals(tenantId)) {
            throw new NotFoundException("tenant", account.tenantId().value());
        }
        return bound.onboardAccount(account, credential, expiresAt);
    }

    /** {@link Onboarding#rotateCredential(AccountId, Credential)}; another tenant's account is not found. */
    public Account rotateCredential(AccountId id, Credential credential) {
        return bound.rotateCredential(id, credential);
    }

    /** {@link Onboarding#rotateCredential(AccountId, Credential, Instant)}; another tenant's account is not found. */
    public Account rotateCredential(AccountId id, Credential credential, @Nullable Instant expiresAt) {
        return bound.rotateCredential(id, credential, expiresAt);
    }

    /** {@link Onboarding#rotateCredential(AccountId, Credential, CredentialProof)}; another's account is not found. */
    public Account rotateCredential(AccountId id, Credential credential, CredentialProof proof) {
        return bound.rotateCredential(id, credential, proof);
    }

    /**
     * {@link Onboarding#rotateCredential(AccountId, Credential, Instant, CredentialProof)}; another tenant's account is not
     * found.
     */
    public Account rotateCredential(
            AccountId id, Credential credential, @Nullable Instant expiresAt, CredentialProof proof) {
        return bound.rotateCredential(id, credential, expiresAt, proof);
    }

    /** {@link Onboarding#resumeRotation}; another tenant's account is not found. */
    public Account resumeRotation(AccountId id, CredentialProof proof) {
        return bound.resumeRotation(id, proof);
    }

    /** {@link Onboarding#rollbackCredential}; another tenant's account is not found. */
    public Account rollbackCredential(AccountId id) {
        return bound.rollbackCredential(id);
    }

    /** {@link Onboarding#shareCredential}; another tenant's account is not found. */
    public Account shareCredential(AccountId id, AccountId owner) {
        return bound.shareCredential(id, owner);
    }

    /** {@link Onboarding#offboardAccount} for this tenant; another tenant's account is not found. */
    public Optional<Instant> offboardAccount(AccountId id) {
        return bound.offboardAccount(id);
    }
}
