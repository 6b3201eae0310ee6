package io.threatengine.onboarding.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.threatengine.onboarding.benchmarks.ClaimRun.Load;
import io.threatengine.onboarding.benchmarks.ClaimRun.Measured;
import io.threatengine.onboarding.benchmarks.PartitionModel.Assumptions;
import io.threatengine.onboarding.benchmarks.PartitionModel.Outcome;
import io.threatengine.onboarding.benchmarks.PartitionModel.Place;
import io.threatengine.onboarding.schedule.DueIndex;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Measures what claims cost, simulates what they do to partitions, prints both, and writes them with their goals. */
public final class ClaimBenchmarks {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SCHEDULES = 2_000;
    private static final int LIMIT = 50;
    private static final List<DueIndex> MEASURED = List.of(DueIndex.LEGACY, DueIndex.sharded(4), DueIndex.sharded(16));
    private static final List<DueIndex> SIMULATED = Stream.concat(
                    Stream.of(DueIndex.LEGACY),
                    IntStream.of(4, 16, 32, 64, 128, 256).mapToObj(DueIndex::sharded))
            .toList();

    private ClaimBenchmarks() {}

    /** {@code claims.json [schedules]}: where to write what came of it, and how many schedules are due at once. */
    public static void main(String[] args) throws InterruptedException, IOException {
        List<Measured> measured = measure(args.length > 1 ? Integer.parseInt(args[1]) : SCHEDULES);
        var model = new PartitionModel(Assumptions.DEFAULTS);
        List<Outcome> simulated = SIMULATED.stream().map(model::simulate).toList();
        List<Needed> needed = needed();
        List<Ratio> goals = goals(measured);

        print(measured);
        printUnits(measured);
        print(model, simulated);
        printPlaces(simulated);
        printNeeded(needed);
        Benchmarks.print(goals);
        Benchmarks.write(json(measured, model, simulated, needed, goals), Path.of(args[0]));
    }

    private static List<Measured> measure(int schedules) throws InterruptedException {
        List<Measured> measured = new ArrayList<>();
        try (var aws = EmbeddedAws.start()) {
            var run = new ClaimRun(aws);
            run.measure(new Load(DueIndex.LEGACY, 4, schedules, LIMIT)); // only to warm up
            for (DueIndex index : MEASURED) {
                for (int workers : new int[] {1, 4}) {
                    measured.add(run.measure(new Load(index, workers, schedules, LIMIT)));
                }
            }
        }
        return measured;
    }

    /**
     * How many shards are needed in a case.
     *
     * @param asKeysFall where no partition is split for its heat; empty for more than there may be
     * @param whenSplit where each hot shard gets a partition of its own
     */
    private record Needed(Assumptions in, OptionalInt asKeysFall, OptionalInt whenSplit) {}

    private static List<Needed> needed() {
        List<Needed> needed = new ArrayList<>();
        for (int factor : new int[] {1, 2}) {
            for (int renewals : new int[] {0, 3}) {
                for (int room : new int[] {2, 4, 8}) {
                    Assumptions in = Assumptions.DEFAULTS
                            .withIndexFactor(factor)
                            .withRenewals(renewals)
                            .withRoom(room);
                    var model = new PartitionModel(in);
                    needed.add(new Needed(in, model.shardsNeeded(false), model.shardsNeeded(true)));
                }
            }
        }
        return needed;
    }

    private static List<Ratio> goals(List<Measured> measured) {
        List<Ratio> goals = new ArrayList<>();
        for (Measured one : measured) {
            if (one.load().workers() == 1) {
                String index = one.load().index().toString();
                goals.add(Ratio.atMost("write requests of a run, one worker, " + index, one.writesPerRun(), 2));
                goals.add(Ratio.atMost("index pages of a run, one worker, " + index, one.queriesPerRun(), 0.1));
                goals.add(Ratio.atMost(
                        "write units of a run that the simulation counts otherwise, " + index, otherwise(one), 0));
            }
        }
        return goals;
    }

    /** DynamoDB Local counts index entries of a transaction twice, and nothing was refused or renewed. */
    private static double otherwise(Measured measured) {
        var model = new PartitionModel(Assumptions.DEFAULTS.withIndexFactor(2).withRefused(0));
        List<Place> places = model.places(measured.load().index());
        double apart = places.stream()
                .mapToDouble(place -> Math.abs(place.writeUnitsPerRun() - measured.writeUnitsPerRun(place.name())))
                .sum();
        double elsewhere = measured.writeUnitsPerRun()
                - places.stream()
                        .mapToDouble(place -> measured.writeUnitsPerRun(place.name()))
                        .sum();
        return apart + elsewhere;
    }

    private static void print(List<Measured> measured) {
        System.out.println("\nClaims on the embedded backend, of schedules that are all due at once\n");
        System.out.println(
                "| index | workers | schedules | claims/s | runs/s | write requests a run | of them refused |"
                        + " index pages a run | rows read a run | read units a run | write units a run |");
        System.out.println("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        for (Measured one : measured) {
            line(
                    "| %s | %d | %d | %.0f | %.0f | %.3f | %.3f | %.3f | %.1f | %.2f | %.1f |",
                    one.load().index(),
                    one.load().workers(),
                    one.load().schedules(),
                    one.claimsPerSecond(),
                    one.runsPerSecond(),
                    one.writesPerRun(),
                    one.refusedPerRun(),
                    one.queriesPerRun(),
                    one.rowsPerRun(),
                    one.readUnitsPerRun(),
                    one.writeUnitsPerRun());
        }
    }

