package io.threatengine.onboarding.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.runner.RunnerException;

/** Runs all benchmarks, prints their tables, and writes the ratios with their goals. */
public final class Benchmarks {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Benchmarks() {}

    /**
     * {@code ratios.json [rounds]}: where to write the ratios, and how often all hits are measured, three times by default.
     */
    public static void main(String[] args) throws RunnerException, InterruptedException, IOException {
        var behaviour = new BehaviourRun();
        behaviour.run();
        behaviour.print();
        var hits = new HitRun();
        hits.run(args.length > 1 ? Integer.parseInt(args[1]) : 3);
        hits.print();

        List<Ratio> ratios = new ArrayList<>(hits.ratios());
        ratios.addAll(behaviour.ratios());
        print(ratios);
        write(json(ratios), Path.of(args[0]));
    }

    static void print(List<Ratio> ratios) {
        System.out.println("\nGoals\n");
        System.out.println("| what | figure | goal | holds |");
        System.out.println("|---|--:|--:|---|");
        for (Ratio ratio : ratios) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.2f | %s %.1f | %s |%n",
                    ratio.name(),
                    ratio.ratio(),
                    ratio.atLeast() ? "≥" : "≤",
                    ratio.goal(),
                    ratio.holds() ? "yes" : "no");
        }
    }

    static ArrayNode json(List<Ratio> ratios) {
        ArrayNode list = JSON.createArrayNode();
        for (Ratio ratio : ratios) {
            list.addObject()
                    .put("name", ratio.name())
                    .put("ratio", Math.round(ratio.ratio() * 1000) / 1000.0)
                    .put("goal", ratio.goal())
                    .put("holds", ratio.holds());
        }
        return list;
    }

    static void write(JsonNode json, Path file) throws IOException {
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    }
}
