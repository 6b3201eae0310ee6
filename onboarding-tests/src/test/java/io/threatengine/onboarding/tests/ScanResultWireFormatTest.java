package io.threatengine.onboarding.tests;

import static io.threatengine.onboarding.tests.Items.bool;
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
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.VersionConflictException;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.scan.NewScan;
import io.threatengine.onboarding.scan.ScanId;
import io.threatengine.onboarding.scan.ScanResult;
import io.threatengine.onboarding.scan.ScanResultRepository;
import io.threatengine.onboarding.scan.ScanType;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.TimeRange;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** Scan results that the Python engines wrote are read and changed without loss; those that we write are what they expect. */
@OnboardingTest
class ScanResultWireFormatTest {
    private static final Instant CREATED = Instant.parse("2026-11-24T08:17:00Z");
    private static final Instant ENDED = Instant.parse("2026-11-24T08:18:00.25Z");
    private static final String ENDED_TEXT = "2026-11-24T08:18:00.250000";

    /** The most lists in one another below the map: the service's 32 levels, without the map and what the last list holds. */
    private static final int DEEPEST = 30;

    private final Workspace workspace;
    private final SettableClock clock;
    private final DynamoDbClient client;
    private final ScanResultRepository scans;
    private final Items rows;

    ScanResultWireFormatTest(Workspace workspace, EmbeddedAws aws) {
        this.workspace = workspace;
        this.clock = workspace.clock();
        this.client = aws.dynamoDb();
        this.scans = workspace.storage().scanResults();
        this.rows = new Items(client, workspace.settings().tables().scanResults(), "scan_id");
    }

    @BeforeEach
    void atAKnownTime() {
        clock.set(CREATED);
    }

    // ---- what we write

    @Test
    void aNewScanIsWhatThePythonEnginesWriteAndSaysItsTenant() {
        ScanResult scan = scans.create(NewScan.of(account(), ProviderType.AWS));

        assertThat(rows.get(scan.id())).containsExactlyInAnyOrderEntriesOf(newRow(scan));
        assertThat(UUID.fromString(scan.id().value())).isNotNull();
    }

    @Test
    void aNewScanThatWaitsSaysItsType() {
        ScanResult scan = scans.create(
                NewScan.of(account(), ProviderType.GCP).as(ScanType.FULL).pending());

        assertThat(rows.get(scan.id()))
                .containsExactlyInAnyOrderEntriesOf(
                        with(newRow(scan), item("status", "pending", "scan_type", "full", "provider_type", "gcp")));
    }

