package io.threatengine.onboarding.infrastructure.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.threatengine.onboarding.error.InvalidValueException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CostEstimateTest {
    /** What the guide for setting up by hand was written with. */
    private static final RegionPrices OF_THE_GUIDE =
            new RegionPrices("ap-south-1", LocalDate.of(2024, 1, 1), 1.25, 0.25, 0.25, 0, 0.40, 0.05, 1.00, 0.03);

    private static final RegionPrices TODAY = PriceTable.published().region("ap-south-1");

    /** Of a hundred accounts, each scanned every hour by a scan that reads its credential thirty times. */
    private static final Workload HOURLY = Workload.builder()
            .accounts(100)
            .schedules(100)
            .runsPerDay(2_400)
            .credentialReadsPerDay(72_000)
            .build();

    // ---- item by item

    @Test
    void aRunIsTwoTransactionsAndAScanResultTwoWrites() {
        CostEstimate estimate = CostEstimate.of(HOURLY, TODAY);

        double runsAMonth = 2_400 * 730 / 24.0;
        assertThat(line(estimate, "runs").quantity()).isEqualTo(runsAMonth * 20);
        assertThat(line(estimate, "scan results").quantity()).isEqualTo(runsAMonth * 10);
        assertThat(line(estimate, "runs").dollars()).isEqualTo(runsAMonth * 20 * 0.71 / 1e6, within(1e-9));
    }

    @Test
    void everySecretCostsAndTheKeyOnce() {
        CostEstimate estimate = CostEstimate.of(HOURLY, TODAY);

        assertThat(line(estimate, "secrets").dollars()).isEqualTo(40.0, within(1e-9));
        assertThat(line(estimate, "key").dollars()).isEqualTo(1.0);
    }

    @Test
    void awsOwnKeyCostsNothing() {
        CostEstimate estimate =
                CostEstimate.of(HOURLY.toBuilder().customerKey(false).build(), TODAY);

        assertThat(estimate.dollarsOf("KMS")).isZero();
        assertThat(estimate.dollarsOf("Secrets Manager"))
                .isEqualTo(CostEstimate.of(HOURLY, TODAY).dollarsOf("Secrets Manager"));
    }

    @Test
    void storageGrowsWithWhatIsKept() {
        double year = line(CostEstimate.of(HOURLY, TODAY), "storage").quantity();
        double month = line(CostEstimate.of(with(w -> w.retention(Duration.ofDays(30))), TODAY), "storage")
                .quantity();

        assertThat(year).isEqualTo(365 * 2_400 * 6 * 700.0 / (1 << 30), within(0.001));
        assertThat(month).isLessThan(year / 12);
        assertThat(line(CostEstimate.of(with(w -> w.pointInTimeRecovery(false)), TODAY), "point-in-time recovery")
                        .dollars())
                .isZero();
    }

    @Test
    void nothingCostsAlmostNothing() {
        CostEstimate estimate =
                CostEstimate.of(Workload.builder().customerKey(false).build(), TODAY);

        assertThat(estimate.dollars()).isLessThan(0.01); // the looks of one process
        assertThat(estimate.savedByCache()).isZero();
    }

    @Test
    void theTotalIsTheSumOfTheItems() {
        CostEstimate estimate = CostEstimate.of(HOURLY, TODAY);

        assertThat(estimate.dollarsOf("DynamoDB") + estimate.dollarsOf("Secrets Manager") + estimate.dollarsOf("KMS"))
                .isEqualTo(estimate.dollars(), within(1e-9));
    }

    // ---- the cache

    @Test
    void withoutACacheEachReadIsACall() {
        CostEstimate estimate = CostEstimate.of(HOURLY.withoutCache(), TODAY);

        assertThat(line(estimate, "credentials loaded").quantity()).isEqualTo(72_000 * 730 / 24.0, within(1e-6));
        assertThat(line(estimate, "credentials decrypted").quantity())
                .isEqualTo(line(estimate, "credentials loaded").quantity());
    }

    /** A credential that is read all the time is loaded at three quarters of its time to live, whoever reads. */
    @Test
    void aBusyCacheLoadsAtItsOwnPace() {
        CostEstimate estimate = CostEstimate.of(
                with(w -> w.accounts(10).credentialReadsPerDay(1_000_000_000).processes(3)), TODAY);

        double loadsADay = 10 * 3 * 86_400 / (0.75 * 300);
        assertThat(line(estimate, "credentials loaded").quantity())
                .isEqualTo(loadsADay * 730 / 24, within(loadsADay * 730 / 24 / 1000));
    }

    /** One that is read once a day is loaded once a day. */
    @Test
    void anIdleCacheSavesNothing() {
        CostEstimate estimate = CostEstimate.of(with(w -> w.credentialReadsPerDay(100)), TODAY);

        assertThat(line(estimate, "credentials loaded").quantity()).isEqualTo(100 * 730 / 24.0, within(10.0));
    }

    @Test
    void theCacheSavesWhatItSpares() {
        Workload busy = with(w -> w.credentialReadsPerDay(1_000_000));

        double without = CostEstimate.of(busy.withoutCache(), TODAY).dollars();
        assertThat(CostEstimate.of(busy, TODAY).savedByCache())
                .isEqualTo(without - CostEstimate.of(busy, TODAY).dollars(), within(1e-9))
                .isGreaterThan(200);
    }

    // ---- the guide's estimate: 100 accounts, DynamoDB $10 to 50, Secrets Manager $50 to 100, KMS $1 to 5, together
    // $60 to 150

    @Test
    void theGuidesTotalIsThatOfAFleetWithoutACache() {
        Workload fleet = Workload.builder()
                .accounts(100)
                .schedules(400)
                .runsPerDay(9_600)
                .credentialReadsPerDay(72_000)
                .pointInTimeRecovery(false)
                .retention(Duration.ofDays(90))
                .build()
                .withoutCache();

        CostEstimate estimate = CostEstimate.of(fleet, OF_THE_GUIDE);

        assertThat(estimate.dollarsOf("DynamoDB")).isBetween(10.0, 50.0);
        assertThat(estimate.dollarsOf("Secrets Manager")).isBetween(50.0, 100.0);
        assertThat(estimate.dollars()).isBetween(60.0, 150.0);
    }

    /**
     * Where it is wrong: its secrets are $40 of its $50 or more, so that $10 or more are for two million calls or more; each of
     * them is a call of KMS, of which its $5 pay for 1.3 million.
     */
    @Test
    void theGuidesKmsIsTooLowForItsSecretsManager() {
        Workload least = Workload.builder()
                .accounts(100)
                .credentialReadsPerDay(65_754)
                .build()
                .withoutCache();

        CostEstimate estimate = CostEstimate.of(least, OF_THE_GUIDE);

        assertThat(estimate.dollarsOf("Secrets Manager")).isEqualTo(50.0, within(0.01));
        assertThat(estimate.dollarsOf("KMS")).isEqualTo(7.0, within(0.01)).isGreaterThan(5.0);
    }

    @Test
    void withTheCacheKmsIsWithinTheGuides() {
        CostEstimate estimate = CostEstimate.of(HOURLY, OF_THE_GUIDE);

        assertThat(estimate.dollarsOf("KMS")).isBetween(1.0, 5.0);
    }

    // ---- wrong input

    static Stream<UnaryOperator<Workload.Builder>> wrong() {
        return Stream.of(
                w -> w.accounts(-1),
                w -> w.schedules(-1),
                w -> w.runsPerDay(-1),
                w -> w.credentialReadsPerDay(-1),
                w -> w.rowReadsPerDay(-1),
                w -> w.processes(0),
                w -> w.cacheTimeToLive(Duration.ofSeconds(-1)),
                w -> w.retention(Duration.ofDays(-1)),
                w -> w.accounts(0));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWorkloadThatCannotBeIsRefused(UnaryOperator<Workload.Builder> change) {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> with(change));
    }

    // ---- the page

    @Test
    void thePageShowsWhatTheCodeWorksOut() throws IOException {
        Workload fleet = with(w -> w.accounts(5_000)
                .schedules(20_000)
                .runsPerDay(480_000)
                .credentialReadsPerDay(24_000_000)
                .processes(8)
                .retention(Duration.ofDays(90)));
        String hourly = written("hourly.md", table(HOURLY));
        String five = written("fleet.md", table(fleet));
        String lifetimes = written("lifetimes.md", lifetimes(fleet));
        String prices = written("prices.md", prices());

        assertThat(Path.of("..", "docs", "cost.md"))
                .as("the tables of docs/cost.md; what they should be is in target/cost")
                .content()
                .contains(hourly)
                .contains(five)
                .contains(lifetimes)
                .contains(prices);
    }

    private static String written(String name, String text) throws IOException {
        Path file = Path.of("target", "cost", name);
        Files.createDirectories(file.getParent());
        return Files.readString(Files.writeString(file, text));
    }

    private static String table(Workload workload) {
        CostEstimate cached = CostEstimate.of(workload, TODAY);
        CostEstimate not = CostEstimate.of(workload.withoutCache(), TODAY);
        return "| service | item | a month | dollars | without the cache |\n|---|---|---:|---:|---:|\n"
                + cached.lines().stream()
                        .map(line -> String.format(
                                Locale.ROOT,
                                "| %s | %s | %s %s | %,.2f | %,.2f |\n",
                                line.service(),
                                line.item(),
                                amount(line.quantity()),
                                line.unit(),
                                line.dollars(),
                                line(not, line.item()).dollars()))
                        .collect(Collectors.joining())
                + String.format(
                        Locale.ROOT, "| | **total** | | **%,.2f** | **%,.2f** |\n", cached.dollars(), not.dollars());
    }

    private static String lifetimes(Workload workload) {
        return Stream.of(1, 5, 15, 60)
                .map(minutes -> CostEstimate.of(
                        workload.toBuilder()
                                .cacheTimeToLive(Duration.ofMinutes(minutes))
                                .build(),
                        TODAY))
                .map(estimate -> String.format(
                        Locale.ROOT,
                        "| %d min | %s | %,.2f | %,.2f |\n",
                        estimate.workload().cacheTimeToLive().toMinutes(),
                        amount(line(estimate, "credentials loaded").quantity()),
                        estimate.dollars(),
                        estimate.savedByCache()))
                .collect(Collectors.joining());
    }

    private static String amount(double quantity) {
        return String.format(
                Locale.ROOT, quantity < 100 && quantity != Math.rint(quantity) ? "%,.2f" : "%,.0f", quantity);
    }

    private static String prices() {
        return PriceTable.published().regions().stream()
                .map(p -> String.format(
                        Locale.ROOT,
                        "| %s | %s | %s | %s | %s | %s | %.2f | %.2f | %.2f | %.2f |\n",
                        p.region(),
                        p.asOf(),
                        p.writesPerMillion(),
                        p.readsPerMillion(),
                        p.storagePerGigabyteMonth(),
                        p.recoveryPerGigabyteMonth(),
                        p.secretPerMonth(),
                        p.secretCallsPerTenThousand(),
                        p.keyPerMonth(),
                        p.keyCallsPerTenThousand()))
                .collect(Collectors.joining());
    }

    private static Workload with(UnaryOperator<Workload.Builder> change) {
        return change.apply(HOURLY.toBuilder()).build();
    }

    private static CostEstimate.Line line(CostEstimate estimate, String item) {
        return estimate.lines().stream()
                .filter(line -> line.item().equals(item))
                .findFirst()
                .orElseThrow();
    }
}
