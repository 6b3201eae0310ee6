package io.threatengine.onboarding.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.AccountRepository;
import io.threatengine.onboarding.account.AccountStatus;
import io.threatengine.onboarding.account.CredentialStatus;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.account.OnboardingStatus;
import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.InvalidPageTokenException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.storage.Page;
import io.threatengine.onboarding.storage.PageToken;
import io.threatengine.onboarding.tenant.TenantStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every {@link AccountRepository} does. */
public interface AccountRepositoryContract extends EntityRepositoryContract<AccountId, Account> {

    @Override
    default AccountRepository repository() {
        return storage().accounts();
    }

    @Override
    default Account create() {
        return Samples.account(storage());
    }

    @Override
    default Account changed(Account account) {
        return account.withOnboardingId(UUID.randomUUID().toString());
    }

    @Test
    default void anAccountIsCreatedPending() {
        Provider provider = Samples.aws(storage());
        NewAccount given = Samples.awsAccount(provider);

        Account account = repository().create(provider, given);

        assertThat(account.tenantId()).isEqualTo(provider.tenantId());
        assertThat(account.providerId()).isEqualTo(provider.id());
        assertThat(account.name()).isEqualTo(given.name());
        assertThat(account.number()).isEqualTo(given.number());
        assertThat(account.status()).isEqualTo(AccountStatus.PENDING);
        assertThat(account.onboardingStatus()).isEqualTo(OnboardingStatus.PENDING);
        assertThat(account.credentialStatus()).isEqualTo(CredentialStatus.PENDING);
        assertThat(account.credentialVersionId()).isEmpty();
    }

    @Test
    default void everyFactOfAnAccountIsKept() {
        Account account = create();
        Instant validatedAt = account.createdAt().plusSeconds(90);

        repository()
                .update(account.rename(Samples.name())
                        .withOnboardingId("onboarding-1")
                        .credentialStored(new CredentialVersion("some/secret", "version-1"))
                        .validationFailed("the role cannot be assumed\nask the customer", validatedAt));

        Account read = repository().get(account.id());
        assertThat(read.onboardingId()).contains("onboarding-1");
        assertThat(read.credentialReference()).contains("some/secret");
        assertThat(read.credentialVersionId()).contains("version-1");
        assertThat(read.onboardingStatus()).isEqualTo(OnboardingStatus.DEPLOYED);
        assertThat(read.credentialStatus()).isEqualTo(CredentialStatus.INVALID);
        assertThat(read.validationError()).contains("the role cannot be assumed\nask the customer");
        assertThat(read.lastValidatedAt()).contains(validatedAt);
        assertThat(read.createdAt()).isEqualTo(account.createdAt());
    }

    @Test
    default void whatIsTakenAwayIsGone() {
        Account failed = repository()
                .update(create().credentialStored(new CredentialVersion("some/secret", "version-1"))
                        .validationFailed("no such role", Instant.EPOCH));

        Account validated = repository().update(failed.validated(failed.updatedAt()));

        assertThat(repository().get(failed.id()).validationError()).isEmpty();
        assertThat(validated.status()).isEqualTo(AccountStatus.ACTIVE);
        assertThat(validated.credentialStatus()).isEqualTo(CredentialStatus.VALID);
    }

