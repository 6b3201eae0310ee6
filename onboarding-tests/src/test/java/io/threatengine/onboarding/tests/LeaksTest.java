package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.threatengine.onboarding.claim.ClaimOptions;
import io.threatengine.onboarding.claim.RunnerOptions;
import io.threatengine.onboarding.claim.ScheduleRunner;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.Fixtures;
import io.threatengine.onboarding.testkit.TestAws;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingExtension;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.Isolation;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.On;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;

/** What tests leave behind is named, and gone: classes that leave something, run within tests that look at what came of it. */
class LeaksTest {
    /** What the classes below have started and must not close themselves. */
    private static final List<AutoCloseable> LEFT = new ArrayList<>();

    private static final Set<Workspace> WORKSPACES = ConcurrentHashMap.newKeySet();

    private static final AtomicLong SEED = new AtomicLong();

    private static volatile @Nullable TestAws aws;
    private static volatile String topLevel = "";

    @AfterEach
    void endWhatWasLeft() throws Exception {
        for (AutoCloseable left : LEFT) {
            left.close();
        }
        LEFT.clear();
        WORKSPACES.clear();
        aws = null;
    }

    @Test
    void runnerThatGoesOnFailsItsClassOnTheFakes() {
        assertThat(run(LeavesARunnerInMemory.class).failures)
                .containsOnlyKeys(name(LeavesARunnerInMemory.class))
                .hasEntrySatisfying(
                        name(LeavesARunnerInMemory.class),
                        message -> assertThat(message)
                                .contains("a test has left something open")
                                .contains("the ScheduleRunner of worker 'in-memory' still runs: close it"));
    }

    @Test
    void runnerThatGoesOnFailsItsMethodOnEmbeddedServices() {
        assertThat(run(LeavesARunnerEmbedded.class).failures)
                .containsOnlyKeys("leavesIt(Workspace)")
                .hasEntrySatisfying(
                        "leavesIt(Workspace)",
                        message -> assertThat(message)
                                .contains("the ScheduleRunner of worker 'embedded' still runs: close it"));
    }

    @Test
    void workspaceThatIsNotClosedIsNamedAndClosed() {
        assertThat(run(LeavesAWorkspace.class).failures)
                .containsOnlyKeys(name(LeavesAWorkspace.class))
                .hasEntrySatisfying(
                        name(LeavesAWorkspace.class),
                        message -> assertThat(message)
                                .contains("a Workspace was opened at")
                                .contains("LeaksTest$LeavesAWorkspace.leavesIt(LeaksTest.java:"));
        assertThat(WORKSPACES).hasSize(1).allMatch(Workspace::isClosed);
    }

    @Test
    void nothingIsLeftOfAClassOnEmbeddedServicesWhetherItsTestsFailOrNot() {
        Ran ran = run(FillsAndFails.class);

        assertThat(ran.failures).containsOnlyKeys("fails(Workspace, Fixtures)");
        assertThat(ran.failures.values()).allMatch(message -> message.contains("on purpose"));
        assertThat(ran.left).as("looked at, and empty").hasValue(List.of());
        assertThat(WORKSPACES).hasSize(2).allMatch(Workspace::isClosed);
    }

    @Test
    void whatATestHasMadeUndeletableIsDeletedAllTheSame() {
        Ran ran = run(Protects.class);

        assertThat(ran.failures).isEmpty();
        assertThat(ran.left).as("looked at, and empty").hasValue(List.of());
    }

    @Test
    void seedOfRandomValuesIsPrintedWhereverATestFails() {
        List<String> lines = new CopyOnWriteArrayList<>();
        Handler handler = new StreamHandler() {
            @Override
            public synchronized void publish(LogRecord line) {
                lines.add(line.getMessage());
            }
        };
        Logger logger = Logger.getLogger(OnboardingExtension.class.getName());
        logger.addHandler(handler);
        try {
            for (Class<?> type :
                    List.of(FailsInTheTest.class, FailsBeforeEach.class, FailsAfterEach.class, FailsBeforeAll.class)) {
                SEED.set(0);
                lines.clear();
                run(type);
                assertThat(lines)
                        .as(type.getSimpleName())
                        .singleElement()
                        .asString()
                        .contains("ONBOARDING_TEST_SEED=" + SEED.get());
            }
            lines.clear();
            run(IsAborted.class);
            assertThat(lines).isEmpty();
        } finally {
            logger.removeHandler(handler);
        }
    }

    @Test
    void methodsAndClassesRunInParallel() {
        Ran ran = run(
                Map.of(
                        "junit.jupiter.execution.parallel.enabled", "true",
                        "junit.jupiter.execution.parallel.mode.default", "concurrent",
                        "junit.jupiter.execution.parallel.config.strategy", "fixed",
                        "junit.jupiter.execution.parallel.config.fixed.parallelism", "4"),
                InParallel.class);

        assertThat(ran.failures).isEmpty();
        assertThat(WORKSPACES)
                .as("one for the class, one for each method that has its own")
                .hasSize(1 + 2)
                .allMatch(Workspace::isClosed);
        assertThat(ran.left).as("looked at, and empty").hasValue(List.of());
    }

    /** One that has looked already: it is known by then. */
    private static ScheduleRunner runner(Workspace workspace, String worker) {
        workspace.calls().clear();
        ScheduleRunner runner = ScheduleRunner.start(
                workspace.storage().claims(),
                RunnerOptions.of(ClaimOptions.of(worker, Duration.ofMinutes(5), 1)),
                claim -> Checks.of(1, 1, 0));
        LEFT.add(runner);
        while (workspace.calls().calls().isEmpty()) {
            Thread.onSpinWait();
        }
        return runner;
    }

