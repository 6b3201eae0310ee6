package io.threatengine.onboarding;

import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.AccountRepository;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.claim.ScheduleClaims;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialDescription;
import io.threatengine.onboarding.credential.CredentialProof;
import io.threatengine.onboarding.credential.CredentialStage;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.credential.StoreOptions;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.credential.VersionDescription;
import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.CredentialRefusedException;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.CredentialUnavailableException.Reason;
import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.RotationConflictException;
import io.threatengine.onboarding.error.VersionConflictException;
import io.threatengine.onboarding.execution.ExecutionRepository;
import io.threatengine.onboarding.internal.Proofs;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderId;
import io.threatengine.onboarding.provider.ProviderRepository;
import io.threatengine.onboarding.provider.ProviderStatus;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.scan.ScanResultRepository;
import io.threatengine.onboarding.schedule.ScheduleRepository;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.tenant.TenantRepository;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The way in: repositories, vault, and the use cases that need both. Thread-safe. It opens nothing, so it closes nothing:
 * close the storage and the vault that it was made of.
 *
 * <pre>{@code
 * var settings = OnboardingSettings.fromEnvironment();
 * try (var storage = DynamoDbStorage.open(settings);
 *         var vault = SecretsManagerVault.open(settings)) {
 *     var onboarding = Onboarding.of(storage, vault);
 *     Tenant tenant = onboarding.tenants().create("acme");
 *     Account account = onboarding.onboardAccount(
 *             NewAccount.of(tenant.id(), ProviderType.AWS, "production", "123456789012"),
 *             new AwsIamRole(roleArn, externalId));
 *     Credential credential = onboarding.vault().get(account.credentialKey());
 * }
 * }</pre>
 */
public final class Onboarding {
    private final OnboardingStorage storage;
    private final CredentialVault vault;

    private Onboarding(OnboardingStorage storage, CredentialVault vault) {
        this.storage = Objects.requireNonNull(storage, "storage");
        this.vault = Objects.requireNonNull(vault, "vault");
    }

    public static Onboarding of(OnboardingStorage storage, CredentialVault vault) {
        return new Onboarding(storage, vault);
    }

    public TenantRepository tenants() {
        return storage.tenants();
    }

    public ProviderRepository providers() {
        return storage.providers();
    }

    public AccountRepository accounts() {
        return storage.accounts();
    }

    public ScheduleRepository schedules() {
        return storage.schedules();
    }

    public ExecutionRepository executions() {
        return storage.executions();
    }

    /** Takes due schedules for workers. */
    public ScheduleClaims claims() {
        return storage.claims();
    }

    public ScanResultRepository scanResults() {
        return storage.scanResults();
    }

    public CredentialVault vault() {
        return vault;
    }

    /** What one tenant has, and nothing else. Costs nothing to make; one may be kept, too. */
    public TenantOnboarding forTenant(TenantId tenant) {
        return new TenantOnboarding(storage, vault, Objects.requireNonNull(tenant, "tenant"));
    }

    /**
     * Onboards an account: writes its row (and the tenant's provider, where it is the first account there), stores its
     * credential, and finishes the row, which then points to the credential and is <em>deployed</em>. Nothing is written
     * before everything is checked. The account's status stays <em>pending</em> until somebody has tried the credential and
     * stores {@link Account#validated}.
     *
     * <p>After a failure or a crash at any step, the same call goes on where the last one stopped. Once it has succeeded,
     * the same call with the same credential changes nothing and returns the account.
     *
     * @throws InvalidValueException if the account or the credential breaks a rule, or they do not fit each other
     * @throws NotFoundException if there is no such tenant
     * @throws AlreadyExistsException if the name or number belongs to another account, or to this one with another
     *     credential; to change a credential use {@link #rotateCredential}
     */
    public Account onboardAccount(NewAccount account, Credential credential) {
        return onboardAccount(account, credential, null);
    }

    /**
     * {@link #onboardAccount(NewAccount, Credential)} with a credential that expires. Once it has succeeded, the expiry
     * stays as well: to change it use {@link #rotateCredential(AccountId, Credential, Instant)}.
     *
     * @param expiresAt when the vault stops giving the credential out; null for never
     */
    public Account onboardAccount(NewAccount account, Credential credential, @Nullable Instant expiresAt) {
        requireFits(account.providerType(), account.number(), credential);
        vault.check(CredentialKey.of(account.tenantId(), AccountId.random()), credential);

        Provider provider = providerOf(account.tenantId(), account.providerType());
        Account row;
        try {
            row = accounts().create(provider, account);
        } catch (AlreadyExistsException taken) {
            row = begunBefore(account, taken);
            boolean finished = row.credentialVersionId().isPresent();
            if (vault.holds(row.credentialKey(), credential)) {
                if (finished) {
                    return row;
                }
            } else if (finished || vault.find(row.credentialKey()).isPresent()) {
                throw new AlreadyExistsException(
                        taken.kind(),
                        taken.field(),
                        taken.value(),
                        row.id().value(),
                        "The account is onboarded with another credential; to change it use rotateCredential.");
            }
        }
        return finish(row, vault.store(row.credentialKey(), credential, expiring(expiresAt)));
    }

