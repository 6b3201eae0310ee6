package io.threatengine.onboarding.tests;

import static io.threatengine.onboarding.tests.CrashScene.LEASE;
import static io.threatengine.onboarding.tests.CrashScene.claim;
import static io.threatengine.onboarding.tests.CrashScene.options;
import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.claim.Claim;
import io.threatengine.onboarding.claim.ClaimOptions;
import io.threatengine.onboarding.claim.MissedRuns;
import io.threatengine.onboarding.claim.ScheduleClaims;
import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.schedule.DueIndex;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import io.threatengine.onboarding.tests.CrashScene.Round;
import io.threatengine.onboarding.tests.CutNetwork.Cut;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Workers die at every single request that they make, before it is sent and before its answer comes; their leases end, and
 * others go on. Whatever happens, each due time has one execution, its handler ran, and the counters say so.
 */
@OnboardingTest
class ClaimCrashTest {
    private static final DueIndex LEGACY = DueIndex.LEGACY;
    private static final DueIndex SHARDED = DueIndex.sharded(4);
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Duration HOUR = Duration.ofHours(1);

    private final EmbeddedAws aws;

    ClaimCrashTest(EmbeddedAws aws) {
        this.aws = aws;
    }

    // ---- months of due times

    /** The modes are those of one worker after the other. */
    static Stream<Arguments> months() {
        return Stream.of(
                Arguments.of("2027-02-20T12:00:00Z", "2027-05-01T00:00:00Z", List.of(LEGACY)),
                Arguments.of("2027-09-10T12:00:00Z", "2027-11-15T00:00:00Z", List.of(SHARDED)),
                Arguments.of(
                        "2027-03-10T12:00:00Z",
                        "2027-04-20T00:00:00Z",
                        List.of(LEGACY, SHARDED, SHARDED, LEGACY, DueIndex.sharded(2))));
    }

    @ParameterizedTest
    @MethodSource("months")
    void eachDueTimeOfMonthsIsRunFor(Instant from, Instant until, List<DueIndex> modes) {
        List<Recurrence> recurrences = List.of(
                Recurrence.cron("0 2 * * *", BERLIN),
                Recurrence.cron("30 2 * * *", BERLIN),
                Recurrence.every(Duration.ofHours(31)),
                Recurrence.once(from.plus(Duration.ofDays(9))));
        runThrough(from, until, recurrences, modes);
    }

    static Stream<Arguments> changesOfTheClocks() {
        return Stream.of(
                Arguments.of("2027-03-27T20:00:00Z", "2027-03-28T12:00:00Z", List.of(LEGACY)),
                Arguments.of("2027-10-30T20:00:00Z", "2027-10-31T12:00:00Z", List.of(SHARDED, LEGACY)));
    }

    @ParameterizedTest
    @MethodSource("changesOfTheClocks")
    void eachHalfHourIsRunForWhereTheClocksChange(Instant from, Instant until, List<DueIndex> modes) {
        List<Recurrence> recurrences = List.of(
                Recurrence.cron("*/30 * * * *", BERLIN),
                Recurrence.cron("0 2 * * *", BERLIN),
                Recurrence.cron("30 2 * * *", BERLIN));
        runThrough(from, until, recurrences, modes);
    }

    @Test
    void whatIsDueWhereTheClocksChangeIsWhatCronMakesOfIt() {
        Recurrence two = Recurrence.cron("0 2 * * *", BERLIN);
        Recurrence halfPastTwo = Recurrence.cron("30 2 * * *", BERLIN);
        Instant spring = Instant.parse("2027-03-27T12:00:00Z");
        Instant autumn = Instant.parse("2027-10-30T12:00:00Z");
        Duration days = Duration.ofDays(2);

        assertThat(CrashScene.dueTimes(two, spring, spring.plus(days)))
                .containsExactly(Instant.parse("2027-03-28T01:00:00Z"), Instant.parse("2027-03-29T00:00:00Z"));
        assertThat(CrashScene.dueTimes(halfPastTwo, spring, spring.plus(days)))
                .containsExactly(Instant.parse("2027-03-28T01:00:00Z"), Instant.parse("2027-03-29T00:30:00Z"));
        assertThat(CrashScene.dueTimes(two, autumn, autumn.plus(days)))
                .containsExactly(Instant.parse("2027-10-31T00:00:00Z"), Instant.parse("2027-11-01T01:00:00Z"));
        assertThat(CrashScene.dueTimes(halfPastTwo, autumn, autumn.plus(days)))
                .containsExactly(Instant.parse("2027-10-31T00:30:00Z"), Instant.parse("2027-11-01T01:30:00Z"));
    }

