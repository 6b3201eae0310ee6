package io.threatengine.onboarding.benchmarks;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.claim.Claim;
import io.threatengine.onboarding.claim.ClaimResult;
import io.threatengine.onboarding.claim.ScheduleClaims;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.schedule.DueIndex;
import io.threatengine.onboarding.schedule.NewSchedule;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.storage.Bulk;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Schedules that are all due at once, claimed and then completed by workers as fast as they can. The clock stands still, so
 * that no lease ends and each schedule is due once. First everything is claimed, then everything completed: what each of the
 * two costs stays apart.
 */
final class ClaimRun {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Checks CHECKS = Checks.of(120, 110, 10);

    /**
     * What is measured.
     *
     * @param limit the most schedules that a worker claims in one look
     */
    record Load(DueIndex index, int workers, int schedules, int limit) {}

    /**
     * What came of it.
     *
     * @param lost how many claims another worker was faster with
     */
    record Measured(
            Load load,
            Duration claiming,
            Duration completing,
            long lost,
            ClaimCalls.Tally claims,
            ClaimCalls.Tally completions) {

        double claimsPerSecond() {
            return load.schedules / seconds(claiming);
        }

        double runsPerSecond() {
            return load.schedules / seconds(claiming.plus(completing));
        }

        double writesPerRun() {
            return perRun(claims.writes() + completions.writes());
        }

        double refusedPerRun() {
            return perRun(claims.refusedWrites() + completions.refusedWrites());
        }

        double queriesPerRun() {
            return perRun(claims.requests("Query"));
        }

        double rowsPerRun() {
            return perRun(claims.rowsRead());
        }

        double readUnitsPerRun() {
            return perRun(claims.readUnits() + completions.readUnits());
        }

        double writeUnitsPerRun() {
            return perRun(claims.allWriteUnits() + completions.allWriteUnits());
        }

        /** Of a table or an index. */
        double writeUnitsPerRun(String place) {
            return perRun(claims.writeUnits().getOrDefault(place, 0.0)
                    + completions.writeUnits().getOrDefault(place, 0.0));
        }

        private double perRun(long count) {
            return perRun((double) count);
        }

        private double perRun(double count) {
            return count / load.schedules;
        }

        private static double seconds(Duration duration) {
            return duration.toNanos() / 1e9;
        }
    }

    private final EmbeddedAws aws;
    private int runs;

    ClaimRun(EmbeddedAws aws) {
        this.aws = aws;
    }

    /**
     * Measures one load, on tables of its own.
     *
     * @throws IllegalStateException if not every schedule was run exactly once
     */
    Measured measure(Load load) throws InterruptedException {
        String prefix = "claims-" + ++runs + "-";
        var settings = OnboardingSettings.builder()
                .tables(TableNames.withPrefix(prefix))
                .dueIndex(load.index())
                .build();
        var calls = new ClaimCalls(prefix);
        var clock = SettableClock.at(Instant.parse("2026-11-24T08:17:00Z"));
        ExecutorService threads = Executors.newFixedThreadPool(load.workers());
        try (DynamoDbClient client = calls.client(aws);
                var storage = DynamoDbStorage.using(aws.dynamoDb(), settings, clock)) {
            storage.createTables();
            Account account = due(storage, load.schedules());
            clock.advance(HOUR.plusSeconds(1));

            List<Worker> workers = new ArrayList<>();
            for (int i = 0; i < load.workers(); i++) {
                // a storage of its own, as a process of its own would have
                workers.add(new Worker(
                        "worker-" + i,
                        DynamoDbStorage.using(client, settings, clock).claims(),
                        load));
            }
            Duration claiming = timed(threads, workers, Worker::claimAll);
            ClaimCalls.Tally claims = calls.take();
            Duration completing = timed(threads, workers, Worker::completeAll);
            ClaimCalls.Tally completions = calls.take();
            requireEachRunOnce(storage, account, load.schedules());
            long lost = workers.stream().mapToLong(worker -> worker.lost).sum();
            return new Measured(load, claiming, completing, lost, claims, completions);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Account due(DynamoDbStorage storage, int count) {
        Provider provider =
                storage.providers().create(storage.tenants().create("load").id(), ProviderType.AWS);
        Account account = storage.accounts()
                .create(provider, NewAccount.withoutNumber(provider.tenantId(), ProviderType.AWS, "production"));
        NewSchedule hourly = NewSchedule.of(account, ProviderType.AWS, "hourly", Recurrence.every(HOUR));
        var created = storage.schedules().createAll(Collections.nCopies(count, hourly), BulkOptions.defaults());
        require(created.failures().isEmpty(), "not created: " + created.failures());
        return account;
    }

    private interface Part {
        void run(Worker worker);
    }

    /** How long all workers take that begin at once. */
    private static Duration timed(ExecutorService threads, List<Worker> workers, Part part)
            throws InterruptedException {
        var start = new CountDownLatch(1);
        List<Future<?>> running = new ArrayList<>();
        for (Worker worker : workers) {
            Callable<Void> task = () -> {
                start.await();
                part.run(worker);
                return null;
            };
            running.add(threads.submit(task));
        }
        long begun = System.nanoTime();
        start.countDown();
        try {
            for (Future<?> one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a worker has failed", e.getCause());
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static void requireEachRunOnce(DynamoDbStorage storage, Account account, int count) {
        long completed = storage.executions().ofAccount(account.id()).stream()
                .filter(execution -> execution.status().equals(RunStatus.COMPLETED))
                .count();
        long runOnce = storage.schedules().ofAccount(account.id()).stream()
                .filter(schedule -> schedule.runCount() == 1)
                .count();
        require(
                completed == count && runOnce == count,
                "of " + count + " schedules " + runOnce + " were run once, with " + completed + " executions");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    /** Used by one thread at a time. */
    private static final class Worker {
        private final String name;
        private final ScheduleClaims claims;
        private final Load load;
        private final List<Claim> held = new ArrayList<>();
        private long lost;

        Worker(String name, ScheduleClaims claims, Load load) {
            this.name = name;
            this.claims = claims;
            this.load = load;
        }

        void claimAll() {
            ClaimResult result;
            do {
                result = claims.claimDue(name, LEASE, load.limit());
                require(result.problems().isEmpty(), "not claimed: " + result.problems());
                held.addAll(result.claims());
                lost += result.lost();
            } while (!result.claims().isEmpty() || result.lost() > 0);
        }

        void completeAll() {
            var completed = Bulk.each(held, BulkOptions.defaults(), claim -> {
                claims.complete(claim, CHECKS);
                return claim;
            });
            require(completed.failures().isEmpty(), "not completed: " + completed.failures());
        }
    }
}