    /**
     * Stores an account's next credential, untried, and lets its row point to it; the credential's status is pending again.
     * Safe to repeat.
     *
     * @throws NotFoundException if there is no such account
     * @throws InvalidValueException if the credential breaks a rule or does not fit the account
     * @throws IllegalTransitionException if the account is deleted
     * @throws VersionConflictException if somebody else stored a credential at the same time and theirs is the later one
     */
    public Account rotateCredential(AccountId id, Credential credential) {
        return rotateCredential(id, credential, (Instant) null);
    }

    /**
     * {@link #rotateCredential(AccountId, Credential)} with a credential that expires.
     *
     * @param expiresAt when the vault stops giving the credential out; null for never
     */
    public Account rotateCredential(AccountId id, Credential credential, @Nullable Instant expiresAt) {
        Account account = rotating(id, credential);
        return finish(account, vault.store(account.credentialKey(), credential, expiring(expiresAt)));
    }

    /**
     * Replaces an account's credential by one that the proof has tried, and lets its row point to it; readers have the old
     * one until then. The credential's status is pending again until {@link Account#validated} is stored.
     *
     * <p>After a crash at any step, the same call goes on where the last one stopped; {@link #resumeRotation} does so
     * without the credential at hand, and {@code vault().rotation().discard(…)} gives up what is pending.
     *
     * <pre>{@code
     * onboarding.rotateCredential(account.id(), next, credential -> tryOut(credential));
     * }</pre>
     *
     * @throws NotFoundException if there is no such account
     * @throws InvalidValueException if the credential breaks a rule or does not fit the account
     * @throws IllegalTransitionException if the account is deleted
     * @throws CredentialRefusedException if the proof refuses the credential; the old one stays
     * @throws RotationConflictException if another rotation is under way, or the credential was replaced meanwhile
     * @throws VersionConflictException if somebody else stored a credential right after, and the row points to theirs
     */
    public Account rotateCredential(AccountId id, Credential credential, CredentialProof proof) {
        return rotateCredential(id, credential, null, proof);
    }

    /**
     * {@link #rotateCredential(AccountId, Credential, CredentialProof)} with a credential that expires.
     *
     * @param expiresAt when the vault stops giving the credential out; null for never
     */
    public Account rotateCredential(
            AccountId id, Credential credential, @Nullable Instant expiresAt, CredentialProof proof) {
        Account account = rotating(id, credential);
        CredentialKey key = account.credentialKey();
        CredentialVersion version;
        try {
            version = vault.rotation().rotate(key, credential, expiresAt, proof);
        } catch (NotFoundException e) {
            // It has none of its own, so nobody reads what is stored before the row points to it.
            vault.check(key, credential);
            Proofs.run(() -> proof.prove(credential), "account " + id, () -> {});
            version = vault.store(key, credential, expiring(expiresAt));
        }
        return finish(account, version);
    }

    /**
     * Goes on with a rotation that was left pending: the proof tries the pending credential, and the row is pointed to it.
     * If none is pending, because it was finished up to the row, the row is pointed to the current one. Safe to repeat.
     *
     * @throws NotFoundException if there is no such account, or it has no credential
     * @throws IllegalTransitionException if the account is deleted
     * @throws CredentialRefusedException if the proof refuses the credential; it is discarded, and the old one stays
     * @throws RotationConflictException if the credential was replaced since the rotation began; the pending one is
     *     discarded
     */
    public Account resumeRotation(AccountId id, CredentialProof proof) {
        Account account = live(id);
        CredentialKey key = account.credentialKey();
        CredentialVersion version;
        try {
            version = vault.rotation().resume(key, proof);
        } catch (NotFoundException e) {
            version = vault.describe(key).version();
        }
        return finish(account, version);
    }

    /**
     * Goes back to the credential that was current before, and lets the row point to it; the credential's status is pending
     * again. After a crash at any step, the same call finishes the work; after it has succeeded, a further call goes back
     * to where it came from.
     *
     * @throws NotFoundException if there is no such account, or no previous credential
     * @throws IllegalTransitionException if the account is deleted
     * @throws RotationConflictException if others have changed the credential more than once since the row was written
     */
    public Account rollbackCredential(AccountId id) {
        Account account = naming(live(id));
        return finish(account, vault.rotation().rollback(account.credentialKey()));
    }

