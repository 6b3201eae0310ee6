package io.threatengine.onboarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.error.InvalidValueException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnboardingSettingsTest {

    @Test
    void withoutVariablesTheDefaultsOfTheEnginesHold() {
        OnboardingSettings settings = OnboardingSettings.from(Map.of());

        assertThat(settings).isEqualTo(OnboardingSettings.defaults());
        assertThat(settings.region()).isEqualTo("ap-south-1");
        assertThat(settings.secretsPrefix()).isEqualTo("threat-engine");
        assertThat(settings.kmsKeyId()).isEmpty();
        assertThat(settings.platformAwsAccountId()).isEmpty();
        assertThat(settings.tables())
                .isEqualTo(new TableNames(
                        "threat-engine-tenants",
                        "threat-engine-providers",
                        "threat-engine-accounts",
                        "threat-engine-schedules",
                        "threat-engine-executions",
                        "threat-engine-scan-results",
                        "threat-engine-unique-keys"));
    }

    @Test
    void everyVariableIsRead() {
        OnboardingSettings settings = OnboardingSettings.from(Map.ofEntries(
                Map.entry("AWS_REGION", "us-gov-west-1"),
                Map.entry("SECRETS_MANAGER_PREFIX", "staging/threat-engine"),
                Map.entry("SECRETS_MANAGER_KMS_KEY_ID", "alias/threat-engine"),
                Map.entry("PLATFORM_AWS_ACCOUNT_ID", "123456789012"),
                Map.entry("DYNAMODB_TENANTS_TABLE", "t-1"),
                Map.entry("DYNAMODB_PROVIDERS_TABLE", "t-2"),
                Map.entry("DYNAMODB_ACCOUNTS_TABLE", "t-3"),
                Map.entry("DYNAMODB_SCHEDULES_TABLE", "t-4"),
                Map.entry("DYNAMODB_EXECUTIONS_TABLE", "t-5"),
                Map.entry("DYNAMODB_SCAN_RESULTS_TABLE", "t-6"),
                Map.entry("DYNAMODB_UNIQUE_KEYS_TABLE", "t-7")));

        assertThat(settings.region()).isEqualTo("us-gov-west-1");
        assertThat(settings.secretsPrefix()).isEqualTo("staging/threat-engine");
        assertThat(settings.kmsKeyId()).contains("alias/threat-engine");
        assertThat(settings.platformAwsAccountId()).contains("123456789012");
        assertThat(settings.tables()).isEqualTo(new TableNames("t-1", "t-2", "t-3", "t-4", "t-5", "t-6", "t-7"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS_REGION", "SECRETS_MANAGER_KMS_KEY_ID", "DYNAMODB_TENANTS_TABLE"})
    void anEmptyVariableCountsAsNotSet(String variable) {
        assertThat(OnboardingSettings.from(Map.of(variable, ""))).isEqualTo(OnboardingSettings.defaults());
    }

    @ParameterizedTest
    @CsvSource({
        "AWS_REGION, Frankfurt",
        "AWS_REGION, ' '",
        "SECRETS_MANAGER_PREFIX, /threat-engine",
        "SECRETS_MANAGER_PREFIX, threat-engine/",
        "SECRETS_MANAGER_PREFIX, threat engine",
        "SECRETS_MANAGER_KMS_KEY_ID, alias/",
        "SECRETS_MANAGER_KMS_KEY_ID, arn:aws:kms:eu-central-1:1234:key/x",
        "SECRETS_MANAGER_KMS_KEY_ID, a key",
        "SECRETS_MANAGER_KMS_KEY_ID, threat-engine",
        "PLATFORM_AWS_ACCOUNT_ID, 12345",
        "DYNAMODB_TENANTS_TABLE, ab",
        "DYNAMODB_PROVIDERS_TABLE, a/b/c",
        "DYNAMODB_ACCOUNTS_TABLE, ' tab'",
        "DYNAMODB_SCHEDULES_TABLE, ?",
        "DYNAMODB_EXECUTIONS_TABLE, ?",
        "DYNAMODB_SCAN_RESULTS_TABLE, ?",
        "DYNAMODB_UNIQUE_KEYS_TABLE, ?",
    })
    void aWrongValueIsAnErrorThatNamesItsVariable(String variable, String value) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> OnboardingSettings.from(Map.of(variable, value)))
                .satisfies(e -> assertThat(e.field()).isEqualTo(variable))
                .withMessageContaining("\"" + value + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "AWS_REGION, -a, -1",
        "AWS_REGION, a-, ''",
        "SECRETS_MANAGER_PREFIX, /a, ''",
        "SECRETS_MANAGER_KMS_KEY_ID, /a, ''",
        "SECRETS_MANAGER_KMS_KEY_ID, -a, ':kms:eu-central-1:123456789012:alias/a'",
        "PLATFORM_AWS_ACCOUNT_ID, 1, ''",
        "DYNAMODB_TENANTS_TABLE, .a, ''",
    })
    void aValueOfManyPartsIsAnErrorToo(String variable, String part, String end) {
        for (String start : List.of("aa", "alias/a", "arn:aws")) {
            assertThatExceptionOfType(InvalidValueException.class)
                    .isThrownBy(() -> OnboardingSettings.from(Map.of(variable, start + part.repeat(100_000) + end)))
                    .satisfies(e -> assertThat(e.field()).isEqualTo(variable));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1234abcd-12ab-34cd-56ef-1234567890ab",
                "mrk-1234abcd12ab34cd56ef1234567890ab",
                "alias/threat/engine",
                "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                "arn:aws-cn:kms:cn-north-1:123456789012:alias/threat-engine",
            })
    void aKeyMayBeNamedInEveryWay(String key) {
        assertThat(OnboardingSettings.builder().kmsKeyId(key).build().kmsKeyId())
                .contains(key);
    }

    @Test
    void theBuilderChecksToo() {
        var builder = OnboardingSettings.builder().region("nowhere");

        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(builder::build);
    }
}