    @Test
    default void anAccountNeedsItsProvider() {
        Provider provider = Samples.aws(storage());
        storage().providers().delete(provider.id());

        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> repository().create(provider, Samples.awsAccount(provider)))
                .satisfies(e -> assertThat(e.kind()).isEqualTo("provider"));
        assertThat(repository().ofProvider(provider.id()).stream()).isEmpty();
    }

    @Test
    default void anAccountIsOfItsProvidersTenantAndType() {
        Provider provider = Samples.aws(storage());
        NewAccount ofAnother = Samples.awsAccount(Samples.aws(storage()));
        NewAccount azure = NewAccount.withoutNumber(provider.tenantId(), ProviderType.AZURE, Samples.name());

        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> repository().create(provider, ofAnother));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> repository().create(provider, azure));
    }

    @Test
    default void anAccountNeedsItsTenant() {
        Provider provider = Samples.aws(storage());
        storage().tenants().update(provider.tenantId(), tenant -> tenant.withStatus(TenantStatus.DELETED));

        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> repository().create(provider, Samples.awsAccount(provider)))
                .satisfies(e -> assertThat(e.kind()).isEqualTo("tenant"));
    }

    @Test
    default void noAccountMovesToAnotherTenantOrProvider() {
        Account account = create();
        Provider elsewhere = Samples.aws(storage());
        Account moved = Account.builder()
                .id(account.id())
                .tenantId(elsewhere.tenantId())
                .providerId(elsewhere.id())
                .name(account.name())
                .createdAt(account.createdAt())
                .updatedAt(account.updatedAt())
                .revision(account.revision())
                .build();

        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> repository().update(moved));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> repository().update(account.id(), a -> moved));
        assertThat(repository().get(account.id())).isEqualTo(account);
    }

    @Test
    default void aNumberFollowsTheRuleOfTheAccountsOwnProvider() {
        Account account = create();
        Provider elsewhere = Samples.aws(storage());
        Provider own = storage().providers().get(account.providerId());

        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> account.withNumber(elsewhere, Samples.awsNumber()));
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> account.withNumber(own, "12"));
    }

    @Test
    default void aNameIsTakenOnceInATenant() {
        Provider provider = Samples.aws(storage());
        Account first = repository().create(provider, Samples.awsAccount(provider));
        NewAccount sameName = NewAccount.of(provider.tenantId(), ProviderType.AWS, first.name(), Samples.awsNumber());

        assertThatExceptionOfType(AlreadyExistsException.class)
                .isThrownBy(() -> repository().create(provider, sameName))
                .satisfies(e -> {
                    assertThat(e.field()).isEqualTo("name");
                    assertThat(e.existingId()).contains(first.id().value());
                });

        Provider elsewhere = Samples.aws(storage());
        repository()
                .create(elsewhere, NewAccount.of(elsewhere.tenantId(), ProviderType.AWS, first.name(), first.number()));
    }

    @Test
    default void aNumberIsTakenOnceUnderAProvider() {
        Provider provider = Samples.aws(storage());
        Account first = repository().create(provider, Samples.awsAccount(provider));
        NewAccount sameNumber = NewAccount.of(provider.tenantId(), ProviderType.AWS, Samples.name(), first.number());

        assertThatExceptionOfType(AlreadyExistsException.class)
                .isThrownBy(() -> repository().create(provider, sameNumber))
                .satisfies(e -> {
                    assertThat(e.field()).isEqualTo("number");
                    assertThat(e.existingId()).contains(first.id().value());
                });
    }

    @Test
    default void accountsWithoutANumberAreNoDuplicatesAndTakeOneLater() {
        Provider provider = Samples.aws(storage());
        Account first = repository()
                .create(provider, NewAccount.withoutNumber(provider.tenantId(), ProviderType.AWS, Samples.name()));
        Account second = repository()
                .create(provider, NewAccount.withoutNumber(provider.tenantId(), ProviderType.AWS, Samples.name()));
        String number = Samples.awsNumber();

        repository().update(first.withNumber(provider, number));

        assertThat(repository().get(first.id()).number()).isEqualTo(number);
        assertThatExceptionOfType(AlreadyExistsException.class)
                .isThrownBy(() -> repository().update(second.withNumber(provider, number)));
    }

    @Test
    default void aDeletedAccountReleasesNameAndNumber() {
        Provider provider = Samples.aws(storage());
        NewAccount given = Samples.awsAccount(provider);
        Account first = repository().create(provider, given);

        repository().update(first.markDeleted());

        Account second = repository().create(provider, given);
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(repository().get(first.id()).status()).isEqualTo(AccountStatus.DELETED);
    }

    @Test
    default void accountsAreListedByTenantProviderAndStatus() {
        Provider provider = Samples.aws(storage());
        Account pending = repository().create(provider, Samples.awsAccount(provider));
        Account active = repository()
                .update(repository()
                        .create(provider, Samples.awsAccount(provider))
                        .activate());
        create();

        assertThat(repository().ofTenant(provider.tenantId()).stream()).containsExactly(active, pending);
        assertThat(repository().ofProvider(provider.id()).stream()).containsExactly(active, pending);
        assertThat(repository().ofTenant(provider.tenantId(), AccountStatus.ACTIVE).stream())
                .containsExactly(active);
        assertThat(repository().ofProvider(provider.id(), AccountStatus.PENDING).stream())
                .containsExactly(pending);
        assertThat(repository().ofTenant(provider.tenantId(), AccountStatus.INACTIVE).stream())
                .isEmpty();
    }

    @Test
    default void aListIsCompletePageByPage() {
        Provider provider = Samples.aws(storage());
        List<Account> created = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            created.add(repository().create(provider, Samples.awsAccount(provider)));
        }
        Listing<Account> listing = repository().ofTenant(provider.tenantId(), AccountStatus.PENDING);

        List<Account> paged = new ArrayList<>();
        Page<Account> page = listing.page(3);
        paged.addAll(page.items());
        for (PageToken next = page.next(); next != null; next = page.next()) {
            assertThat(page.items()).hasSizeLessThanOrEqualTo(3);
            // a token is text that may have been kept elsewhere meanwhile
            page = listing.page(3, new PageToken(next.text()));
            paged.addAll(page.items());
        }

        assertThat(paged).containsExactlyInAnyOrderElementsOf(created);
        assertThat(listing.stream()).containsExactlyElementsOf(paged);
    }

    @Test
    default void aTokenServesItsOwnListOnly() {
        Provider provider = Samples.aws(storage());
        repository().create(provider, Samples.awsAccount(provider));
        repository().create(provider, Samples.awsAccount(provider));
        PageToken token = Objects.requireNonNull(
                repository().ofTenant(provider.tenantId()).page(1).next(), "one of two is not the last page");
        PageToken tampered = new PageToken("x" + token.text().substring(1));

        assertThatExceptionOfType(InvalidPageTokenException.class)
                .isThrownBy(() ->
                        repository().ofTenant(Samples.tenant(storage()).id()).page(1, token));
        assertThatExceptionOfType(InvalidPageTokenException.class)
                .isThrownBy(() -> repository().ofProvider(provider.id()).page(1, token));
        assertThatExceptionOfType(InvalidPageTokenException.class)
                .isThrownBy(() -> repository().ofTenant(provider.tenantId()).page(1, tampered));
        assertThatExceptionOfType(InvalidPageTokenException.class)
                .isThrownBy(() -> repository().ofTenant(provider.tenantId()).page(1, new PageToken("")));
    }

    @Test
    default void aPageHoldsOneToAThousand() {
        Listing<Account> listing =
                repository().ofTenant(Samples.tenant(storage()).id());

        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> listing.page(0));
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> listing.page(1_001));
        assertThat(listing.page(1_000).items()).isEmpty();
    }
}
