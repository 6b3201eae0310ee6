package io.threatengine.onboarding.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.error.MalformedDataException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What the error says of a row that cannot be read. */
class MalformedRowTest {
    private final Tables tables =
            new Tables(Mockito.mock(DynamoDbClient.class), OnboardingSettings.defaults(), () -> Instant.EPOCH);
    private final DynamoDbTenantRepository tenants = new DynamoDbTenantRepository(tables);
    private final DynamoDbAccountRepository accounts =
            new DynamoDbAccountRepository(tables, tenants, new DynamoDbProviderRepository(tables, tenants));
    private final DynamoDbScheduleRepository schedules = new DynamoDbScheduleRepository(tables, accounts);
    private final DynamoDbScanResultRepository scans = new DynamoDbScanResultRepository(tables, accounts);

    /** The service stores none of these, another one that speaks its protocol may. */
    @ParameterizedTest
    @ValueSource(strings = {"1E999999999", "-1E-999999999", "1E2147483647", "1E126", "1E-131"})
    void aNumberBeyondThoseOfTheService(String number) {
        for (AttributeValue value : List.of(
                AttributeValue.fromN(number),
                AttributeValue.fromNs(List.of(number)),
                AttributeValue.fromL(List.of(AttributeValue.fromN(number))))) {
            assertThatExceptionOfType(MalformedDataException.class)
                    .isThrownBy(() -> scan(Map.of("metadata", AttributeValue.fromM(Map.of("n", value)))))
                    .withMessageContaining("scan row scan-1 cannot be read: metadata ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "ten", "1E99999999999", "1E-99999999999"})
    void aNumberThatIsNone(String number) {
        for (AttributeValue value : List.of(AttributeValue.fromN(number), AttributeValue.fromNs(List.of(number)))) {
            assertThatExceptionOfType(MalformedDataException.class)
                    .isThrownBy(() -> scan(Map.of("metadata", AttributeValue.fromM(Map.of("n", value)))))
                    .withMessageContaining(
                            "scan row scan-1 cannot be read: a number in metadata must be a decimal number")
                    .withMessageContaining("but is \"" + number + "\"");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "started_at, S",
        "completed_at, S",
        "version, S",
        "version, N",
        "total_checks, S",
        "total_checks, N",
        "provider_type, S",
        "scan_id, S"
    })
    void aTextOfAnyLengthIsShortenedAndEscaped(String attribute, AttributeValue.Type type) {
        String text = "\n\u001b\u2028\u202e" + "x".repeat(100_000) + "the end";
        AttributeValue value = type == AttributeValue.Type.N ? AttributeValue.fromN(text) : AttributeValue.fromS(text);

        assertThatExceptionOfType(MalformedDataException.class)
                .isThrownBy(() -> scan(Map.of(attribute, value)))
                .satisfies(e -> {
                    var trace = new StringWriter();
                    e.printStackTrace(new PrintWriter(trace, true));
                    assertThat(trace.toString()).doesNotContain("\u001b", "\u2028", "\u202e", "the end");
                    assertThat(e.getMessage())
                            .hasSizeLessThan(1_000)
                            .doesNotContain("\n")
                            .contains("\"\\u000a\\u001b\\u2028\\u202exxx");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"enabled", "notify_on_failure", "interval_seconds", "last_run_at"})
    void thatOfAScheduleToo(String attribute) {
        var item = Map.of(
                "schedule_id",
                AttributeValue.fromS("schedule-1"),
                "tenant_id",
                AttributeValue.fromS("tenant-1"),
                "account_id",
                AttributeValue.fromS("account-1"),
                "provider_type",
                AttributeValue.fromS("aws"),
                "name",
                AttributeValue.fromS("nightly"),
                attribute,
                AttributeValue.fromS("\n" + "x".repeat(100_000)));

        assertThatExceptionOfType(MalformedDataException.class)
                .isThrownBy(() -> schedules.mapping().schema().mapToItem(item))
                .withMessageContaining(attribute + " must be")
                .withMessageContaining("\"\\u000ax")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1_000));
    }

    private void scan(Map<String, AttributeValue> attributes) {
        var item = new HashMap<>(Map.of(
                "scan_id", AttributeValue.fromS("scan-1"),
                "account_id", AttributeValue.fromS("account-1"),
                "provider_type", AttributeValue.fromS("aws"),
                "started_at", AttributeValue.fromS("2026-11-24T08:17:00")));
        item.putAll(attributes);
        scans.mapping().schema().mapToItem(item);
    }
}
