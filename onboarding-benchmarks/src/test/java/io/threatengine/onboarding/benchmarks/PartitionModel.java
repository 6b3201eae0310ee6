package io.threatengine.onboarding.benchmarks;

import io.threatengine.onboarding.schedule.DueIndex;
import io.threatengine.onboarding.schedule.ScheduleId;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What runs of due schedules do to the partitions of DynamoDB. A second is drawn many times over: which schedules are run in
 * it, and on which partitions their keys lie, since how DynamoDB hashes keys is not known. Of each second the hottest
 * partition counts, and of all seconds the 95th of a hundred. Immutable; the same numbers each time.
 */
final class PartitionModel {
    /**
     * Write units that a partition takes in a second (Amazon DynamoDB Developer Guide, "Best practices for designing and using
     * partition keys effectively").
     */
    static final int PARTITION_WRITES = 1_000;

    /** Read units that it takes (same place). */
    static final int PARTITION_READS = 3_000;

    /** Of a new table, which takes 4,000 write units a second (Developer Guide, "DynamoDB on-demand capacity mode"). */
    static final int LEAST_PARTITIONS = 4;

    private static final long SEED = 20_261_124;
    private static final int SECONDS = 200;
    private static final double HIGH = 0.95;

    /**
     * What is taken for granted beside what a partition takes; nothing is saved up from quieter seconds.
     *
     * @param runsPerSecond how many schedules are claimed and completed in a second, evenly spread over it
     * @param schedules how many there are; each is run as often as the others
     * @param room for how many times the load each table and index has partitions: on demand, DynamoDB takes twice the
     *     previous peak at once (Amazon DynamoDB Developer Guide, "DynamoDB on-demand capacity mode"); more is asked for as warm
     *     throughput
     * @param indexFactor how often an index entry that a transaction changes is counted: 1, as for other writes, since it is
     *     changed after the transaction is done (Developer Guide, "Amazon DynamoDB Transactions: How it works"), or 2, as
     *     DynamoDB Local reports. The table's own row counts twice in any case
     * @param renewalsPerRun how often a run's lease is renewed: once in each third of it
     * @param refusedPerRun claims for each run that another worker was faster with; their rows count, their index entries do
     *     not change. No fewer than the load harness has measured with four workers
     * @param largestTenant the share of all runs that the largest tenant has; the others are small
     * @param largestAccount the same for accounts
     * @param claimsPerLook how many runs a worker takes in one look
     * @param rowsPerRun how many due rows are read for each run
     * @param rowBytes how large a schedule's row is; an execution's is below 1 KB, as this is
     */
    record Assumptions(
            int runsPerSecond,
            int schedules,
            double room,
            int indexFactor,
            double renewalsPerRun,
            double refusedPerRun,
            double largestTenant,
            double largestAccount,
            int claimsPerLook,
            double rowsPerRun,
            int rowBytes) {

        static final Assumptions DEFAULTS = new Assumptions(4_000, 240_000, 2, 1, 0, 0.75, 0.05, 0.01, 50, 4, 700);

        Assumptions withRunsPerSecond(int runs) {
            return with(runs, room, indexFactor, renewalsPerRun, refusedPerRun);
        }

        Assumptions withRoom(double times) {
            return with(runsPerSecond, times, indexFactor, renewalsPerRun, refusedPerRun);
        }

        Assumptions withIndexFactor(int factor) {
            return with(runsPerSecond, room, factor, renewalsPerRun, refusedPerRun);
        }

        Assumptions withRenewals(double perRun) {
            return with(runsPerSecond, room, indexFactor, perRun, refusedPerRun);
        }

        Assumptions withRefused(double perRun) {
            return with(runsPerSecond, room, indexFactor, renewalsPerRun, perRun);
        }

        private Assumptions with(int runs, double times, int factor, double renewals, double refused) {
            return new Assumptions(
                    runs,
                    schedules,
                    times,
                    factor,
                    renewals,
                    refused,
                    largestTenant,
                    largestAccount,
                    claimsPerLook,
                    rowsPerRun,
                    rowBytes);
        }
    }

