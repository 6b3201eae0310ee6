package io.threatengine.onboarding.account;

import com.google.auto.value.AutoValue;
import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.Rules;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderId;
import io.threatengine.onboarding.storage.Entity;
import io.threatengine.onboarding.storage.Revision;
import io.threatengine.onboarding.storage.UniqueKey;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cloud account of a tenant. Immutable; the named changes follow the life cycles and return a changed copy, which {@link
 * AccountRepository} stores:
 *
 * <pre>{@code
 * accounts.update(account.id(), a -> a.validated(clock.instant()));
 * }</pre>
 */
@AutoValue
public abstract class Account implements Entity<AccountId, Account> {
    private static final int LONGEST_REASON = 2_048;

    Account() {}

    @Override
    public abstract AccountId id();

    public abstract TenantId tenantId();

    public abstract ProviderId providerId();

    /** Unique within the tenant. */
    public abstract String name();

    /** The cloud's own number of the account, unique within tenant and provider; empty while it is not known. */
    public abstract String number();

    public abstract AccountStatus status();

    public abstract OnboardingStatus onboardingStatus();

    public abstract CredentialStatus credentialStatus();

    /** 1970 where other engines have stored a row without it. */
    public abstract Instant createdAt();

    public abstract Instant updatedAt();

    @Override
    public abstract Revision revision();

    abstract @Nullable String nullableOnboardingId();

    abstract @Nullable Instant nullableLastValidatedAt();

    abstract @Nullable String nullableValidationError();

    abstract @Nullable String nullableCredentialReference();

    abstract @Nullable String nullableCredentialVersionId();

    /** The id that the onboarding process outside of this library gave the account. */
    public Optional<String> onboardingId() {
        return Optional.ofNullable(nullableOnboardingId());
    }

    /** When the credential was tried last, whatever came of it. */
    public Optional<Instant> lastValidatedAt() {
        return Optional.ofNullable(nullableLastValidatedAt());
    }

    /** Why the last validation failed; empty after one that did not. */
    public Optional<String> validationError() {
        return Optional.ofNullable(nullableValidationError());
    }

    /** The credential's stored version that this row knows of; empty before one is stored. */
    public Optional<String> credentialVersionId() {
        return Optional.ofNullable(nullableCredentialVersionId());
    }

    /** The name or ARN of the secret, where the row names one. */
    public Optional<String> credentialReference() {
        return Optional.ofNullable(nullableCredentialReference());
    }

    /** What to ask the vault with. */
    public CredentialKey credentialKey() {
        return CredentialKey.ofRow(
                tenantId(),
                id(),
                nullableCredentialReference(),
                nullableCredentialVersionId(),
                revision().version());
    }

    /**
     * Gives the account another name.
     *
     * @throws InvalidValueException if the name is blank, too long or unprintable
     */
    public Account rename(String name) {
        return toBuilder().name(Rules.name("account name", name)).build();
    }

    /**
     * Sets the cloud's number of the account.
     *
     * @param provider the account's provider, whose rule holds
     * @throws InvalidValueException if the number breaks it, or the provider is another
     */
    public Account withNumber(Provider provider, String number) {
        if (!provider.id().equals(providerId())) {
            throw new InvalidValueException(
                    "provider",
                    "must be that of the account, " + providerId(),
                    provider.id().value());
        }
        return toBuilder().number(provider.type().checkAccountNumber(number)).build();
    }

    public Account withOnboardingId(String onboardingId) {
        return toBuilder()
                .nullableOnboardingId(Rules.printable("onboarding id", onboardingId, 1, Rules.LONGEST_NAME))
                .build();
    }

    /**
     * Lets the account be scanned.
     *
     * @throws IllegalTransitionException if the account is deleted
     */
    public Account activate() {
        return become(AccountStatus.ACTIVE);
    }

    /**
     * Lets the account rest.
     *
     * @throws IllegalTransitionException if the account is pending or deleted
     */
    public Account deactivate() {
        return become(AccountStatus.INACTIVE);
    }

    /** Marks the account as deleted, which is final and releases its name and number. */
    public Account markDeleted() {
        return become(AccountStatus.DELETED);
    }

    /**
     * A credential was stored: the row points to it, its status is pending, and a pending onboarding is deployed.
     *
     * @throws IllegalTransitionException if the account is deleted
     */
    public Account credentialStored(CredentialVersion version) {
        refuseIfDeleted("deployed");
        if (version.reference().equals(nullableCredentialReference())
                && version.versionId().equals(nullableCredentialVersionId())) {
            return this;
        }
        return toBuilder()
                .nullableCredentialReference(version.reference())
                .nullableCredentialVersionId(version.versionId())
                .credentialStatus(CredentialStatus.PENDING)
                .onboardingStatus(
                        onboardingStatus().equals(OnboardingStatus.PENDING)
                                ? OnboardingStatus.DEPLOYED
                                : onboardingStatus())
                .build();
    }

    /**
     * The credential was tried and works: onboarding is validated, the credential valid, a pending account active. A
     * credential may be tried again, whatever came of it before, but for one that has expired: that needs a new one.
     *
     * @throws IllegalTransitionException if the onboarding is still pending, the credential has expired, or the account
     *     is deleted
     */
    public Account validated(Instant at) {
        refuseIfDeleted("validated");
        refuseIfExpired(CredentialStatus.VALID);
        if (onboardingStatus().equals(OnboardingStatus.PENDING)) {
            throw new IllegalTransitionException(
                    "account onboarding", id().value(), onboardingStatus().value(), "validated");
        }
        return toBuilder()
                .onboardingStatus(OnboardingStatus.VALIDATED)
                .credentialStatus(CredentialStatus.VALID)
                .status(status().equals(AccountStatus.PENDING) ? AccountStatus.ACTIVE : status())
                .nullableLastValidatedAt(WireTime.stored(at))
                .nullableValidationError(null)
                .build();
    }

