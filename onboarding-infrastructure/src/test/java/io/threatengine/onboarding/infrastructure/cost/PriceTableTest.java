package io.threatengine.onboarding.infrastructure.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.error.InvalidValueException;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceTableTest {
    private static final String ONE = """
            {"source": "a contract", "regions": [{"region": "eu-north-1", "asOf": "2026-11-01", "writesPerMillion": 0.6,
             "readsPerMillion": 0.1, "storagePerGigabyteMonth": 0.2, "recoveryPerGigabyteMonth": 0.1, "secretPerMonth": 0.3,
             "secretCallsPerTenThousand": 0.04, "keyPerMonth": 1, "keyCallsPerTenThousand": 0.02}]}""";

    @Test
    void thePublishedOneHasTheRegionOfTheDefaults() {
        PriceTable table = PriceTable.published();

        assertThat(table.source()).contains("AWS Price List");
        assertThat(table.region(OnboardingSettings.defaults().region()).writesPerMillion())
                .isEqualTo(0.71);
    }

    /** On-demand DynamoDB has cost half since November 2024, everything else what it did. */
    @Test
    void thePublishedOneIsOfAfterTheCut() {
        assertThat(PriceTable.published().regions()).allSatisfy(prices -> {
            assertThat(prices.asOf()).isAfter(LocalDate.of(2024, 11, 1));
            assertThat(prices.writesPerMillion()).isBetween(0.625, 0.80);
            assertThat(prices.readsPerMillion()).isBetween(0.125, 0.16);
            assertThat(prices.secretPerMonth()).isEqualTo(0.40);
            assertThat(prices.secretCallsPerTenThousand()).isEqualTo(0.05);
            assertThat(prices.keyPerMonth()).isEqualTo(1.00);
            assertThat(prices.keyCallsPerTenThousand()).isEqualTo(0.03);
        });
    }

    @Test
    void oneOfOnesOwnReplacesIt() {
        PriceTable table = PriceTable.parse(ONE);

        assertThat(table.source()).isEqualTo("a contract");
        assertThat(table.region("eu-north-1"))
                .isEqualTo(new RegionPrices(
                        "eu-north-1", LocalDate.of(2026, 11, 1), 0.6, 0.1, 0.2, 0.1, 0.3, 0.04, 1, 0.02));
    }

    @Test
    void aRegionThatIsNotThereIsSaidWithThoseThatAre() {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> PriceTable.published().region("mars-1"))
                .withMessageContainingAll("ap-south-1", "us-east-1", "price table of your own", "mars-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"writesPerMillion\": 0.6   | \"writesPerMillion\": -1     | writesPerMillion",
                "\"writesPerMillion\": 0.6   | \"writesPerMillion\": \"x\"  | writesPerMillion",
                "\"writesPerMillion\": 0.6   | \"other\": 0.6               | writesPerMillion",
                "\"asOf\": \"2026-11-01\"    | \"asOf\": \"yesterday\"      | asOf",
                "\"region\": \"eu-north-1\"  | \"region\": 7                | region",
                "\"source\": \"a contract\"  | \"source\": null             | source",
                "\"regions\": [              | \"Regions\": [               | regions",
                "{\"source\"                 | {{\"source\"                 | prices"
            })
    void aWrongTableNamesWhatIsWrong(String right, String wrong, String named) {
        String json = ONE.replace(right.strip(), wrong.strip());

        assertThat(json).isNotEqualTo(ONE);
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> PriceTable.parse(json))
                .withMessageContaining(named);
    }

    @Test
    void aRegionTwiceIsRefused() {
        String entry = ONE.substring(ONE.indexOf("[{") + 1, ONE.indexOf("]}"));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> PriceTable.parse(ONE.replace(entry, entry + "," + entry)))
                .withMessageContaining("eu-north-1");
    }
}
