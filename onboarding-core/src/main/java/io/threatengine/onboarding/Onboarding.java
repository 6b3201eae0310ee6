package io.threatengine.onboarding;

import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.AccountRepository;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.claim.ScheduleClaims;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.VersionConflictException;
import io.threatengine.onboarding.execution.ExecutionRepository;
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
import java.util.Objects;
import java.util.Optional;
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
        return finish(row, vault.store(row.credentialKey(), credential));
    }

    /**
     * Stores an account's next credential and lets its row point to it; the credential's status is pending again. Safe to
     * repeat.
     *
     * @throws NotFoundException if there is no such account
     * @throws InvalidValueException if the credential breaks a rule or does not fit the account
     * @throws IllegalTransitionException if the account is deleted
     * @throws VersionConflictException if somebody else stored a credential at the same time and theirs is the later one
     */
    public Account rotateCredential(AccountId id, Credential credential) {
        Account account = accounts().get(id);
        if (account.isDeleted()) {
            throw new IllegalTransitionException(
                    "account", id.value(), account.status().value(), "active again");
        }
        requireFits(
                providers().find(account.providerId()).map(Provider::type).orElse(null), account.number(), credential);
        return finish(account, vault.store(account.credentialKey(), credential));
    }

    /**
     * Offboards an account: marks its row as deleted, which is final and releases name and number, then schedules its
     * credential for deletion, from which the vault can restore it for some days. The row stays as the record of it. A
     * secret of another account that the row shares by its {@code credential_ref} is left alone.
     *
     * <p>After a failure or a crash, the same call finishes the work; after success it changes nothing.
     *
     * @return when the credential will be gone; empty if the account had none of its own
     * @throws NotFoundException if there is no such account
     * @throws VersionConflictException if others kept changing the row
     */
    public Optional<Instant> offboardAccount(AccountId id) {
        return deleteCredential(accounts().update(id, Account::markDeleted).credentialKey());
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
        Account row;
        try {
            row = accounts().update(before.id(), current -> {
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
        if (!row.credentialVersionId().equals(Optional.of(stored.versionId()))) {
            throw new VersionConflictException(
                    "account",
                    before.id().value(),
                    before.revision().version(),
                    row.revision().version());
        }
        return row;
    }

    private boolean isLatest(CredentialKey key, CredentialVersion stored) {
        try {
            return vault.describe(key).version().versionId().equals(stored.versionId());
        } catch (NotFoundException e) {
            return false; // not visible yet
        }
    }

    private Optional<Instant> deleteCredential(CredentialKey key) {
        try {
            return Optional.of(vault.delete(key));
        } catch (NotFoundException e) {
            return Optional.empty();
        }
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