    private static void printUnits(List<Measured> measured) {
        System.out.println("\nWrite units of a claim and of a completion, as DynamoDB Local reports them\n");
        System.out.println("| index | table or index | claim | completion |");
        System.out.println("|---|---|--:|--:|");
        for (Measured one : measured) {
            double count = one.load().schedules();
            if (one.load().workers() == 1) {
                one.claims().writeUnits().keySet().stream()
                        .sorted()
                        .forEach(place -> line(
                                "| %s | `%s` | %.2f | %.2f |",
                                one.load().index(),
                                place,
                                one.claims().writeUnits().get(place) / count,
                                one.completions().writeUnits().getOrDefault(place, 0.0) / count));
            }
        }
    }

    private static void print(PartitionModel model, List<Outcome> simulated) {
        line("%n%,d runs a second, simulated%n", Assumptions.DEFAULTS.runsPerSecond());
        System.out.println("| index | hottest | utilisation, median | 95 % | runs/s it takes | hottest shard alone |"
                + " runs/s when split | reads of the hottest shard | queries a run, at most |");
        System.out.println("|---|---|--:|--:|--:|--:|--:|--:|--:|");
        for (Outcome outcome : simulated) {
            line(
                    "| %s | `%s` | %.0f %% | %.0f %% | %,.0f | %.0f %% | %,.0f | %.0f %% | %.2f |",
                    outcome.index(),
                    outcome.hottest().place().name(),
                    100 * outcome.hottest().median(),
                    100 * outcome.hottest().high(),
                    outcome.sustainable(),
                    100 * outcome.due().hottestKey(),
                    outcome.sustainableWhenSplit(),
                    100 * model.reads(outcome.index()),
                    model.mostQueriesPerRun(outcome.index()));
        }
    }

    private static void printPlaces(List<Outcome> simulated) {
        System.out.println("\nThe tables and indexes of it\n");
        System.out.println("| index | table or index | write units a run | a second | partitions |"
                + " hottest, median | 95 % | hottest key alone |");
        System.out.println("|---|---|--:|--:|--:|--:|--:|--:|");
        for (Outcome outcome : simulated) {
            if (outcome.index().equals(DueIndex.LEGACY) || outcome.index().equals(DueIndex.sharded(64))) {
                outcome.loads()
                        .forEach(load -> line(
                                "| %s | `%s` | %.1f | %,.0f | %d | %.0f %% | %.0f %% | %.1f %% |",
                                outcome.index(),
                                load.place().name(),
                                load.place().writeUnitsPerRun(),
                                load.unitsPerSecond(),
                                load.partitions(),
                                100 * load.median(),
                                100 * load.high(),
                                100 * load.hottestKey()));
            }
        }
    }

    private static void printNeeded(List<Needed> needed) {
        System.out.println("\nShards that are needed\n");
        System.out.println("| index entries count | renewals a run | partitions for | as keys fall | when split |");
        System.out.println("|---|--:|---|--:|--:|");
        for (Needed one : needed) {
            line(
                    "| %s | %.0f | %.0f times the load | %s | %s |",
                    one.in().indexFactor() == 1 ? "once" : "twice",
                    one.in().renewalsPerRun(),
                    one.in().room(),
                    shards(one.asKeysFall()),
                    shards(one.whenSplit()));
        }
    }

    private static String shards(OptionalInt shards) {
        return shards.isPresent() ? Integer.toString(shards.getAsInt()) : "more than " + DueIndex.MOST_SHARDS;
    }

    private static void line(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }

    private static ObjectNode json(
            List<Measured> measured,
            PartitionModel model,
            List<Outcome> simulated,
            List<Needed> needed,
            List<Ratio> goals) {
        ObjectNode json = JSON.createObjectNode();
        for (Measured one : measured) {
            json.withArray("measured")
                    .addObject()
                    .put("index", one.load().index().toString())
                    .put("workers", one.load().workers())
                    .put("schedules", one.load().schedules())
                    .put("claimsPerSecond", one.claimsPerSecond())
                    .put("runsPerSecond", one.runsPerSecond())
                    .put("lost", one.lost())
                    .put("writesPerRun", one.writesPerRun())
                    .put("refusedPerRun", one.refusedPerRun())
                    .put("queriesPerRun", one.queriesPerRun())
                    .put("rowsPerRun", one.rowsPerRun())
                    .put("readUnitsPerRun", one.readUnitsPerRun())
                    .put("writeUnitsPerRun", one.writeUnitsPerRun())
                    .setAll(Map.of(
                            "claimWriteUnitsOfAll",
                                    JSON.valueToTree(one.claims().writeUnits()),
                            "completionWriteUnitsOfAll",
                                    JSON.valueToTree(one.completions().writeUnits())));
        }
        json.set("assumptions", JSON.valueToTree(Assumptions.DEFAULTS));
        for (Outcome outcome : simulated) {
            json.withArray("simulated")
                    .addObject()
                    .put("index", outcome.index().toString())
                    .put("runsPerSecond", outcome.runsPerSecond())
                    .put("sustainable", outcome.sustainable())
                    .put("sustainableWhenSplit", outcome.sustainableWhenSplit())
                    .put("hottestShardReads", model.reads(outcome.index()))
                    .put("mostQueriesPerRun", model.mostQueriesPerRun(outcome.index()))
                    .set("loads", JSON.valueToTree(outcome.loads()));
        }
        for (Needed one : needed) {
            json.withArray("shardsNeeded")
                    .addObject()
                    .put("indexFactor", one.in().indexFactor())
                    .put("renewalsPerRun", one.in().renewalsPerRun())
                    .put("room", one.in().room())
                    .put("asKeysFall", shards(one.asKeysFall()))
                    .put("whenSplit", shards(one.whenSplit()));
        }
        json.set("goals", Benchmarks.json(goals));
        return json;
    }
}
