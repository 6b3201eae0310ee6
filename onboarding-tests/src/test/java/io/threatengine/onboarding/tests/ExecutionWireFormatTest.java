package io.threatengine.onboarding.tests;

import static io.threatengine.onboarding.tests.Items.item;
import static io.threatengine.onboarding.tests.Items.nothing;
import static io.threatengine.onboarding.tests.Items.number;
import static io.threatengine.onboarding.tests.Items.text;
import static io.threatengine.onboarding.tests.Items.texts;
import static io.threatengine.onboarding.tests.Items.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.VersionConflictException;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.execution.ExecutionId;
import io.threatengine.onboarding.execution.ExecutionRepository;
import io.threatengine.onboarding.execution.NewExecution;
import io.threatengine.onboarding.execution.Trigger;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.scan.ScanId;
import io.threatengine.onboarding.schedule.NewSchedule;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.schedule.ScheduleId;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.TimeRange;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Executions that the Python engines wrote are read and changed without loss; those that we write are what they expect. */
@OnboardingTest
class ExecutionWireFormatTest {
    private static final Instant CREATED = Instant.parse("2026-11-24T08:17:00Z");
    private static final Instant ENDED = Instant.parse("2026-11-24T08:18:00.25Z");
    private static final String ENDED_TEXT = "2026-11-24T08:18:00.250000";

    private final EmbeddedAws aws;
    private final Workspace workspace;
    private final SettableClock clock;
    private final DynamoDbClient client;
    private final ExecutionRepository executions;
    private final Items rows;

    ExecutionWireFormatTest(Workspace workspace, EmbeddedAws aws) {
        this.aws = aws;
        this.workspace = workspace;
        this.clock = workspace.clock();
        this.client = aws.dynamoDb();
        this.executions = workspace.storage().executions();
        this.rows = new Items(client, workspace.settings().tables().executions(), "execution_id");
    }

    @BeforeEach
    void atAKnownTime() {
        clock.set(CREATED);
    }

    // ---- what we write

    @Test
    void aNewExecutionIsWhatThePythonEnginesWriteAndSaysItsTenant() {
        Execution execution = executions.create(NewExecution.of(schedule()));

        assertThat(rows.get(execution.id())).containsExactlyInAnyOrderEntriesOf(newRow(execution));
        assertThat(UUID.fromString(execution.id().value())).isNotNull();
    }

    @Test
    void aNewExecutionThatWaitsSaysWhoAskedForIt() {
        Execution execution =
                executions.create(NewExecution.of(schedule()).by(Trigger.MANUAL).pending());

        assertThat(rows.get(execution.id()))
                .containsExactlyInAnyOrderEntriesOf(
                        with(newRow(execution), Map.of("status", text("pending"), "triggered_by", text("manual"))));
    }

