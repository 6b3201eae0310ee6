package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.claim.Claim;
import io.threatengine.onboarding.claim.ClaimOptions;
import io.threatengine.onboarding.claim.ClaimResult;
import io.threatengine.onboarding.claim.ScheduleClaims;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.execution.ExecutionId;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.schedule.DueIndex;
import io.threatengine.onboarding.schedule.NewSchedule;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.schedule.ScheduleId;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.tests.CutNetwork.Cut;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Fresh tables, schedules in them, and workers that run what is due: some that live, and some that die at one of their
 * requests. A worker takes one schedule at a time, so that its requests have an order. For one thread.
 */
final class CrashScene implements AutoCloseable {
    static final Duration LEASE = Duration.ofMinutes(5);

    /** What a worker does with its claims. */
    @FunctionalInterface
    interface Round {
        void run(ScheduleClaims claims, String worker);
    }

    private final DynamoDbClient client;
    private final OnboardingSettings settings = OnboardingSettings.builder()
            .tables(TableNames.withPrefix("crash-" + UUID.randomUUID() + "-"))
            .build();
    private final SettableClock clock;
    private final CutNetwork network = new CutNetwork();
    private final DynamoDbClient mortals;
    private final Map<DueIndex, DynamoDbStorage> living = new HashMap<>();
    private final Map<ExecutionId, Integer> handled = new HashMap<>();
    private final Set<String> deaths = new TreeSet<>();
    private final Account account;
    private boolean hasShards;
    private int workers;

    /** @param index whose tables are made */
    CrashScene(EmbeddedAws aws, Instant now, DueIndex index) {
        this.client = aws.dynamoDb();
        this.mortals = network.dynamoDbWithoutRetries(aws);
        this.clock = SettableClock.at(now);
        this.account = DueSchedules.account(storage(index));
    }

    @Override
    public void close() {
        mortals.close();
        network.close();
    }

    SettableClock clock() {
        return clock;
    }

    /** A storage that lives as long as the scene. */
    DynamoDbStorage storage(DueIndex index) {
        hasShards |= index.isSharded();
        return living.computeIfAbsent(index, mode -> {
            DynamoDbStorage storage = storage(client, mode);
            storage.createTables();
            return storage;
        });
    }

    private DynamoDbStorage storage(DynamoDbClient by, DueIndex index) {
        return DynamoDbStorage.using(by, settings.toBuilder().dueIndex(index).build(), clock);
    }

    /** To look at rows, in whatever index they are. */
    private DynamoDbStorage any() {
        return living.values().iterator().next();
    }

    Items schedules() {
        return new Items(client, settings.tables().schedules(), "schedule_id");
    }

    Schedule create(DueIndex index, Recurrence recurrence) {
        return storage(index).schedules().create(NewSchedule.of(account, ProviderType.AWS, "schedule", recurrence));
    }

    // ---- workers

    /** The options of most workers. */
    static ClaimOptions options(String worker) {
        return ClaimOptions.of(worker, LEASE, 1);
    }

    /** Claims, renews, runs and completes one after the other, until nothing is due. */
    void work(ScheduleClaims claims, ClaimOptions options) {
        for (List<Claim> due = claim(claims, options); !due.isEmpty(); due = claim(claims, options)) {
            clock.advance(Duration.ofSeconds(1)); // or a renewal would have nothing to write
            Claim claim = claims.renew(due.get(0));
            handle(claim);
            claims.complete(claim, Checks.of(1, 1, 0));
        }
    }

    static List<Claim> claim(ScheduleClaims claims, ClaimOptions options) {
        ClaimResult result = claims.claimDue(options);
        assertThat(result.problems()).isEmpty();
        return result.claims();
    }

    void handle(Claim claim) {
        handled.merge(claim.executionId(), 1, Integer::sum);
    }

    /** A worker that does all of it. */
    void live(DueIndex index, Round round) {
        round.run(storage(index).claims(), nextWorker());
    }

    /**
     * A worker that dies at that request of its round, if it comes to it.
     *
     * @return whether it died
     */
    boolean die(DueIndex index, Round round, int request, Cut cut) {
        // a look begins with any of the shards, so that with them the number of a query says little
        String notCounted = hasShards ? "Query" : "";
        network.cutOffAt(request, cut, notCounted);
        try {
            round.run(storage(mortals, index).claims(), nextWorker());
        } catch (ServiceException e) {
            assertThat(network.isCutOff()).as(e.getMessage()).isTrue();
        }
        if (network.isCutOff()) {
            deaths.add(network.cutOffAt() + " " + cut);
        }
        return network.isCutOff();
    }

    /** Where the workers died. */
    Set<String> deaths() {
        return deaths;
    }

    private String nextWorker() {
        workers++;
        return "worker " + workers;
    }

    // ---- what came of it

    Schedule stored(ScheduleId id) {
        return any().schedules().get(id);
    }

    /** A schedule's executions, by their due times. */
    List<Execution> executions(ScheduleId id) {
        return any().executions().ofSchedule(id).stream()
                .sorted(Comparator.comparing(execution -> execution.dueAt().orElseThrow()))
                .toList();
    }

    /** That there is one execution for each of these due times, and its handler ran. */
    void assertRunFor(Schedule schedule, List<Instant> dueTimes) {
        List<Execution> executions = executions(schedule.id());
        assertThat(executions.stream().map(execution -> execution.dueAt().orElseThrow()))
                .as("due times of %s", schedule.recurrence())
                .containsExactlyElementsOf(dueTimes);
        assertThat(executions).allSatisfy(execution -> {
            assertThat(execution.status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(execution.id())
                    .isEqualTo(
                            ExecutionId.forDue(schedule.id(), execution.dueAt().orElseThrow()));
            assertThat(handled.get(execution.id())).as("handler runs").isPositive();
        });
        assertCounted(schedule.id());
    }

    /** That the counters of a schedule are those of its executions, and that nobody holds it. */
    void assertCounted(ScheduleId id) {
        Schedule stored = stored(id);
        List<RunStatus> ends = executions(id).stream().map(Execution::status).toList();
        assertThat(stored.successCount()).isEqualTo(count(ends, RunStatus.COMPLETED));
        assertThat(stored.failureCount()).isEqualTo(count(ends, RunStatus.FAILED));
        assertThat(stored.runCount()).isEqualTo(stored.successCount() + stored.failureCount());
        assertThat(ends).doesNotContain(RunStatus.RUNNING);
        assertThat(stored.lease()).isEmpty();
    }

    private static long count(List<RunStatus> ends, RunStatus status) {
        return ends.stream().filter(status::equals).count();
    }

    /** When a recurrence is due, from its creation on. */
    static List<Instant> dueTimes(Recurrence recurrence, Instant createdAt, Instant until) {
        List<Instant> due = new ArrayList<>();
        for (var next = recurrence.nextAfter(createdAt);
                next.isPresent() && !next.get().isAfter(until);
                next = recurrence.nextAfter(next.get(), next.get())) {
            due.add(next.get());
        }
        return due;
    }
}
