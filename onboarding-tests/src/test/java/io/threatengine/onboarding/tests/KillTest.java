package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.execution.ExecutionId;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.schedule.DueIndex;
import io.threatengine.onboarding.schedule.NewSchedule;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sixteen runners in four processes, which are killed and replaced at random, on one backend: each due time is run for, none
 * is lost, and none is run for twice but where a process was killed over it.
 *
 * <p>By default with few schedules, so that the build stays short; {@code -Dkill.schedules=2000} is what CI runs.
 */
@OnboardingTest
class KillTest {
    private static final int SCHEDULES = Integer.getInteger("kill.schedules", 160);
    private static final int ACCOUNTS = 20;
    private static final int KILLS = SCHEDULES >= 1_000 ? 12 : 3;
    private static final Duration DAY = Duration.ofDays(1);

    /** A run that begins later than so long after its due time is called late. Only shown: it depends on the machine. */
    private static final Duration LATE = Duration.ofSeconds(30);

    private final EmbeddedAws aws;

    KillTest(EmbeddedAws aws) {
        this.aws = aws;
    }

    static Stream<DueIndex> modes() {
        return Stream.of(DueIndex.LEGACY, DueIndex.sharded(4));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void eachDueTimeIsRunForWhoeverIsKilled(DueIndex mode) throws Exception {
        OnboardingSettings settings = OnboardingSettings.builder()
                .tables(TableNames.withPrefix("kill-" + UUID.randomUUID() + "-"))
                .dueIndex(mode)
                .build();
        Instant due = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        List<Account> accounts = due(settings, due);
        var storage = DynamoDbStorage.using(aws.dynamoDb(), settings);
        var fleet = new KilledFleet(aws, settings, SCHEDULES, KILLS);
        fleet.run(() -> completed(storage, accounts) == SCHEDULES);

        var outcome = new Outcome(storage, accounts, fleet, due);
        System.out.println("KillTest, " + mode + ": " + outcome);
        outcome.check();
    }

    private List<Account> due(OnboardingSettings settings, Instant due) {
        DynamoDbStorage yesterday = DynamoDbStorage.using(aws.dynamoDb(), settings, SettableClock.at(due.minus(DAY)));
        yesterday.createTables();
        List<Account> accounts = Stream.generate(() -> DueSchedules.account(yesterday))
                .limit(ACCOUNTS)
                .toList();
        accounts.forEach(account -> yesterday
                .schedules()
                .createAll(
                        Collections.nCopies(
                                SCHEDULES / ACCOUNTS,
                                NewSchedule.of(account, ProviderType.AWS, "daily", Recurrence.every(DAY))),
                        BulkOptions.defaults())
                .values());
        return accounts;
    }

    private static long completed(DynamoDbStorage storage, List<Account> accounts) {
        return accounts.stream()
                .flatMap(account -> storage.executions().ofAccount(account.id()).stream())
                .filter(execution -> execution.status().equals(RunStatus.COMPLETED))
                .count();
    }

    /** What is left when everything is done. */
    private static final class Outcome {
        private final List<Schedule> schedules;
        private final Map<ExecutionId, Execution> executions;
        private final KilledFleet fleet;
        private final Instant due;

        Outcome(DynamoDbStorage storage, List<Account> accounts, KilledFleet fleet, Instant due) {
            this.schedules = accounts.stream()
                    .flatMap(account -> storage.schedules().ofAccount(account.id()).stream())
                    .toList();
            this.executions = accounts.stream()
                    .flatMap(account -> storage.executions().ofAccount(account.id()).stream())
                    .collect(Collectors.toMap(Execution::id, Function.identity()));
            this.fleet = fleet;
            this.due = due;
        }

        /** Schedules that nobody ran for the due time. */
        private long lost() {
            return schedules.stream()
                    .map(schedule -> ExecutionId.forDue(schedule.id(), due))
                    .filter(id -> !executions.containsKey(id) || !fleet.hasRun(id))
                    .count();
        }

        private Duration latest() {
            return executions.values().stream()
                    .map(execution -> Duration.between(due, execution.startedAt()))
                    .max(Duration::compareTo)
                    .orElse(Duration.ZERO);
        }

        private long late() {
            return executions.values().stream()
                    .filter(execution ->
                            Duration.between(due, execution.startedAt()).compareTo(LATE) > 0)
                    .count();
        }

        private long attempts() {
            return executions.values().stream()
                    .mapToLong(execution -> execution.attempt().orElseThrow().number())
                    .sum();
        }

        void check() {
            assertThat(schedules).hasSize(SCHEDULES);
            assertThat(lost()).as("lost").isZero();
            assertThat(executions).as("one execution for each due time").hasSize(SCHEDULES);
            assertThat(executions.values()).allSatisfy(execution -> {
                assertThat(execution.dueAt()).contains(due);
                assertThat(execution.status()).isEqualTo(RunStatus.COMPLETED);
            });
            assertThat(schedules).allSatisfy(schedule -> {
                assertThat(schedule.runCount()).isEqualTo(1);
                assertThat(schedule.successCount()).isEqualTo(1);
                assertThat(schedule.failureCount()).isZero();
                assertThat(schedule.lease()).isEmpty();
                assertThat(schedule.nextRunAt()).contains(due.plus(DAY));
            });
            assertThat(fleet.kills()).isEqualTo(KILLS);
            assertThat(fleet.repeated() - fleet.repeatedForKills())
                    .as("run twice though nobody was killed, but for those who stood still for a whole lease")
                    .isLessThanOrEqualTo(fleet.leasesLost());
        }

        @Override
        public String toString() {
            return "lost " + lost() + ", double " + fleet.repeated() + " (" + fleet.repeatedForKills()
                    + " under way at kills; leases lost by the living " + fleet.leasesLost() + "), late " + late()
                    + " by more than " + LATE.toSeconds() + " s (latest " + latest().toMillis() + " ms), kills "
                    + fleet.kills() + ", attempts " + attempts() + " for " + SCHEDULES + " due times, requests "
                    + fleet.requests() + ", took " + fleet.took().toMillis() + " ms";
        }
    }
}