    /**
     * The credential was tried and does not work. The account and the stage of its onboarding stay.
     *
     * @param reason what the cloud said, at most 2,048 characters, without a secret: it is stored and shown
     * @throws IllegalTransitionException if the credential has expired, or the account is deleted
     */
    public Account validationFailed(String reason, Instant at) {
        refuseIfDeleted("invalid");
        refuseIfExpired(CredentialStatus.INVALID);
        return toBuilder()
                .credentialStatus(CredentialStatus.INVALID)
                .nullableLastValidatedAt(WireTime.stored(at))
                .nullableValidationError(Rules.text("validation error", reason, LONGEST_REASON))
                .build();
    }

    /**
     * Notes that a valid credential has expired.
     *
     * @throws IllegalTransitionException unless the credential is valid, or expired already
     */
    public Account credentialExpired() {
        if (!credentialStatus().equals(CredentialStatus.VALID)
                && !credentialStatus().equals(CredentialStatus.EXPIRED)) {
            throw new IllegalTransitionException(
                    "account credential", id().value(), credentialStatus().value(), "expired");
        }
        return toBuilder().credentialStatus(CredentialStatus.EXPIRED).build();
    }

    public boolean isDeleted() {
        return status().equals(AccountStatus.DELETED);
    }

    @Override
    public List<String> belongsTo() {
        return List.of(tenantId().value(), providerId().value());
    }

    /** What no other account may hold; nothing once the account is deleted. */
    @Override
    public List<UniqueKey> uniqueKeys() {
        if (isDeleted()) {
            return List.of();
        }
        var keys = new ArrayList<UniqueKey>(2);
        keys.add(new UniqueKey("account", "name", List.of(tenantId().value()), name()));
        if (!number().isEmpty()) {
            var scope = List.of(tenantId().value(), providerId().value());
            keys.add(new UniqueKey("account", "number", scope, number()));
        }
        return keys;
    }

    private Account become(AccountStatus next) {
        if (!status().canBecome(next)) {
            throw new IllegalTransitionException("account", id().value(), status().value(), next.value());
        }
        return next.equals(status()) ? this : toBuilder().status(next).build();
    }

    private void refuseIfExpired(CredentialStatus wanted) {
        if (credentialStatus().equals(CredentialStatus.EXPIRED)) {
            throw new IllegalTransitionException(
                    "account credential", id().value(), credentialStatus().value(), wanted.value());
        }
    }

    private void refuseIfDeleted(String wanted) {
        if (isDeleted()) {
            throw new IllegalTransitionException("account", id().value(), status().value(), wanted);
        }
    }

    @Override
    public Account written(Instant now) {
        return toBuilder().revision(revision().next(now)).updatedAt(now).build();
    }

    abstract Builder toBuilder();

    /**
     * For storage: an account that begins now, with a random id.
     *
     * @throws InvalidValueException if the new account is of another tenant or type than the provider
     */
    public static Account created(Provider provider, NewAccount account, Instant now) {
        account.requireOf(provider);
        return builder()
                .id(AccountId.random())
                .tenantId(provider.tenantId())
                .providerId(provider.id())
                .name(account.name())
                .number(account.number())
                .createdAt(now)
                .updatedAt(now)
                .revision(Revision.first(now))
                .build();
    }

    /** For storage: restores an account as it was stored, without judging it. To make a new one, use the repository. */
    public static Builder builder() {
        return new AutoValue_Account.Builder()
                .number("")
                .status(AccountStatus.PENDING)
                .onboardingStatus(OnboardingStatus.PENDING)
                .credentialStatus(CredentialStatus.PENDING);
    }

    /** See {@link Account#builder()}. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        public abstract Builder id(AccountId id);

        public abstract Builder tenantId(TenantId tenantId);

        public abstract Builder providerId(ProviderId providerId);

        public abstract Builder name(String name);

        public abstract Builder number(String number);

        public abstract Builder status(AccountStatus status);

        public abstract Builder onboardingStatus(OnboardingStatus onboardingStatus);

        public abstract Builder credentialStatus(CredentialStatus credentialStatus);

        public abstract Builder createdAt(Instant createdAt);

        public abstract Builder updatedAt(Instant updatedAt);

        public abstract Builder revision(Revision revision);

        abstract Builder nullableOnboardingId(@Nullable String onboardingId);

        abstract Builder nullableLastValidatedAt(@Nullable Instant lastValidatedAt);

        abstract Builder nullableValidationError(@Nullable String validationError);

        abstract Builder nullableCredentialReference(@Nullable String credentialReference);

        abstract Builder nullableCredentialVersionId(@Nullable String credentialVersionId);

        public Builder onboardingId(@Nullable String onboardingId) {
            return nullableOnboardingId(onboardingId);
        }

        public Builder lastValidatedAt(@Nullable Instant lastValidatedAt) {
            return nullableLastValidatedAt(lastValidatedAt);
        }

        public Builder validationError(@Nullable String validationError) {
            return nullableValidationError(validationError);
        }

        public Builder credentialReference(@Nullable String credentialReference) {
            return nullableCredentialReference(credentialReference);
        }

        public Builder credentialVersionId(@Nullable String credentialVersionId) {
            return nullableCredentialVersionId(credentialVersionId);
        }

        public abstract Account build();
    }
}
