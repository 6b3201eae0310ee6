package io.threatengine.onboarding;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialDescription;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A vault in which one tenant's credentials are, and no others. Not its own key decides that, but the account's row. */
final class TenantBoundVault implements CredentialVault {
    private final CredentialVault all;
    private final TenantId tenant;
    private final Predicate<AccountId> owns;

    TenantBoundVault(CredentialVault all, TenantId tenant, Predicate<AccountId> owns) {
        this.all = all;
        this.tenant = tenant;
        this.owns = owns;
    }

    @Override
    public void check(CredentialKey key, Credential credential) {
        // no call, and no account yet where one is onboarded
        if (!key.tenantId().equals(tenant)) {
            throw notFound(key);
        }
        all.check(key, credential);
    }

    @Override
    public CredentialVersion store(CredentialKey key, Credential credential, @Nullable Instant expiresAt) {
        return all.store(own(key), credential, expiresAt);
    }

    @Override
    public StoredCredential load(CredentialKey key) {
        return all.load(own(key));
    }

    @Override
    public boolean holds(CredentialKey key, Credential credential) {
        return all.holds(own(key), credential);
    }

    @Override
    public CredentialDescription describe(CredentialKey key) {
        return all.describe(own(key));
    }

    @Override
    public Instant delete(CredentialKey key) {
        return all.delete(own(key));
    }

    @Override
    public void restore(CredentialKey key) {
        all.restore(own(key));
    }

    @Override
    public void close() {
        // the vault is the caller's
    }

    private CredentialKey own(CredentialKey key) {
        if (!key.tenantId().equals(tenant) || !owns.test(key.accountId())) {
            throw notFound(key);
        }
        return key;
    }

    private static NotFoundException notFound(CredentialKey key) {
        return new NotFoundException("credential", key.accountId().value());
    }
}
