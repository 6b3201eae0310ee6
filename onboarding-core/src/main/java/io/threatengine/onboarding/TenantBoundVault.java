package io.threatengine.onboarding;

import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialDescription;
import io.threatengine.onboarding.credential.CredentialProof;
import io.threatengine.onboarding.credential.CredentialRotation;
import io.threatengine.onboarding.credential.CredentialStage;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.credential.StoreOptions;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.credential.VersionDescription;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.storage.Bulk;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.BulkResult.Outcome;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A vault in which one tenant's credentials are, and no others. Not its own key decides that, but the account's row. */
final class TenantBoundVault implements CredentialVault {
    private final CredentialVault all;
    private final TenantId tenant;
    private final TenantBoundStorage storage;
    private final CredentialRotation rotation = new Rotation();

    TenantBoundVault(CredentialVault all, TenantId tenant, TenantBoundStorage storage) {
        this.all = all;
        this.tenant = tenant;
        this.storage = storage;
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
    public CredentialVersion store(CredentialKey key, Credential credential, StoreOptions options) {
        return all.store(own(key), credential, options);
    }

    @Override
    public CredentialRotation rotation() {
        return rotation;
    }

    @Override
    public StoredCredential load(CredentialKey key) {
        return all.load(own(key));
    }

    @Override
    public BulkResult<CredentialKey, StoredCredential> loadAll(Collection<CredentialKey> keys, BulkOptions options) {
        storage.learnOwnersOf(keys.stream()
                .filter(key -> key.tenantId().equals(tenant))
                .map(CredentialKey::accountId)
                .toList());
        BulkResult<CredentialKey, CredentialKey> own = Bulk.each(keys, options.withProgress(progress -> {}), this::own);
        List<CredentialKey> readable =
                own.outcomes().stream().flatMap(key -> key.found().stream()).toList();
        Iterator<Outcome<CredentialKey, StoredCredential>> loaded =
                all.loadAll(readable, options).outcomes().iterator();
        return new BulkResult<>(own.outcomes().stream()
                .map(key -> key.failure() == null
                        ? loaded.next()
                        : Outcome.<CredentialKey, StoredCredential>failed(key.input(), key.failure()))
                .toList());
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
    public Optional<Instant> deleteUnless(CredentialKey key, Predicate<CredentialDescription> isNeeded) {
        return all.deleteUnless(own(key), isNeeded);
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
        if (!key.tenantId().equals(tenant) || !storage.owns(key.accountId())) {
            throw notFound(key);
        }
        return key;
    }

    private static NotFoundException notFound(CredentialKey key) {
        return new NotFoundException("credential", key.accountId().value());
    }

    private final class Rotation implements CredentialRotation {
        @Override
        public CredentialVersion rotate(
                CredentialKey key, Credential next, @Nullable Instant expiresAt, CredentialProof proof) {
            return all.rotation().rotate(own(key), next, expiresAt, proof);
        }

        @Override
        public CredentialVersion resume(CredentialKey key, CredentialProof proof) {
            return all.rotation().resume(own(key), proof);
        }

        @Override
        public void discard(CredentialKey key) {
            all.rotation().discard(own(key));
        }

        @Override
        public CredentialVersion rollback(CredentialKey key) {
            return all.rotation().rollback(own(key));
        }

        @Override
        public List<VersionDescription> versions(CredentialKey key) {
            return all.rotation().versions(own(key));
        }

        @Override
        public StoredCredential load(CredentialKey key, String versionId) {
            return all.rotation().load(own(key), versionId);
        }

        @Override
        public StoredCredential load(CredentialKey key, CredentialStage stage) {
            return all.rotation().load(own(key), stage);
        }
    }
}
