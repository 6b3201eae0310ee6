package io.threatengine.onboarding.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long tests wait for the test kit, each time in a fresh JVM. Of several the fastest counts, which other programs on the machine
 * have disturbed least; the median and the time of all cores, which says more where the machine is busy, are printed beside it.
 */
public final class StartupBenchmarks {
    private static final int RUNS = 10;
    private static final String FIRST_COMPILER = "-XX:TieredStopAtLevel=1";

    private StartupBenchmarks() {}

    /** {@code startup.json [runs]}: where to write the figures, and how many JVMs each is measured in, ten by default. */
    public static void main(String[] args) throws InterruptedException, IOException {
        int runs = args.length > 1 ? Integer.parseInt(args[1]) : RUNS;
        Map<String, List<Double>> asIs = new LinkedHashMap<>();
        Map<String, List<Double>> quick = new LinkedHashMap<>();
        Map<String, List<Double>> fakes = new LinkedHashMap<>();
        for (int i = 0; i < runs; i++) { // in turn, so that a busy minute is everybody's
            run(asIs, "embedded");
            run(quick, "embedded", FIRST_COMPILER);
            run(fakes, "memory");
        }

        System.out.println("| what | fastest | median | slowest |");
        System.out.println("|---|--:|--:|--:|");
        print("embedded, to the first tenant, ms", asIs, "first");
        print("the same, ms of all cores", asIs, "cpu");
        print("end of the first class, ms", asIs, "closing");
        print("second class, to its first tenant, ms", asIs, "second");
        print("end of the second class, ms", asIs, "closing-second");
        print("embedded with " + FIRST_COMPILER + ", to the first tenant, ms", quick, "first");
        print("the same, ms of all cores", quick, "cpu");
        print("end of the first class, ms", quick, "closing");
        print("second class, to its first tenant, ms", quick, "second");
        print("end of the second class, ms", quick, "closing-second");
        print("fakes, to the first tenant, ms", fakes, "first");
        print("fakes, warm, µs", fakes, "warm");
        List<Ratio> goals = List.of(
                Ratio.atMost("embedded, ms to the first tenant", fastest(asIs, "first"), 2_500),
                Ratio.atMost(
                        "embedded with " + FIRST_COMPILER + ", ms to the first tenant", fastest(quick, "first"), 2_500),
                Ratio.atMost("embedded, ms to the second class's first tenant", fastest(asIs, "second"), 200),
                Ratio.atMost("fakes, ms for a class once warm", fastest(fakes, "warm") / 1_000, 1));
        Benchmarks.print(goals);
        Benchmarks.write(Benchmarks.json(goals), Path.of(args[0]));
    }

    private static void run(Map<String, List<Double>> figures, String backend, String... options)
            throws InterruptedException, IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        command.addAll(Arrays.asList(options));
        command.addAll(
                List.of("-classpath", System.getProperty("java.class.path"), StartupRun.class.getName(), backend));
        Process jvm =
                new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        try (BufferedReader lines = jvm.inputReader()) {
            lines.lines()
                    .map(line -> line.split(" ", 2))
                    .forEach(line -> figures.computeIfAbsent(line[0], name -> new ArrayList<>())
                            .add(Double.valueOf(line[1])));
        }
        if (jvm.waitFor() != 0) {
            throw new IllegalStateException("a run on " + backend + " has failed with status " + jvm.exitValue());
        }
    }

    private static double fastest(Map<String, List<Double>> figures, String name) {
        return sorted(figures, name).get(0);
    }

    private static List<Double> sorted(Map<String, List<Double>> figures, String name) {
        return figures.getOrDefault(name, List.of()).stream().sorted().toList();
    }

    private static void print(String what, Map<String, List<Double>> figures, String name) {
        List<Double> sorted = sorted(figures, name);
        System.out.printf(
                Locale.ROOT,
                "| %s | %,.0f | %,.0f | %,.0f |%n",
                what,
                sorted.get(0),
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() - 1));
    }
}