    @Test
    void manyNewScansAreWrittenAsOneIs() {
        NewScan given = NewScan.of(account(), ProviderType.AWS);

        List<ScanResult> created =
                scans.createAll(List.of(given, given), BulkOptions.defaults()).values();

        assertThat(created)
                .hasSize(2)
                .allSatisfy(scan -> assertThat(rows.get(scan.id())).containsExactlyInAnyOrderEntriesOf(newRow(scan)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void eachChangeWritesItsOwnAttributesOnly(
            String name, UnaryOperator<ScanResult> change, Map<String, AttributeValue> changed) {
        ScanResult scan = scans.create(NewScan.of(account(), ProviderType.AWS));
        Map<String, AttributeValue> before = rows.get(scan.id());

        scans.update(change.apply(scan));

        assertThat(rows.get(scan.id()))
                .containsExactlyInAnyOrderEntriesOf(with(with(before, changed), Map.of("version", number(2))));
    }

    static List<Arguments> eachChangeWritesItsOwnAttributesOnly() {
        return List.of(
                change(
                        "complete",
                        s -> s.complete(Checks.of(120, 110, 8, 2), "s3://results/1.json", ENDED),
                        Map.of(
                                "status", text("completed"),
                                "completed_at", text(ENDED_TEXT),
                                "total_checks", number(120),
                                "passed_checks", number(110),
                                "failed_checks", number(8),
                                "error_checks", number(2),
                                "result_storage_path", text("s3://results/1.json"))),
                change(
                        "complete without errors",
                        s -> s.complete(Checks.of(1, 1, 0), "s3://results/1.json", ENDED),
                        Map.of(
                                "status", text("completed"),
                                "completed_at", text(ENDED_TEXT),
                                "total_checks", number(1),
                                "passed_checks", number(1),
                                "failed_checks", number(0),
                                "error_checks", number(0),
                                "result_storage_path", text("s3://results/1.json"))),
                change(
                        "fail",
                        s -> s.fail("no such role", ENDED),
                        Map.of(
                                "status", text("failed"),
                                "completed_at", text(ENDED_TEXT),
                                "error_message", text("no such role"))),
                change(
                        "cancel",
                        s -> s.cancel(ENDED),
                        Map.of("status", text("cancelled"), "completed_at", text(ENDED_TEXT))),
                change(
                        "withMetadata",
                        s -> s.withMetadata(Map.of(
                                "engine",
                                "4.2",
                                "checks",
                                12L,
                                "share",
                                0.25,
                                "deep",
                                Map.of("list", Arrays.asList("a", null, 1, List.of(true))))),
                        Map.of(
                                "metadata",
                                AttributeValue.fromM(Map.of(
                                        "engine", text("4.2"),
                                        "checks", number(12),
                                        "share", AttributeValue.fromN("0.25"),
                                        "deep",
                                                AttributeValue.fromM(Map.of(
                                                        "list",
                                                        AttributeValue.fromL(List.of(
                                                                text("a"),
                                                                nothing(),
                                                                number(1),
                                                                AttributeValue.fromL(List.of(bool(true))))))))))),
                change("withMetadata of none", s -> s.withMetadata(Map.of()), Map.of("metadata", map(Map.of()))));
    }

    private static Arguments change(
            String name, UnaryOperator<ScanResult> change, Map<String, AttributeValue> changed) {
        return arguments(name, change, changed);
    }

    @Test
    void whatWaitedBeginsWhenItIsStarted() {
        ScanResult scan = scans.create(NewScan.of(account(), ProviderType.AWS).pending());

        scans.update(scan.start(ENDED));

        assertThat(rows.get(scan.id()))
                .containsExactlyInAnyOrderEntriesOf(with(
                        newRow(scan),
                        Map.of("status", text("running"), "started_at", text(ENDED_TEXT), "version", number(2))));
    }

    // ---- what others wrote

    @Test
    void aScanOfThePythonEnginesIsReadAsItIs() {
        String id = put(with(
                running(),
                Map.of(
                        "status", text("completed"),
                        "completed_at", text("2024-03-01T20:40:00Z"),
                        "total_checks", number(120),
                        "passed_checks", number(110),
                        "failed_checks", number(8),
                        "error_checks", number(2),
                        "result_storage_path", text("s3://results/old.json"),
                        "metadata", map(Map.of("engine", text("3.9"))))));

        ScanResult scan = scans.get(ScanId.of(id));

        assertThat(scan.tenantId()).isEmpty();
        assertThat(scan.accountId().value()).isEqualTo("a1");
        assertThat(scan.providerType()).isEqualTo(ProviderType.AWS);
        assertThat(scan.type()).isEqualTo(ScanType.SCHEDULED);
        assertThat(scan.startedAt()).isEqualTo(Instant.parse("2024-03-01T20:30:00Z"));
        assertThat(scan.createdAt()).isEqualTo(Instant.parse("2024-03-01T20:30:00.000123Z"));
        assertThat(scan.completedAt()).contains(Instant.parse("2024-03-01T20:40:00Z"));
        assertThat(scan.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(scan.checks()).contains(new Checks(120, 110, 8, 2));
        assertThat(scan.resultPath()).contains("s3://results/old.json");
        assertThat(scan.metadata()).hasValue(Map.of("engine", "3.9"));
        assertThat(scan.revision().version()).isZero();
    }

    @Test
    void aChangeLeavesEverythingElseOfTheRowAsItIs() {
        Map<String, AttributeValue> legacy = with(
                running(),
                Map.of(
                        "worker", map(Map.of("host", text("w1"), "none", nothing())),
                        "attempt", number(2),
                        "regions", AttributeValue.fromSs(List.of("r1", "r2")),
                        "ttl", number(1_900_000_000),
                        "error_message", text("")));
        String id = put(legacy);

        scans.update(ScanId.of(id), scan -> scan.complete(Checks.of(3, 2, 1), "s3://results/1.json", ENDED));

        assertThat(rows.get(id))
                .containsExactlyInAnyOrderEntriesOf(with(
                        with(legacy, item("scan_id", id)),
                        Map.of(
                                "status", text("completed"),
                                "completed_at", text(ENDED_TEXT),
                                "total_checks", number(3),
                                "passed_checks", number(2),
                                "failed_checks", number(1),
                                "error_checks", number(0),
                                "result_storage_path", text("s3://results/1.json"),
                                "version", number(1))));
    }

    @Test
    void whatAnotherEngineWritesBetweenOurReadingAndWritingStays() {
        String id = put(with(running(), Map.of("metadata", map(Map.of("engine", text("3.9"))))));
        Map<String, AttributeValue> theirs =
                Map.of("metadata", map(Map.of("engine", text("4.0"))), "result_storage_path", text("s3://theirs"));

        ScanResult cancelled = scans.update(ScanId.of(id), scan -> {
            rows.set(id, theirs);
            return scan.cancel(ENDED);
        });

        assertThat(rows.get(id)).containsAllEntriesOf(theirs).containsEntry("status", text("cancelled"));
        assertThat(cancelled.resultPath()).contains("s3://theirs");
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

        ScanResult scan = scans.get(ScanId.of(id));
        scans.update(scan.withMetadata(Map.of("a", "b")));

        assertThat(scan.createdAt()).isEqualTo(Instant.parse(instant));
        assertThat(scan.startedAt()).isEqualTo(Instant.parse(instant));
        assertThat(scan.completedAt()).contains(Instant.parse(instant));
        assertThat(rows.get(id))
                .containsEntry("created_at", text(stored))
                .containsEntry("started_at", text(written))
                .containsEntry("completed_at", text(written));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"missing", "empty", "NULL"})
    void whatSaysNothingHasItsDefaultAndNoTimeIsInvented(String how) {
        Map<String, AttributeValue> sparse = item("account_id", "a1", "provider_type", "aws");
        if (!how.equals("missing")) {
            // not status and started_at: the service takes neither as the keys of an index
            for (String name : List.of(
                    "scan_type",
                    "created_at",
                    "completed_at",
                    "total_checks",
                    "passed_checks",
                    "failed_checks",
                    "error_checks",
                    "result_storage_path",
                    "metadata",
                    "error_message",
                    "tenant_id")) {
                sparse.put(name, how.equals("NULL") ? nothing() : text(""));
            }
        }
        String id = put(sparse);

        ScanResult scan = scans.get(ScanId.of(id));
        scans.update(scan.withMetadata(Map.of("a", "b")));

        assertThat(scan.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(scan.type()).isEqualTo(ScanType.SCHEDULED);
        assertThat(scan.createdAt()).isEqualTo(Instant.EPOCH);
        assertThat(scan.startedAt()).isEqualTo(Instant.EPOCH);
        assertThat(scan.checks()).isEmpty();
        assertThat(scan.metadata()).isEmpty();
        assertThat(scan.tenantId()).isEmpty();
        assertThat(rows.get(id))
                .containsExactlyInAnyOrderEntriesOf(with(
                        with(sparse, item("scan_id", id)),
                        Map.of(
                                "status", text("running"),
                                "scan_type", text("scheduled"),
                                "metadata", map(Map.of("a", text("b"))),
                                "version", number(1))));
    }

    @Test
    void countersAreUnderstoodAsTextAndWrittenAsNumbers() {
        String id = put(with(
                running(),
                item("total_checks", "12", "passed_checks", "10", "failed_checks", "1", "error_checks", "1")));

        ScanResult scan = scans.get(ScanId.of(id));
        scans.update(scan.withMetadata(Map.of()));

        assertThat(scan.checks()).contains(new Checks(12, 10, 1, 1));
        assertThat(rows.get(id))
                .containsEntry("total_checks", number(12))
                .containsEntry("passed_checks", number(10))
                .containsEntry("failed_checks", number(1))
                .containsEntry("error_checks", number(1));
    }

    @Test
    void statusAndTypeThatNobodyKnowsAreWrittenBackAsTheyAreAndListed() {
        String status = "half way " + UUID.randomUUID();
        String id = put(with(running(), item("status", status, "scan_type", "lunar", "provider_type", "moon base")));

        ScanResult scan = scans.get(ScanId.of(id));
        scans.update(scan.withMetadata(Map.of()));

        assertThat(scan.status()).isEqualTo(new RunStatus(status));
        assertThat(scan.type()).isEqualTo(new ScanType("lunar"));
        assertThat(rows.get(id))
                .containsEntry("status", text(status))
                .containsEntry("scan_type", text("lunar"))
                .containsEntry("provider_type", text("moon base"));
        assertThat(scans.withStatus(new RunStatus(status)).stream().map(ScanResult::id))
                .containsExactly(scan.id());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void metadataOfAnyShapeSurvivesAChange(String name, Map<String, AttributeValue> metadata) {
        String id = put(with(running(), Map.of("metadata", map(metadata))));
        AttributeValue stored = rows.get(id).get("metadata");

        scans.update(ScanId.of(id), scan -> scan.cancel(ENDED));
        ScanResult read = scans.get(ScanId.of(id));
        scans.update(read.withMetadata(read.metadata().orElseThrow()));

        assertThat(rows.get(id)).containsEntry("metadata", stored).containsEntry("status", text("cancelled"));
        assertThat(scans.get(ScanId.of(id)).metadata()).isEqualTo(read.metadata());
    }

    static List<Arguments> metadataOfAnyShapeSurvivesAChange() {
        return List.of(
                arguments("none", Map.of()),
                arguments("NULL and empty", Map.of("null", nothing(), "text", text(""), "list", texts())),
                arguments("empty map", Map.of("map", map(Map.of()))),
                arguments(
                        "nested",
                        Map.of(
                                "list",
                                AttributeValue.fromL(List.of(
                                        AttributeValue.fromL(List.of(nothing(), texts("a"))),
                                        map(Map.of(
                                                "b", AttributeValue.fromL(List.of(map(Map.of("c", nothing())))))))))),
                arguments(
                        "numbers",
                        Map.of(
                                "integer", number(Long.MAX_VALUE),
                                "negative", AttributeValue.fromN("-0.5"),
                                "digits", AttributeValue.fromN("0.12345678901234567890123456789012345678"),
                                "large", plainNumber("9.9E+125"),
                                "small", plainNumber("1E-130"),
                                "zero", AttributeValue.fromN("0"))),
                arguments(
                        "sets",
                        Map.of(
                                "texts", AttributeValue.fromSs(List.of("a", "b")),
                                "numbers", AttributeValue.fromNs(List.of("1", "2.5")),
                                "binaries", AttributeValue.fromBs(List.of(bytes("a"), bytes("b"))))),
                arguments(
                        "binary",
                        Map.of("bytes", AttributeValue.fromB(bytes("abc")), "none", AttributeValue.fromB(bytes("")))),
                arguments("odd names", Map.of("a.b", text("1"), "#c", text("2"), ":d", text("3"), "e f", text("4"))),
                arguments("as deep as may be", Map.of("deep", nested(DEEPEST))));
    }

    /** In the digits in which the service gives it back; its stand-in gives back what it was given. */
    private static AttributeValue plainNumber(String number) {
        return AttributeValue.fromN(new BigDecimal(number).toPlainString());
    }

    /** A list in a list, so many of them. */
    private static AttributeValue nested(int lists) {
        AttributeValue value = text("bottom");
        for (int i = 0; i < lists; i++) {
            value = AttributeValue.fromL(List.of(value));
        }
        return value;
    }

    @Test
    void metadataThatIsDeeperThanTheServiceTakesIsRefusedBeforeItIsAsked() {
        ScanResult scan = scans.create(NewScan.of(account(), ProviderType.AWS));
        Object value = "bottom";
        for (int lists = 1; lists <= DEEPEST; lists++) {
            value = List.of(value);
        }
        Map<String, Object> deepest = Map.of("deep", value);
        Map<String, Object> deeper = Map.of("deep", List.of(value));

        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> scan.withMetadata(deeper));
        assertThat(scans.update(scan.withMetadata(deepest)).metadata()).hasValue(deepest);
        assertThatExceptionOfType(DynamoDbException.class)
                .isThrownBy(() -> put(with(running(), Map.of("metadata", map(Map.of("deep", nested(DEEPEST + 1)))))))
                .withMessageContaining("Nesting Levels");
    }

    @Test
    void oddMetadataIsReadAsPlainValues() {
        String id = put(with(
                running(),
                Map.of(
                        "metadata",
                        map(Map.of(
                                "null", nothing(),
                                "number", AttributeValue.fromN("2.50"),
                                "bytes", AttributeValue.fromB(bytes("abc")),
                                "set", AttributeValue.fromSs(List.of("a", "b")))))));

        Map<String, Object> metadata = scans.get(ScanId.of(id)).metadata().orElseThrow();

        assertThat(metadata)
                .containsEntry("null", null)
                .containsEntry("number", new BigDecimal("2.5"))
                .containsEntry("bytes", ByteBuffer.wrap("abc".getBytes(StandardCharsets.UTF_8)))
                .containsEntry("set", Set.of("a", "b"));
    }

    @Test
    void metadataThatIsNoMapIsAnErrorThatNamesRowAndAttribute() {
        String id = put(with(running(), item("metadata", "{\"engine\": 3}")));

        assertThatExceptionOfType(MalformedDataException.class)
                .isThrownBy(() -> scans.find(ScanId.of(id)))
                .withMessageContaining(id)
                .withMessageContaining("metadata");
    }

    // ---- other writers meanwhile

    @Test
    void whatAPythonEngineHasFinishedMeanwhileIsNotOverwritten() {
        String id = put(running());
        ScanResult read = scans.get(ScanId.of(id));
        rows.set(id, item("status", "failed", "completed_at", "2024-03-01T20:40:00"));
        Map<String, AttributeValue> finished = rows.get(id);

        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> scans.update(read.complete(Checks.of(1, 1, 0), "s3://results/1.json", ENDED)));
        assertThatExceptionOfType(IllegalTransitionException.class)
                .isThrownBy(() -> scans.update(
                        read.id(), scan -> scan.complete(Checks.of(1, 1, 0), "s3://results/1.json", ENDED)));

        assertThat(rows.get(id)).containsExactlyInAnyOrderEntriesOf(finished);
    }

    @Test
    void whatAPythonEngineHasAddedMeanwhileSurvives() {
        String id = put(running());
        ScanResult read = scans.get(ScanId.of(id));
        AttributeValue metadata = map(Map.of("engine", text("3.9")));
        rows.set(id, Map.of("metadata", metadata, "result_storage_path", text("s3://results/1.json")));

        scans.update(read.cancel(ENDED));

        assertThat(rows.get(id))
                .containsEntry("metadata", metadata)
                .containsEntry("result_storage_path", text("s3://results/1.json"))
                .containsEntry("status", text("cancelled"));
    }

    // ---- expiry

    @Test
    void withARetentionEachWriteSaysWhenTheRowMayGo() {
        ScanResultRepository kept = keepingFor(Duration.ofDays(30));
        Account account = account();

        ScanResult running = kept.create(NewScan.of(account, ProviderType.AWS));
        ScanResult oneOfMany = kept.createAll(List.of(NewScan.of(account, ProviderType.AWS)), BulkOptions.defaults())
                .values()
                .get(0);

        AttributeValue sinceBeginning = number(CREATED.plus(Duration.ofDays(30)).getEpochSecond());
        assertThat(rows.get(running.id()))
                .containsExactlyInAnyOrderEntriesOf(with(newRow(running), Map.of("ttl", sinceBeginning)));
        assertThat(rows.get(oneOfMany.id())).containsEntry("ttl", sinceBeginning);
        kept.update(running.fail("no such role", ENDED));
        assertThat(rows.get(running.id()))
                .containsEntry("ttl", number(ENDED.plus(Duration.ofDays(30)).getEpochSecond()));
    }

    @Test
    void aRowThatDoesNotSayWhenItBeganIsNotSetToExpireUntilItEnds() {
        ScanResultRepository kept = keepingFor(Duration.ofDays(1));
        String id = put(item("account_id", "a1", "provider_type", "aws", "status", "running"));

        kept.update(ScanId.of(id), scan -> scan.withMetadata(Map.of()));
        assertThat(rows.get(id)).doesNotContainKey("ttl");
        kept.update(ScanId.of(id), scan -> scan.cancel(ENDED));
        assertThat(rows.get(id))
                .containsEntry("ttl", number(ENDED.plus(Duration.ofDays(1)).getEpochSecond()));
    }

    private ScanResultRepository keepingFor(Duration retention) {
        OnboardingSettings settings =
                workspace.settings().toBuilder().scanResultRetention(retention).build();
        return DynamoDbStorage.using(client, settings, clock).scanResults();
    }

    // ---- ranges

    @Test
    void aRangeReadsEveryFormAtItsBordersInBothIndexes() {
        String account = UUID.randomUUID().toString();
        String status = "status " + UUID.randomUUID();
        Map<String, String> times = new HashMap<>();
        for (String time : List.of(
                "2024-03-01T09:59:59.999999Z",
                "2024-03-01T10:00:00",
                "2024-03-01T10:00:00Z",
                "2024-03-01T10:00:00+00:00",
                "2024-03-01T10:00:00.000000",
                "2024-03-01T10:59:59.999999",
                "2024-03-01T10:59:59.999999Z",
                "2024-03-01T11:00:00",
                "2024-03-01T11:00:00Z",
                "2024-03-01T11:00:00+00:00",
                "2024-03-01T11:00:00.000000")) {
            times.put(put(with(running(), item("account_id", account, "status", status, "started_at", time))), time);
        }
        var range = TimeRange.between(Instant.parse("2024-03-01T10:00:00Z"), Instant.parse("2024-03-01T11:00:00Z"));

        for (var listing : List.of(
                scans.ofAccount(AccountId.of(account), range),
                scans.withStatus(new RunStatus(status), range),
                scans.withStatus(new RunStatus(status), range.latestFirst()))) {
            assertThat(listing.stream().map(scan -> times.get(scan.id().value())))
                    .containsExactlyInAnyOrder(
                            "2024-03-01T10:00:00",
                            "2024-03-01T10:00:00Z",
                            "2024-03-01T10:00:00+00:00",
                            "2024-03-01T10:00:00.000000",
                            "2024-03-01T10:59:59.999999",
                            "2024-03-01T10:59:59.999999Z");
        }
        List<String> newestFirst = scans.ofAccount(AccountId.of(account), range.latestFirst()).stream()
                .map(scan -> times.get(scan.id().value()))
                .toList();
        assertThat(newestFirst.subList(0, 2)).allMatch(time -> time.startsWith("2024-03-01T10:59:59"));
    }

    // ---- rows

    private Account account() {
        TenantId tenant = workspace
                .storage()
                .tenants()
                .create("tenant " + UUID.randomUUID())
                .id();
        Provider provider = workspace.storage().providers().create(tenant, ProviderType.AWS);
        return workspace
                .storage()
                .accounts()
                .create(provider, NewAccount.withoutNumber(tenant, ProviderType.AWS, "production"));
    }

    private static Map<String, AttributeValue> newRow(ScanResult scan) {
        return with(
                item(
                        "scan_id", scan.id().value(),
                        "account_id", scan.accountId().value(),
                        "tenant_id", scan.tenantId().orElseThrow().value(),
                        "provider_type", "aws",
                        "scan_type", "scheduled",
                        "started_at", "2026-11-24T08:17:00.000000",
                        "status", "running",
                        "created_at", "2026-11-24T08:17:00.000000"),
                Map.of("version", number(1)));
    }

    private String put(Map<String, AttributeValue> row) {
        String id = UUID.randomUUID().toString();
        rows.put(with(row, item("scan_id", id)));
        return id;
    }

    private static Map<String, AttributeValue> running() {
        return item(
                "account_id", "a1",
                "provider_type", "aws",
                "scan_type", "scheduled",
                "started_at", "2024-03-01T20:30:00",
                "status", "running",
                "created_at", "2024-03-01T20:30:00.000123");
    }

    private static AttributeValue map(Map<String, AttributeValue> map) {
        return AttributeValue.fromM(map);
    }

    private static SdkBytes bytes(String text) {
        return SdkBytes.fromUtf8String(text);
    }
}