    /**
     * Goes from one due time to the next. At each, two workers die, at the same request of theirs, and a third one lives; the
     * request is the next one each time, until a worker comes through, and then it is the first again, cut off the other way.
     */
    private void runThrough(Instant from, Instant until, List<Recurrence> recurrences, List<DueIndex> modes) {
        try (CrashScene scene = new CrashScene(aws, from, modes.get(0))) {
            int turn = 0;
            List<Schedule> schedules = new ArrayList<>();
            for (Recurrence recurrence : recurrences) {
                schedules.add(scene.create(modes.get(turn++ % modes.size()), recurrence));
            }
            Round round = (claims, worker) -> scene.work(claims, options(worker));
            int request = 1;
            Cut cut = Cut.BEFORE_THE_REQUEST;
            int survivors = 0;
            for (Optional<Instant> next = next(scene, schedules);
                    next.filter(due -> !due.isAfter(until)).isPresent();
                    next = next(scene, schedules)) {
                scene.clock().set(next.get());
                boolean died = scene.die(modes.get(turn++ % modes.size()), round, request, cut);
                scene.clock().advance(LEASE);
                scene.die(modes.get(turn++ % modes.size()), round, request, cut);
                scene.clock().advance(LEASE);
                scene.live(modes.get(turn++ % modes.size()), round);
                request = died ? request + 1 : 1;
                if (!died) {
                    survivors++;
                    cut = cut == Cut.BEFORE_THE_REQUEST ? Cut.BEFORE_THE_ANSWER : Cut.BEFORE_THE_REQUEST;
                }
            }

            assertThat(survivors)
                    .as("each request of a round was met, in both ways")
                    .isGreaterThanOrEqualTo(2);
            assertThat(scene.deaths())
                    .containsExactlyInAnyOrderElementsOf(Stream.of(
                                    "GetItem", "Query", "TransactWriteItems", "UpdateItem")
                            .filter(operation -> !operation.equals("Query") || modes.equals(List.of(LEGACY)))
                            .flatMap(operation -> Stream.of(Cut.values()).map(way -> operation + " " + way))
                            .toList());
            for (Schedule schedule : schedules) {
                Recurrence recurrence = schedule.recurrence();
                scene.assertRunFor(schedule, CrashScene.dueTimes(recurrence, from, until));
                Schedule stored = scene.stored(schedule.id());
                boolean once = recurrence instanceof Recurrence.OneTime;
                assertThat(stored.enabled()).isEqualTo(!once);
                assertThat(stored.nextRunAt().filter(due -> due.isAfter(until)).isPresent())
                        .as("it goes on")
                        .isEqualTo(!once);
            }
        }
    }

    private static Optional<Instant> next(CrashScene scene, List<Schedule> schedules) {
        return schedules.stream()
                .flatMap(schedule -> scene.stored(schedule.id()).nextRunAt().stream())
                .min(Instant::compareTo);
    }

    // ---- each kind of step

    /** What the workers of a test do, with what, and what has to come of it. */
    private record Story(
            DueIndex before, DueIndex with, Consumer<Stage> prepared, Consumer<Stage> acted, Consumer<Stage> checked) {}

    /** A schedule on its scene, and who works on it at present. */
    private record Stage(CrashScene scene, Schedule schedule, ScheduleClaims claims, String worker) {
        List<Execution> executions() {
            return scene.executions(schedule.id());
        }

        Schedule stored() {
            return scene.stored(schedule.id());
        }

        Instant due() {
            return schedule.nextRunAt().orElseThrow();
        }

        Claim claimed(ClaimOptions options) {
            List<Claim> claims = claim(claims(), options);
            assertThat(claims).hasSize(1);
            return claims.get(0);
        }

        void work(ClaimOptions options) {
            scene.work(claims, options);
        }
    }

