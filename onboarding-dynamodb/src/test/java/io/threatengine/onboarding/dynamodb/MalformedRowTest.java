package io.threatengine.onboarding.dynamodb;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.error.MalformedDataException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
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
