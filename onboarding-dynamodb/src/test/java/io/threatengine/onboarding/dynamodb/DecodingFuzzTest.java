package io.threatengine.onboarding.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.error.InvalidPageTokenException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.storage.Entity;
import io.threatengine.onboarding.storage.PageToken;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.mockito.Mockito;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Whatever is stored, given or set: only the documented exceptions escape. */
class DecodingFuzzTest {
    private static final int DEEPEST = 4;

    /** The key and the problem, each of 512 characters of which six are made where they cannot be shown, and our words. */
    private static final int LONGEST_MESSAGE = 2 * 6 * 512 + 200;

    private static final List<String> NAMES = List.of(
            "tenant_id",
            "provider_id",
            "account_id",
            "schedule_id",
            "execution_id",
            "scan_id",
            "tenant_name",
            "account_name",
            "account_number",
            "provider_type",
            "name",
            "description",
            "status",
            "onboarding_status",
            "onboarding_id",
            "last_validated_at",
            "credential_ref",
            "credential_version_id",
            "credential_validation_status",
            "validation_error",
            "schedule_type",
            "cron_expression",
            "interval_seconds",
            "timezone",
            "regions",
            "services",
            "exclude_services",
            "enabled",
            "next_run_at",
            "last_run_at",
            "run_count",
            "success_count",
            "failure_count",
            "notify_on_success",
            "notify_on_failure",
            "started_at",
            "completed_at",
            "triggered_by",
            "total_checks",
            "passed_checks",
            "failed_checks",
            "error_checks",
            "error_message",
            "scan_type",
            "result_storage_path",
            "metadata",
            "ttl",
            "created_at",
            "updated_at",
            "version",
            "unknown");

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "true",
            "False",
            "1",
            "-1",
            "1e999999999",
            "9223372036854775808",
            "0.5",
            "NaN",
            "cron",
            "one_time",
            "interval",
            "lunar",
            "UTC",
            "Mars/Phobos",
            "2026-11-24T08:17:00",
            "2026-11-24T08:17:00.123456",
            "2026-11-24T08:17:00Z",
            "2026-11-24 08:17:00+00:00",
            "10000-01-01T00:00:00",
            "-0001-01-01T00:00:00",
            "2026-13-45T99:99:99",
            "T",
            "a-b",
            "\u0000",
            "deleted",
            "running",
            "completed");

    private static final List<DynamoDbRepository<?, ?>> REPOSITORIES = repositories();

    @FuzzTest
    void anyItemIsReadOrSaidToBeMalformed(FuzzedDataProvider data) {
        var item = new HashMap<String, AttributeValue>();
        for (String name : NAMES) {
            if (data.consumeInt(0, 3) != 0) {
                item.put(name, value(data, 0));
            }
        }
        REPOSITORIES.forEach(repository -> checkItem(repository.mapping(), item));
    }

    private static <T extends Entity<?, T>> void checkItem(EntityMapping<T> mapping, Map<String, AttributeValue> item) {
        T entity;
        try {
            entity = mapping.schema().mapToItem(item);
        } catch (MalformedDataException e) {
            assertThat(e).hasMessageContaining(mapping.kind());
            assertThat(e.getMessage())
                    .hasSizeLessThan(LONGEST_MESSAGE)
                    .doesNotContain("cannot be read: null")
                    .matches(message -> message.chars().noneMatch(Character::isISOControl));
            return;
        }
        // what was understood once is written in a form that is understood the same way
        Map<String, AttributeValue> written = mapping.item(entity);
        assertThat(mapping.item(mapping.schema().mapToItem(written))).isEqualTo(written);
    }

    @FuzzTest
    void anyTokenIsUsedOrRefused(FuzzedDataProvider data) {
        String query = data.consumeString(50);
        Map<String, String> position = Map.of(data.consumeString(20), data.consumeString(20));
        assertThat(PageToken.of(query, position).position(query)).isEqualTo(position);
        String text = data.consumeRemainingAsString();
        try {
            new PageToken(text).position(query);
        } catch (InvalidPageTokenException e) {
            assertThat(e.field()).isEqualTo("page token");
        }
    }

    @FuzzTest
    void anyEnvironmentGivesSettingsOrNamesItsWrongVariable(FuzzedDataProvider data) {
        var environment = new HashMap<String, String>();
        for (String variable : List.of(
                "AWS_REGION",
                "SECRETS_MANAGER_PREFIX",
                "SECRETS_MANAGER_KMS_KEY_ID",
                "PLATFORM_AWS_ACCOUNT_ID",
                "DYNAMODB_TENANTS_TABLE",
                "DYNAMODB_ACCOUNTS_TABLE",
                "DYNAMODB_UNIQUE_KEYS_TABLE")) {
            if (data.consumeBoolean()) {
                environment.put(variable, setting(data));
            }
        }
        try {
            assertThat(OnboardingSettings.from(environment).toBuilder().build())
                    .isEqualTo(OnboardingSettings.from(environment));
        } catch (InvalidValueException e) {
            assertThat(environment.keySet().stream().anyMatch(e.field()::equals)
                            || e.field().equals("tables"))
                    .isTrue();
        }
    }

    private static String setting(FuzzedDataProvider data) {
        return data.consumeBoolean()
                ? data.pickValue(TEXTS)
                : data.consumeString(20)
                        + data.consumeString(8).repeat(data.consumeInt(0, 20_000))
                        + data.consumeString(20);
    }

    @FuzzTest
    void anyTimeIsReadOrRefused(FuzzedDataProvider data) {
        String text = data.consumeBoolean() ? data.pickValue(TEXTS) : data.consumeRemainingAsString();
        Instant read;
        try {
            read = WireTime.read(text);
        } catch (DateTimeException e) {
            return;
        }
        assertThat(WireTime.read(WireTime.write(read))).isEqualTo(WireTime.stored(read));
    }

    private static AttributeValue value(FuzzedDataProvider data, int depth) {
        return switch (data.consumeInt(0, depth < DEEPEST ? 11 : 6)) {
            case 0, 1, 2 -> AttributeValue.fromS(data.pickValue(TEXTS));
            case 3 -> AttributeValue.fromS(data.consumeString(30).repeat(data.consumeInt(1, 100)));
            case 4 -> AttributeValue.fromN(number(data));
            case 5 -> AttributeValue.fromBool(data.consumeBoolean());
            case 6 -> AttributeValue.fromNul(true);
            case 7 -> AttributeValue.fromL(values(data, depth));
            case 8 -> {
                var map = new HashMap<String, AttributeValue>();
                values(data, depth).forEach(value -> map.put(data.consumeString(8), value));
                yield AttributeValue.fromM(map);
            }
            case 9 -> AttributeValue.fromB(SdkBytes.fromByteArray(data.consumeBytes(8)));
            case 10 -> AttributeValue.builder().build(); // of a type that is newer than the SDK
            default -> sets(data);
        };
    }

    private static List<AttributeValue> values(FuzzedDataProvider data, int depth) {
        var values = new ArrayList<AttributeValue>();
        for (int left = data.consumeInt(0, 3); left > 0; left--) {
            values.add(value(data, depth + 1));
        }
        return values;
    }

    private static AttributeValue sets(FuzzedDataProvider data) {
        var texts = new LinkedHashSet<String>();
        var numbers = new LinkedHashSet<String>();
        for (int left = data.consumeInt(1, 3); left > 0; left--) {
            texts.add(data.consumeString(5) + left);
            numbers.add(number(data));
        }
        return data.consumeBoolean()
                ? AttributeValue.fromSs(List.copyOf(texts))
                : AttributeValue.fromNs(List.copyOf(numbers));
    }

    /** What the service gives, of 38 digits and magnitudes from 1E-130 to 9.99E+125, and what others may. */
    private static String number(FuzzedDataProvider data) {
        return switch (data.consumeInt(0, 4)) {
            case 0, 1 -> Long.toString(data.consumeLong());
            case 2 -> data.consumeInt(-9, 9) + "." + data.consumeInt(0, 999) + "E" + data.consumeInt(-100, 100);
            case 3 -> data.consumeInt(-9, 9) + "E" + data.consumeInt();
            default -> data.consumeBoolean() ? data.pickValue(TEXTS) : data.consumeString(60);
        };
    }

    private static List<DynamoDbRepository<?, ?>> repositories() {
        var settings = OnboardingSettings.builder()
                .tables(TableNames.withPrefix("fuzz-"))
                .executionRetention(Duration.ofDays(1))
                .build();
        var tables = new Tables(Mockito.mock(DynamoDbClient.class), settings, () -> Instant.EPOCH);
        var tenants = new DynamoDbTenantRepository(tables);
        var providers = new DynamoDbProviderRepository(tables, tenants);
        var accounts = new DynamoDbAccountRepository(tables, tenants, providers);
        var schedules = new DynamoDbScheduleRepository(tables, accounts);
        return List.of(
                tenants,
                providers,
                accounts,
                schedules,
                new DynamoDbExecutionRepository(tables, schedules),
                new DynamoDbScanResultRepository(tables, accounts));
    }
}
