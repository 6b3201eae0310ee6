package io.threatengine.onboarding.tests;

import static io.threatengine.onboarding.tests.Items.bool;
import static io.threatengine.onboarding.tests.Items.item;
import static io.threatengine.onboarding.tests.Items.nothing;
import static io.threatengine.onboarding.tests.Items.number;
import static io.threatengine.onboarding.tests.Items.text;
import static io.threatengine.onboarding.tests.Items.texts;
import static io.threatengine.onboarding.tests.Items.with;
import static io.threatengine.onboarding.tests.Items.without;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.VersionConflictException;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.RunOutcome;
import io.threatengine.onboarding.schedule.NewSchedule;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.schedule.ScheduleId;
import io.threatengine.onboarding.schedule.ScheduleRepository;
import io.threatengine.onboarding.schedule.ScheduleStatus;
import io.threatengine.onboarding.schedule.ScheduleType;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Schedules that the Python engines wrote are read and changed without loss; those that we write are what they expect. */
@OnboardingTest
class ScheduleWireFormatTest {
    private static final Instant CREATED = Instant.parse("2026-11-24T08:17:00Z");
    private static final Instant CHANGED = Instant.parse("2026-11-24T08:18:00Z");
    private static final String WRITTEN = "2026-11-24T08:18:00.000000";
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private final Workspace workspace;
    private final SettableClock clock;
    private final ScheduleRepository schedules;
    private final Items rows;

    ScheduleWireFormatTest(Workspace workspace, EmbeddedAws aws) {
        this.workspace = workspace;
        this.clock = workspace.clock();
        this.schedules = workspace.storage().schedules();
        this.rows = new Items(aws.dynamoDb(), workspace.settings().tables().schedules(), "schedule_id");
    }

    @BeforeEach
    void atAKnownTime() {
        clock.set(CREATED);
    }

    // ---- what we write

    @Test
    void aNewScheduleAtAnIntervalIsWhatThePythonEnginesWriteAndKnowsWhenItIsDue() {
        Schedule schedule = schedules.create(hourly());

        assertThat(rows.get(schedule.id())).containsExactlyInAnyOrderEntriesOf(hourlyRow(schedule));
        assertThat(UUID.fromString(schedule.id().value())).isNotNull();
    }

    @Test
    void aNewScheduleByCronSaysItsExpressionZoneAndScope() {
        Schedule schedule = schedules.create(
                NewSchedule.builder(account(), ProviderType.AWS, "nightly", Recurrence.cron("0 2 * * *", BERLIN))
                        .description("while nobody works")
                        .regions(List.of("eu-central-1", "eu-west-1"))
                        .services(List.of("iam"))
                        .excludedServices(List.of("s3", "sqs"))
                        .notifyOnSuccess(true)
                        .notifyOnFailure(false)
                        .build());

        assertThat(rows.get(schedule.id()))
                .containsExactlyInAnyOrderEntriesOf(with(
                        hourlyRow(schedule),
                        Map.ofEntries(
                                Map.entry("name", text("nightly")),
                                Map.entry("description", text("while nobody works")),
                                Map.entry("schedule_type", text("cron")),
                                Map.entry("cron_expression", text("0 2 * * *")),
                                Map.entry("interval_seconds", number(0)),
                                Map.entry("timezone", text("Europe/Berlin")),
                                Map.entry("regions", texts("eu-central-1", "eu-west-1")),
                                Map.entry("services", texts("iam")),
                                Map.entry("exclude_services", texts("s3", "sqs")),
                                Map.entry("notify_on_success", bool(true)),
                                Map.entry("notify_on_failure", bool(false)),
                                Map.entry("next_run_at", text("2026-11-25T01:00:00.000000")))));
    }

    @Test
    void aNewOneTimeScheduleIsDueOnce() {
        Schedule schedule = schedules.create(NewSchedule.of(
                account(), ProviderType.AWS, "once", Recurrence.once(Instant.parse("2027-01-01T00:00:00.000001Z"))));

        assertThat(rows.get(schedule.id()))
                .containsExactlyInAnyOrderEntriesOf(with(
                        hourlyRow(schedule),
                        Map.of(
                                "name", text("once"),
                                "schedule_type", text("one_time"),
                                "interval_seconds", number(0),
                                "next_run_at", text("2027-01-01T00:00:00.000001"))));
    }