    /** Lets a worker die at each of the requests of a story, in both ways, and others end the story. */
    private void tell(Story story) {
        for (Cut cut : Cut.values()) {
            boolean died = true;
            for (int request = 1; died; request++) {
                DueIndex tables = story.with().isSharded() ? story.with() : story.before();
                try (CrashScene scene = new CrashScene(aws, Instant.parse("2027-01-01T00:00:00Z"), tables)) {
                    Schedule schedule = scene.create(story.before(), Recurrence.every(HOUR));
                    scene.clock().advance(HOUR);
                    ScheduleClaims before = scene.storage(story.before()).claims();
                    story.prepared().accept(new Stage(scene, schedule, before, "the first"));

                    Round round = (claims, worker) -> story.acted().accept(new Stage(scene, schedule, claims, worker));
                    died = scene.die(story.with(), round, request, cut);
                    scene.clock().advance(LEASE);
                    if (died) {
                        scene.live(
                                story.with(),
                                (claims, worker) -> story.acted().accept(new Stage(scene, schedule, claims, worker)));
                    }
                    scene.assertCounted(schedule.id());
                    story.checked().accept(new Stage(scene, schedule, before, "the last"));
                    assertThat(died || request > 2).as("the story has requests").isTrue();
                }
            }
        }
    }

    private static Story story(Consumer<Stage> prepared, Consumer<Stage> acted, Consumer<Stage> checked) {
        return new Story(LEGACY, LEGACY, prepared, acted, checked);
    }

    @Test
    void aRunThatIsGivenUp() {
        tell(story(
                stage -> {
                    stage.claimed(options("dead").withAttempts(1));
                    stage.scene().clock().advance(LEASE);
                },
                stage -> stage.work(options(stage.worker()).withAttempts(1)),
                stage -> {
                    assertThat(stage.executions())
                            .singleElement()
                            .satisfies(only -> assertThat(only.status()).isEqualTo(RunStatus.FAILED));
                    assertThat(stage.stored().failureCount()).isEqualTo(1);
                    assertThat(stage.stored().nextRunAt()).contains(stage.due().plus(HOUR));
                }));
    }

    @Test
    void aRunThatHasFailed() {
        tell(story(
                stage -> {},
                stage -> claim(stage.claims(), options(stage.worker()))
                        .forEach(claim -> stage.claims().fail(claim, "the role cannot be assumed")),
                stage -> {
                    assertThat(stage.executions())
                            .singleElement()
                            .satisfies(only -> assertThat(only.status()).isEqualTo(RunStatus.FAILED));
                    assertThat(stage.stored().nextRunAt()).contains(stage.due().plus(HOUR));
                }));
    }

    @Test
    void aRunThatANewTimeHasSuperseded() {
        tell(story(
                stage -> {
                    stage.claimed(options("dead"));
                    stage.scene()
                            .storage(LEGACY)
                            .schedules()
                            .update(
                                    stage.schedule().id(),
                                    schedule -> schedule.reschedule(
                                            Recurrence.every(HOUR.multipliedBy(2)),
                                            stage.scene().clock().instant()));
                    stage.scene().clock().advance(HOUR.multipliedBy(2));
                },
                stage -> stage.work(options(stage.worker())),
                stage -> {
                    assertThat(stage.executions().stream().map(Execution::status))
                            .containsExactly(RunStatus.FAILED, RunStatus.COMPLETED);
                    assertThat(stage.stored().nextRunAt()).contains(stage.due().plus(HOUR.multipliedBy(4)));
                }));
    }

    @Test
    void aRunThatIsGivenBack() {
        tell(story(
                stage -> {},
                stage -> {
                    List<Claim> claims = claim(stage.claims(), options(stage.worker()));
                    stage.scene().clock().advance(Duration.ofSeconds(1));
                    claims.forEach(stage.claims()::release);
                    stage.work(options(stage.worker()));
                },
                stage -> stage.scene().assertRunFor(stage.schedule(), List.of(stage.due()))));
    }

    @Test
    void aRunThatIsCancelledUnderWay() {
        tell(story(
                stage -> {},
                stage -> claim(stage.claims(), options(stage.worker()))
                        .forEach(claim -> cancelAndComplete(stage, claim)),
                stage -> {
                    assertThat(stage.executions())
                            .singleElement()
                            .satisfies(only -> assertThat(only.status()).isEqualTo(RunStatus.CANCELLED));
                    assertThat(stage.stored().nextRunAt()).contains(stage.due().plus(HOUR));
                }));
    }

