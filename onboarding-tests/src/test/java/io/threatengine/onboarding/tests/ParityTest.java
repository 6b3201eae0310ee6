package io.threatengine.onboarding.tests;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.testkit.Deviation;
import io.threatengine.onboarding.testkit.contract.Contract;
import io.threatengine.onboarding.testkit.contract.FailsWith;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** docs/parity.md and docs/contracts.md say of the contracts and of the deviations what the code says. */
class ParityTest {
    private static final Path PAGE = Path.of("..", "docs", "parity.md");
    private static final Map<String, Set<Deviation>> BACKENDS = new LinkedHashMap<>();

    static {
        BACKENDS.put("fakes", Deviation.OF_FAKES);
        BACKENDS.put("embedded", Deviation.OF_DYNAMODB_LOCAL);
        BACKENDS.put("moto", Deviation.OF_MOTO);
    }

    @Test
    void thePageSaysWhatTheCodeSays() throws IOException {
        Path written = Path.of("target", "parity-tables.md");
        String tables = contracts() + "\n" + deviations();
        Files.writeString(written, tables);

        assertThat(Files.readString(PAGE))
                .as("to bring it up to date, copy the tables of onboarding-tests/" + written)
                .contains(contracts(), deviations());
    }

    @Test
    void theExampleOfTheContractsPageIsATest() throws IOException {
        String test = Files.readString(
                Path.of("src/test/java/io/threatengine/onboarding/tests/AuditedVaultContractTest.java"));

        assertThat(Files.readString(PAGE.resolveSibling("contracts.md")))
                .contains(test.substring(test.indexOf("@OnboardingTest\n")));
    }

    /** A deviation that no backend has, and a test that fails with one that no backend has, are left over. */
    @Test
    void eachDeviationIsSomebodys() {
        assertThat(BACKENDS.values().stream().flatMap(Set::stream)).containsOnly(Deviation.values());
    }

    private static String contracts() {
        var table = new StringBuilder("| contract, as | tests | " + String.join(" | ", BACKENDS.keySet()) + " |\n");
        table.append("|---|---|").append("---|".repeat(BACKENDS.size())).append('\n');
        for (Class<?> contract : contractClasses()) {
            List<Method> tests = tests(contract);
            table.append("| ")
                    .append(name(contract))
                    .append(" | ")
                    .append(tests.size())
                    .append(" |");
            BACKENDS.values()
                    .forEach(deviations ->
                            table.append(' ').append(counts(tests, deviations)).append(" |"));
            table.append('\n');
        }
        List<Method> all = contractClasses().stream()
                .flatMap(contract -> tests(contract).stream())
                .toList();
        table.append("| all | ").append(all.size()).append(" |");
        BACKENDS.values()
                .forEach(deviations ->
                        table.append(' ').append(counts(all, deviations)).append(" |"));
        return table.append('\n').toString();
    }

    private static String counts(List<Method> tests, Set<Deviation> deviations) {
        Map<Deviation, Long> assumed = tests.stream()
                .flatMap(test -> assumption(test, deviations).stream())
                .collect(groupingBy(deviation -> deviation, TreeMap::new, counting()));
        long passed = tests.size()
                - assumed.values().stream().mapToLong(Long::longValue).sum();
        return Stream.concat(
                        Stream.of(Long.toString(passed)),
                        assumed.entrySet().stream().map(entry -> entry.getValue() + " " + entry.getKey()))
                .collect(joining(", "));
    }

    private static Optional<Deviation> assumption(Method test, Set<Deviation> deviations) {
        return Optional.ofNullable(test.getAnnotation(FailsWith.class)).stream()
                .flatMap(fails -> Stream.of(fails.value()))
                .filter(deviations::contains)
                .findFirst();
    }

    private static List<Class<?>> contractClasses() {
        return Stream.of(Contracts.class.getDeclaredClasses())
                .filter(type -> type.isAnnotationPresent(Nested.class))
                .sorted(Comparator.comparing(ParityTest::name))
                .toList();
    }

    private static List<Method> tests(Class<?> contract) {
        return Stream.of(contract.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class) && !method.isBridge())
                .toList();
    }

    private static String name(Class<?> contract) {
        return Stream.of(contract.getInterfaces())
                .filter(Contract.class::isAssignableFrom)
                .map(type -> "`" + type.getSimpleName() + "`, " + contract.getSimpleName())
                .findFirst()
                .orElseThrow();
    }

    private static String deviations() {
        var table = new StringBuilder("| deviation | calls | on AWS | instead | of |\n|---|---|---|---|---|\n");
        for (Deviation deviation : Deviation.values()) {
            String whose = BACKENDS.entrySet().stream()
                    .filter(backend -> backend.getValue().contains(deviation))
                    .map(Map.Entry::getKey)
                    .collect(joining(", "));
            table.append("| `" + deviation + "` | " + deviation.operation() + " | " + deviation.onAws() + " | "
                    + deviation.instead() + " | " + whose + " |\n");
        }
        return table.toString();
    }
}
