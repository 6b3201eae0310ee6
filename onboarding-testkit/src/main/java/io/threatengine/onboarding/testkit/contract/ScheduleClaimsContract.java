package io.threatengine.onboarding.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.claim.Claim;
import io.threatengine.onboarding.claim.ClaimOptions;
import io.threatengine.onboarding.claim.ClaimResult;
import io.threatengine.onboarding.claim.MissedRuns;
import io.threatengine.onboarding.claim.ScheduleClaims;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.LeaseLostException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.execution.Attempt;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.execution.ExecutionId;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.run.RunOutcome;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.scan.ScanId;
import io.threatengine.onboarding.schedule.NewSchedule;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.storage.Bulk;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.testkit.Deviation;
import io.threatengine.onboarding.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every storage's {@link ScheduleClaims} do. */
public interface ScheduleClaimsContract extends Contract {
    Duration HOUR = Duration.ofHours(1);
    Duration LEASE = Duration.ofMinutes(5);

    /** A storage in which due schedules can be claimed. */
    OnboardingStorage storage();

    /** Any vault. */
    CredentialVault vault();

    /** The clock that the storage goes by. */
    SettableClock clock();

    @Test
    default void aDueScheduleIsClaimedByOneWorker() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);

        ClaimResult first = claims.claimDue("one", LEASE, 10);
        ClaimResult second = claims.claimDue("two", LEASE, 10);

        assertThat(second.claims()).isEmpty();
        assertThat(first.problems()).isEmpty();
        assertThat(first.claims()).singleElement().satisfies(claim -> {
            Instant now = claim.until().minus(LEASE);
            assertThat(claim.schedule().id()).isEqualTo(schedule.id());
            assertThat(claim.dueAt()).isEqualTo(schedule.nextRunAt().orElseThrow());
            assertThat(claim.fence()).isEqualTo(1);
            assertThat(claim.attempt()).isEqualTo(1);
            assertThat(stored(schedule)).isEqualTo(claim.schedule());
            assertThat(stored(schedule).nextRunAt()).contains(claim.until());
            assertThat(stored(schedule).isLeased()).isTrue();
            Execution execution = execution(claim);
            assertThat(execution.id()).isEqualTo(ExecutionId.forDue(schedule.id(), claim.dueAt()));
            assertThat(execution.status()).isEqualTo(RunStatus.RUNNING);
            assertThat(execution.dueAt()).contains(claim.dueAt());
            assertThat(execution.attempt()).contains(new Attempt(1, "one", 1));
            assertThat(execution.tenantId()).contains(schedule.tenantId());
            assertThat(execution.accountId()).isEqualTo(schedule.accountId());
            assertThat(execution.startedAt()).isEqualTo(now);
        });
        assertThat(storage().executions().ofSchedule(schedule.id()).stream()).hasSize(1);
    }

    @Test
    default void whatIsNotDueOrRestsIsNotClaimed() {
        Schedule paused = due();
        storage().schedules().update(paused.id(), Schedule::pause);
        Schedule later = create(Recurrence.every(HOUR));

        assertThat(claimsOf(later).claimDue("one", LEASE, 10).claims()).isEmpty();
        assertThat(claimsOf(paused).claimDue("one", LEASE, 10).claims()).isEmpty();
    }

    @Test
    default void aCompletedRunCountsAndIsFollowedByTheNext() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        Claim claim = claim(claims, "one");

        claims.complete(claim, Checks.of(10, 8, 2));
        claims.complete(claim, Checks.of(10, 8, 2));

        Schedule after = stored(schedule);
        assertThat(after.lease()).isEmpty();
        assertThat(after.fence()).isEqualTo(1);
        assertThat(after.runCount()).isEqualTo(1);
        assertThat(after.successCount()).isEqualTo(1);
        assertThat(after.failureCount()).isZero();
        assertThat(after.lastRunAt()).contains(execution(claim).startedAt());
        assertThat(after.nextRunAt()).contains(claim.dueAt().plus(HOUR));
        assertThat(execution(claim).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(execution(claim).checks()).contains(Checks.of(10, 8, 2));
        assertThat(claims.claimDue("one", LEASE, 10).claims()).isEmpty();
        assertThatExceptionOfType(IllegalTransitionException.class)
                .isThrownBy(() -> claims.fail(claim, "no, it failed"));
        assertThat(stored(schedule)).isEqualTo(after);
    }

    @Test
    default void aFailedRunCountsToo() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        Claim claim = claim(claims, "one");

        claims.fail(claim, "the role cannot be assumed");

        assertThat(stored(schedule).runCount()).isEqualTo(1);
        assertThat(stored(schedule).failureCount()).isEqualTo(1);
        assertThat(stored(schedule).nextRunAt()).contains(claim.dueAt().plus(HOUR));
        assertThat(execution(claim).status()).isEqualTo(RunStatus.FAILED);
        assertThat(execution(claim).errorMessage()).contains("the role cannot be assumed");
    }

    @Test
    default void aWrongOutcomeIsRefusedAndChangesNothing() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        Claim claim = claim(claims, "one");

        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> claims.complete(claim, new Checks(1, 2, 3, 4)));
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> claims.fail(claim, " "));

        assertThat(stored(schedule)).isEqualTo(claim.schedule());
        assertThat(execution(claim).status()).isEqualTo(RunStatus.RUNNING);
    }

    @Test
    default void aRenewedClaimIsHeldLonger() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        Claim claim = claim(claims, "one");

        clock().advance(LEASE.minusSeconds(1));
        Claim renewed = claims.renew(claim);
        clock().advance(LEASE.minusSeconds(1));

        assertThat(renewed.until()).isEqualTo(claim.until().plus(LEASE).minusSeconds(1));
        assertThat(claims.claimDue("two", LEASE, 10).claims()).isEmpty();
        claims.complete(renewed);
        assertThat(stored(schedule).successCount()).isEqualTo(1);
    }

    @Test
    default void aDeadWorkersRunComesBackAsTheSameExecution() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        Claim dead = claim(claims, "dead");

        clock().advance(LEASE);
        Claim next = claim(claims, "two");

        assertThat(next.dueAt()).isEqualTo(dead.dueAt());
        assertThat(next.executionId()).isEqualTo(dead.executionId());
        assertThat(next.attempt()).isEqualTo(2);
        assertThat(next.fence()).isEqualTo(2);
        assertThat(execution(next).attempt()).contains(new Attempt(2, "two", 2));
        assertThat(storage().executions().ofSchedule(schedule.id()).stream()).hasSize(1);
        assertLost(() -> claims.complete(dead));
        assertLost(() -> claims.fail(dead, "late"));
        assertLost(() -> claims.renew(dead));
        assertLost(() -> claims.release(dead));
        claims.complete(next);
        assertLost(() -> claims.complete(dead));
        assertThat(stored(schedule).runCount()).isEqualTo(1);
        assertThat(execution(next).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    default void aLeaseThatHasEndedIsStillGoodWhileNobodyElseHasTakenIt() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        Claim claim = claim(claims, "slow");

        clock().advance(LEASE.multipliedBy(2));
        claims.complete(claims.renew(claim));

        assertThat(stored(schedule).successCount()).isEqualTo(1);
    }

    @Test
    default void aRunThatIsBegunTooOftenHasFailed() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        ClaimOptions twice = ClaimOptions.of("one", LEASE, 10).withAttempts(2);
        Claim first = one(claims.claimDue(twice));
        clock().advance(LEASE);
        one(claims.claimDue(twice));
        clock().advance(LEASE);

        ClaimResult third = claims.claimDue(twice);

        assertThat(third.claims()).isEmpty();
        assertThat(third.givenUp()).isEqualTo(1);
        assertThat(execution(first).status()).isEqualTo(RunStatus.FAILED);
        assertThat(execution(first).errorMessage())
                .hasValueSatisfying(
                        why -> assertThat(why).contains("2 attempts").contains("one"));
        assertThat(stored(schedule).failureCount()).isEqualTo(1);
        assertThat(stored(schedule).nextRunAt()).contains(first.dueAt().plus(HOUR));
    }

    @Test
    default void whatIsGivenBackIsAnothersAtOnceAndNoAttempt() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        Claim first = claim(claims, "one");

        claims.release(first);
        assertLost(() -> claims.complete(first));
        assertLost(() -> claims.release(first));
        Claim second = claim(claims, "two");

        assertThat(second.dueAt()).isEqualTo(first.dueAt());
        assertThat(second.executionId()).isEqualTo(first.executionId());
        assertThat(second.attempt()).isEqualTo(1);
        assertThat(second.fence()).isGreaterThan(first.fence());
        claims.complete(second);
        assertThat(stored(schedule).runCount()).isEqualTo(1);
    }

    @Test
    default void aOneTimeScheduleDisablesItselfOnceItHasRun() {
        Instant at = clock().instant().plusSeconds(60);
        Schedule schedule = create(Recurrence.once(at));
        clock().advance(HOUR);
        ScheduleClaims claims = claimsOf(schedule);
        Claim claim = claim(claims, "one");
        Instant due = schedule.nextRunAt().orElseThrow();

        assertThat(claim.schedule().recurrence()).isEqualTo(new Recurrence.OneTime(due));
        claims.complete(claim);

        assertThat(stored(schedule).enabled()).isFalse();
        assertThat(stored(schedule).nextRunAt()).isEmpty();
        assertThat(stored(schedule).runCount()).isEqualTo(1);
    }

    @Test
    default void aScheduleThatRestsWhileItRunsStaysAtRest() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        Claim claim = claim(claims, "one");

        storage().schedules().update(schedule.id(), Schedule::pause);
        claims.complete(claims.renew(claim));

        assertThat(stored(schedule).enabled()).isFalse();
        assertThat(stored(schedule).successCount()).isEqualTo(1);
    }

    @Test
    default void aOneTimeScheduleWhoseWorkerDiedWhileItRestedIsTakenOverWhenItIsResumed() {
        Schedule schedule = create(Recurrence.once(clock().instant().plusSeconds(60)));
        clock().advance(HOUR);
        ScheduleClaims claims = claimsOf(schedule);
        Claim dead = claim(claims, "dead");

        storage().schedules().update(schedule.id(), Schedule::pause);
        clock().advance(HOUR);
        assertThat(claims.claimDue("two", LEASE, 10).claims()).isEmpty();
        storage().schedules().update(schedule.id(), s -> s.resume(clock().instant()));

        assertThat(claim(claims, "two").executionId()).isEqualTo(dead.executionId());
    }

    @Test
    default void aTimeThatIsSetWhileItRunsIsKept() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        Claim claim = claim(claims, "one");
        Instant set = clock().instant().plus(HOUR.multipliedBy(7));

        reschedule(schedule, Recurrence.once(set));
        Claim renewed = claims.renew(claim);
        claims.complete(renewed);

        assertThat(stored(schedule).nextRunAt()).contains(set.truncatedTo(ChronoUnit.MICROS));
        assertThat(stored(schedule).enabled()).isTrue();
        assertThat(stored(schedule).successCount()).isEqualTo(1);
        assertThat(stored(schedule).lease()).isEmpty();
    }

    @Test
    default void aRunThatIsNotOverWhenANewTimeComesHasFailed() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        Claim old = claim(claims, "one");

        reschedule(schedule, Recurrence.every(HOUR.multipliedBy(2)));
        clock().advance(HOUR.multipliedBy(2));
        ClaimResult result = claims.claimDue("two", LEASE, 10);
        Claim next = one(result);

        assertThat(result.givenUp()).isEqualTo(1);
        assertThat(next.executionId()).isNotEqualTo(old.executionId());
        assertThat(next.attempt()).isEqualTo(1);
        assertThat(execution(old).status()).isEqualTo(RunStatus.FAILED);
        assertLost(() -> claims.renew(old));
        claims.complete(next);
        assertThat(stored(schedule).runCount()).isEqualTo(2);
        assertThat(stored(schedule).failureCount()).isEqualTo(1);
    }

    @Test
    default void aChangeOfTheScheduleDoesNotDisturbItsRun() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        Claim claim = claim(claims, "one");

        storage().schedules().update(schedule.id(), s -> s.rename("another name"));
        Claim renewed = claims.renew(claim);
        storage().schedules().update(schedule.id(), s -> s.withRegions(List.of("eu-west-1")));
        storage().executions().update(claim.executionId(), e -> e.withScan(ScanId.random()));
        claims.complete(renewed);

        assertThat(stored(schedule).name()).isEqualTo("another name");
        assertThat(stored(schedule).regions()).containsExactly("eu-west-1");
        assertThat(stored(schedule).successCount()).isEqualTo(1);
        assertThat(execution(claim).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(execution(claim).scanId()).isPresent();
    }

    @Test
    default void aCancelledExecutionStaysCancelledAndItsScheduleGoesOn() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        Claim claim = claim(claims, "one");
        storage().executions().update(claim.executionId(), e -> e.cancel(clock().instant()));

        assertThatExceptionOfType(IllegalTransitionException.class)
                .isThrownBy(() -> claims.complete(claim))
                .satisfies(e -> assertThat(e.from()).isEqualTo("cancelled"));

        assertThat(execution(claim).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(stored(schedule).nextRunAt()).contains(claim.dueAt().plus(HOUR));
        assertThat(stored(schedule).runCount()).isZero();
    }

    @Test
    default void aCancelledExecutionOfADeadWorkerIsNotBegunAgain() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        Claim dead = claim(claims, "dead");
        storage().executions().update(dead.executionId(), e -> e.cancel(clock().instant()));
        clock().advance(LEASE);

        ClaimResult next = claims.claimDue("two", LEASE, 10);

        assertThat(next.claims()).isEmpty();
        assertThat(next.skipped()).isEqualTo(1);
        assertThat(stored(schedule).nextRunAt()).contains(dead.dueAt().plus(HOUR));
        assertThat(execution(dead).status()).isEqualTo(RunStatus.CANCELLED);
    }

    @Test
    default void theRunOfAScheduleThatIsGoneEndsAllTheSame() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        Claim claim = claim(claims, "one");
        storage().schedules().delete(schedule.id());
        clock().advance(Duration.ofSeconds(1));

        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> claims.renew(claim));
        claims.complete(claim);
        claims.complete(claim);

        assertThat(execution(claim).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(storage().schedules().find(schedule.id())).isEmpty();
    }

    @Test
    default void anExecutionThatIsGoneDoesNotKeepItsScheduleFromGoingOn() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        Claim dead = claim(claims, "dead");
        storage().executions().delete(dead.executionId());
        clock().advance(LEASE);

        Claim next = claim(claims, "two");
        assertThat(next.attempt()).isEqualTo(2);
        assertThat(execution(next).attempt()).contains(new Attempt(2, "two", 2));
        storage().executions().delete(next.executionId());
        claims.complete(next);

        assertThat(stored(schedule).successCount()).isEqualTo(1);
    }

    @Test
    default void oneRunMakesUpForAllThatWasMissedWhenItBegan() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        clock().advance(HOUR.multipliedBy(5));

        Claim claim = claim(claims, "one");
        Instant due = claim.dueAt();
        clock().advance(HOUR);
        claims.complete(claim);

        assertThat(due).isEqualTo(schedule.nextRunAt().orElseThrow());
        assertThat(stored(schedule).nextRunAt())
                .as("what fell due while it ran is due at once")
                .contains(due.plus(HOUR.multipliedBy(6)));
        assertThat(claim(claims, "one").dueAt()).isEqualTo(due.plus(HOUR.multipliedBy(6)));
    }

    @Test
    default void whatWasMissedForTooLongIsLeftOutWhereThatIsWanted() {
        Schedule schedule = due();
        Instant due = schedule.nextRunAt().orElseThrow();
        ScheduleClaims claims = claimsOf(schedule);
        ClaimOptions skip = ClaimOptions.of("one", LEASE, 10).withMissedRuns(MissedRuns.skip(Duration.ofMinutes(10)));
        clock().advance(HOUR.multipliedBy(3).plus(Duration.ofMinutes(30)));

        ClaimResult result = claims.claimDue(skip);

        assertThat(result.claims()).isEmpty();
        assertThat(result.skipped()).isEqualTo(1);
        assertThat(stored(schedule).nextRunAt()).contains(due.plus(HOUR.multipliedBy(4)));
        assertThat(storage().executions().ofSchedule(schedule.id()).stream()).isEmpty();
        clock().advance(Duration.ofMinutes(32));
        claims.complete(one(claims.claimDue(skip)));
        assertThat(stored(schedule).runCount()).isEqualTo(1);
    }

    @Test
    default void aOneTimeScheduleIsRunHoweverLate() {
        Schedule schedule = create(Recurrence.once(clock().instant().plusSeconds(60)));
        clock().advance(HOUR.multipliedBy(100));

        assertThat(claimsOf(schedule)
                        .claimDue(ClaimOptions.of("one", LEASE, 1).withMissedRuns(MissedRuns.skip(LEASE)))
                        .claims())
                .hasSize(1);
    }

    @Test
    default void eachMissedTimeIsRunForWhereThatIsWantedUpToABound() {
        Schedule schedule = due();
        Instant due = schedule.nextRunAt().orElseThrow();
        ScheduleClaims claims = claimsOf(schedule);
        ClaimOptions catchUp =
                ClaimOptions.of("one", LEASE, 10).withMissedRuns(MissedRuns.catchUp(HOUR.multipliedBy(3)));
        clock().advance(HOUR.multipliedBy(10));

        var run = new ArrayList<Instant>();
        for (var claimed = claims.claimDue(catchUp).claims();
                !claimed.isEmpty();
                claimed = claims.claimDue(catchUp).claims()) {
            run.add(claimed.get(0).dueAt());
            claims.complete(claimed.get(0));
        }

        assertThat(run)
                .containsExactlyElementsOf(IntStream.rangeClosed(8, 10)
                        .mapToObj(hours -> due.plus(HOUR.multipliedBy(hours)))
                        .toList());
        assertThat(stored(schedule).nextRunAt()).contains(due.plus(HOUR.multipliedBy(11)));
    }

    @Test
    @FailsWith(Deviation.CONCURRENT_WRITES)
    default void noDueTimeIsLeftOutWhereManyWorkersCatchUp() {
        Account account = Samples.account(storage());
        List<Schedule> schedules = IntStream.range(0, 6)
                .mapToObj(i -> storage().schedules().create(Samples.hourly(account)))
                .toList();
        clock().advance(HOUR.multipliedBy(6).plusSeconds(1));
        ScheduleClaims claims = claimsOf(account.tenantId());

        Bulk.each(IntStream.range(0, 8).boxed().toList(), BulkOptions.defaults().withParallelism(8), worker -> {
                    ClaimOptions options = ClaimOptions.of("worker " + worker, LEASE, 10)
                            .withMissedRuns(MissedRuns.catchUp(HOUR.multipliedBy(24)));
                    for (int idle = 0; idle < 3; ) {
                        List<Claim> claimed = claims.claimDue(options).claims();
                        claimed.forEach(claims::complete);
                        idle = claimed.isEmpty() ? idle + 1 : 0;
                    }
                    return worker;
                })
                .values();
        for (List<Claim> rest = claimAll(claims); !rest.isEmpty(); rest = claimAll(claims)) {
            rest.forEach(claims::complete);
        }

        for (Schedule schedule : schedules) {
            assertThat(storage().executions().ofSchedule(schedule.id()).stream()
                            .map(execution -> execution.dueAt().orElseThrow()))
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 6)
                            .mapToObj(
                                    hours -> schedule.nextRunAt().orElseThrow().plus(HOUR.multipliedBy(hours)))
                            .toList());
            assertThat(stored(schedule).successCount()).isEqualTo(6);
        }
    }

    private List<Claim> claimAll(ScheduleClaims claims) {
        return claims.claimDue(
                        ClaimOptions.of("last", LEASE, 100).withMissedRuns(MissedRuns.catchUp(HOUR.multipliedBy(24))))
                .claims();
    }

    @Test
    default void whatWasMissedAfterARunThatIsGivenUpIsMadeUpFor() {
        Schedule schedule = due();
        Instant due = schedule.nextRunAt().orElseThrow();
        ScheduleClaims claims = claimsOf(schedule);
        ClaimOptions once = ClaimOptions.of("one", LEASE, 10).withAttempts(1);
        one(claims.claimDue(once));
        clock().advance(HOUR.multipliedBy(5));

        ClaimResult result = claims.claimDue(once);

        assertThat(result.claims())
                .as("given up, and the next one begun at once")
                .hasSize(1);
        assertThat(result.claims().get(0).dueAt()).isEqualTo(due.plus(HOUR));
    }

    @Test
    default void whatWasMissedBehindACancelledRunIsMadeUpFor() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        Claim dead = claim(claims, "dead");
        storage().executions().update(dead.executionId(), e -> e.cancel(clock().instant()));
        clock().advance(HOUR.multipliedBy(5));

        assertThat(claim(claims, "two").dueAt()).isEqualTo(dead.dueAt().plus(HOUR));
    }

    @Test
    default void theLastTimeWithinTheToleranceIsRunFor() {
        Schedule schedule = due();
        Instant due = schedule.nextRunAt().orElseThrow();
        ScheduleClaims claims = claimsOf(schedule);
        ClaimOptions skip = ClaimOptions.of("one", LEASE, 10).withMissedRuns(MissedRuns.skip(Duration.ofMinutes(10)));
        clock().advance(HOUR.multipliedBy(3));

        Claim late = one(claims.claimDue(skip));
        assertThat(late.dueAt()).isEqualTo(due.plus(HOUR.multipliedBy(3)));
        clock().advance(HOUR);
        claims.complete(claims.renew(late));

        assertThat(one(claims.claimDue(skip)).dueAt()).isEqualTo(due.plus(HOUR.multipliedBy(4)));
    }

    @Test
    default void everybodysTurnComesThoughThereIsMoreToDoThanIsDone() {
        Account account = Samples.account(storage());
        Set<Object> waiting = new HashSet<>();
        IntStream.range(0, 24)
                .forEach(i -> waiting.add(
                        storage().schedules().create(Samples.hourly(account)).id()));
        ScheduleClaims claims = claimsOf(account.tenantId());

        for (int hours = 0; hours < 40 && !waiting.isEmpty(); hours++) {
            clock().advance(HOUR.plusSeconds(1));
            for (Claim claim :
                    claims.claimDue(ClaimOptions.of("one", LEASE, 12)).claims()) {
                waiting.remove(claim.schedule().id());
                claims.complete(claim);
            }
        }

        assertThat(waiting).isEmpty();
    }

    @Test
    default void aStaleWorkerReportsNothingOfAScheduleThatIsGone() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        Claim stale = claim(claims, "stale");
        clock().advance(LEASE);
        Claim holder = claim(claims, "holder");
        storage().schedules().delete(schedule.id());

        assertLost(() -> claims.complete(stale));
        claims.fail(holder, "it failed");
        assertLost(() -> claims.complete(stale));
        assertThatExceptionOfType(IllegalTransitionException.class).isThrownBy(() -> claims.complete(holder));

        assertThat(execution(holder).status()).isEqualTo(RunStatus.FAILED);
    }

    @Test
    default void aClaimIsEndedThoughSomebodyHasCountedARunMeanwhile() {
        Schedule schedule = create(Recurrence.once(clock().instant().plusSeconds(60)));
        clock().advance(HOUR);
        ScheduleClaims claims = claimsOf(schedule);
        Claim claim = claim(claims, "one");

        storage().schedules().recordRun(schedule.id(), RunOutcome.SUCCEEDED, clock().instant());
        claims.complete(claim);

        assertThat(execution(claim).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(stored(schedule).runCount()).isEqualTo(2);
        assertThat(stored(schedule).enabled()).isFalse();
        assertThat(stored(schedule).nextRunAt()).isEmpty();
    }

    @Test
    default void aTenantGetsNoMoreThanItsShareAndNobodyMoreThanTheLimit() {
        Account many = Samples.account(storage());
        IntStream.range(0, 7).forEach(i -> storage().schedules().create(Samples.hourly(many)));
        clock().advance(HOUR.plusSeconds(1));
        ScheduleClaims claims = claimsOf(many.tenantId());

        ClaimResult capped = claims.claimDue(ClaimOptions.of("one", LEASE, 10).withTenantCap(2));
        ClaimResult limited = claims.claimDue(ClaimOptions.of("one", LEASE, 3));
        ClaimResult rest = claims.claimDue(ClaimOptions.of("one", LEASE, 10));

        assertThat(capped.claims()).hasSize(2);
        assertThat(limited.claims()).hasSize(3);
        assertThat(rest.claims()).hasSize(2);
    }

    @Test
    default void whatIsDueAtOnceIsSpreadOverAWindowTheSameEachTime() {
        Account account = Samples.account(storage());
        IntStream.range(0, 40).forEach(i -> storage().schedules().create(Samples.hourly(account)));
        ScheduleClaims claims = claimsOf(account.tenantId());
        ClaimOptions spread = ClaimOptions.of("one", LEASE, 100).withJitter(Duration.ofMinutes(40));
        clock().advance(HOUR.plusSeconds(30));

        Set<Object> early = new HashSet<>();
        claims.claimDue(spread).claims().forEach(claim -> {
            early.add(claim.schedule().id());
            claims.release(claim);
        });
        clock().advance(Duration.ofMinutes(20));
        List<Claim> half = claims.claimDue(spread).claims();
        clock().advance(Duration.ofMinutes(20));
        List<Claim> rest = claims.claimDue(spread.withLimit(100)).claims();

        assertThat(early).hasSizeLessThan(8);
        assertThat(half).hasSizeBetween(8, 32);
        assertThat(half.stream().map(claim -> (Object) claim.schedule().id())).containsAll(early);
        Set<Object> all = new HashSet<>();
        Stream.concat(half.stream(), rest.stream())
                .forEach(claim -> all.add(claim.schedule().id()));
        assertThat(all).hasSize(40);
    }

    @Test
    @FailsWith(Deviation.CONCURRENT_WRITES)
    default void ofManyWorkersOneGetsEachSchedule() {
        Account account = Samples.account(storage());
        IntStream.range(0, 24).forEach(i -> storage().schedules().create(Samples.hourly(account)));
        clock().advance(HOUR.plusSeconds(1));
        ScheduleClaims claims = claimsOf(account.tenantId());

        List<ClaimResult> results = Bulk.each(
                        IntStream.range(0, 8).boxed().toList(),
                        BulkOptions.defaults().withParallelism(8),
                        worker -> claims.claimDue("worker " + worker, LEASE, 24))
                .values();

        List<Object> claimed = results.stream()
                .flatMap(result -> result.claims().stream())
                .map(claim -> (Object) claim.schedule().id())
                .toList();
        assertThat(claimed).doesNotHaveDuplicates().hasSize(24);
        assertThat(results).allSatisfy(result -> assertThat(result.problems()).isEmpty());
        assertThat(storage().executions().ofAccount(account.id()).stream()).hasSize(24);
    }

    @Test
    @FailsWith(Deviation.CONCURRENT_WRITES)
    default void ofManyWhoReportOneIsTheFirst() {
        Schedule schedule = due();
        ScheduleClaims claims = claimsOf(schedule);
        Claim claim = claim(claims, "one");

        Bulk.each(Collections.nCopies(8, claim), BulkOptions.defaults(), same -> {
                    claims.complete(same);
                    return same;
                })
                .values();

        assertThat(stored(schedule).runCount()).isEqualTo(1);
    }

    @Test
    default void aTenantsHandleClaimsItsOwnOnly() {
        Schedule own = due();
        Schedule foreign = due();
        ScheduleClaims claims = claimsOf(own);

        assertThat(claims.claimDue("one", LEASE, 1_000).claims())
                .extracting(claim -> claim.schedule().id())
                .containsExactly(own.id());
        Claim theirs = claim(claimsOf(foreign), "two");
        clock().advance(Duration.ofSeconds(1));
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> claims.complete(theirs));
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> claims.renew(theirs));
        assertThat(execution(theirs).status()).isEqualTo(RunStatus.RUNNING);
    }

    @Test
    default void optionsThatMakeNoSenseAreRefused() {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> ClaimOptions.of("", LEASE, 1));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> ClaimOptions.of("one", Duration.ZERO, 1));
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> ClaimOptions.of("one", LEASE, 0));
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> MissedRuns.skip(Duration.ZERO));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> MissedRuns.catchUp(Duration.ofSeconds(Long.MAX_VALUE)));
    }

    // ---- what the tests need

    private Schedule create(Recurrence recurrence) {
        Provider provider = Samples.aws(storage());
        Account account = storage().accounts().create(provider, Samples.awsAccount(provider));
        return storage().schedules().create(NewSchedule.of(account, ProviderType.AWS, Samples.name(), recurrence));
    }

    /** An hourly schedule that is due. */
    private Schedule due() {
        Schedule schedule = create(Recurrence.every(HOUR));
        clock().advance(HOUR.plusSeconds(1));
        return schedule;
    }

    private ScheduleClaims claimsOf(Schedule schedule) {
        return claimsOf(schedule.tenantId());
    }

    private ScheduleClaims claimsOf(TenantId tenant) {
        return Onboarding.of(storage(), vault()).forTenant(tenant).claims();
    }

    private Claim claim(ScheduleClaims claims, String worker) {
        return one(claims.claimDue(worker, LEASE, 10));
    }

    private Claim one(ClaimResult result) {
        assertThat(result.claims()).hasSize(1);
        return result.claims().get(0);
    }

    private void reschedule(Schedule schedule, Recurrence recurrence) {
        storage().schedules().update(schedule.id(), s -> s.reschedule(recurrence, clock().instant()));
    }

    private Schedule stored(Schedule schedule) {
        return storage().schedules().get(schedule.id());
    }

    private Execution execution(Claim claim) {
        return storage().executions().get(claim.executionId());
    }

    private void assertLost(Runnable call) {
        assertThatExceptionOfType(LeaseLostException.class).isThrownBy(call::run);
    }
}
