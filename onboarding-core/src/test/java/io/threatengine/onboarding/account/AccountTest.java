package io.threatengine.onboarding.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.provider.ProviderId;
import io.threatengine.onboarding.storage.Revision;
import io.threatengine.onboarding.storage.UniqueKey;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountTest {
    private static final Instant NOW = Instant.parse("2026-11-24T08:17:00Z");

    private static final Account PENDING = Account.builder()
            .id(AccountId.of("a1"))
            .tenantId(TenantId.of("t1"))
            .providerId(ProviderId.of("p1"))
            .name("production")
            .number("123456789012")
            .createdAt(NOW)
            .updatedAt(NOW)
            .revision(Revision.first(NOW))
            .build();

    private static final Account DEPLOYED = PENDING.credentialStored(new CredentialVersion("secret", "v1"));

    @ParameterizedTest
    @CsvSource({
        "pending, active, true",
        "pending, inactive, false",
        "pending, deleted, true",
        "active, inactive, true",
        "active, deleted, true",
        "inactive, active, true",
        "inactive, deleted, true",
        "deleted, active, false",
        "deleted, inactive, false",
        "deleted, deleted, true",
        "suspended, active, true",
        "suspended, inactive, true",
        "suspended, deleted, true",
    })
    void followsItsLifeCycle(String from, String to, boolean possible) {
        Account account = PENDING.toBuilder().status(new AccountStatus(from)).build();
        UnaryOperator<Account> change = switch (to) {
            case "active" -> Account::activate;
            case "inactive" -> Account::deactivate;
            default -> Account::markDeleted;
        };
        if (possible) {
            assertThat(change.apply(account).status().value()).isEqualTo(to);
        } else {
            assertThatExceptionOfType(IllegalTransitionException.class)
                    .isThrownBy(() -> change.apply(account))
                    .satisfies(e -> {
                        assertThat(e.from()).isEqualTo(from);
                        assertThat(e.to()).isEqualTo(to);
                        assertThat(e.id()).isEqualTo("a1");
                    });
        }
    }

    @Test
    void isValidatedOnlyOnceItIsDeployed() {
        assertThatExceptionOfType(IllegalTransitionException.class).isThrownBy(() -> PENDING.validated(NOW));

        Account validated = DEPLOYED.validated(NOW);

        assertThat(validated.onboardingStatus()).isEqualTo(OnboardingStatus.VALIDATED);
        assertThat(validated.status()).isEqualTo(AccountStatus.ACTIVE);
        assertThat(validated.credentialStatus()).isEqualTo(CredentialStatus.VALID);
        assertThat(DEPLOYED.activate().deactivate().validated(NOW).status()).isEqualTo(AccountStatus.INACTIVE);
    }

    @Test
    void keepsItsStageWhenValidationFailsAndSaysWhy() {
        Account failed = DEPLOYED.validationFailed("no such role", NOW);

        assertThat(failed.onboardingStatus()).isEqualTo(OnboardingStatus.DEPLOYED);
        assertThat(failed.status()).isEqualTo(AccountStatus.PENDING);
        assertThat(failed.credentialStatus()).isEqualTo(CredentialStatus.INVALID);
        assertThat(failed.validationError()).contains("no such role");
        assertThat(failed.validated(NOW).validationError()).isEmpty();
    }

    @Test
    void expiresOnlyAValidCredential() {
        assertThatExceptionOfType(IllegalTransitionException.class).isThrownBy(DEPLOYED::credentialExpired);

        Account expired = DEPLOYED.validated(NOW).credentialExpired();

        assertThat(expired.credentialStatus()).isEqualTo(CredentialStatus.EXPIRED);
        assertThat(expired.credentialExpired()).isEqualTo(expired);
        assertThatExceptionOfType(IllegalTransitionException.class).isThrownBy(() -> expired.validated(NOW));
        assertThatExceptionOfType(IllegalTransitionException.class)
                .isThrownBy(() -> expired.validationFailed("no", NOW));
        assertThat(expired.credentialStored(new CredentialVersion("secret", "v2"))
                        .validated(NOW)
                        .credentialStatus())
                .isEqualTo(CredentialStatus.VALID);
    }

    @Test
    void takesNoCredentialOnceItIsDeleted() {
        Account deleted = DEPLOYED.markDeleted();

        assertThatExceptionOfType(IllegalTransitionException.class)
                .isThrownBy(() -> deleted.credentialStored(new CredentialVersion("secret", "v2")));
        assertThatExceptionOfType(IllegalTransitionException.class).isThrownBy(() -> deleted.validated(NOW));
        assertThatExceptionOfType(IllegalTransitionException.class)
                .isThrownBy(() -> deleted.validationFailed("reason", NOW));
    }

    @Test
    void aNewCredentialIsPendingAndTheSameOneChangesNothing() {
        Account validated = DEPLOYED.validated(NOW);

        assertThat(validated.credentialStored(new CredentialVersion("secret", "v1")))
                .isSameAs(validated);
        assertThat(validated
                        .credentialStored(new CredentialVersion("secret", "v2"))
                        .credentialStatus())
                .isEqualTo(CredentialStatus.PENDING);
    }

    @Test
    void holdsItsNameInTheTenantAndItsNumberUnderTheProvider() {
        assertThat(PENDING.uniqueKeys())
                .extracting(UniqueKey::text)
                .containsExactly("account.name#t1#production", "account.number#t1#p1#123456789012");
        assertThat(PENDING.toBuilder().number("").build().uniqueKeys())
                .extracting(UniqueKey::field)
                .containsExactly("name");
        assertThat(PENDING.markDeleted().uniqueKeys()).isEmpty();
    }

    @Test
    void refusesBadNamesNumbersAndReasons() {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> PENDING.rename(" "));
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> PENDING.rename("x".repeat(256)));
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> PENDING.withOnboardingId(""));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> DEPLOYED.validationFailed("x".repeat(2_049), NOW));
    }
}
