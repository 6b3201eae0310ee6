package io.threatengine.onboarding.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.threatengine.onboarding.cli.Run.Desk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostCommandTest {
    private static final String[] HOURLY = {"cost", "--accounts=100", "--runs=2400", "--reads=72000"};

    private final Desk desk = Desk.alone();

    /** The figures of docs/cost.md. */
    @Test
    void theBillIsShownItemByItem() {
        Run run = desk.run(HOURLY);

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines().map(String::stripTrailing))
                .contains("DynamoDB         runs                        1,460,000.00  write units          1.04")
                .contains("Secrets Manager  secrets                           100.00  secrets             40.00")
                .anyMatch(line -> line.matches("Total +50\\.42"))
                .anyMatch(line -> line.matches("Saved by the cache +11\\.43"))
                .anyMatch(line -> line.startsWith("Prices of ap-south-1 as of 2026-08-15. AWS Price List"));
    }

    @Test
    void theSameAsJson() {
        JsonNode json = desk.json(HOURLY);

        assertThat(Run.namesOf(json))
                .containsExactly("region", "prices_as_of", "source", "items", "dollars", "saved_by_cache");
        assertThat(json.path("dollars").decimalValue()).hasToString("50.42");
        assertThat(json.path("items")).hasSize(10);
        assertThat(Run.namesOf(json.path("items").get(0)))
                .containsExactly("service", "item", "quantity", "unit", "dollars");
    }

    @Test
    void everyOptionCounts() {
        double usual = dollars();

        assertThat(dollars("--schedules=100000")).isGreaterThan(usual);
        assertThat(dollars("--row-reads=10000000")).isGreaterThan(usual);
        assertThat(dollars("--cache=0")).isGreaterThan(usual);
        assertThat(dollars("--cache=60")).isLessThan(usual);
        assertThat(dollars("--processes=8")).isGreaterThan(usual);
        assertThat(dollars("--retention=7")).isLessThan(usual);
        assertThat(dollars("--aws-key")).isLessThan(usual);
        assertThat(dollars("--no-recovery")).isLessThan(usual);
        assertThat(dollars("--region=us-east-1")).isLessThan(usual);
    }

    private double dollars(String... more) {
        var arguments = new String[HOURLY.length + more.length];
        System.arraycopy(HOURLY, 0, arguments, 0, HOURLY.length);
        System.arraycopy(more, 0, arguments, HOURLY.length, more.length);
        return desk.json(arguments).path("dollars").asDouble();
    }

    @Test
    void pricesMayBeOnesOwn(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("prices.json"), """
                {"source": "our contract", "regions": [{"region": "eu-north-1", "asOf": "2026-11-01", "writesPerMillion": 0,
                 "readsPerMillion": 0, "storagePerGigabyteMonth": 0, "recoveryPerGigabyteMonth": 0, "secretPerMonth": 1,
                 "secretCallsPerTenThousand": 0, "keyPerMonth": 0, "keyCallsPerTenThousand": 0}]}""");

        Run run = desk.run("cost", "--accounts=7", "--runs=1", "--reads=1", "--region=eu-north-1", "--prices=" + file);

        assertThat(run.out()).contains("our contract").containsPattern("Total +7\\.00");
    }

    @Test
    void whatIsWrongIsUsage(@TempDir Path directory) throws IOException {
        Path broken = Files.writeString(directory.resolve("prices.json"), "{}");

        assertThat(desk.run("cost").code()).isEqualTo(ExitCode.USAGE);
        assertThat(desk.run("cost", "--accounts=-1", "--runs=1", "--reads=1").code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(desk.run("cost", "--accounts=1", "--runs=1", "--reads=1", "--cache=soon")
                        .code())
                .isEqualTo(ExitCode.USAGE);
        Run unknown = desk.run("cost", "--accounts=1", "--runs=1", "--reads=1", "--region=eu-north-1");
        assertThat(unknown.code()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown.err()).contains("ap-south-1", "price table of your own");
        assertThat(desk.run("cost", "--accounts=1", "--runs=1", "--reads=1", "--prices=" + broken)
                        .err())
                .contains("source");
    }
}
