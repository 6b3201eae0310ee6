package io.threatengine.onboarding.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.threatengine.onboarding.benchmarks.PartitionModel.Assumptions;
import io.threatengine.onboarding.benchmarks.PartitionModel.Load;
import io.threatengine.onboarding.benchmarks.PartitionModel.Outcome;
import io.threatengine.onboarding.benchmarks.PartitionModel.Place;
import io.threatengine.onboarding.schedule.DueIndex;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PartitionModelTest {
    private static final PartitionModel MODEL = new PartitionModel(Assumptions.DEFAULTS);
    private static final DueIndex SIXTEEN = DueIndex.sharded(16);

    @Test
    void aRunWritesSoMuchToEachTableAndIndex() {
        assertThat(units(MODEL.places(DueIndex.LEGACY)))
                .isEqualTo(Map.of(
                        "schedules", 5.5,
                        "tenant-schedules-index", 2.0,
                        "account-schedules-index", 2.0,
                        "next-run-index", 4.0,
                        "executions", 5.5,
                        "schedule-executions-index", 2.0,
                        "account-executions-index", 2.0));
    }

    @Test
    void theShardedIndexIsWrittenInPlaceOfTheLegacyOne() {
        Map<String, Double> sharded = units(MODEL.places(SIXTEEN));

        assertThat(sharded).containsEntry("due-shard-index", 4.0).doesNotContainKey("next-run-index");
        assertThat(sharded).hasSameSizeAs(MODEL.places(DueIndex.LEGACY));
    }

    @Test
    void aRenewalWritesTheScheduleAndMovesItsDueTime() {
        Map<String, Double> without = units(MODEL.places(SIXTEEN));
        Map<String, Double> with = units(new PartitionModel(Assumptions.DEFAULTS.withRenewals(3)).places(SIXTEEN));

        assertThat(with.get("schedules") - without.get("schedules")).isEqualTo(3);
        assertThat(with.get("tenant-schedules-index") - without.get("tenant-schedules-index"))
                .isEqualTo(3);
        assertThat(with.get("due-shard-index") - without.get("due-shard-index")).isEqualTo(6);
        assertThat(with.get("executions")).isEqualTo(without.get("executions"));
    }

    @Test
    void theLegacyIndexIsOnePartitionWhateverTheOthersTake() {
        Outcome outcome = MODEL.simulate(DueIndex.LEGACY);
        Load due = outcome.due();

        assertThat(outcome.hottest()).isEqualTo(due);
        assertThat(due.unitsPerSecond()).isEqualTo(16_000);
        assertThat(List.of(due.median(), due.high(), due.hottestKey())).containsOnly(16.0);
        assertThat(outcome.sustainable()).isEqualTo(250);
        assertThat(outcome.sustainableWhenSplit()).isEqualTo(250);
    }

    @Test
    void oneShardIsNoBetter() {
        assertThat(MODEL.simulate(DueIndex.sharded(1)).sustainable()).isEqualTo(250);
    }

    @Test
    void indexEntriesThatCountTwiceHalveIt() {
        var model = new PartitionModel(Assumptions.DEFAULTS.withIndexFactor(2));

        assertThat(model.simulate(DueIndex.LEGACY).sustainable()).isEqualTo(125);
    }

    @Test
    void thereArePartitionsForTwiceTheLoadAndNeverFewerThanANewTableHas() {
        Map<String, Integer> partitions = MODEL.simulate(SIXTEEN).loads().stream()
                .collect(Collectors.toMap(load -> load.place().name(), Load::partitions));

        assertThat(partitions)
                .containsEntry("schedules", 44)
                .containsEntry("due-shard-index", 32)
                .containsEntry("account-executions-index", 16);
        assertThat(new PartitionModel(Assumptions.DEFAULTS.withRunsPerSecond(10))
                        .simulate(SIXTEEN)
                        .loads())
                .allSatisfy(load -> assertThat(load.partitions()).isEqualTo(4));
    }

    @Test
    void theHottestPartitionHasItsShareAtLeastAndNoMoreThanAll() {
        assertThat(MODEL.simulate(SIXTEEN).loads()).allSatisfy(load -> {
            double all = load.unitsPerSecond() / 1_000;
            assertThat(load.median()).isBetween(all / load.partitions(), all);
            assertThat(load.high()).isBetween(load.median(), all);
        });
    }

    @Test
    void aShardAloneHasItsShareAndALittleMore() {
        for (int shards : new int[] {2, 16, 64}) {
            double share = 16.0 / shards;

            assertThat(MODEL.simulate(DueIndex.sharded(shards)).due().hottestKey())
                    .as("%d shards", shards)
                    .isBetween(share, 1.6 * share);
        }
    }

    @Test
    void rowsThatAreTheirOwnKeysAreNearlyEven() {
        Load schedules = MODEL.simulate(SIXTEEN).loads().get(0);

        assertThat(schedules.place().name()).isEqualTo("schedules");
        assertThat(schedules.median()).isCloseTo(0.63, within(0.05)); // 22,000 units on 44 partitions, and their chance
        assertThat(schedules.hottestKey()).isEqualTo(5.5 / 1_000);
    }

    @Test
    void theLargestTenantIsOneKey() {
        Load tenants = MODEL.simulate(SIXTEEN).loads().get(1);

        assertThat(tenants.place().name()).isEqualTo("tenant-schedules-index");
        assertThat(tenants.hottestKey()).isCloseTo(0.05 * 8, within(0.06));
    }

    @Test
    void theShardsThatAreNeededAreTheFewestThatAreEnough() {
        var model = new PartitionModel(Assumptions.DEFAULTS.withRoom(16));
        for (boolean split : new boolean[] {true, false}) {
            int needed = model.shardsNeeded(split).orElseThrow();

            assertThat(hottest(model, needed, split)).isLessThanOrEqualTo(1);
            assertThat(hottest(model, needed / 2, split)).isGreaterThan(1);
        }
        assertThat(model.shardsNeeded(true)).hasValue(32);
    }

    @Test
    void theMostShardsMayBeTooFew() {
        var model = new PartitionModel(Assumptions.DEFAULTS.withRenewals(100));

        assertThat(model.shardsNeeded(true)).isEmpty();
    }

    @Test
    void readsAreSharedByTheShards() {
        // 4,000 runs of 4 rows of 700 bytes, and 80 looks of half a unit
        assertThat(MODEL.reads(DueIndex.LEGACY)).isCloseTo((1367.19 + 40) / 3_000, within(1e-5));
        assertThat(MODEL.reads(SIXTEEN)).isCloseTo((1367.19 / 16 + 40) / 3_000, within(1e-5));
        assertThat(MODEL.mostQueriesPerRun(DueIndex.LEGACY)).isEqualTo(1 / 50.0);
        assertThat(MODEL.mostQueriesPerRun(SIXTEEN)).isEqualTo(17 / 50.0);
    }

    @Test
    void isTheSameEachTime() {
        assertThat(new PartitionModel(Assumptions.DEFAULTS).simulate(SIXTEEN)).isEqualTo(MODEL.simulate(SIXTEEN));
    }

    private static double hottest(PartitionModel model, int shards, boolean split) {
        Load due = model.simulate(DueIndex.sharded(shards)).due();
        return split ? due.hottestKey() : due.high();
    }

    private static Map<String, Double> units(List<Place> places) {
        return places.stream().collect(Collectors.toMap(Place::name, Place::writeUnitsPerRun));
    }
}