    private static void cancelAndComplete(Stage stage, Claim claim) {
        Instant now = stage.scene().clock().instant();
        stage.scene().storage(LEGACY).executions().update(claim.executionId(), execution -> execution.cancel(now));
        try {
            stage.claims().complete(claim);
            throw new AssertionError("what was cancelled was completed");
        } catch (IllegalTransitionException e) {
            assertThat(e.from()).isEqualTo("cancelled");
        }
    }

    @Test
    void missedTimesThatAreLeftOut() {
        tell(story(
                stage -> stage.scene().clock().advance(Duration.ofMinutes(200)),
                stage -> stage.work(options(stage.worker()).withMissedRuns(MissedRuns.skip(Duration.ofMinutes(10)))),
                stage -> {
                    assertThat(stage.executions()).isEmpty();
                    assertThat(stage.stored().nextRunAt()).contains(stage.due().plus(HOUR.multipliedBy(4)));
                }));
    }

    @Test
    void missedTimesThatAreMadeUpFor() {
        tell(story(
                stage -> stage.scene().clock().advance(Duration.ofMinutes(330)),
                stage -> stage.work(options(stage.worker()).withMissedRuns(MissedRuns.catchUp(HOUR.multipliedBy(3)))),
                stage -> stage.scene()
                        .assertRunFor(
                                stage.schedule(),
                                IntStream.rangeClosed(3, 5)
                                        .mapToObj(hours -> stage.due().plus(HOUR.multipliedBy(hours)))
                                        .toList())));
    }

    // ---- from one index to the other

    @Test
    void aScheduleOfTheLegacyIndexIsTakenOverIntoTheShards() {
        tell(new Story(LEGACY, SHARDED, stage -> {}, stage -> stage.work(options(stage.worker())), stage -> {
            stage.scene().assertRunFor(stage.schedule(), List.of(stage.due()));
            assertInShards(stage);
        }));
    }

    @Test
    void aScheduleOfTheShardsIsTakenOverIntoTheLegacyIndex() {
        tell(new Story(
                SHARDED,
                LEGACY,
                ClaimCrashTest::assertInShards,
                stage -> stage.work(options(stage.worker())),
                stage -> {
                    stage.scene().assertRunFor(stage.schedule(), List.of(stage.due()));
                    assertInLegacyIndex(stage);
                }));
    }

    @Test
    void aClaimOfADeadWorkerIsTakenOverFromTheLegacyIndex() {
        tell(new Story(
                LEGACY,
                SHARDED,
                stage -> {
                    stage.claimed(options("dead"));
                    stage.scene().clock().advance(LEASE);
                },
                stage -> stage.work(options(stage.worker())),
                stage -> {
                    stage.scene().assertRunFor(stage.schedule(), List.of(stage.due()));
                    assertInShards(stage);
                }));
    }

    @Test
    void whatWasClaimedInOneModeMayBeReportedInTheOther() {
        try (CrashScene scene = new CrashScene(aws, Instant.parse("2027-01-01T00:00:00Z"), LEGACY)) {
            Schedule schedule = scene.create(LEGACY, Recurrence.every(HOUR));
            scene.clock().advance(HOUR);
            Claim claim = claim(scene.storage(LEGACY).claims(), options("one")).get(0);
            scene.handle(claim);

            scene.storage(SHARDED).claims().complete(claim);

            Stage stage = new Stage(scene, schedule, scene.storage(LEGACY).claims(), "two");
            assertInShards(stage);
            scene.clock().advance(HOUR);
            stage.work(options("two"));
            scene.assertRunFor(schedule, List.of(stage.due(), stage.due().plus(HOUR)));
            assertInLegacyIndex(stage);
        }
    }

    private static void assertInShards(Stage stage) {
        assertThat(stage.scene().schedules().get(stage.schedule().id()))
                .containsKeys("due_shard", "due_at")
                .doesNotContainKey("next_run_at");
    }

    private static void assertInLegacyIndex(Stage stage) {
        assertThat(stage.scene().schedules().get(stage.schedule().id()))
                .containsKey("next_run_at")
                .doesNotContainKeys("due_shard", "due_at");
    }
}
