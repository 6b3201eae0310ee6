package io.threatengine.onboarding.tests;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Counts how the {@link Contracts} fare on a backend, into {@code target/parity.json}; as a table, {@code target/parity.md}, beside the
 * backends that ran before it. What was aborted is counted under the deviation that its reason begins with.
 */
final class Parity implements TestWatcher, AfterAllCallback {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final Path COUNTS = Path.of("target", "parity.json");
    private static final Path TABLE = Path.of("target", "parity.md");

    /** By backend, contract and outcome. */
    private final Map<String, Map<String, Map<String, Integer>>> counts = new TreeMap<>();

    @Override
    public void testSuccessful(ExtensionContext context) {
        count(context, "passed");
    }

    @Override
    public void testAborted(ExtensionContext context, Throwable cause) {
        count(context, String.valueOf(cause.getMessage()).split(":", 2)[0]);
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        count(context, "FAILED");
    }

    private void count(ExtensionContext context, String outcome) {
        context.getTestInstances()
                .flatMap(instances -> instances.findInstance(Contracts.class))
                .ifPresent(contracts -> counts.computeIfAbsent(contracts.backend(), backend -> new TreeMap<>())
                        .computeIfAbsent(context.getRequiredTestClass().getSimpleName(), contract -> new TreeMap<>())
                        .merge(outcome, 1, Integer::sum));
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        boolean isNested = context.getRequiredTestClass().getEnclosingClass() != null;
        if (!isNested && !counts.isEmpty()) {
            var all = new TreeMap<String, Map<String, Map<String, Integer>>>();
            if (Files.exists(COUNTS)) {
                all.putAll(JSON.readValue(COUNTS.toFile(), new TypeReference<>() {}));
            }
            all.putAll(counts);
            Files.createDirectories(COUNTS.toAbsolutePath().getParent());
            JSON.writeValue(COUNTS.toFile(), all);
            Files.writeString(TABLE, table(all));
        }
    }

    private static String table(Map<String, Map<String, Map<String, Integer>>> all) {
        var contracts = new TreeSet<String>();
        all.values().forEach(backend -> contracts.addAll(backend.keySet()));
        var table = new StringBuilder("| contract | " + String.join(" | ", all.keySet()) + " |\n|---|");
        table.append("---|".repeat(all.size())).append('\n');
        for (String contract : contracts) {
            table.append("| ").append(contract).append(" |");
            all.values()
                    .forEach(backend -> table.append(' ')
                            .append(inWords(backend.getOrDefault(contract, Map.of())))
                            .append(" |"));
            table.append('\n');
        }
        return table.toString();
    }

    private static String inWords(Map<String, Integer> outcomes) {
        var words = new StringBuilder(outcomes.getOrDefault("passed", 0) + " passed");
        outcomes.forEach((outcome, count) -> {
            if (!outcome.equals("passed")) {
                words.append(", ").append(outcome).append(' ').append(count);
            }
        });
        return words.toString();
    }
}