    /**
     * The account with the version to go back from. A row that names none, as other engines write it, gets the current one
     * first: else the same call after a crash could not know that the vault has gone back already, and would go forward.
     */
    private Account naming(Account account) {
        if (account.credentialVersionId().isPresent()) {
            return account;
        }
        List<VersionDescription> versions = vault.rotation().versions(account.credentialKey());
        if (at(CredentialStage.PREVIOUS, versions).isEmpty()) {
            return account;
        }
        CredentialVersion current = at(CredentialStage.CURRENT, versions)
                .orElseThrow(() -> new NotFoundException(
                        "credential", account.credentialKey().toString()));
        return accounts()
                .update(
                        account.id(),
                        row -> row.credentialVersionId().isPresent() ? row : row.credentialStored(current));
    }

    private static Optional<CredentialVersion> at(CredentialStage stage, List<VersionDescription> versions) {
        return versions.stream()
                .filter(version -> version.is(stage))
                .map(VersionDescription::version)
                .findFirst();
    }

    /**
     * Lets an account use the credential of another account of its tenant, from now on: its row points to the other's
     * secret. A secret of its own, if it has one, stays until the account is offboarded; one that it shared before goes with
     * its last user, as {@link #offboardAccount} says. The first rotation gives it one of its own again. The credential's status is pending. Safe to repeat.
     *
     * @throws NotFoundException if there is no such account, the other one is of another tenant, or has no credential
     * @throws InvalidValueException if the credential is for another kind of provider
     * @throws IllegalTransitionException if one of the accounts is deleted
     * @throws CredentialUnavailableException if the other's credential cannot be used, or is deleted at the same moment
     */
    public Account shareCredential(AccountId id, AccountId owner) {
        Account account = live(id);
        Account sharing = live(owner);
        if (!sharing.tenantId().equals(account.tenantId())) {
            throw new NotFoundException("account", owner.value());
        }
        StoredCredential shared = vault.load(sharing.credentialKey());
        requireFits(typeOf(account), "", shared.credential());
        var former = new AtomicReference<>(account);
        Account row = accounts().update(id, current -> {
            former.set(current);
            return current.credentialStored(shared.version());
        });
        // Whoever offboards the other account looks for rows first, this one among them, and deletes then.
        if (vault.describe(row.credentialKey()).deletionDate() != null) {
            throw new CredentialUnavailableException(shared.version().reference(), Reason.PENDING_DELETION);
        }
        leave(former.get(), row);
        return row;
    }

    /**
     * Offboards an account: marks its row as deleted, which is final and releases name and number, then schedules its
     * credential for deletion, from which the vault can restore it for some days. The row stays as the record of it.
     *
     * <p>A secret that several accounts of the tenant use goes with the last of them: when that one is offboarded, or is
     * pointed to another secret after its owner was. Who uses it is read from all of the
     * tenant's rows, and again from each row that seems to, strongly consistent; an account whose credential is read under
     * its own name counts as well, and so does a row that cannot be understood. Two limits: the list is eventually
     * consistent, so that a row which was pointed to the secret within the last moments may be missed ({@link
     * #shareCredential} then fails in most cases, and the secret can be restored); and accounts of other tenants never count,
     * since they cannot open it.
     *
     * <p>After a failure or a crash, the same call finishes the work; after success it changes nothing.
     *
     * @return when the credential will be gone; empty if the account had none, or others still use it
     * @throws NotFoundException if there is no such account
     * @throws VersionConflictException if others kept changing the row
     */
    public Optional<Instant> offboardAccount(AccountId id) {
        return deleteCredential(accounts().update(id, Account::markDeleted).credentialKey());
    }

    private Account live(AccountId id) {
        Account account = accounts().get(id);
        if (account.isDeleted()) {
            throw new IllegalTransitionException(
                    "account", id.value(), account.status().value(), "active again");
        }
        return account;
    }

    private Account rotating(AccountId id, Credential credential) {
        Account account = live(id);
        requireFits(typeOf(account), account.number(), credential);
        return account;
    }

    private @Nullable ProviderType typeOf(Account account) {
        return providers().find(account.providerId()).map(Provider::type).orElse(null);
    }

    private static StoreOptions expiring(@Nullable Instant expiresAt) {
        return StoreOptions.defaults().expiringAt(expiresAt);
    }

