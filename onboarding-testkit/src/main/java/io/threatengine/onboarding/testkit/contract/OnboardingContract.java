package io.threatengine.onboarding.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.AccountStatus;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialStatus;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.account.OnboardingStatus;
import io.threatengine.onboarding.credential.AwsIamRole;
import io.threatengine.onboarding.credential.AzureServicePrincipal;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialProof;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.credential.Kubeconfig;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.CredentialRefusedException;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.VersionConflictException;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderStatus;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.testkit.Deviation;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What the use cases do over any storage and vault. */
public interface OnboardingContract extends Contract {
    /** More calls than any use case makes. */
    int ENOUGH_STEPS = 30;

    /** Fails the test if it is run. */
    CredentialProof NEVER_TRIED = credential -> {
        throw new AssertionError("tried");
    };

    /** The storage under test. */
    OnboardingStorage storage();

    /** The vault under test. */
    CredentialVault vault();

    private Onboarding onboarding() {
        return Onboarding.of(storage(), vault());
    }

    private NewAccount newAwsAccount() {
        return NewAccount.of(Samples.tenant(storage()).id(), ProviderType.AWS, Samples.name(), Samples.awsNumber());
    }

    private Account onboarded() {
        NewAccount account = newAwsAccount();
        return onboarding().onboardAccount(account, Samples.roleOf(account.number()));
    }

    @Test
    default void onboardingWritesTheRowAndTheCredentialAndFinishesTheRow() {
        NewAccount given = newAwsAccount();
        AwsIamRole role = Samples.roleOf(given.number());

        Account account = onboarding().onboardAccount(given, role);

        assertThat(account).isEqualTo(storage().accounts().get(account.id()));
        assertThat(account.onboardingStatus()).isEqualTo(OnboardingStatus.DEPLOYED);
        assertThat(account.status()).isEqualTo(AccountStatus.PENDING);
        assertThat(account.credentialVersionId())
                .contains(vault().describe(account.credentialKey()).version().versionId());
        assertThat(vault().get(account.credentialKey())).isEqualTo(role);
        assertThat(storage().providers().get(account.providerId()).type()).isEqualTo(ProviderType.AWS);
    }

    @Test
    default void theSecondAccountOfACloudIsUnderTheSameProvider() {
        Account first = onboarded();
        NewAccount second = NewAccount.of(first.tenantId(), ProviderType.AWS, Samples.name(), Samples.awsNumber());

        Account account = onboarding().onboardAccount(second, Samples.roleOf(second.number()));

        assertThat(account.providerId()).isEqualTo(first.providerId());
    }

    @Test
    default void onboardingAgainWithTheSameChangesNothing() {
        NewAccount given = newAwsAccount();
        AwsIamRole role = Samples.roleOf(given.number());
        Account account = onboarding().onboardAccount(given, role);

        assertThat(onboarding().onboardAccount(given, role)).isEqualTo(account);
    }

    @Test
    default void onboardingAgainWithSomethingElseIsRefused() {
        NewAccount given = newAwsAccount();
        AwsIamRole role = Samples.roleOf(given.number());
        Account account = onboarding().onboardAccount(given, role);
        NewAccount otherNumber = NewAccount.of(given.tenantId(), ProviderType.AWS, given.name(), Samples.awsNumber());

        assertThatExceptionOfType(AlreadyExistsException.class)
                .isThrownBy(() -> onboarding().onboardAccount(given, Samples.roleOf(given.number())))
                .satisfies(e -> assertThat(e.existingId()).contains(account.id().value()));
        assertThatExceptionOfType(AlreadyExistsException.class)
                .isThrownBy(() -> onboarding().onboardAccount(otherNumber, Samples.roleOf(otherNumber.number())));
        assertThat(vault().get(account.credentialKey())).isEqualTo(role);
        assertThat(storage().accounts().get(account.id())).isEqualTo(account);
    }