    @OnboardingTest(On.MEMORY)
    static class LeavesARunnerInMemory {
        @Test
        void leavesIt(Workspace workspace) {
            runner(workspace, "in-memory");
        }

        @Test
        void closesIts(Workspace workspace) {
            runner(workspace, "closed").close();
        }
    }

    static class LeavesARunnerEmbedded {
        @RegisterExtension
        final OnboardingExtension onboarding = OnboardingExtension.on(On.EMBEDDED);

        @Test
        void leavesIt(Workspace workspace) {
            runner(workspace, "embedded");
        }

        @Test
        void closesIts(Workspace workspace) {
            runner(workspace, "closed").close();
        }
    }

    @OnboardingTest(On.MEMORY)
    static class LeavesAWorkspace {
        @Test
        void leavesIt(Backend backend) {
            WORKSPACES.add(backend.newWorkspace());
        }

        @Test
        void closesIts(Backend backend) {
            backend.newWorkspace().close();
            backend.close(); // is everybody's, and stays
            backend.newWorkspace().close();
        }
    }

    @OnboardingTest(isolation = Isolation.METHOD)
    static class FillsAndFails {
        @Test
        void fills(Workspace workspace, Fixtures fixtures, EmbeddedAws services) {
            aws = services;
            assertThat(services.dynamoDb().listTables().tableNames()).isNotEmpty();
            fixtures.aws();
            WORKSPACES.add(workspace);
        }

        @Test
        void fails(Workspace workspace, Fixtures fixtures) {
            fixtures.aws();
            WORKSPACES.add(workspace);
            throw new IllegalStateException("on purpose");
        }
    }

    @OnboardingTest
    static class Protects {
        @Test
        void makesATableUndeletable(Workspace workspace, EmbeddedAws services) {
            aws = services;
            services.dynamoDb()
                    .updateTable(UpdateTableRequest.builder()
                            .tableName(workspace.settings().tables().tenants())
                            .deletionProtectionEnabled(true)
                            .build());
        }
    }

    @OnboardingTest(On.MEMORY)
    static class FailsInTheTest {
        @Test
        void fails(Fixtures fixtures) {
            throw new IllegalStateException(made(fixtures));
        }
    }

    @OnboardingTest(On.MEMORY)
    static class FailsBeforeEach {
        @BeforeEach
        void fails(Fixtures fixtures) {
            throw new IllegalStateException(made(fixtures));
        }

        @Test
        void neverRuns() {}
    }

    @OnboardingTest(value = On.MEMORY, isolation = Isolation.METHOD)
    static class FailsAfterEach {
        @Test
        void passes() {}

        @AfterEach
        void fails(Fixtures fixtures) {
            throw new IllegalStateException(made(fixtures));
        }
    }

    @OnboardingTest(On.MEMORY)
    static class FailsBeforeAll {
        @BeforeAll
        static void fails(Fixtures fixtures) {
            throw new IllegalStateException(made(fixtures));
        }

        @Test
        void neverRuns() {}
    }

    @OnboardingTest(On.MEMORY)
    static class IsAborted {
        @Test
        void aborts(Fixtures fixtures) {
            Assumptions.abort(made(fixtures));
        }
    }

    private static String made(Fixtures fixtures) {
        SEED.set(fixtures.seed());
        return fixtures.aws().name();
    }

    @OnboardingTest
    static class InParallel {
        private static final CyclicBarrier TOGETHER = new CyclicBarrier(2);

        @Test
        void one(Workspace workspace) throws Exception {
            TOGETHER.await();
            meets(workspace);
        }

        @Test
        void other(Workspace workspace) throws Exception {
            TOGETHER.await();
            meets(workspace);
        }

        @Nested
        @OnboardingTest(value = On.EMBEDDED, isolation = Isolation.METHOD)
        class EachItsOwn {
            @Test
            void one(Workspace workspace) {
                meets(workspace);
            }

            @Test
            void other(Workspace workspace) {
                meets(workspace);
            }
        }

        @BeforeAll
        static void where(EmbeddedAws services) {
            aws = services;
        }

        static void meets(Workspace workspace) {
            WORKSPACES.add(workspace);
            workspace.fixtures().aws();
        }
    }

    /** As JUnit shows it. */
    private static String name(Class<?> type) {
        return LeaksTest.class.getSimpleName() + "$" + type.getSimpleName();
    }

    private static Ran run(Class<?> type) {
        return run(Map.of(), type);
    }

    private static Ran run(Map<String, String> configuration, Class<?> type) {
        topLevel = name(type);
        Ran ran = new Ran();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(type))
                                .configurationParameters(configuration)
                                .build(),
                        ran);
        return ran;
    }

    /** What failed, with its message, and what was left of tables and secrets at the end of the last class on {@link #aws}. */
    private static final class Ran implements TestExecutionListener {
        private final Map<String, String> failures = new LinkedHashMap<>();
        private Optional<List<String>> left = Optional.empty();

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() != Status.SUCCESSFUL) {
                String message = result.getThrowable().map(Throwable::toString).orElse("aborted");
                synchronized (failures) {
                    failures.put(test.getDisplayName(), message);
                }
            }
            TestAws services = aws;
            if (services != null && test.getDisplayName().equals(topLevel)) {
                List<String> names =
                        new ArrayList<>(services.dynamoDb().listTables().tableNames());
                services.secretsManager()
                        .listSecrets(all -> all.includePlannedDeletion(true))
                        .secretList()
                        .forEach(secret -> names.add(secret.name()));
                left = Optional.of(names);
            }
        }
    }
}