    /** The tenant's provider of this type. Of duplicates that others wrote, always the same one. */
    private Provider providerOf(TenantId tenant, ProviderType type) {
        Optional<Provider> known = providers().ofTenant(tenant, type).stream()
                .filter(provider -> !provider.status().equals(ProviderStatus.DELETED))
                .min(Comparator.comparing(provider -> provider.id().value()));
        if (known.isPresent()) {
            return known.get();
        }
        try {
            return providers().create(tenant, type);
        } catch (AlreadyExistsException e) {
            // made a moment ago: the index does not show it yet
            return providers().get(ProviderId.of(e.existingId().orElseThrow(() -> e)));
        }
    }

    /** The row of an earlier call for the same account. Its provider may be a duplicate that somebody has added since. */
    private Account begunBefore(NewAccount account, AlreadyExistsException taken) {
        Account existing = accounts().get(AccountId.of(taken.existingId().orElseThrow(() -> taken)));
        boolean sameNumber = account.number().isEmpty() || account.number().equals(existing.number());
        boolean sameType = providers()
                .find(existing.providerId())
                .filter(provider -> provider.type().equals(account.providerType()))
                .isPresent();
        if (existing.isDeleted() || !existing.name().equals(account.name()) || !sameNumber || !sameType) {
            throw taken;
        }
        return existing;
    }

    /** Points the row to what was stored, unless somebody else has stored something later. */
    private Account finish(Account before, CredentialVersion stored) {
        CredentialKey key = before.credentialKey();
        var former = new AtomicReference<>(before);
        Account row;
        try {
            row = accounts().update(before.id(), current -> {
                former.set(current);
                boolean untouched = current.credentialVersionId().equals(before.credentialVersionId());
                return untouched || isLatest(key, stored) ? current.credentialStored(stored) : current;
            });
        } catch (IllegalTransitionException | NotFoundException e) {
            // offboarded meanwhile, before there was a credential that it could have deleted
            try {
                deleteCredential(CredentialKey.of(before.tenantId(), before.id()));
            } catch (OnboardingException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
        leave(former.get(), row);
        if (!row.credentialVersionId().equals(Optional.of(stored.versionId()))) {
            throw new VersionConflictException(
                    "account",
                    before.id().value(),
                    before.revision().version(),
                    row.revision().version());
        }
        return row;
    }

    /**
     * Finishes the offboarding of an account whose secret this one was the last to use, and points to no more. A crash right
     * before leaves the secret: offboarding that account once more deletes it.
     */
    private void leave(Account former, Account row) {
        if (former.credentialReference().isEmpty()
                || former.credentialReference().equals(row.credentialReference())) {
            return;
        }
        ownerOf(former.credentialKey())
                .flatMap(owner -> accounts().find(owner))
                .filter(owner -> owner.isDeleted() && owner.tenantId().equals(row.tenantId()))
                .ifPresent(owner -> deleteCredential(owner.credentialKey()));
    }

    private Optional<AccountId> ownerOf(CredentialKey key) {
        try {
            return Optional.ofNullable(vault.describe(key).owner());
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    private boolean isLatest(CredentialKey key, CredentialVersion stored) {
        try {
            return vault.describe(key).version().versionId().equals(stored.versionId());
        } catch (NotFoundException e) {
            return false; // not visible yet
        }
    }

    private Optional<Instant> deleteCredential(CredentialKey key) {
        return vault.deleteUnless(key, secret -> isUsedByAnother(key, secret));
    }

    private boolean isUsedByAnother(CredentialKey key, CredentialDescription secret) {
        var unreadable = new AtomicBoolean();
        boolean used = accounts().ofTenant(key.tenantId()).reporting(row -> unreadable.set(true)).stream()
                .filter(account -> !account.id().equals(key.accountId()) && uses(account, secret))
                .anyMatch(account -> accounts()
                        .find(account.id())
                        .filter(row -> uses(row, secret))
                        .isPresent());
        return used || unreadable.get();
    }

    private static boolean uses(Account account, CredentialDescription secret) {
        return !account.isDeleted()
                && (account.id().equals(secret.owner())
                        || account.credentialReference().filter(secret::isAt).isPresent());
    }

    private static void requireFits(@Nullable ProviderType type, String number, Credential credential) {
        ProviderType wanted = credential.providerType().orElse(type);
        if (type != null && !type.equals(wanted)) {
            throw new InvalidValueException("credential", "must be one for " + type, credential.type());
        }
        String named = credential.accountNumber().orElse("");
        if (!number.isEmpty() && !named.isEmpty() && !number.equals(named)) {
            throw new InvalidValueException("credential", "must be for the account " + number, named);
        }
    }
}