    @Test
    void aNewScheduleThatRestsKnowsItsTimeButIsNotEnabled() {
        Schedule schedule = schedules.create(
                NewSchedule.builder(account(), ProviderType.AWS, "hourly", Recurrence.every(Duration.ofHours(1)))
                        .enabled(false)
                        .build());

        assertThat(rows.get(schedule.id()))
                .containsExactlyInAnyOrderEntriesOf(
                        with(hourlyRow(schedule), Map.of("enabled", text("false"), "status", text("paused"))));
    }

    @Test
    void manyNewSchedulesAreWrittenAsOneIs() {
        List<Schedule> created = schedules
                .createAll(List.of(hourly(), hourly()), BulkOptions.defaults())
                .values();

        assertThat(created)
                .hasSize(2)
                .allSatisfy(schedule ->
                        assertThat(rows.get(schedule.id())).containsExactlyInAnyOrderEntriesOf(hourlyRow(schedule)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void eachChangeWritesItsOwnAttributesOnly(
            String name, UnaryOperator<Schedule> change, Map<String, AttributeValue> changed) {
        Schedule schedule = schedules.create(hourly());
        Map<String, AttributeValue> before = rows.get(schedule.id());
        clock.set(CHANGED);

        schedules.update(change.apply(schedule));

        assertThat(rows.get(schedule.id()))
                .containsExactlyInAnyOrderEntriesOf(
                        with(with(before, changed), Map.of("updated_at", text(WRITTEN), "version", number(2))));
    }

    static List<Arguments> eachChangeWritesItsOwnAttributesOnly() {
        return List.of(
                change("rename", s -> s.rename("other"), Map.of("name", text("other"))),
                change("describe", s -> s.describe("words"), Map.of("description", text("words"))),
                change("withRegions", s -> s.withRegions(List.of("r1", "r2")), Map.of("regions", texts("r1", "r2"))),
                change("withServices", s -> s.withServices(List.of("iam")), Map.of("services", texts("iam"))),
                change(
                        "withoutServices",
                        s -> s.withoutServices(List.of("s3")),
                        Map.of("exclude_services", texts("s3"))),
                change(
                        "notifying",
                        s -> s.notifying(true, false),
                        Map.of("notify_on_success", bool(true), "notify_on_failure", bool(false))),
                change(
                        "reschedule at another interval",
                        s -> s.reschedule(Recurrence.every(Duration.ofHours(2)), CHANGED),
                        Map.of("interval_seconds", number(7200), "next_run_at", text("2026-11-24T10:18:00.000000"))),
                change(
                        "reschedule by cron",
                        s -> s.reschedule(Recurrence.cron("0 2 * * *", BERLIN), CHANGED),
                        Map.of(
                                "schedule_type", text("cron"),
                                "cron_expression", text("0 2 * * *"),
                                "interval_seconds", number(0),
                                "timezone", text("Europe/Berlin"),
                                "next_run_at", text("2026-11-25T01:00:00.000000"))),
                change(
                        "reschedule to once",
                        s -> s.reschedule(Recurrence.once(Instant.parse("2027-01-01T00:00:00Z")), CHANGED),
                        Map.of(
                                "schedule_type", text("one_time"),
                                "interval_seconds", number(0),
                                "next_run_at", text("2027-01-01T00:00:00.000000"))),
                change("pause", Schedule::pause, Map.of("enabled", text("false"), "status", text("paused"))),
                change(
                        "pause and resume",
                        s -> s.pause().resume(CHANGED),
                        Map.of("next_run_at", text("2026-11-24T09:18:00.000000"))));
    }

    private static Arguments change(String name, UnaryOperator<Schedule> change, Map<String, AttributeValue> changed) {
        return arguments(name, change, changed);
    }

    @Test
    void aPausedScheduleThatIsRescheduledKnowsItsTimeForWhoeverEnablesIt() {
        Schedule schedule = schedules.create(hourly());
        Map<String, AttributeValue> before = rows.get(schedule.id());
        clock.set(CHANGED);

        schedules.update(schedule.pause().reschedule(Recurrence.every(Duration.ofHours(2)), CHANGED));

        Map<String, AttributeValue> paused = with(
                before,
                Map.of(
                        "enabled", text("false"),
                        "status", text("paused"),
                        "interval_seconds", number(7200),
                        "next_run_at", text("2026-11-24T10:18:00.000000"),
                        "updated_at", text(WRITTEN),
                        "version", number(2)));
        assertThat(rows.get(schedule.id())).containsExactlyInAnyOrderEntriesOf(paused);
        schedules.update(schedule.id(), s -> s.resume(CHANGED));
        assertThat(rows.get(schedule.id()))
                .containsExactlyInAnyOrderEntriesOf(
                        with(paused, Map.of("enabled", text("true"), "status", text("active"), "version", number(3))));
    }

    @ParameterizedTest
    @CsvSource({"SUCCEEDED, success_count", "FAILED, failure_count"})
    void aRunIsCountedInTwoCountersWhateverCameOfIt(RunOutcome outcome, String counter) {
        Schedule schedule = schedules.create(hourly());
        Map<String, AttributeValue> before = rows.get(schedule.id());
        clock.set(CHANGED);

        schedules.recordRun(schedule.id(), outcome, Instant.parse("2026-11-24T08:17:30.1234567Z"));

        assertThat(rows.get(schedule.id()))
                .containsExactlyInAnyOrderEntriesOf(with(
                        before,
                        Map.of(
                                "run_count",
                                number(1),
                                counter,
                                number(1),
                                "last_run_at",
                                text("2026-11-24T08:17:30.123456"),
                                "updated_at",
                                text(WRITTEN),
                                "version",
                                number(2))));
    }

    @Test
    void aOneTimeScheduleThatHasRunDisablesItselfAndLeavesTheIndex() {
        Schedule schedule = schedules.create(NewSchedule.of(
                account(), ProviderType.AWS, "once", Recurrence.once(Instant.parse("2026-11-24T08:17:30Z"))));
        Map<String, AttributeValue> before = rows.get(schedule.id());
        clock.set(CHANGED);

        schedules.recordRun(schedule.id(), RunOutcome.FAILED, CHANGED);

        assertThat(rows.get(schedule.id()))
                .containsExactlyInAnyOrderEntriesOf(without(
                        with(
                                before,
                                Map.of(
                                        "enabled", text("false"),
                                        "run_count", number(1),
                                        "failure_count", number(1),
                                        "last_run_at", text(WRITTEN),
                                        "updated_at", text(WRITTEN),
                                        "version", number(2))),
                        "next_run_at"));
    }

    @Test
    void theLeaseOfAOneTimeScheduleStaysForItsClaimToEnd() {
        Schedule schedule = schedules.create(NewSchedule.of(
                account(), ProviderType.AWS, "once", Recurrence.once(Instant.parse("2026-11-24T08:17:30Z"))));
        rows.set(
                schedule.id(),
                with(
                        Items.item("lease_worker", "w1", "lease_due_at", "2026-11-24T08:17:30.000000"),
                        Map.of("lease_until", text("2026-11-24T08:20:00.000000"), "lease_attempt", number(1))));

        schedules.recordRun(schedule.id(), RunOutcome.SUCCEEDED, CHANGED);

        assertThat(rows.get(schedule.id()))
                .containsEntry("lease_worker", text("w1"))
                .containsEntry("enabled", text("false"))
                .doesNotContainKey("next_run_at");
    }

    @ParameterizedTest
    @CsvSource({
        // as others write it, before and after what is recorded
        "cron, 2026-11-24T08:17:30, 2026-11-24T08:17:31.500000",
        "cron, 2026-11-24T08:17:30Z, 2026-11-24T08:17:31.500000",
        "cron, 2026-11-24T08:17:30+00:00, 2026-11-24T08:17:31.500000",
        "cron, '', 2026-11-24T08:17:31.500000",
        "cron, 2026-11-24T08:17:32, 2026-11-24T08:17:32",
        "one_time, 2026-11-24T08:17:32Z, 2026-11-24T08:17:32Z",
        "one_time, 2026-11-24T08:17:30.123456, 2026-11-24T08:17:31.500000"
    })
    void aRunThatIsRecordedLateIsCountedAndIsNotTheLast(String type, String last, String expected) {
        Schedule schedule = schedules.create(hourly());
        rows.set(schedule.id(), Items.item("schedule_type", type, "last_run_at", last));

        schedules.recordRun(schedule.id(), RunOutcome.SUCCEEDED, Instant.parse("2026-11-24T08:17:31.5Z"));

        assertThat(rows.get(schedule.id()))
                .containsEntry("last_run_at", text(expected))
                .containsEntry("run_count", number(1))
                .containsEntry("enabled", text(Boolean.toString(!type.equals("one_time"))));
    }

    @Test
    void aRunThatIsRecordedLateIsNotTheLastThoughTheCountersAreTexts() {
        Schedule schedule = schedules.create(hourly());
        rows.set(schedule.id(), Items.item("run_count", "7", "last_run_at", "2026-11-24T08:17:32.000000"));

        schedules.recordRun(schedule.id(), RunOutcome.SUCCEEDED, Instant.parse("2026-11-24T08:17:31.5Z"));

        assertThat(rows.get(schedule.id()))
                .containsEntry("last_run_at", text("2026-11-24T08:17:32.000000"))
                .containsEntry("run_count", number(8));
    }

    // ---- what others wrote

    @Test
    void aScheduleOfThePythonEnginesIsReadAsItIs() {
        String id = UUID.randomUUID().toString();
        rows.put(legacy(id));

        Schedule schedule = schedules.get(ScheduleId.of(id));

        assertThat(schedule.tenantId().value()).isEqualTo("t1");
        assertThat(schedule.accountId().value()).isEqualTo("a1");
        assertThat(schedule.providerType()).isEqualTo(ProviderType.AWS);
        assertThat(schedule.name()).isEqualTo("nightly");
        assertThat(schedule.description()).isEqualTo("every night");
        assertThat(schedule.recurrence()).isEqualTo(Recurrence.cron("0 2 * * *", ZoneId.of("Asia/Kolkata")));
        assertThat(schedule.regions()).containsExactly("ap-south-1");
        assertThat(schedule.services()).containsExactly("ec2", "s3");
        assertThat(schedule.excludedServices()).isEmpty();
        assertThat(schedule.status()).isEqualTo(ScheduleStatus.ACTIVE);
        assertThat(schedule.enabled()).isTrue();
        assertThat(schedule.runCount()).isEqualTo(7);
        assertThat(schedule.successCount()).isEqualTo(5);
        assertThat(schedule.failureCount()).isEqualTo(2);
        assertThat(schedule.notifyOnSuccess()).isTrue();
        assertThat(schedule.notifyOnFailure()).isFalse();
        assertThat(schedule.nextRunAt()).contains(Instant.parse("2024-03-02T20:30:00Z"));
        assertThat(schedule.lastRunAt()).contains(Instant.parse("2024-03-01T20:30:05.000001Z"));
        assertThat(schedule.createdAt()).isEqualTo(Instant.parse("2024-01-01T00:00:00.5Z"));
        assertThat(schedule.updatedAt()).isEqualTo(Instant.parse("2024-03-01T20:30:06Z"));
        assertThat(schedule.revision().version()).isZero();
    }

    @Test
    void aChangeLeavesEverythingElseOfTheRowAsItIs() {
        String id = UUID.randomUUID().toString();
        Map<String, AttributeValue> legacy = with(
                legacy(id),
                Map.of(
                        "labels", AttributeValue.fromM(Map.of("team", text("red"), "none", nothing())),
                        "retries", number(3),
                        "owners", AttributeValue.fromSs(List.of("ann", "bob")),
                        "nothing", nothing(),
                        "ttl", number(1_900_000_000)));
        rows.put(legacy);

        schedules.update(ScheduleId.of(id), schedule -> schedule.rename("other"));

        assertThat(rows.get(id))
                .containsExactlyInAnyOrderEntriesOf(with(
                        legacy,
                        Map.of(
                                "name", text("other"),
                                "updated_at", text("2026-11-24T08:17:00.000000"),
                                "version", number(1),
                                // one form for the index, of the same instants
                                "next_run_at", text("2024-03-02T20:30:00.000000"))));
    }

    @ParameterizedTest
    @MethodSource
    void whoIsToldOfRunsStaysAsOthersHaveWrittenIt(AttributeValue channels) {
        String id = UUID.randomUUID().toString();
        rows.put(with(legacy(id), Map.of("notification_channels", channels)));

        schedules.update(ScheduleId.of(id), schedule -> schedule.notifying(false, true));
        schedules.recordRun(ScheduleId.of(id), RunOutcome.SUCCEEDED, CHANGED);
        schedules.update(ScheduleId.of(id), Schedule::pause);

        assertThat(rows.get(id)).containsEntry("notification_channels", channels);
    }

    static List<AttributeValue> whoIsToldOfRunsStaysAsOthersHaveWrittenIt() {
        return List.of(
                texts("email", "slack"),
                texts(),
                AttributeValue.fromSs(List.of("email", "slack")),
                AttributeValue.fromM(Map.of(
                        "email", texts("ann@example.com"),
                        "slack", AttributeValue.fromM(Map.of("channel", text("#scans"), "muted", bool(false))))),
                AttributeValue.fromL(
                        List.of(AttributeValue.fromM(Map.of("type", text("email"), "weight", number(1))), nothing())),
                text("[\"email\"]"),
                text(""),
                nothing());
    }

    @ParameterizedTest
    @CsvSource({
        "2024-03-01T10:00:00.123456, 2024-03-01T10:00:00.123456Z, 2024-03-01T10:00:00.123456",
        "2024-03-01T10:00:00, 2024-03-01T10:00:00Z, 2024-03-01T10:00:00.000000",
        "2024-03-01T10:00:00Z, 2024-03-01T10:00:00Z, 2024-03-01T10:00:00.000000",
        "2024-03-01T10:00:00.5Z, 2024-03-01T10:00:00.5Z, 2024-03-01T10:00:00.500000",
        "2024-03-01T10:00:00+00:00, 2024-03-01T10:00:00Z, 2024-03-01T10:00:00.000000",
        "2024-03-01T10:00:00.000001+00:00, 2024-03-01T10:00:00.000001Z, 2024-03-01T10:00:00.000001",
        "2024-03-01T15:30:00+05:30, 2024-03-01T10:00:00Z, 2024-03-01T10:00:00.000000",
    })
    void timeIsReadInEveryFormAndWrittenInTheOneThatSorts(String stored, String instant, String written) {
        String id = UUID.randomUUID().toString();
        Map<String, AttributeValue> times = new HashMap<>();
        for (String attribute : List.of("created_at", "updated_at", "next_run_at", "last_run_at")) {
            times.put(attribute, text(stored));
        }
        rows.put(with(legacy(id), times));

        Schedule schedule = schedules.get(ScheduleId.of(id));
        schedules.update(schedule.pause());

        Instant expected = Instant.parse(instant);
        assertThat(List.of(schedule.createdAt(), schedule.updatedAt())).containsOnly(expected);
        assertThat(schedule.nextRunAt()).contains(expected);
        assertThat(schedule.lastRunAt()).contains(expected);
        assertThat(rows.get(id))
                .containsEntry("created_at", text(stored))
                .containsEntry("next_run_at", text(written))
                .containsEntry("last_run_at", text(written))
                .containsEntry("updated_at", text("2026-11-24T08:17:00.000000"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"missing", "empty", "NULL"})
    void whatSaysNothingHasItsDefaultAndIsWrittenSo(String how) {
        String id = UUID.randomUUID().toString();
        Map<String, AttributeValue> keys =
                item("schedule_id", id, "tenant_id", "t1", "account_id", "a1", "provider_type", "aws");
        Map<String, AttributeValue> sparse = new HashMap<>(keys);
        if (!how.equals("missing")) {
            // not enabled and next_run_at: the service takes neither as the keys of an index
            List.of(
                            "name",
                            "description",
                            "schedule_type",
                            "cron_expression",
                            "interval_seconds",
                            "regions",
                            "services",
                            "exclude_services",
                            "timezone",
                            "status",
                            "run_count",
                            "success_count",
                            "failure_count",
                            "notify_on_success",
                            "notify_on_failure",
                            "updated_at",
                            "last_run_at")
                    .forEach(name -> sparse.put(name, how.equals("NULL") ? nothing() : text("")));
        }
        rows.put(sparse);

        Schedule schedule = schedules.get(ScheduleId.of(id));
        schedules.update(schedule.rename("named"));

        assertThat(schedule.name()).isEmpty();
        assertThat(schedule.recurrence()).isEqualTo(new Recurrence.Cron("", "UTC"));
        assertThat(schedule.enabled()).isTrue();
        assertThat(schedule.nextRunAt()).isEmpty();
        assertThat(schedule.lastRunAt()).isEmpty();
        assertThat(schedule.createdAt()).isEqualTo(Instant.EPOCH);
        assertThat(rows.get(id))
                .containsExactlyInAnyOrderEntriesOf(with(
                        keys,
                        Map.ofEntries(
                                Map.entry("name", text("named")),
                                Map.entry("description", text("")),
                                Map.entry("schedule_type", text("cron")),
                                Map.entry("cron_expression", text("")),
                                Map.entry("interval_seconds", number(0)),
                                Map.entry("timezone", text("UTC")),
                                Map.entry("regions", texts()),
                                Map.entry("services", texts()),
                                Map.entry("exclude_services", texts()),
                                Map.entry("status", text("active")),
                                Map.entry("enabled", text("true")),
                                Map.entry("run_count", number(0)),
                                Map.entry("success_count", number(0)),
                                Map.entry("failure_count", number(0)),
                                Map.entry("notify_on_success", bool(false)),
                                Map.entry("notify_on_failure", bool(true)),
                                Map.entry("updated_at", text("2026-11-24T08:17:00.000000")),
                                Map.entry("version", number(1)))));
    }

    @ParameterizedTest
    @CsvSource({"true, true", "false, false", "True, true", "False, false"})
    void enabledIsAWordInAnyCase(String stored, boolean enabled) {
        String id = UUID.randomUUID().toString();
        rows.put(with(legacy(id), Map.of("enabled", text(stored))));

        Schedule schedule = schedules.get(ScheduleId.of(id));
        schedules.update(schedule.rename("other"));

        assertThat(schedule.enabled()).isEqualTo(enabled);
        // in the case by which the index of due schedules is read
        assertThat(rows.get(id)).containsEntry("enabled", text(Boolean.toString(enabled)));
    }

    @Test
    void countersAndSwitchesAreUnderstoodAsText() {
        String id = UUID.randomUUID().toString();
        rows.put(with(
                legacy(id),
                Map.of(
                        "run_count", text("12"),
                        "success_count", text("11"),
                        "failure_count", text("1"),
                        "interval_seconds", text("3600"),
                        "schedule_type", text("interval"),
                        "notify_on_success", text("False"),
                        "notify_on_failure", number(1))));

        Schedule schedule = schedules.get(ScheduleId.of(id));

        assertThat(schedule.runCount()).isEqualTo(12);
        assertThat(schedule.successCount()).isEqualTo(11);
        assertThat(schedule.failureCount()).isEqualTo(1);
        assertThat(schedule.recurrence()).isEqualTo(Recurrence.every(Duration.ofHours(1)));
        assertThat(schedule.notifyOnSuccess()).isFalse();
        assertThat(schedule.notifyOnFailure()).isTrue();
    }

    @Test
    void listsMayBeSets() {
        String id = UUID.randomUUID().toString();
        rows.put(with(legacy(id), Map.of("regions", AttributeValue.fromSs(List.of("eu-west-1")))));

        assertThat(schedules.get(ScheduleId.of(id)).regions()).containsExactly("eu-west-1");
    }

    @Test
    void statusAndTypeThatNobodyKnowsAreWrittenBackAsTheyAre() {
        String id = UUID.randomUUID().toString();
        Map<String, AttributeValue> legacy =
                with(legacy(id), Map.of("status", text("half way"), "schedule_type", text("lunar")));
        rows.put(legacy);

        Schedule schedule = schedules.get(ScheduleId.of(id));
        schedules.update(schedule.rename("other"));
        schedules.recordRun(schedule.id(), RunOutcome.SUCCEEDED, CHANGED);

        assertThat(schedule.status().value()).isEqualTo("half way");
        assertThat(schedule.recurrence()).isEqualTo(new Recurrence.Unknown(new ScheduleType("lunar")));
        assertThat(rows.get(id))
                .containsEntry("status", text("half way"))
                .containsEntry("schedule_type", text("lunar"))
                .containsEntry("cron_expression", legacy.get("cron_expression"));
    }

    @ParameterizedTest
    @CsvSource({
        "enabled, maybe",
        "run_count, many",
        "interval_seconds, 1.5",
        "next_run_at, tomorrow",
        "notify_on_success, perhaps"
    })
    void whatCannotBeUnderstoodIsAnErrorThatNamesRowAndAttribute(String attribute, String value) {
        String id = UUID.randomUUID().toString();
        rows.put(with(legacy(id), Map.of(attribute, text(value))));

        assertThatExceptionOfType(MalformedDataException.class)
                .isThrownBy(() -> schedules.find(ScheduleId.of(id)))
                .withMessageContaining(id)
                .withMessageContaining(attribute);
    }

    @Test
    void aChangeByAWriterThatKeepsNoVersionIsNotOverwritten() {
        String id = UUID.randomUUID().toString();
        rows.put(legacy(id));
        Schedule read = schedules.get(ScheduleId.of(id));
        rows.change(id, "next_run_at", text("2024-03-03T20:30:00"), "2024-03-02T20:30:06");

        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> schedules.update(read.rename("other")));
        schedules.update(read.id(), schedule -> schedule.rename("other"));

        assertThat(rows.get(id))
                .containsEntry("name", text("other"))
                .containsEntry("next_run_at", text("2024-03-03T20:30:00.000000"));
    }

    // ---- when it is due

    @Test
    void dueReadsEveryFormToTheMicrosecondAndTheLongestDueFirst() {
        String last = "2020-02-01T10:00:00";
        List<String> due = List.of(
                "2020-01-31T23:59:59",
                "2020-02-01T09:59:58Z",
                "2020-02-01T09:59:59.999999+00:00",
                last,
                last + "Z",
                last + "+00:00",
                last + ".000000",
                last + ".000000Z");
        List<String> notYet = List.of(last + ".000001", last + ".000001Z", last + ".1+00:00", "2020-02-01T10:00:01");
        Map<String, String> ids = new HashMap<>();
        Stream.concat(due.stream(), notYet.stream())
                .forEach(time -> ids.put(time, putDue(Map.of("next_run_at", text(time)))));
        putDue(Map.of("next_run_at", text(last), "enabled", text("false")));

        List<String> found = schedules.due(Instant.parse(last + "Z")).stream()
                .map(schedule -> schedule.id().value())
                .toList();

        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(due.stream().map(ids::get).toList());
        assertThat(found.subList(0, 3))
                .isEqualTo(due.subList(0, 3).stream().map(ids::get).toList());
    }

    private String putDue(Map<String, AttributeValue> attributes) {
        String id = UUID.randomUUID().toString();
        rows.put(with(legacy(id), attributes));
        return id;
    }

    // ---- counting runs of rows that others wrote

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void aRunIsCountedWhateverTheCountersLookLike(
            String name, Map<String, AttributeValue> counters, int runs, int failures, long version) {
        String id = UUID.randomUUID().toString();
        Map<String, AttributeValue> legacy =
                with(without(legacy(id), "run_count", "failure_count"), Map.of("labels", texts("red")));
        rows.put(with(legacy, counters));

        schedules.recordRun(ScheduleId.of(id), RunOutcome.FAILED, CHANGED);

        Map<String, AttributeValue> stored = rows.get(id);
        Map<String, AttributeValue> expected = with(
                legacy,
                Map.of(
                        "run_count", number(runs),
                        "failure_count", number(failures),
                        "last_run_at", text(WRITTEN),
                        "updated_at", text("2026-11-24T08:17:00.000000"),
                        "version", number(version),
                        // rewritten in the one form where the whole row is
                        "next_run_at", stored.get("next_run_at")));
        assertThat(stored).containsExactlyInAnyOrderEntriesOf(expected);
        assertThat(schedules.get(ScheduleId.of(id)).nextRunAt()).contains(Instant.parse("2024-03-02T20:30:00Z"));
    }

    static List<Arguments> aRunIsCountedWhateverTheCountersLookLike() {
        return List.of(
                arguments("numbers", Map.of("run_count", number(7), "failure_count", number(2)), 8, 3, 1),
                arguments("missing", Map.of(), 1, 1, 1),
                arguments("text", Map.of("run_count", text("7"), "failure_count", text("2")), 8, 3, 1),
                arguments("one of them text", Map.of("run_count", number(7), "failure_count", text("2")), 8, 3, 1),
                arguments("empty", Map.of("run_count", text(""), "failure_count", number(2)), 1, 3, 1),
                arguments("NULL", Map.of("run_count", nothing(), "failure_count", nothing()), 1, 1, 1),
                arguments("version as text", Map.of("version", text("3"), "run_count", number(7)), 8, 1, 4),
                arguments("version NULL", Map.of("version", nothing(), "run_count", number(7)), 8, 1, 1));
    }

    @Test
    void aOneTimeScheduleOfThePythonEnginesDisablesItselfToo() {
        String id = UUID.randomUUID().toString();
        rows.put(with(
                legacy(id), Map.of("schedule_type", text("one_time"), "version", text("3"), "run_count", text("0"))));

        schedules.recordRun(ScheduleId.of(id), RunOutcome.SUCCEEDED, CHANGED);

        assertThat(rows.get(id))
                .containsEntry("enabled", text("false"))
                .containsEntry("run_count", number(1))
                .containsEntry("success_count", number(6))
                .containsEntry("version", number(4))
                .doesNotContainKey("next_run_at")
                .containsKey("notification_channels");
    }

    @Test
    void aRunOfNothingIsAnErrorAndMakesNoRow() {
        int count = rows.count();

        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> schedules.recordRun(ScheduleId.random(), RunOutcome.FAILED, CHANGED));

        assertThat(rows.count()).isEqualTo(count);
    }

    @Test
    void runsThatAreCountedAtOnceAreAllCountedAlsoWhereTheCountersBeginAsText() {
        String id = UUID.randomUUID().toString();
        rows.put(with(legacy(id), Map.of("run_count", text("7"), "failure_count", text("2"))));

        Parallel.each(
                IntStream.range(0, 12).boxed().toList(),
                run -> schedules.recordRun(
                        ScheduleId.of(id), run % 3 == 0 ? RunOutcome.FAILED : RunOutcome.SUCCEEDED, CHANGED));

        assertThat(rows.get(id))
                .containsEntry("run_count", number(19))
                .containsEntry("success_count", number(13))
                .containsEntry("failure_count", number(6));
    }

    // ---- rows

    private Account account() {
        Provider provider = workspace
                .storage()
                .providers()
                .create(
                        workspace
                                .storage()
                                .tenants()
                                .create("tenant " + UUID.randomUUID())
                                .id(),
                        ProviderType.AWS);
        return workspace
                .storage()
                .accounts()
                .create(provider, NewAccount.withoutNumber(provider.tenantId(), ProviderType.AWS, "production"));
    }

    private NewSchedule hourly() {
        return NewSchedule.of(account(), ProviderType.AWS, "hourly", Recurrence.every(Duration.ofHours(1)));
    }

    private static Map<String, AttributeValue> hourlyRow(Schedule schedule) {
        return with(
                item(
                        "schedule_id", schedule.id().value(),
                        "tenant_id", schedule.tenantId().value(),
                        "account_id", schedule.accountId().value(),
                        "name", "hourly",
                        "description", "",
                        "schedule_type", "interval",
                        "provider_type", "aws",
                        "cron_expression", "",
                        "timezone", "UTC",
                        "status", "active",
                        "enabled", "true",
                        "next_run_at", "2026-11-24T09:17:00.000000",
                        "created_at", "2026-11-24T08:17:00.000000",
                        "updated_at", "2026-11-24T08:17:00.000000"),
                Map.of(
                        "interval_seconds", number(schedule.intervalSeconds()),
                        "regions", texts(),
                        "services", texts(),
                        "exclude_services", texts(),
                        "run_count", number(0),
                        "success_count", number(0),
                        "failure_count", number(0),
                        "notify_on_success", bool(false),
                        "notify_on_failure", bool(true),
                        "version", number(1)));
    }

    private static Map<String, AttributeValue> legacy(String id) {
        return with(
                item(
                        "schedule_id", id,
                        "tenant_id", "t1",
                        "account_id", "a1",
                        "name", "nightly",
                        "description", "every night",
                        "schedule_type", "cron",
                        "provider_type", "aws",
                        "cron_expression", "0 2 * * *",
                        "timezone", "Asia/Kolkata",
                        "status", "active",
                        "enabled", "true",
                        "next_run_at", "2024-03-02T20:30:00",
                        "last_run_at", "2024-03-01T20:30:05.000001",
                        "created_at", "2024-01-01T00:00:00.500000",
                        "updated_at", "2024-03-01T20:30:06"),
                Map.of(
                        "interval_seconds", number(0),
                        "regions", texts("ap-south-1"),
                        "services", texts("ec2", "s3"),
                        "exclude_services", texts(),
                        "run_count", number(7),
                        "success_count", number(5),
                        "failure_count", number(2),
                        "notify_on_success", bool(true),
                        "notify_on_failure", bool(false),
                        "notification_channels", texts("email")));
    }
}