    /** What the partition keys of a table or an index are. */
    enum Keys {
        /** One for each row: as many as there are schedules or executions. */
        ROWS,
        /** One for all rows. */
        ONE,
        /** The shards of the due index. */
        SHARDS,
        TENANTS,
        ACCOUNTS
    }

    /** A table or an index, and what a run writes there. */
    record Place(String name, Keys keys, double writeUnitsPerRun) {}

    /**
     * A table or an index under load. Utilisation is a share of what a partition takes: 1 is all of it.
     *
     * @param unitsPerSecond all writes of a second
     * @param partitions over how many they are spread, if their keys let them be
     * @param median utilisation of the hottest partition in the middle one of the seconds
     * @param high the same in the 95th of a hundred seconds
     * @param hottestKey in the 95th of a hundred seconds, what one partition key alone makes of a partition: what remains
     *     when DynamoDB has split off whatever is hot
     */
    record Load(Place place, double unitsPerSecond, int partitions, double median, double high, double hottestKey) {}

    /** All tables and indexes under load. Where any of them is too hot, the writes to its table are refused with it. */
    record Outcome(DueIndex index, int runsPerSecond, List<Load> loads) {
        Outcome {
            loads = List.copyOf(loads);
        }

        Load hottest() {
            return loads.stream().max(Comparator.comparingDouble(Load::high)).orElseThrow();
        }

        /** Of the index by which due schedules are found. */
        Load due() {
            return loads.stream()
                    .filter(load ->
                            load.place().keys() == Keys.ONE || load.place().keys() == Keys.SHARDS)
                    .findFirst()
                    .orElseThrow();
        }

        /** How many runs a second the hottest partition takes, with everything in proportion. */
        double sustainable() {
            return runsPerSecond / hottest().high();
        }

        /** The same when each hot key has a partition of its own. */
        double sustainableWhenSplit() {
            return runsPerSecond
                    / loads.stream().mapToDouble(Load::hottestKey).max().orElseThrow();
        }
    }

    private final Assumptions assumptions;
    private final List<ScheduleId> schedules;

    PartitionModel(Assumptions assumptions) {
        this.assumptions = assumptions;
        var random = new SplittableRandom(SEED);
        this.schedules = Stream.generate(() -> new UUID(random.nextLong(), random.nextLong()))
                .limit(assumptions.schedules())
                .map(id -> ScheduleId.of(id.toString()))
                .toList();
    }

    /** What a run writes, as {@code docs/calls.md} says and the load harness measures. */
    List<Place> places(DueIndex index) {
        double renewals = assumptions.renewalsPerRun();
        double refused = 2 * assumptions.refusedPerRun();
        // the claim and the completion, each a transaction
        double row = 2 + 2;
        double entry = 2 * assumptions.indexFactor();
        double movedEntry = 2 * entry; // the old one goes, a new one comes
        return List.of(
                new Place("schedules", Keys.ROWS, row + renewals + refused),
                new Place("tenant-schedules-index", Keys.TENANTS, entry + renewals),
                new Place("account-schedules-index", Keys.ACCOUNTS, entry + renewals),
                index.isSharded()
                        ? new Place("due-shard-index", Keys.SHARDS, movedEntry + 2 * renewals)
                        : new Place("next-run-index", Keys.ONE, movedEntry + 2 * renewals),
                new Place("executions", Keys.ROWS, row + refused),
                new Place("schedule-executions-index", Keys.ROWS, entry),
                new Place("account-executions-index", Keys.ACCOUNTS, entry));
    }

    Outcome simulate(DueIndex index) {
        return new Outcome(
                index,
                assumptions.runsPerSecond(),
                places(index).stream().map(place -> load(place, index)).toList());
    }