    @Test
    default void aCrashAtAnyStepOfOnboardingIsMendedByTheSameCall() {
        crashAtEachStep(point -> {
            NewAccount given = newAwsAccount();
            AwsIamRole role = Samples.roleOf(given.number());

            boolean crashed = crashes(point, onboarding -> onboarding.onboardAccount(given, role));
            Account account = onboarding().onboardAccount(given, role);

            assertThat(account.onboardingStatus()).as(point.toString()).isEqualTo(OnboardingStatus.DEPLOYED);
            assertThat(vault().get(account.credentialKey())).isEqualTo(role);
            assertThat(storage().accounts().ofTenant(given.tenantId()).stream()).containsExactly(account);
            assertThat(storage().providers().ofTenant(given.tenantId()).stream())
                    .hasSize(1);
            return crashed;
        });
    }

    @Test
    default void whatBreaksARuleIsRefusedBeforeAnythingIsWritten() {
        NewAccount aws = newAwsAccount();
        NewAccount cluster =
                NewAccount.of(Samples.tenant(storage()).id(), ProviderType.KUBERNETES, Samples.name(), "cluster");
        var azure = new AzureServicePrincipal(
                "client", Secret.of("secret"), "directory", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
        var program = new Kubeconfig(Secret.of("users: [{name: a, user: {exec: {command: sh}}}]"));

        refused(aws, () -> onboarding().onboardAccount(aws, azure));
        refused(aws, () -> onboarding().onboardAccount(aws, Samples.roleOf("000000000000")));
        refused(cluster, () -> onboarding().onboardAccount(cluster, program));
    }

    private void refused(NewAccount account, ThrowingCallable call) {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(call);
        assertThat(storage().providers().ofTenant(account.tenantId()).stream()).isEmpty();
        assertThat(storage().accounts().ofTenant(account.tenantId()).stream()).isEmpty();
    }

    @Test
    default void onboardingTakesAProviderThatIsNotDeleted() {
        NewAccount given = newAwsAccount();
        Provider gone = storage().providers().create(given.tenantId(), ProviderType.AWS);
        storage().providers().update(gone.withStatus(ProviderStatus.DELETED));

        Account account = onboarding().onboardAccount(given, Samples.roleOf(given.number()));

        assertThat(account.providerId()).isNotEqualTo(gone.id());
    }

    @Test
    default void anUnfinishedAccountWithAnotherCredentialIsNotOverwritten() {
        NewAccount given = newAwsAccount();
        AwsIamRole first = Samples.roleOf(given.number());
        CredentialVault dying = Crossing.after("store", vault(), () -> {
            throw new CrashPoint.Crash("after storing");
        });
        assertThatExceptionOfType(CrashPoint.Crash.class)
                .isThrownBy(() -> Onboarding.of(storage(), dying).onboardAccount(given, first));

        assertThatExceptionOfType(AlreadyExistsException.class)
                .isThrownBy(() -> onboarding().onboardAccount(given, Samples.roleOf(given.number())));

        Account account = onboarding().onboardAccount(given, first);
        assertThat(vault().get(account.credentialKey())).isEqualTo(first);
    }

    @Test
    default void anAccountThatIsOffboardedWhileItIsOnboardedLeavesNoSecretBehind() {
        NewAccount given = newAwsAccount();
        AwsIamRole role = Samples.roleOf(given.number());
        AtomicReference<CredentialKey> key = new AtomicReference<>();
        CredentialVault crossed = Crossing.before("store", vault(), () -> {
            Account row = storage().accounts().ofTenant(given.tenantId()).stream()
                    .findFirst()
                    .orElseThrow();
            key.set(row.credentialKey());
            assertThat(onboarding().offboardAccount(row.id())).isEmpty();
        });

        assertThatExceptionOfType(IllegalTransitionException.class)
                .isThrownBy(() -> Onboarding.of(storage(), crossed).onboardAccount(given, role));

        assertThat(vault().describe(key.get()).deletionDate()).isNotNull();
    }

    @Test
    default void ofTwoRotationsThatCrossTheLaterOneStaysAndTheOtherIsTold() {
        Account account = onboarded();
        AwsIamRole mine = Samples.roleOf(account.number());
        AwsIamRole theirs = Samples.roleOf(account.number());
        CredentialVault crossed =
                Crossing.after("store", vault(), () -> onboarding().rotateCredential(account.id(), theirs));

        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> Onboarding.of(storage(), crossed).rotateCredential(account.id(), mine));

        Account row = storage().accounts().get(account.id());
        assertThat(vault().get(row.credentialKey())).isEqualTo(theirs);
        assertThat(vault().load(row.credentialKey()).version().versionId())
                .isEqualTo(row.credentialVersionId().orElseThrow());
    }

