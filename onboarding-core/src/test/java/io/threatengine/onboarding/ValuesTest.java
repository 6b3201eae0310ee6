package io.threatengine.onboarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.provider.ProviderId;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.tenant.NewTenant;
import io.threatengine.onboarding.tenant.TenantId;
import nl.jqno.equalsverifier.EqualsVerifier;
import nl.jqno.equalsverifier.Warning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a/b", "a#b", "../x", "a b", "a\n", "ä", ".a", "-a"})
    void anIdWithOddCharactersIsRefused(String id) {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> TenantId.of(id));
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> ProviderId.of(id));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> AccountId.of(id))
                .satisfies(e -> assertThat(e.field()).isEqualTo("account id"));
    }

    @Test
    void anIdIsBounded() {
        assertThat(TenantId.of("x".repeat(128)).value()).hasSize(128);
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> TenantId.of("x".repeat(129)));
        assertThat(TenantId.random()).isNotEqualTo(TenantId.random());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " acme", "acme ", "\u00a0", "acme\u00a0", "\u200b", "ac\tme", "ac\u0000me"})
    void aBlankOrUnprintableNameIsRefused(String name) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> NewTenant.of(name))
                .satisfies(e -> assertThat(e.field()).isEqualTo("tenant name"));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> NewAccount.of(TenantId.random(), ProviderType.AWS, name, ""));
    }

    @Test
    void aNameAndADescriptionAreBounded() {
        assertThat(NewTenant.of("🏢".repeat(255)).name()).isNotEmpty();
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> NewTenant.of("x".repeat(256)))
                .withMessageContaining("256 characters")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> new NewTenant("acme", "x".repeat(16_385)));
    }

    @Test
    void aNewAccountNamesItsNumberOrSaysThatItHasNone() {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> NewAccount.of(TenantId.random(), ProviderType.AWS, "production", null))
                .satisfies(e -> assertThat(e.field()).isEqualTo("aws account number"));
    }

    @Test
    void tablesHaveDifferentNames() {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> new TableNames("same", "same", "t-3", "t-4", "t-5", "t-6", "t-7"));
    }

    @Test
    void anErrorShowsControlCharactersAsWhatTheyAre() {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> NewTenant.of("a\nb"))
                .withMessageContaining("\"a\\u000ab\"");
    }

    @Test
    void aCredentialKeyIsAValue() {
        EqualsVerifier.forClass(CredentialKey.class)
                .withNonnullFields("tenantId", "accountId")
                .suppress(Warning.STRICT_HASHCODE)
                .verify();
        var key = CredentialKey.of(TenantId.of("t"), AccountId.of("a"));
        assertThat(key.at("r", "v").accepts("v")).isTrue();
        assertThat(key.at("r", "v").accepts("w")).isFalse();
        assertThat(key.accepts("w")).isTrue();
        assertThat(key.at("r", null).hasReference("r")).isTrue();
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> key.at(" ", null));
    }
}
