package io.threatengine.onboarding.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * {@link HitBenchmark} with one and two threads. Iterations are short and many: a neighbour on the machine spoils some of
 * them, and the fastest is the one that it spoiled least, so that ratios are made of the fastest.
 */
final class HitRun {
    private static final double NO_BYTES = 0.5;
    private final List<Line> lines = new ArrayList<>();

    /**
     * @param fastest nanoseconds of an operation in the fastest iteration
     * @param mean nanoseconds of an operation in all of its round
     */
    private record Line(String benchmark, int keys, int threads, double fastest, double mean, double bytes) {
        boolean isLike(String name, Line other) {
            return benchmark.equals(name) && keys == other.keys && threads == other.threads;
        }
    }

    /** Each round measures all of them in JVMs of their own, so that a busy minute does not fall on one of them alone. */
    void run(int rounds) throws RunnerException {
        for (int run = 0; run < 2 * rounds; run++) {
            int threads = 1 + run % 2;
            var options = new OptionsBuilder()
                    .include(HitBenchmark.class.getName() + "\\.")
                    .threads(threads)
                    .forks(1)
                    .warmupIterations(4)
                    .warmupTime(new TimeValue(200, TimeUnit.MILLISECONDS))
                    .measurementIterations(6)
                    .measurementTime(new TimeValue(100, TimeUnit.MILLISECONDS))
                    .addProfiler(GCProfiler.class)
                    .jvmArgsAppend("-Xmx2g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build();
            for (RunResult result : new Runner(options).run()) {
                Result<?> time = result.getPrimaryResult();
                String name = result.getParams().getBenchmark();
                add(new Line(
                        name.substring(name.lastIndexOf('.') + 1),
                        Integer.parseInt(result.getParams().getParam("keys")),
                        threads,
                        time.getStatistics().getMin(),
                        time.getScore(),
                        result.getSecondaryResults().get("gc.alloc.rate.norm").getScore()));
            }
        }
    }

    /** The faster of two rounds. */
    private void add(Line line) {
        for (int i = 0; i < lines.size(); i++) {
            Line known = lines.get(i);
            if (known.isLike(line.benchmark, line)) {
                lines.set(i, line.fastest < known.fastest ? line : known);
                return;
            }
        }
        lines.add(line);
    }

    void print() {
        System.out.println("\nA hit: nanoseconds (fastest iteration, mean of its round) and bytes of an operation\n");
        System.out.println("| cache | keys | threads | ns | mean ns | B |");
        System.out.println("|---|--:|--:|--:|--:|--:|");
        for (Line line : lines) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %d | %.1f | %.1f | %.0f |%n",
                    line.benchmark,
                    line.keys,
                    line.threads,
                    line.fastest,
                    line.mean,
                    line.bytes);
        }
    }

    List<Ratio> ratios() {
        List<Ratio> ratios = new ArrayList<>();
        for (Line ours : lines) {
            if (!ours.benchmark.startsWith("ours")) {
                continue;
            }
            String suffix = ours.benchmark.substring("ours".length());
            String which = (suffix.isEmpty() ? "held row" : "fresh row") + ", " + ours.keys + " keys, " + ours.threads
                    + " threads";
            ratios.add(Ratio.atMost(
                    "hit to Caffeine with expiry and refresh: " + which,
                    ours.fastest / time("caffeine" + suffix, ours),
                    1.3));
            ratios.add(Ratio.atMost("bytes of a hit: " + which, ours.bytes < NO_BYTES ? 0 : ours.bytes, 0));
            ratios.add(Ratio.atLeast(
                    "AWS's cache and parsing to a hit: " + which, time("awsAndParse", ours) / ours.fastest, 20));
        }
        return ratios;
    }

    private double time(String benchmark, Line like) {
        return lines.stream()
                .filter(line ->
                        line.benchmark.equals(benchmark) && line.keys == like.keys && line.threads == like.threads)
                .findFirst()
                .orElseThrow()
                .fastest;
    }
}