    @Test
    void manyNewExecutionsAreWrittenAsOneIs() {
        NewExecution given = NewExecution.of(schedule());

        List<Execution> created = executions
                .createAll(List.of(given, given), BulkOptions.defaults())
                .values();

        assertThat(created)
                .hasSize(2)
                .allSatisfy(execution ->
                        assertThat(rows.get(execution.id())).containsExactlyInAnyOrderEntriesOf(newRow(execution)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void eachChangeWritesItsOwnAttributesOnly(
            String name, UnaryOperator<Execution> change, Map<String, AttributeValue> changed) {
        Execution execution = executions.create(NewExecution.of(schedule()));
        Map<String, AttributeValue> before = rows.get(execution.id());

        executions.update(change.apply(execution));

        assertThat(rows.get(execution.id()))
                .containsExactlyInAnyOrderEntriesOf(with(with(before, changed), Map.of("version", number(2))));
    }

    static List<Arguments> eachChangeWritesItsOwnAttributesOnly() {
        return List.of(
                change("withScan", e -> e.withScan(ScanId.of("s1")), Map.of("scan_id", text("s1"))),
                change(
                        "complete",
                        e -> e.complete(Checks.of(120, 110, 8), ENDED),
                        Map.of(
                                "status", text("completed"),
                                "completed_at", text(ENDED_TEXT),
                                "total_checks", number(120),
                                "passed_checks", number(110),
                                "failed_checks", number(8))),
                change(
                        "complete with errors",
                        e -> e.complete(Checks.of(120, 110, 8, 2), ENDED),
                        Map.of(
                                "status", text("completed"),
                                "completed_at", text(ENDED_TEXT),
                                "total_checks", number(120),
                                "passed_checks", number(110),
                                "failed_checks", number(8),
                                "error_checks", number(2))),
                change(
                        "fail",
                        e -> e.fail("the role cannot be assumed", ENDED),
                        Map.of(
                                "status", text("failed"),
                                "completed_at", text(ENDED_TEXT),
                                "error_message", text("the role cannot be assumed"))),
                change(
                        "cancel",
                        e -> e.cancel(ENDED),
                        Map.of("status", text("cancelled"), "completed_at", text(ENDED_TEXT))),
                change(
                        "withScan and cancel",
                        e -> e.withScan(ScanId.of("s1")).cancel(ENDED),
                        Map.of(
                                "scan_id", text("s1"),
                                "status", text("cancelled"),
                                "completed_at", text(ENDED_TEXT))));
    }

    private static Arguments change(String name, UnaryOperator<Execution> change, Map<String, AttributeValue> changed) {
        return arguments(name, change, changed);
    }

    @Test
    void whatWaitedBeginsWhenItIsStarted() {
        Execution execution = executions.create(NewExecution.of(schedule()).pending());

        executions.update(execution.start(ENDED));

        assertThat(rows.get(execution.id()))
                .containsExactlyInAnyOrderEntriesOf(with(
                        newRow(execution),
                        Map.of("status", text("running"), "started_at", text(ENDED_TEXT), "version", number(2))));
    }

    // ---- what others wrote

    @Test
    void anExecutionOfThePythonEnginesIsReadAsItIs() {
        String id = put(ended());

        Execution execution = executions.get(ExecutionId.of(id));

        assertThat(execution.tenantId()).isEmpty();
        assertThat(execution.scheduleId().value()).isEqualTo("sch1");
        assertThat(execution.accountId().value()).isEqualTo("a1");
        assertThat(execution.startedAt()).isEqualTo(Instant.parse("2024-03-01T20:30:00Z"));
        assertThat(execution.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(execution.triggeredBy()).isEqualTo(Trigger.SCHEDULER);
        assertThat(execution.createdAt()).isEqualTo(Instant.parse("2024-03-01T20:30:00.000123Z"));
        assertThat(execution.completedAt()).contains(Instant.parse("2024-03-01T20:40:00.5Z"));
        assertThat(execution.scanId()).contains(ScanId.of("scan1"));
        assertThat(execution.checks()).contains(new Checks(120, 110, 10, 0));
        assertThat(execution.errorMessage()).isEmpty();
        assertThat(execution.revision().version()).isZero();
    }

    @Test
    void aChangeLeavesEverythingElseOfTheRowAsItIs() {
        Map<String, AttributeValue> legacy = with(
                running(),
                Map.of(
                        "worker", AttributeValue.fromM(Map.of("host", text("w1"), "none", nothing())),
                        "attempt", number(2),
                        "regions", AttributeValue.fromSs(List.of("r1", "r2")),
                        "tenant_hint", text("t1"),
                        "ttl", number(1_900_000_000),
                        "scan_id", nothing(),
                        "error_message", text("")));
        String id = put(legacy);

        executions.update(ExecutionId.of(id), execution -> execution.complete(Checks.of(3, 2, 1), ENDED));

        assertThat(rows.get(id))
                .containsExactlyInAnyOrderEntriesOf(with(
                        with(legacy, item("execution_id", id)),
                        Map.of(
                                "status", text("completed"),
                                "completed_at", text(ENDED_TEXT),
                                "total_checks", number(3),
                                "passed_checks", number(2),
                                "failed_checks", number(1),
                                "version", number(1))));
    }

    @Test
    void whatAnotherEngineWritesBetweenOurReadingAndWritingStays() {
        String id = put(with(running(), item("scan_id", "scan-0", "completed_at", "")));
        Map<String, AttributeValue> theirs = with(
                item("scan_id", "scan-1", "triggered_by", "api", "note", "seen"), Map.of("total_checks", number(7)));

        Execution failed = executions.update(ExecutionId.of(id), execution -> {
            rows.set(id, theirs);
            return execution.fail("no such role", ENDED);
        });

        assertThat(rows.get(id))
                .containsAllEntriesOf(theirs)
                .containsAllEntriesOf(
                        item("status", "failed", "error_message", "no such role", "completed_at", ENDED_TEXT))
                .containsEntry("version", number(1));
        assertThat(failed).isEqualTo(executions.get(ExecutionId.of(id)));
        assertThat(failed.scanId()).contains(ScanId.of("scan-1"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void errorsThatWereCountedBeforeDoNotStayBesideNewCounts(boolean byId) {
        String id = put(with(running(), Map.of("total_checks", number(9), "error_checks", number(3))));
        Checks checks = Checks.of(10, 8, 2);

        Execution completed = byId
                ? executions.update(ExecutionId.of(id), execution -> execution.complete(checks, ENDED))
                : executions.update(executions.get(ExecutionId.of(id)).complete(checks, ENDED));

        assertThat(completed.checks()).contains(checks);
        assertThat(executions.get(ExecutionId.of(id))).isEqualTo(completed);
        assertThat(rows.get(id)).doesNotContainKey("error_checks");
    }

    @ParameterizedTest
    @CsvSource({
        "2024-03-01T10:00:00.123456, 2024-03-01T10:00:00.123456Z, 2024-03-01T10:00:00.123456",
        "2024-03-01T10:00:00, 2024-03-01T10:00:00Z, 2024-03-01T10:00:00.000000",
        "2024-03-01T10:00:00Z, 2024-03-01T10:00:00Z, 2024-03-01T10:00:00.000000",
        "2024-03-01T10:00:00.5Z, 2024-03-01T10:00:00.5Z, 2024-03-01T10:00:00.500000",
        "2024-03-01T10:00:00+00:00, 2024-03-01T10:00:00Z, 2024-03-01T10:00:00.000000",
        "2024-03-01T10:00:00.000001+00:00, 2024-03-01T10:00:00.000001Z, 2024-03-01T10:00:00.000001",
    })
    void timeIsReadInEveryFormAndWrittenInTheOneThatSorts(String stored, String instant, String written) {
        String id = put(with(running(), item("created_at", stored, "started_at", stored, "completed_at", stored)));

        Execution execution = executions.get(ExecutionId.of(id));
        executions.update(execution.withScan(ScanId.of("s1")));

        assertThat(execution.createdAt()).isEqualTo(Instant.parse(instant));
        assertThat(execution.startedAt()).isEqualTo(Instant.parse(instant));
        assertThat(execution.completedAt()).contains(Instant.parse(instant));
        assertThat(rows.get(id))
                .containsEntry("created_at", text(stored))
                .containsEntry("started_at", text(written))
                .containsEntry("completed_at", text(written));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"missing", "empty", "NULL"})
    void whatSaysNothingHasItsDefaultAndNoTimeIsInvented(String how) {
        Map<String, AttributeValue> sparse = item("schedule_id", "sch1", "account_id", "a1");
        if (!how.equals("missing")) {
            // not started_at: the service takes neither as the key of an index
            for (String name : List.of(
                    "status",
                    "triggered_by",
                    "created_at",
                    "completed_at",
                    "scan_id",
                    "total_checks",
                    "passed_checks",
                    "failed_checks",
                    "error_checks",
                    "error_message",
                    "tenant_id")) {
                sparse.put(name, how.equals("NULL") ? nothing() : text(""));
            }
        }
        String id = put(sparse);

        Execution execution = executions.get(ExecutionId.of(id));
        executions.update(execution.withScan(ScanId.of("s1")));

        assertThat(execution.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(execution.triggeredBy()).isEqualTo(Trigger.SCHEDULER);
        assertThat(execution.createdAt()).isEqualTo(Instant.EPOCH);
        assertThat(execution.startedAt()).isEqualTo(Instant.EPOCH);
        assertThat(execution.checks()).isEmpty();
        assertThat(execution.tenantId()).isEmpty();
        assertThat(rows.get(id))
                .containsExactlyInAnyOrderEntriesOf(with(
                        with(sparse, item("execution_id", id)),
                        Map.of(
                                "status", text("running"),
                                "triggered_by", text("scheduler"),
                                "scan_id", text("s1"),
                                "version", number(1))));
    }

    @Test
    void aRowThatDoesNotSayWhenItBeganIsNotSetToExpire() {
        String id = put(item("schedule_id", "sch1", "account_id", "a1", "status", "running"));

        keepingFor(Duration.ofDays(30)).update(ExecutionId.of(id), execution -> execution.withScan(ScanId.of("s1")));

        assertThat(rows.get(id)).doesNotContainKey("ttl");
    }

    @Test
    void countersAreUnderstoodAsTextAndWrittenAsNumbers() {
        String id = put(with(running(), item("total_checks", "12", "passed_checks", "11", "failed_checks", "1")));

        Execution execution = executions.get(ExecutionId.of(id));
        executions.update(execution.withScan(ScanId.of("s1")));

        assertThat(execution.checks()).contains(new Checks(12, 11, 1, 0));
        assertThat(rows.get(id))
                .containsEntry("total_checks", number(12))
                .containsEntry("passed_checks", number(11))
                .containsEntry("failed_checks", number(1))
                .doesNotContainKey("error_checks");
    }

    @Test
    void countsThatDoNotFitEachOtherAreReadAsTheyAre() {
        String id = put(with(running(), Map.of("passed_checks", number(7), "failed_checks", number(-1))));

        assertThat(executions.get(ExecutionId.of(id)).checks()).contains(new Checks(0, 7, -1, 0));
    }

    @Test
    void statusAndTriggerThatNobodyKnowsAreWrittenBackAsTheyAre() {
        String id = put(with(running(), item("status", "half way", "triggered_by", "full moon")));

        Execution execution = executions.get(ExecutionId.of(id));
        executions.update(execution.withScan(ScanId.of("s1")));

        assertThat(execution.status()).isEqualTo(new RunStatus("half way"));
        assertThat(execution.triggeredBy()).isEqualTo(new Trigger("full moon"));
        assertThat(rows.get(id))
                .containsEntry("status", text("half way"))
                .containsEntry("triggered_by", text("full moon"));
    }

    @ParameterizedTest
    @CsvSource({"started_at, yesterday", "completed_at, 5", "total_checks, many", "failed_checks, 0.5"})
    void whatCannotBeUnderstoodIsAnErrorThatNamesRowAndAttribute(String attribute, String value) {
        String id = put(with(running(), item(attribute, value)));

        assertThatExceptionOfType(MalformedDataException.class)
                .isThrownBy(() -> executions.find(ExecutionId.of(id)))
                .withMessageContaining(id)
                .withMessageContaining(attribute);
    }

    // ---- other writers meanwhile

    @Test
    void whatAPythonEngineHasFinishedMeanwhileIsNotOverwritten() {
        String id = put(running());
        Execution read = executions.get(ExecutionId.of(id));
        rows.set(id, item("status", "completed", "completed_at", "2024-03-01T20:40:00", "total_checks", "7"));
        Map<String, AttributeValue> finished = rows.get(id);

        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> executions.update(read.fail("lost", ENDED)))
                .satisfies(e -> assertThat(e.expectedVersion()).isEqualTo(e.actualVersion()));
        assertThatExceptionOfType(IllegalTransitionException.class)
                .isThrownBy(() -> executions.update(read.id(), execution -> execution.fail("lost", ENDED)));

        assertThat(rows.get(id)).containsExactlyInAnyOrderEntriesOf(finished);
    }

    @Test
    void theScanThatAPythonEngineHasAddedMeanwhileSurvives() {
        Execution ours = executions.create(NewExecution.of(schedule()));
        String theirs = put(running());
        Execution read = executions.get(ExecutionId.of(theirs));
        rows.set(ours.id(), item("scan_id", "scan of python"));
        rows.set(theirs, item("scan_id", "scan-2"));

        executions.update(read.complete(Checks.of(3, 2, 1), ENDED));

        assertThat(rows.get(theirs))
                .containsEntry("scan_id", text("scan-2"))
                .containsEntry("status", text("completed"));
        rows.set(ours.id(), item("scan_id", "scan-1"));
        executions.update(ours.complete(Checks.of(3, 2, 1), ENDED));
        assertThat(rows.get(ours.id())).containsEntry("scan_id", text("scan-1"));
        assertThat(executions.get(ours.id()).scanId()).contains(ScanId.of("scan-1"));
    }

    @Test
    void ofTwoEndingsOfALegacyExecutionTheFirstStays() {
        String id = put(running());
        Execution read = executions.get(ExecutionId.of(id));
        executions.update(read.complete(Checks.of(3, 2, 1), ENDED));

        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> executions.update(read.cancel(ENDED)));

        assertThat(rows.get(id)).containsEntry("status", text("completed"));
    }

    @Test
    void ofTwoThatBeginOneExecutionAtTheSameInstantOneWins() {
        Execution read = executions.create(NewExecution.of(schedule()).pending());

        Execution begun = executions.update(read.start(ENDED));

        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> executions.update(read.start(ENDED)));
        assertThat(executions.get(read.id())).isEqualTo(begun);
    }

    @Test
    void aChangeWhoseAnswerWasLostSucceedsWhenItIsTriedAgain() {
        Execution read = executions.create(NewExecution.of(schedule()));
        var line = new CutOnce();
        try (DynamoDbClient cut = line.dynamoDb(aws)) {
            Execution ended = DynamoDbStorage.using(cut, workspace.settings(), clock)
                    .executions()
                    .update(read.cancel(ENDED));

            assertThat(line.isCut).isTrue();
            assertThat(executions.get(read.id())).isEqualTo(ended);
            assertThat(ended.revision().version()).isEqualTo(2);
        }
    }

    /** Loses the first answer, after the service has done what it was asked. */
    private static final class CutOnce extends Recorder {
        private boolean isCut;

        @Override
        public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
            if (!isCut) {
                isCut = true;
                throw RetryableException.create("the connection was cut");
            }
        }
    }

    // ---- expiry

    @Test
    void withARetentionEachWriteSaysWhenTheRowMayGo() {
        ExecutionRepository kept = keepingFor(Duration.ofDays(30));
        Schedule schedule = schedule();

        Execution running = kept.create(NewExecution.of(schedule));
        Execution oneOfMany = kept.createAll(List.of(NewExecution.of(schedule)), BulkOptions.defaults())
                .values()
                .get(0);

        AttributeValue sinceBeginning = number(CREATED.plus(Duration.ofDays(30)).getEpochSecond());
        assertThat(rows.get(running.id()))
                .containsExactlyInAnyOrderEntriesOf(with(newRow(running), Map.of("ttl", sinceBeginning)));
        assertThat(rows.get(oneOfMany.id())).containsEntry("ttl", sinceBeginning);
        kept.update(running.complete(Checks.of(1, 1, 0), ENDED));
        assertThat(rows.get(running.id()))
                .containsEntry("ttl", number(ENDED.plus(Duration.ofDays(30)).getEpochSecond()));
    }

    @Test
    void theRetentionOfScanResultsIsAnother() {
        ExecutionRepository kept = DynamoDbStorage.using(
                        client,
                        workspace.settings().toBuilder()
                                .scanResultRetention(Duration.ofDays(1))
                                .build(),
                        clock)
                .executions();

        Execution execution = kept.create(NewExecution.of(schedule()));

        assertThat(rows.get(execution.id())).doesNotContainKey("ttl");
    }

    @Test
    void aRetentionReachesRowsOfThePythonEnginesWithTheNextChange() {
        String id = put(with(running(), Map.of("ttl", text("never"))));

        keepingFor(Duration.ofDays(1)).update(ExecutionId.of(id), execution -> execution.withScan(ScanId.of("s1")));

        assertThat(rows.get(id))
                .containsEntry(
                        "ttl", number(Instant.parse("2024-03-02T20:30:00Z").getEpochSecond()));
    }

    private ExecutionRepository keepingFor(Duration retention) {
        OnboardingSettings settings =
                workspace.settings().toBuilder().executionRetention(retention).build();
        return DynamoDbStorage.using(client, settings, clock).executions();
    }

    // ---- ranges

    @Test
    void aRangeReadsEveryFormAtItsBorders() {
        String schedule = UUID.randomUUID().toString();
        String account = UUID.randomUUID().toString();
        Map<String, String> times = new HashMap<>();
        for (String time : List.of(
                "2024-03-01T09:59:59.999999",
                "2024-03-01T09:59:59.999999Z",
                "2024-03-01T10:00:00",
                "2024-03-01T10:00:00Z",
                "2024-03-01T10:00:00+00:00",
                "2024-03-01T10:00:00.000000",
                "2024-03-01T10:30:00.5Z",
                "2024-03-01T11:00:00.499999",
                "2024-03-01T11:00:00.499999+00:00",
                "2024-03-01T11:00:00.5",
                "2024-03-01T11:00:00.500000",
                "2024-03-01T11:00:00.5Z",
                "2024-03-01T11:00:01")) {
            times.put(
                    put(with(running(), item("schedule_id", schedule, "account_id", account, "started_at", time))),
                    time);
        }
        var range = TimeRange.between(Instant.parse("2024-03-01T10:00:00Z"), Instant.parse("2024-03-01T11:00:00.5Z"));

        for (var listing : List.of(
                executions.ofSchedule(ScheduleId.of(schedule), range),
                executions.ofAccount(AccountId.of(account), range),
                executions.ofAccount(AccountId.of(account), range.latestFirst()))) {
            assertThat(listing.stream()
                            .map(execution -> times.get(execution.id().value())))
                    .containsExactlyInAnyOrder(
                            "2024-03-01T10:00:00",
                            "2024-03-01T10:00:00Z",
                            "2024-03-01T10:00:00+00:00",
                            "2024-03-01T10:00:00.000000",
                            "2024-03-01T10:30:00.5Z",
                            "2024-03-01T11:00:00.499999",
                            "2024-03-01T11:00:00.499999+00:00");
        }
        assertThat(executions.ofSchedule(ScheduleId.of(schedule)).stream()).hasSize(13);
        assertThat(
                        executions
                                .ofSchedule(
                                        ScheduleId.of(schedule), TimeRange.since(Instant.parse("2024-03-01T11:00:01Z")))
                                .stream())
                .hasSize(1);
        assertThat(
                        executions
                                .ofSchedule(
                                        ScheduleId.of(schedule),
                                        TimeRange.before(Instant.parse("2024-03-01T10:00:00Z")))
                                .stream())
                .hasSize(2);
    }

    @Test
    void theNewestComeFirstWhateverFormTheirTimeHas() {
        String schedule = UUID.randomUUID().toString();
        String oldest = put(with(running(), item("schedule_id", schedule, "started_at", "2024-03-01T10:00:00Z")));
        String middle = put(with(running(), item("schedule_id", schedule, "started_at", "2024-03-01T10:00:01")));
        String newest = put(with(running(), item("schedule_id", schedule, "started_at", "2024-03-01T10:00:02.000001")));

        assertThat(executions.ofSchedule(ScheduleId.of(schedule), TimeRange.ALL.latestFirst()).stream()
                        .map(execution -> execution.id().value()))
                .containsExactly(newest, middle, oldest);
        assertThat(executions.ofSchedule(ScheduleId.of(schedule)).stream()
                        .map(execution -> execution.id().value()))
                .containsExactly(oldest, middle, newest);
    }

    // ---- rows

    private Schedule schedule() {
        TenantId tenant = workspace
                .storage()
                .tenants()
                .create("tenant " + UUID.randomUUID())
                .id();
        Provider provider = workspace.storage().providers().create(tenant, ProviderType.AWS);
        var account = workspace
                .storage()
                .accounts()
                .create(provider, NewAccount.withoutNumber(tenant, ProviderType.AWS, "production"));
        return workspace
                .storage()
                .schedules()
                .create(NewSchedule.of(account, ProviderType.AWS, "hourly", Recurrence.every(Duration.ofHours(1))));
    }

    private static Map<String, AttributeValue> newRow(Execution execution) {
        return with(
                item(
                        "execution_id",
                        execution.id().value(),
                        "schedule_id",
                        execution.scheduleId().value(),
                        "account_id",
                        execution.accountId().value(),
                        "tenant_id",
                        execution.tenantId().orElseThrow().value(),
                        "started_at",
                        "2026-11-24T08:17:00.000000",
                        "status",
                        "running",
                        "triggered_by",
                        "scheduler",
                        "created_at",
                        "2026-11-24T08:17:00.000000"),
                Map.of("version", number(1)));
    }

    private String put(Map<String, AttributeValue> row) {
        String id = UUID.randomUUID().toString();
        rows.put(with(row, item("execution_id", id)));
        return id;
    }

    private static Map<String, AttributeValue> running() {
        return item(
                "schedule_id", "sch1",
                "account_id", "a1",
                "started_at", "2024-03-01T20:30:00",
                "status", "running",
                "triggered_by", "scheduler",
                "created_at", "2024-03-01T20:30:00.000123");
    }

    private static Map<String, AttributeValue> ended() {
        return with(
                running(),
                Map.of(
                        "status", text("completed"),
                        "completed_at", text("2024-03-01T20:40:00.500000"),
                        "scan_id", text("scan1"),
                        "total_checks", number(120),
                        "passed_checks", number(110),
                        "failed_checks", number(10),
                        "error_message", nothing(),
                        "regions", texts("r1")));
    }
}