    /**
     * The fewest shards, of 1, 2, 4 and so on, with which no partition of the due index is too hot.
     *
     * @param split whether DynamoDB is counted on to give each hot shard a partition of its own
     * @return empty where the most that there may be are too few
     */
    OptionalInt shardsNeeded(boolean split) {
        for (int shards = 1; shards <= DueIndex.MOST_SHARDS; shards *= 2) {
            DueIndex index = DueIndex.sharded(shards);
            Place due = due(index);
            boolean enough = assumptions.runsPerSecond() * due.writeUnitsPerRun() <= shards * PARTITION_WRITES;
            if (enough && hottest(load(due, index), split) <= 1) {
                return OptionalInt.of(shards);
            }
        }
        return OptionalInt.empty();
    }

    private static double hottest(Load load, boolean split) {
        return split ? load.hottestKey() : load.high();
    }

    private Place due(DueIndex index) {
        return places(index).stream()
                .filter(place -> place.keys() == Keys.SHARDS)
                .findFirst()
                .orElseThrow();
    }

    /** Read units that the hottest key of the due index gives in a second, as a share of what a partition takes. */
    double reads(DueIndex index) {
        double rows = assumptions.runsPerSecond()
                * assumptions.rowsPerRun()
                * assumptions.rowBytes()
                / 8192.0; // half a unit for each 4 KB
        double least = looksPerSecond() * 0.5; // of a query that finds nothing
        return (rows / Math.max(1, index.shards()) + least) / PARTITION_READS;
    }

    /** Queries for each run where every look has to ask all shards, and for what is left in the legacy index. */
    double mostQueriesPerRun(DueIndex index) {
        return (index.shards() + 1.0) / assumptions.claimsPerLook();
    }

    private double looksPerSecond() {
        return assumptions.runsPerSecond() / (double) assumptions.claimsPerLook();
    }

    private Load load(Place place, DueIndex index) {
        double all = assumptions.runsPerSecond() * place.writeUnitsPerRun();
        int partitions = Math.max(LEAST_PARTITIONS, (int) Math.ceil(assumptions.room() * all / PARTITION_WRITES));
        int[] keyOfSchedule = place.keys() == Keys.SHARDS
                ? schedules.stream().mapToInt(index::shardOf).toArray()
                : new int[schedules.size()];
        double share = place.writeUnitsPerRun() / PARTITION_WRITES;
        double[] hottest = new double[SECONDS];
        double[] hottestKey = new double[SECONDS];
        var random = new SplittableRandom(SEED);
        for (int second = 0; second < SECONDS; second++) {
            int[] runsOfPartition = new int[partitions];
            int[] runsOfKey = new int[Math.max(1, index.shards())];
            int[] partitionOfKey = random.ints(runsOfKey.length, 0, partitions).toArray();
            for (int run = 0; run < assumptions.runsPerSecond(); run++) {
                if (random.nextDouble() < shareOfFewKeys(place.keys())) {
                    int key = keyOfSchedule[random.nextInt(keyOfSchedule.length)];
                    runsOfKey[key]++;
                    runsOfPartition[partitionOfKey[key]]++;
                } else {
                    runsOfPartition[random.nextInt(partitions)]++;
                }
            }
            hottest[second] = max(runsOfPartition) * share;
            hottestKey[second] = Math.max(1, max(runsOfKey)) * share;
        }
        return new Load(
                place, all, partitions, quantile(hottest, 0.5), quantile(hottest, HIGH), quantile(hottestKey, HIGH));
    }

    /** The share of the runs whose keys are few; the keys of the others are so many that each may lie anywhere. */
    private double shareOfFewKeys(Keys keys) {
        return switch (keys) {
            case ROWS -> 0;
            case ONE, SHARDS -> 1;
            case TENANTS -> assumptions.largestTenant();
            case ACCOUNTS -> assumptions.largestAccount();
        };
    }

    private static int max(int[] counts) {
        return Arrays.stream(counts).max().orElse(0);
    }

    private static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
}
