package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.execution.ExecutionId;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Processes of runners that are killed at random, each replaced by a new one, until all is done. What they do they tell by
 * lines of their output, which outlive them. For one thread.
 */
final class KilledFleet {
    private static final int PROCESSES = 4;
    private static final String ANY_SEED = Long.toString(System.nanoTime());

    /** A line of a process's output. */
    private record Line(Child child, String text) {}

    private static final class Child {
        private final int number;
        private final Process process;
        private final Set<ExecutionId> begun = new HashSet<>();
        private boolean killed;

        Child(int number, Process process) {
            this.number = number;
            this.process = process;
        }
    }

    private final EmbeddedAws aws;
    private final OnboardingSettings settings;
    private final int total;
    private final int kills;
    private final Random random;

    private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();
    private final List<Child> children = new ArrayList<>();
    private final List<Child> running = new ArrayList<>();

    /** Those whose output has not ended yet. */
    private final Set<Child> open = new HashSet<>();

    private final Map<ExecutionId, List<Child>> runs = new HashMap<>();
    private final Set<ExecutionId> ended = new HashSet<>();
    private final Map<String, Integer> requests = new TreeMap<>();
    private int killed;
    private long leasesLost;
    private long tookNanos;

    /**
     * @param total how many runs there will be
     * @param kills how many processes are killed
     */
    KilledFleet(EmbeddedAws aws, OnboardingSettings settings, int total, int kills) {
        this.aws = aws;
        this.settings = settings;
        this.total = total;
        this.kills = kills;
        this.random = new Random(Long.parseLong(System.getProperty("kill.seed", ANY_SEED)));
    }

    /** @param done asked from time to time, once all were run */
    void run(BooleanSupplier done) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try {
            while (running.size() < PROCESSES) {
                startOne();
            }
            int nextKill = someMore();
            boolean all = false;
            while (!all) {
                Line line = next();
                take(line);
                if (ended.size() >= nextKill && killed < kills) {
                    killOne();
                    nextKill = ended.size() + someMore();
                }
                all = line.text().equals("beat") && ended.size() == total && done.getAsBoolean();
            }
            tookNanos = System.nanoTime() - begin;
            stop();
        } finally {
            children.forEach(child -> child.process.destroyForcibly());
        }
    }

    /** After so many more runs the next one is killed. */
    private int someMore() {
        return 1 + random.nextInt(total / (kills + 1));
    }

    private Line next() throws InterruptedException {
        Line line = lines.poll(5, TimeUnit.MINUTES);
        if (line == null) {
            throw new AssertionError("nothing happens any more; " + ended.size() + " of " + total + " were run");
        }
        return line;
    }

    private void take(Line line) {
        String[] words = line.text().split(" ", -1);
        switch (words[0]) {
            case "begin" -> {
                var id = ExecutionId.of(words[1]);
                runs.computeIfAbsent(id, absent -> new ArrayList<>()).add(line.child());
                line.child().begun.add(id);
            }
            case "end" -> ended.add(ExecutionId.of(words[1]));
            case "call" -> requests.merge(words[1], 1, Integer::sum);
            case "lost" -> leasesLost += Long.parseLong(words[1]);
            case "beat" -> {}
            case "closed" -> open.remove(line.child());
            default -> System.out.println("process " + line.child().number + ": " + line.text());
        }
    }

    private void killOne() throws IOException {
        Child victim = running.remove(random.nextInt(running.size()));
        victim.killed = true;
        // not by Process, which would close its output too, and what is still in it would be lost
        victim.process.toHandle().destroyForcibly();
        killed++;
        startOne();
    }

    private void startOne() throws IOException {
        int number = children.size() + 1;
        var configuration = aws.dynamoDb().serviceClientConfiguration();
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        KilledProcess.class.getName(),
                        configuration.endpointOverride().orElseThrow().toString(),
                        settings.tables().tenants(),
                        settings.dueIndex().toString(),
                        "process-" + number)
                .redirectErrorStream(true)
                .start();
        var child = new Child(number, process);
        children.add(child);
        running.add(child);
        open.add(child);
        var reader = new Thread(() -> read(child), "output of process " + number);
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Child child) {
        try (var output =
                new BufferedReader(new InputStreamReader(child.process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(new Line(child, line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lines.add(new Line(child, "closed"));
        }
    }

    /** Those that live stop by themselves when their input ends. */
    private void stop() throws IOException, InterruptedException {
        for (Child child : running) {
            child.process.getOutputStream().close();
        }
        while (!open.isEmpty()) {
            take(next());
        }
    }

    // ---- what has happened

    /** Whether the handler of an execution ran. */
    boolean hasRun(ExecutionId id) {
        return runs.containsKey(id);
    }

    int kills() {
        return killed;
    }

    /** How many handler runs were followed by another one for the same due time. */
    long repeated() {
        return repeatedRuns().count();
    }

    /** How many of them the kill of their process has cut short. */
    long repeatedForKills() {
        return repeatedRuns().filter(child -> child.killed).count();
    }

    private Stream<Child> repeatedRuns() {
        return runs.values().stream().flatMap(all -> all.subList(0, all.size() - 1).stream());
    }

    /** How many runs those that were not killed have lost. */
    long leasesLost() {
        return leasesLost;
    }

    Map<String, Integer> requests() {
        return requests;
    }

    Duration took() {
        return Duration.ofNanos(tookNanos);
    }
}