    @Test
    default void ofTwoRotationsThatCrossTheLaterOneWinsAlsoWhenTheOtherWasWrittenFirst() {
        Account account = onboarded();
        AwsIamRole mine = Samples.roleOf(account.number());
        AwsIamRole theirs = Samples.roleOf(account.number());
        CredentialVault crossed =
                Crossing.before("store", vault(), () -> onboarding().rotateCredential(account.id(), theirs));

        Account row = Onboarding.of(storage(), crossed).rotateCredential(account.id(), mine);

        assertThat(vault().get(row.credentialKey())).isEqualTo(mine);
        assertThat(row).isEqualTo(storage().accounts().get(account.id()));
    }

    @Test
    default void rotatingAnAccountThatSharesACredentialGivesItOneOfItsOwn() {
        Account owner = onboarded();
        CredentialVersion shared = vault().describe(owner.credentialKey()).version();
        Account sharing = storage()
                .accounts()
                .create(
                        storage().providers().get(owner.providerId()),
                        NewAccount.of(owner.tenantId(), ProviderType.AWS, Samples.name(), Samples.awsNumber()));
        storage().accounts().update(sharing.id(), account -> account.credentialStored(shared));
        AwsIamRole role = Samples.roleOf(sharing.number());
        Credential before = vault().get(owner.credentialKey());

        Account rotated = onboarding().rotateCredential(sharing.id(), role);

        assertThat(vault().get(rotated.credentialKey())).isEqualTo(role);
        assertThat(vault().get(owner.credentialKey())).isEqualTo(before);
    }

    @Test
    default void aVaultThatDoesNotShowASecretYetDoesNotEndItsAccount() {
        NewAccount given = newAwsAccount();
        AwsIamRole role = Samples.roleOf(given.number());
        CredentialVault crossed =
                Crossing.after("store", vault(), () -> onboarding().onboardAccount(given, role));
        CredentialVault lagging = Crossing.before("describe", crossed, () -> {
            throw new NotFoundException("credential", "not visible yet");
        });

        Account account = Onboarding.of(storage(), lagging).onboardAccount(given, role);

        assertThat(vault().get(account.credentialKey())).isEqualTo(role);
        assertThat(vault().describe(account.credentialKey()).deletionDate()).isNull();
    }

