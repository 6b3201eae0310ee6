package io.threatengine.onboarding.tests;

import static io.threatengine.onboarding.tests.Items.item;
import static io.threatengine.onboarding.tests.Items.text;
import static io.threatengine.onboarding.tests.Items.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.claim.Claim;
import io.threatengine.onboarding.claim.ClaimResult;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.NotSetUpException;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.schedule.DueIndex;
import io.threatengine.onboarding.schedule.NewSchedule;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.schedule.ScheduleId;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.storage.Page;
import io.threatengine.onboarding.storage.PageToken;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.contract.ScheduleClaimsContract;
import io.threatengine.onboarding.testkit.contract.ScheduleRepositoryContract;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Due schedules in the sharded index, and on the way from one index to the other. */
@OnboardingTest
class ShardedIndexTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LEASE = Duration.ofMinutes(5);

    private final DynamoDbClient client;
    private final CredentialVault vault;
    private final SettableClock clock = SettableClock.at(Instant.parse("2026-11-24T08:00:00Z"));
    private final TableNames names = TableNames.withPrefix("sharded-" + UUID.randomUUID() + "-");
    private final Items rows;

    ShardedIndexTest(EmbeddedAws aws, Workspace workspace) {
        this.client = aws.dynamoDb();
        this.vault = workspace.vault();
        this.rows = new Items(client, names.schedules(), "schedule_id");
    }

    @Nested
    class Claims implements ScheduleClaimsContract {
        private final OnboardingStorage sharded = ShardedIndexTest.this.storage(DueIndex.sharded(4));

        @Override
        public OnboardingStorage storage() {
            return sharded;
        }

        @Override
        public CredentialVault vault() {
            return vault;
        }

        @Override
        public SettableClock clock() {
            return clock;
        }
    }

    @Nested
    class Schedules implements ScheduleRepositoryContract {
        private final OnboardingStorage sharded = ShardedIndexTest.this.storage(DueIndex.sharded(4));

        @Override
        public OnboardingStorage storage() {
            return sharded;
        }
    }

    @Test
    void anEnabledScheduleStandsInItsShardAndNotInTheLegacyIndex() {
        OnboardingStorage storage = storage(DueIndex.sharded(4));
        Schedule schedule = create(storage);

        Map<String, AttributeValue> row = rows.get(schedule.id());
        assertThat(row).doesNotContainKey("next_run_at").containsEntry("enabled", text("true"));
        assertThat(row.get("due_shard").s())
                .isEqualTo(Integer.toString(DueIndex.sharded(4).shardOf(schedule.id())));
        assertThat(row).containsEntry("due_at", text("2026-11-24T09:00:00.000000"));

        storage.schedules().update(schedule.id(), Schedule::pause);

        assertThat(rows.get(schedule.id()))
                .doesNotContainKeys("due_at", "due_shard")
                .containsEntry("next_run_at", text("2026-11-24T09:00:00.000000"))
                .containsEntry("enabled", text("false"));
        assertThat(storage.schedules().get(schedule.id()).nextRunAt()).isEqualTo(schedule.nextRunAt());
    }

    @Test
    void aClaimAndACompletionStayInTheShard() {
        OnboardingStorage storage = storage(DueIndex.sharded(4));
        Schedule schedule = create(storage);
        clock.advance(HOUR);

        Claim claim = one(storage);
        assertThat(rows.get(schedule.id()))
                .doesNotContainKey("next_run_at")
                .containsEntry("due_at", text("2026-11-24T09:05:00.000000"));
        storage.claims().complete(claim);

        assertThat(rows.get(schedule.id()))
                .doesNotContainKeys("next_run_at", "lease_worker", "lease_due_at", "lease_until", "lease_attempt")
                .containsEntry("due_at", text("2026-11-24T10:00:00.000000"));
    }

    @Test
    void legacyRowsAreAdoptedWhenTheyAreDue() {
        OnboardingStorage legacy = storage(DueIndex.LEGACY);
        Schedule schedule = create(legacy);
        OnboardingStorage sharded = storage(DueIndex.sharded(4));
        clock.advance(HOUR);

        Claim claim = one(sharded);

        assertThat(claim.schedule().id()).isEqualTo(schedule.id());
        assertThat(rows.get(schedule.id())).doesNotContainKey("next_run_at").containsKeys("due_shard", "due_at");
    }

    @Test
    void onTheWayBackWhatStandsInShardsIsFound() {
        OnboardingStorage sharded = storage(DueIndex.sharded(4));
        List<ScheduleId> all =
                IntStream.range(0, 12).mapToObj(i -> create(sharded).id()).toList();
        OnboardingStorage legacy = storage(DueIndex.LEGACY);
        clock.advance(HOUR);

        ClaimResult result = legacy.claims().claimDue("back", LEASE, 100);

        assertThat(result.claims()).extracting(claim -> claim.schedule().id()).containsExactlyInAnyOrderElementsOf(all);
        assertThat(rows.get(all.get(0))).containsKey("next_run_at").doesNotContainKeys("due_shard", "due_at");
    }

    /** One that runs since before the first shard was used: it looks again after five minutes. */
    @Test
    void aWorkerThatKnewOfNoShardsLearnsOfThem() {
        OnboardingStorage legacy = storage(DueIndex.LEGACY);
        assertThat(legacy.claims().claimDue("early", LEASE, 10).claims()).isEmpty();
        Schedule schedule = create(storage(DueIndex.sharded(4)));
        clock.advance(HOUR);

        assertThat(one(legacy).schedule().id()).isEqualTo(schedule.id());
    }

    @Test
    void withMoreOrFewerShardsAllAreFound() {
        Schedule before = create(storage(DueIndex.sharded(16)));
        OnboardingStorage fewer = storage(DueIndex.sharded(2));
        Schedule after = create(fewer);
        clock.advance(HOUR);

        assertThat(fewer.claims().claimDue("few", LEASE, 10).claims())
                .extracting(claim -> claim.schedule().id())
                .containsExactlyInAnyOrder(before.id(), after.id());
    }

    @Test
    void whatAPythonEngineSetsCountsAndIsTakenOver() {
        OnboardingStorage storage = storage(DueIndex.sharded(4));
        Schedule schedule = create(storage);
        rows.set(schedule.id(), item("next_run_at", "2026-11-24T08:30:00", "updated_at", "2026-11-24T08:01:00"));
        clock.advance(Duration.ofMinutes(30));

        Claim claim = one(storage);

        assertThat(claim.dueAt()).isEqualTo(Instant.parse("2026-11-24T08:30:00Z"));
        assertThat(rows.get(schedule.id())).doesNotContainKey("next_run_at");
    }

    @Test
    void whoAsksForTheIndexBeforeItIsThereIsToldAndTellsNobodyOfShards() {
        OnboardingStorage legacy = storage(DueIndex.LEGACY);
        var early = DynamoDbStorage.using(
                client,
                OnboardingSettings.builder()
                        .tables(names)
                        .dueIndex(DueIndex.sharded(4))
                        .build(),
                clock);
        Schedule schedule = create(legacy);
        clock.advance(HOUR);

        assertThatExceptionOfType(NotSetUpException.class)
                .isThrownBy(() -> early.schedules().update(schedule.id(), Schedule::pause))
                .withMessageContaining("due-shard-index");
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> early.claims().claimDue("early", LEASE, 10));

        assertThat(one(storage(DueIndex.LEGACY)).schedule().id()).isEqualTo(schedule.id());
    }

    @Test
    void eachDueScheduleIsListedOnceAndNoneThatIsSwitchedOff() {
        OnboardingStorage storage = storage(DueIndex.sharded(4));
        Schedule earlier = create(storage);
        Schedule off = create(storage);
        rows.set(earlier.id(), item("next_run_at", "2026-11-24T08:30:00"));
        rows.set(off.id(), item("enabled", "false"));

        assertThat(storage.schedules().due(clock.instant().plus(HOUR)).stream().map(Schedule::id))
                .containsExactly(earlier.id());
    }

    @Test
    void whatAPythonEngineSwitchesOffIsNotRun() {
        OnboardingStorage storage = storage(DueIndex.sharded(4));
        Schedule schedule = create(storage);
        rows.set(schedule.id(), item("enabled", "false"));
        clock.advance(HOUR);

        assertThat(storage.claims().claimDue("one", LEASE, 10).claims()).isEmpty();
    }

    @Test
    void aBrokenRowIsReportedAndDoesNotStopTheRest() {
        OnboardingStorage storage = storage(DueIndex.LEGACY);
        Schedule good = create(storage);
        Map<String, AttributeValue> row = rows.get(good.id());
        rows.put(with(row, item("schedule_id", "a-bad-cron", "schedule_type", "cron", "cron_expression", "every day")));
        rows.put(with(row, item("schedule_id", "an-odd-type", "schedule_type", "lunar")));
        rows.put(with(row, item("schedule_id", "an-odd-time", "last_run_at", "yesterday")));
        clock.advance(HOUR);

        ClaimResult result = storage.claims().claimDue("one", LEASE, 10);

        assertThat(result.claims()).extracting(claim -> claim.schedule().id()).containsExactly(good.id());
        assertThat(result.problems())
                .hasSize(3)
                .allSatisfy(problem -> assertThat(problem).isInstanceOf(MalformedDataException.class))
                .anySatisfy(problem -> assertThat(problem).hasMessageContaining("a-bad-cron"))
                .anySatisfy(problem -> assertThat(problem).hasMessageContaining("an-odd-type"))
                .anySatisfy(problem -> assertThat(problem).hasMessageContaining("an-odd-time"));
        assertThat(rows.get("a-bad-cron")).doesNotContainKey("lease_worker");
    }

    @Test
    void legacyTimesAreClaimedInWhateverFormTheyStand() {
        OnboardingStorage storage = storage(DueIndex.LEGACY);
        Map<String, AttributeValue> row = rows.get(create(storage).id());
        for (String time : List.of("2026-11-24T07:00:00", "2026-11-24T07:00:00Z", "2026-11-24T07:00:00+00:00")) {
            rows.put(with(row, item("schedule_id", "at-" + time.length(), "next_run_at", time)));
        }

        assertThat(storage.claims().claimDue("one", LEASE, 10).claims())
                .hasSize(3)
                .allSatisfy(claim -> assertThat(claim.dueAt()).isEqualTo(Instant.parse("2026-11-24T07:00:00Z")));
    }

    @Test
    void theListOfDueOnesIsCompletePageByPageFromAnyShardOn() {
        OnboardingStorage storage = storage(DueIndex.sharded(4));
        List<ScheduleId> all =
                IntStream.range(0, 15).mapToObj(i -> create(storage).id()).toList();
        Listing<Schedule> due = storage.schedules().due(clock.instant().plus(HOUR));

        List<ScheduleId> paged = new ArrayList<>();
        Page<Schedule> page = due.page(2);
        page.items().forEach(schedule -> paged.add(schedule.id()));
        for (PageToken next = page.next(); next != null; next = page.next()) {
            // another process goes on: the token says where the list began
            page = storage(DueIndex.sharded(4))
                    .schedules()
                    .due(clock.instant().plus(HOUR))
                    .page(2, next);
            page.items().forEach(schedule -> paged.add(schedule.id()));
        }

        assertThat(paged).containsExactlyInAnyOrderElementsOf(all);
        assertThat(due.stream().map(Schedule::id)).containsExactlyInAnyOrderElementsOf(all);
    }

    private Claim one(OnboardingStorage storage) {
        List<Claim> claims = storage.claims().claimDue("one", LEASE, 10).claims();
        assertThat(claims).hasSize(1);
        return claims.get(0);
    }

    private OnboardingStorage storage(DueIndex index) {
        var settings =
                OnboardingSettings.builder().tables(names).dueIndex(index).build();
        DynamoDbStorage storage = DynamoDbStorage.using(client, settings, clock);
        storage.createTables();
        return storage;
    }

    private Schedule create(OnboardingStorage storage) {
        Provider provider = storage.providers()
                .create(storage.tenants().create("tenant " + UUID.randomUUID()).id(), ProviderType.AWS);
        Account account = storage.accounts()
                .create(provider, NewAccount.withoutNumber(provider.tenantId(), ProviderType.AWS, "account"));
        return storage.schedules().create(NewSchedule.of(account, ProviderType.AWS, "hourly", Recurrence.every(HOUR)));
    }
}
