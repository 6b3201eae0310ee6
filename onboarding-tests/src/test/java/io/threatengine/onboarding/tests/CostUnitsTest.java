package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.claim.Claim;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.infrastructure.cost.CostEstimate;
import io.threatengine.onboarding.infrastructure.cost.PriceTable;
import io.threatengine.onboarding.infrastructure.cost.Workload;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.scan.NewScan;
import io.threatengine.onboarding.scan.ScanResult;
import io.threatengine.onboarding.schedule.NewSchedule;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.Fixtures;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import io.threatengine.onboarding.testkit.memory.InMemoryVault;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** The write units by which the cost of a run is estimated are those that a run consumes. */
@OnboardingTest
class CostUnitsTest {
    private static final Instant NOW = Instant.parse("2026-11-24T08:17:00Z");
    private static final double DAYS = 730 / 24.0;

    private final SettableClock clock = SettableClock.at(NOW);
    private final CapacityRecorder recorder = new CapacityRecorder();
    private final EmbeddedAws aws;

    CostUnitsTest(EmbeddedAws aws) {
        this.aws = aws;
    }

    @Test
    void aRunWritesWhatTheEstimateCounts() {
        var settings = OnboardingSettings.builder()
                .tables(TableNames.withPrefix("cost-"))
                .build();
        try (DynamoDbClient client = recorder.dynamoDb(aws);
                var storage = DynamoDbStorage.using(client, settings, clock)) {
            storage.createTables();
            Account account = Fixtures.of(Onboarding.of(storage, new InMemoryVault(clock)))
                    .aws();
            storage.schedules()
                    .create(NewSchedule.of(account, ProviderType.AWS, "hourly", Recurrence.every(Duration.ofHours(1))));
            clock.advance(Duration.ofHours(2));

            recorder.clear();
            Claim claim = storage.claims()
                    .claimDue("worker", Duration.ofMinutes(5), 1)
                    .claims()
                    .get(0);
            storage.claims().complete(claim, Checks.of(3, 2, 1));
            assertThat(written()).isEqualTo(estimated("runs"), within(1e-6));

            recorder.clear();
            ScanResult scan = storage.scanResults().create(NewScan.of(account, ProviderType.AWS));
            storage.scanResults().update(scan.complete(Checks.of(3, 2, 1), "s3://results/1", clock.instant()));
            assertThat(written()).isEqualTo(estimated("scan results"), within(1e-6));
        }
    }

    private static double estimated(String item) {
        CostEstimate estimate = CostEstimate.of(
                Workload.builder().runsPerDay(1).build(), PriceTable.published().region("ap-south-1"));
        return estimate.lines().stream()
                        .filter(line -> line.item().equals(item))
                        .findFirst()
                        .orElseThrow()
                        .quantity()
                / DAYS;
    }

    /** As AWS counts: DynamoDB Local doubles the index entries of a transaction as well. */
    private double written() {
        return recorder.calls().stream()
                .mapToDouble(call -> {
                    if (call.response() instanceof TransactWriteItemsResponse transaction) {
                        return transaction.consumedCapacity().stream()
                                .mapToDouble(table -> units(table, 2))
                                .sum();
                    }
                    return call.response() instanceof UpdateItemResponse update
                            ? units(update.consumedCapacity(), 1)
                            : 0;
                })
                .sum();
    }

    private static double units(ConsumedCapacity table, double timesTooMany) {
        return table.table().capacityUnits()
                + table.globalSecondaryIndexes().values().stream()
                        .mapToDouble(index -> index.capacityUnits() / timesTooMany)
                        .sum();
    }
}