    @Test
    default void onboardingNeedsTheTenant() {
        NewAccount given = NewAccount.of(TenantId.random(), ProviderType.AWS, Samples.name(), Samples.awsNumber());

        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> onboarding().onboardAccount(given, Samples.roleOf(given.number())))
                .satisfies(e -> assertThat(e.kind()).isEqualTo("tenant"));
    }

    @Test
    default void rotatingStoresTheNextVersionAndPointsTheRowToIt() {
        Account account = onboarded();
        storage().accounts().update(account.id(), a -> a.validated(Instant.EPOCH));
        AwsIamRole next = Samples.roleOf(account.number());

        Account rotated = onboarding().rotateCredential(account.id(), next);

        assertThat(rotated.credentialVersionId()).isPresent().isNotEqualTo(account.credentialVersionId());
        assertThat(rotated.credentialStatus()).isEqualTo(CredentialStatus.PENDING);
        assertThat(rotated.onboardingStatus()).isEqualTo(OnboardingStatus.VALIDATED);
        assertThat(vault().get(rotated.credentialKey())).isEqualTo(next);
        assertThat(onboarding().rotateCredential(account.id(), next)).isEqualTo(rotated);
    }

    @Test
    default void rotatingToWhatDoesNotFitIsRefused() {
        Account account = onboarded();
        var azure = new AzureServicePrincipal(
                "client", Secret.of("secret"), "directory", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");

        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> onboarding().rotateCredential(account.id(), azure));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> onboarding().rotateCredential(account.id(), Samples.roleOf("000000000000")));
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> onboarding().rotateCredential(AccountId.random(), azure));
        assertThat(storage().accounts().get(account.id())).isEqualTo(account);
    }

    @Test
    default void aCrashAtAnyStepOfARotationIsMendedByTheSameCall() {
        crashAtEachStep(point -> {
            Account account = onboarded();
            AwsIamRole next = Samples.roleOf(account.number());

            boolean crashed = crashes(point, onboarding -> onboarding.rotateCredential(account.id(), next));
            Account rotated = onboarding().rotateCredential(account.id(), next);

            assertThat(vault().load(rotated.credentialKey()).version().versionId())
                    .as(point.toString())
                    .isEqualTo(rotated.credentialVersionId().orElseThrow());
            assertThat(vault().get(rotated.credentialKey())).isEqualTo(next);
            return crashed;
        });
    }

    @Test
    default void aProvenRotationPointsTheRowToTheNewVersion() {
        Account account = onboarded();
        Credential before = vault().get(account.credentialKey());
        AwsIamRole next = Samples.roleOf(account.number());
        AtomicReference<Credential> readMeanwhile = new AtomicReference<>();

        Account rotated = onboarding()
                .rotateCredential(
                        account.id(), next, credential -> readMeanwhile.set(vault().get(account.credentialKey())));

        assertThat(readMeanwhile).hasValue(before);
        agree(rotated, next);
        assertThat(rotated.credentialStatus()).isEqualTo(CredentialStatus.PENDING);
        assertThat(onboarding().rotateCredential(account.id(), next, NEVER_TRIED))
                .isEqualTo(rotated);
    }

    @Test
    default void aRotationThatIsRefusedChangesNothing() {
        Account account = onboarded();
        Credential before = vault().get(account.credentialKey());

        assertThatExceptionOfType(CredentialRefusedException.class)
                .isThrownBy(() -> onboarding()
                        .rotateCredential(account.id(), Samples.roleOf(account.number()), credential -> {
                            throw new IOException("no");
                        }));

        agree(account, before);
        assertThat(storage().accounts().get(account.id())).isEqualTo(account);
    }

    @Test
    default void aRotationWithAProofTakesAnExpiry() {
        Account account = onboarded();
        Instant expiry = Instant.parse("2100-01-01T00:00:00Z");

        Account rotated =
                onboarding().rotateCredential(account.id(), Samples.roleOf(account.number()), expiry, credential -> {});

        assertThat(vault().load(rotated.credentialKey()).expiresAt()).isEqualTo(expiry);
        Account again = onboarding().rotateCredential(account.id(), Samples.roleOf(account.number()), expiry);
        assertThat(vault().load(again.credentialKey()).expiresAt()).isEqualTo(expiry);
    }

    @Test
    default void whatDoesNotFitTheAccountIsNotTried() {
        Account account = onboarded();

        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(
                        () -> onboarding().rotateCredential(account.id(), Samples.roleOf("000000000000"), NEVER_TRIED));
    }

    @Test
    default void aCrashAtAnyStepOfAProvenRotationIsMendedByTheSameCallOrByResuming() {
        crashAtEachStep(point -> {
            Account account = onboarded();
            Account other = onboarded();
            AwsIamRole next = Samples.roleOf(account.number());
            AwsIamRole otherNext = Samples.roleOf(other.number());

            boolean crashed =
                    crashes(point, onboarding -> onboarding.rotateCredential(account.id(), next, credential -> {}));
            crashes(point.again(), onboarding -> onboarding.rotateCredential(other.id(), otherNext, credential -> {}));
            Credential read = vault().get(account.credentialKey());
            Account rotated = onboarding().rotateCredential(account.id(), next, credential -> {});
            Account resumed = onboarding().resumeRotation(other.id(), credential -> {});

            assertThat(read).as(point.toString()).isNotNull();
            agree(rotated, next);
            agree(resumed, vault().get(resumed.credentialKey()));
            return crashed;
        });
    }

    @Test
    default void aRotationLeftInItsProofIsResumed() {
        Account account = onboarded();
        AwsIamRole next = Samples.roleOf(account.number());
        assertThatExceptionOfType(CredentialRotationContract.Died.class)
                .isThrownBy(() -> onboarding().rotateCredential(account.id(), next, credential -> {
                    throw new CredentialRotationContract.Died();
                }));
        agree(account, vault().get(account.credentialKey()));

        Account resumed = onboarding().resumeRotation(account.id(), credential -> {});

        agree(resumed, next);
        assertThat(onboarding().resumeRotation(account.id(), NEVER_TRIED)).isEqualTo(resumed);
    }

    @Test
    default void aRollbackPointsTheRowToThePreviousVersion() {
        Account account = onboarded();
        Credential first = vault().get(account.credentialKey());
        AwsIamRole second = Samples.roleOf(account.number());
        onboarding().rotateCredential(account.id(), second, credential -> {});

        Account back = onboarding().rollbackCredential(account.id());

        agree(back, first);
        assertThat(back.credentialVersionId()).isEqualTo(account.credentialVersionId());
        agree(onboarding().rollbackCredential(account.id()), second);
    }

    @Test
    default void aCrashAtAnyStepOfARollbackIsMendedByTheSameCall() {
        crashAtEachStep(point -> {
            Account account = onboarded();
            Credential first = vault().get(account.credentialKey());
            onboarding().rotateCredential(account.id(), Samples.roleOf(account.number()), credential -> {});
            Account row = storage().accounts().get(account.id());

            boolean crashed = crashes(point, onboarding -> onboarding.rollbackCredential(account.id()));
            boolean rowWasWritten = !storage().accounts().get(account.id()).equals(row);
            Account back = rowWasWritten
                    ? storage().accounts().get(account.id())
                    : onboarding().rollbackCredential(account.id());

            agree(back, first);
            return crashed;
        });
    }

    @Test
    default void aCrashAtAnyStepOfARollbackIsMendedByTheSameCallThoughTheRowNamesNoVersion() {
        crashAtEachStep(point -> {
            Account account = Samples.account(storage());
            AwsIamRole first = Samples.roleOf(account.number());
            CredentialVersion begun = vault().store(account.credentialKey(), first);
            vault().rotation().rotate(account.credentialKey(), Samples.roleOf(account.number()), credential -> {});

            boolean crashed = crashes(point, onboarding -> onboarding.rollbackCredential(account.id()));
            Account row = storage().accounts().get(account.id());
            boolean finished = row.credentialVersionId().equals(Optional.of(begun.versionId()));

            agree(finished ? row : onboarding().rollbackCredential(account.id()), first);
            return crashed;
        });
    }

    @Test
    default void aRowStaysAsItIsWhereThereIsNothingToGoBackTo() {
        Account account = Samples.account(storage());
        vault().store(account.credentialKey(), Samples.roleOf(account.number()));

        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> onboarding().rollbackCredential(account.id()));

        assertThat(storage().accounts().get(account.id())).isEqualTo(account);
    }

    @Test
    default void whatWasNeverRotatedOrIsDeletedIsNotRolledBack() {
        Account account = onboarded();

        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> onboarding().rollbackCredential(account.id()));
        onboarding().offboardAccount(account.id());
        assertThatExceptionOfType(IllegalTransitionException.class)
                .isThrownBy(() -> onboarding().rollbackCredential(account.id()));
        assertThatExceptionOfType(IllegalTransitionException.class)
                .isThrownBy(() -> onboarding().resumeRotation(account.id(), NEVER_TRIED));
    }

    @Test
    default void aCredentialMayExpireFromTheBeginning() {
        NewAccount given = newAwsAccount();
        AwsIamRole role = Samples.roleOf(given.number());
        Instant expiry = Instant.parse("2100-01-01T00:00:00Z");

        Account account = onboarding().onboardAccount(given, role, expiry);

        assertThat(vault().load(account.credentialKey()).expiresAt()).isEqualTo(expiry);
        assertThat(onboarding().onboardAccount(given, role, expiry)).isEqualTo(account);
    }

    private void agree(Account row, Credential credential) {
        assertThat(vault().load(row.credentialKey()).version().versionId())
                .isEqualTo(row.credentialVersionId().orElseThrow());
        assertThat(vault().describe(row.credentialKey()).version().versionId())
                .isEqualTo(row.credentialVersionId().orElseThrow());
        assertThat(vault().get(row.credentialKey())).isEqualTo(credential);
    }

    private Account sharing(Account owner) {
        Account account = storage()
                .accounts()
                .create(
                        storage().providers().get(owner.providerId()),
                        NewAccount.withoutNumber(owner.tenantId(), ProviderType.AWS, Samples.name()));
        return onboarding().shareCredential(account.id(), owner.id());
    }

    @Test
    default void aSharedCredentialOpensForAllAndGoesWithTheLast() {
        Account owner = onboarded();
        Credential credential = vault().get(owner.credentialKey());
        Account second = sharing(owner);
        Account third = sharing(second);
        agree(second, credential);
        agree(third, credential);

        assertThat(onboarding().offboardAccount(owner.id())).isEmpty();
        agree(second, credential);
        assertThat(onboarding().offboardAccount(third.id())).isEmpty();
        agree(second, credential);
        Instant date = onboarding().offboardAccount(second.id()).orElseThrow();

        assertThat(vault().describe(owner.credentialKey()).deletionDate()).isEqualTo(date);
    }

    @Test
    default void aSharedSecretGoesWhenTheLastOfItsUsersIsGivenItsOwn() {
        Account owner = onboarded();
        Account second = sharing(owner);
        Account third = sharing(owner);
        assertThat(onboarding().offboardAccount(owner.id())).isEmpty();

        onboarding().rotateCredential(second.id(), Samples.roleOf(Samples.awsNumber()));
        assertThat(vault().describe(owner.credentialKey()).deletionDate()).isNull();
        Account rotated = onboarding().rotateCredential(third.id(), Samples.roleOf(Samples.awsNumber()), proven -> {});

        assertThat(vault().describe(owner.credentialKey()).deletionDate()).isNotNull();
        assertThat(vault().describe(rotated.credentialKey()).deletionDate()).isNull();
    }

    @Test
    default void aSharedSecretGoesWhenTheLastOfItsUsersSharesAnother() {
        Account owner = onboarded();
        Account other = storage()
                .accounts()
                .create(
                        storage().providers().get(owner.providerId()),
                        NewAccount.of(owner.tenantId(), ProviderType.AWS, Samples.name(), Samples.awsNumber()));
        onboarding().rotateCredential(other.id(), Samples.roleOf(other.number()));
        Account second = sharing(owner);
        onboarding().offboardAccount(owner.id());

        onboarding().shareCredential(second.id(), other.id());

        assertThat(vault().describe(owner.credentialKey()).deletionDate()).isNotNull();
    }

    @Test
    default void aSharedSecretStaysWithItsLivingOwnerWhenTheOthersLeaveIt() {
        Account owner = onboarded();
        Account second = sharing(owner);

        onboarding().rotateCredential(second.id(), Samples.roleOf(Samples.awsNumber()));

        agree(owner, vault().get(owner.credentialKey()));
    }

    @Test
    default void aSecretOutlivesThoseThatShareItWithItsOwner() {
        Account owner = onboarded();
        Account second = sharing(owner);

        assertThat(onboarding().offboardAccount(second.id())).isEmpty();

        agree(owner, vault().get(owner.credentialKey()));
        assertThat(onboarding().offboardAccount(owner.id())).isPresent();
    }

    @Test
    default void anAccountOfAnotherTenantThatPointsToASecretDoesNotKeepIt() {
        Account owner = onboarded();
        CredentialVersion version = vault().describe(owner.credentialKey()).version();
        Account foreign = onboarded();
        storage().accounts().update(foreign.id(), account -> account.credentialStored(version));

        assertThat(onboarding().offboardAccount(owner.id())).isPresent();
    }

    @Test
    default void anAccountOfAnotherTenantThatPointsToASecretDoesNotDeleteIt() {
        Account owner = onboarded();
        CredentialVersion version = vault().describe(owner.credentialKey()).version();
        Account foreign = Samples.account(storage());
        storage().accounts().update(foreign.id(), account -> account.credentialStored(version));

        assertThat(onboarding().offboardAccount(foreign.id())).isEmpty();

        agree(owner, vault().get(owner.credentialKey()));
    }

    @Test
    default void whoSharesIsGivenACredentialOfItsOwnByRotation() {
        Account owner = onboarded();
        Credential credential = vault().get(owner.credentialKey());
        Account second = sharing(owner);
        AwsIamRole own = Samples.roleOf(Samples.awsNumber());

        assertThatExceptionOfType(CredentialRefusedException.class)
                .isThrownBy(() -> onboarding().rotateCredential(second.id(), own, refused -> {
                    throw new IOException("no");
                }));
        agree(second, credential);
        Account rotated = onboarding().rotateCredential(second.id(), own, accepted -> {});

        agree(rotated, own);
        agree(owner, credential);
    }

    @Test
    default void whoSharesASecretThatIsGoingIsGivenACredentialOfItsOwn() {
        for (boolean proven : new boolean[] {false, true}) {
            for (boolean hadItsOwn : new boolean[] {false, true}) {
                Account owner = onboarded();
                Account second = sharing(owner);
                if (hadItsOwn) {
                    onboarding().rotateCredential(second.id(), Samples.roleOf(Samples.awsNumber()));
                    onboarding().shareCredential(second.id(), owner.id());
                }
                vault().delete(owner.credentialKey());
                AwsIamRole own = Samples.roleOf(Samples.awsNumber());

                Account rotated = proven
                        ? onboarding().rotateCredential(second.id(), own, credential -> {})
                        : onboarding().rotateCredential(second.id(), own);

                agree(rotated, own);
                assertThat(vault().describe(owner.credentialKey()).deletionDate())
                        .isNotNull();
            }
        }
    }

    @Test
    default void onlyALivingAccountOfTheSameTenantAndCloudShares() {
        Account owner = onboarded();
        Account foreign = onboarded();
        Account cluster = storage()
                .accounts()
                .create(
                        storage().providers().create(owner.tenantId(), ProviderType.KUBERNETES),
                        NewAccount.withoutNumber(owner.tenantId(), ProviderType.KUBERNETES, Samples.name()));

        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> onboarding().shareCredential(foreign.id(), owner.id()));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> onboarding().shareCredential(cluster.id(), owner.id()));
        Account other = sharing(owner);
        onboarding().offboardAccount(owner.id());
        assertThatExceptionOfType(IllegalTransitionException.class)
                .isThrownBy(() -> onboarding().shareCredential(other.id(), owner.id()));
        assertThatExceptionOfType(IllegalTransitionException.class)
                .isThrownBy(() -> onboarding().shareCredential(owner.id(), other.id()));
    }

    @Test
    @FailsWith(Deviation.DELETE_TWICE)
    default void aCrashAtAnyStepOfOffboardingTheLastThatSharesIsMendedByTheSameCall() {
        crashAtEachStep(point -> {
            Account owner = onboarded();
            Account last = sharing(owner);
            onboarding().offboardAccount(owner.id());

            boolean crashed = crashes(point, onboarding -> onboarding.offboardAccount(last.id()));
            Optional<Instant> date = onboarding().offboardAccount(last.id());

            assertThat(date).as(point.toString()).isPresent();
            assertThat(vault().describe(owner.credentialKey()).deletionDate()).isEqualTo(date.orElseThrow());
            return crashed;
        });
    }

    @Test
    default void offboardingMarksTheRowDeletedAndSchedulesTheCredentialForDeletion() {
        Account account = onboarded();

        Optional<Instant> date = onboarding().offboardAccount(account.id());

        Account deleted = storage().accounts().get(account.id());
        assertThat(deleted.status()).isEqualTo(AccountStatus.DELETED);
        assertThat(vault().describe(account.credentialKey()).deletionDate()).isEqualTo(date.orElseThrow());
        assertThatExceptionOfType(CredentialUnavailableException.class)
                .isThrownBy(() -> vault().get(account.credentialKey()));
        assertThatExceptionOfType(IllegalTransitionException.class)
                .isThrownBy(() -> onboarding().rotateCredential(account.id(), Samples.roleOf(account.number())));
    }

    @Test
    @FailsWith(Deviation.DELETE_TWICE)
    default void offboardingTwiceIsOffboardingOnce() {
        Account owner = onboarded();
        Account last = sharing(owner);
        assertThat(onboarding().offboardAccount(owner.id())).isEmpty();

        Optional<Instant> date = onboarding().offboardAccount(last.id());

        Account deleted = storage().accounts().get(last.id());
        assertThat(date).isPresent();
        assertThat(onboarding().offboardAccount(last.id())).isEqualTo(date);
        assertThat(onboarding().offboardAccount(owner.id())).isEqualTo(date);
        assertThat(storage().accounts().get(last.id())).isEqualTo(deleted);
    }

    @Test
    default void anOffboardedAccountCanBeOnboardedAnew() {
        NewAccount given = newAwsAccount();
        AwsIamRole role = Samples.roleOf(given.number());
        Account first = onboarding().onboardAccount(given, role);
        onboarding().offboardAccount(first.id());

        Account second = onboarding().onboardAccount(given, role);

        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(vault().get(second.credentialKey())).isEqualTo(role);
    }

    @Test
    default void offboardingAnAccountWithoutACredentialOrThatDoesNotExist() {
        Account without = Samples.account(storage());

        assertThat(onboarding().offboardAccount(without.id())).isEmpty();
        assertThat(storage().accounts().get(without.id()).isDeleted()).isTrue();
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> onboarding().offboardAccount(AccountId.random()));
    }

    @Test
    default void offboardingLeavesACredentialThatOthersShare() {
        Account owner = onboarded();
        CredentialVersion shared = vault().describe(owner.credentialKey()).version();
        Account sharing = storage()
                .accounts()
                .update(
                        storage()
                                .accounts()
                                .create(
                                        storage().providers().get(owner.providerId()),
                                        NewAccount.withoutNumber(owner.tenantId(), ProviderType.AWS, Samples.name()))
                                .id(),
                        account -> account.credentialStored(shared));

        assertThat(onboarding().offboardAccount(sharing.id())).isEmpty();

        assertThat(vault().find(owner.credentialKey())).isPresent();
    }

    @Test
    @FailsWith(Deviation.DELETE_TWICE)
    default void aCrashAtAnyStepOfOffboardingIsMendedByTheSameCall() {
        crashAtEachStep(point -> {
            Account account = onboarded();

            boolean crashed = crashes(point, onboarding -> onboarding.offboardAccount(account.id()));
            Optional<Instant> date = onboarding().offboardAccount(account.id());

            assertThat(date).as(point.toString()).isPresent();
            assertThat(storage().accounts().get(account.id()).isDeleted()).isTrue();
            return crashed;
        });
    }

    /** Lets a use case die before and after each of its calls, until it makes no more of them. */
    private static void crashAtEachStep(Predicate<CrashPoint> crashesAt) {
        for (boolean afterEffect : new boolean[] {false, true}) {
            int step = 1;
            while (crashesAt.test(new CrashPoint(step, afterEffect))) {
                step++;
                if (step > ENOUGH_STEPS) {
                    fail("the use case makes more than " + ENOUGH_STEPS + " calls");
                }
            }
            assertThat(step).as("steps").isGreaterThan(2);
        }
    }

    private boolean crashes(CrashPoint point, Consumer<Onboarding> useCase) {
        try {
            useCase.accept(Onboarding.of(point.in(storage()), point.in(vault())));
            return false;
        } catch (CrashPoint.Crash crash) {
            return true;
        }
    }
}
