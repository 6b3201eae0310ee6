package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.TenantOnboarding;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.execution.NewExecution;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.RunOutcome;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.scan.NewScan;
import io.threatengine.onboarding.scan.ScanResult;
import io.threatengine.onboarding.schedule.NewSchedule;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.schedule.ScheduleType;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.Entity;
import io.threatengine.onboarding.storage.EntityRepository;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.storage.Page;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Rows that only other engines write, of another tenant than the one to which a handle is bound. */
@OnboardingTest
class ForeignRowsTest {
    /** What must not be quoted. */
    private static final String SECRET = "confidential";

    private final OnboardingStorage storage;
    private final Items accounts;
    private final Items schedules;
    private final Items executions;
    private final Items scans;
    private final Estate ours;
    private final Estate theirs;
    private final TenantOnboarding handle;

    /** A row of each kind that may be of more than one tenant's interest. */
    private record Estate(Account account, Schedule schedule, Execution execution, ScanResult scan) {}

    ForeignRowsTest(Workspace workspace, EmbeddedAws aws) {
        this.storage = workspace.storage();
        TableNames tables = workspace.settings().tables();
        this.accounts = new Items(aws.dynamoDb(), tables.accounts(), "account_id");
        this.schedules = new Items(aws.dynamoDb(), tables.schedules(), "schedule_id");
        this.executions = new Items(aws.dynamoDb(), tables.executions(), "execution_id");
        this.scans = new Items(aws.dynamoDb(), tables.scanResults(), "scan_id");
        this.ours = estate();
        this.theirs = estate();
        this.handle = Onboarding.of(storage, workspace.vault())
                .forTenant(ours.account().tenantId());
    }

    private Estate estate() {
        Provider provider = storage.providers()
                .create(storage.tenants().create("foreign " + UUID.randomUUID()).id(), ProviderType.AWS);
        Account account = storage.accounts()
                .create(provider, NewAccount.withoutNumber(provider.tenantId(), ProviderType.AWS, "production"));
        Schedule schedule = storage.schedules().create(hourly(account));
        return new Estate(
                account,
                schedule,
                storage.executions().create(NewExecution.of(schedule)),
                storage.scanResults().create(NewScan.of(account, ProviderType.AWS)));
    }

    private static NewSchedule hourly(Account account) {
        return NewSchedule.of(account, ProviderType.AWS, "hourly", Recurrence.every(Duration.ofHours(1)));
    }

    private void spoil(Estate estate) {
        accounts.set(estate.account().id(), Items.item("last_validated_at", SECRET));
        schedules.set(estate.schedule().id(), Items.item("last_run_at", SECRET));
        executions.set(estate.execution().id(), Items.item("completed_at", SECRET));
        scans.set(estate.scan().id(), Items.item("completed_at", SECRET));
    }

    @Test
    void whatCannotBeReadOfAnotherTenantIsNotFoundAndNotQuoted() {
        spoil(theirs);

        unseen(handle.accounts(), theirs.account());
        unseen(handle.schedules(), theirs.schedule());
        unseen(handle.executions(), theirs.execution());
        unseen(handle.scanResults(), theirs.scan());
        notFound(() -> handle.schedules().recordRun(theirs.schedule().id(), RunOutcome.FAILED, Instant.EPOCH));
    }

    @Test
    void whatCannotBeReadAndSaysNoTenantIsItsAccountsOrNobodys() {
        spoil(theirs);
        spoil(ours);
        for (String unsaid : List.of("tenant_id", "account_id")) {
            executions.put(Items.without(executions.get(theirs.execution().id()), unsaid));
            scans.put(Items.without(scans.get(theirs.scan().id()), unsaid));
        }
        executions.put(Items.without(executions.get(ours.execution().id()), "tenant_id"));

        unseen(handle.executions(), theirs.execution());
        unseen(handle.scanResults(), theirs.scan());
        malformed(() -> handle.executions().get(ours.execution().id()));
        executions.put(Items.without(executions.get(ours.execution().id()), "account_id"));
        unseen(handle.executions(), ours.execution());
    }

    private <I, T extends Entity<I, T>> void unseen(EntityRepository<I, T> repository, T theirs) {
        I id = theirs.id();
        assertThat(repository.find(id)).isEmpty();
        notFound(() -> repository.get(id));
        notFound(() -> repository.update(theirs));
        notFound(() -> repository.update(id, row -> row));
        notFound(() -> repository.delete(id));
        assertThat(repository.getAll(List.of(id)).failures())
                .singleElement()
                .satisfies(outcome -> quotesNothing(outcome.failure()));
        assertThat(repository.deleteAll(List.of(id), BulkOptions.defaults()).failures())
                .singleElement()
                .satisfies(outcome -> quotesNothing(outcome.failure()));
    }

    @Test
    void noEntityThatClaimsTheIdOfSuchARowBringsItOut() {
        spoil(theirs);
        Schedule claimed = Schedule.builder()
                .id(theirs.schedule().id())
                .tenantId(ours.account().tenantId())
                .accountId(ours.account().id())
                .providerType(ProviderType.AWS)
                .name("claimed")
                .type(ScheduleType.CRON)
                .createdAt(theirs.schedule().createdAt())
                .updatedAt(theirs.schedule().updatedAt())
                .revision(theirs.schedule().revision())
                .build();

        notFound(() -> handle.schedules().update(claimed));
    }

    @Test
    void nothingIsMadeThatBelongsToSuchARow() {
        spoil(theirs);
        NewSchedule schedule = hourly(Account.builder()
                .id(theirs.account().id())
                .tenantId(ours.account().tenantId())
                .providerId(ours.account().providerId())
                .name("claimed")
                .createdAt(theirs.account().createdAt())
                .updatedAt(theirs.account().updatedAt())
                .revision(theirs.account().revision())
                .build());

        assertThat(handle.schedules()
                        .createAll(List.of(schedule), BulkOptions.defaults())
                        .failures())
                .singleElement()
                .satisfies(outcome -> quotesNothing(outcome.failure()));
    }

    @Test
    void whatCannotBeReadOfOnesOwnSaysSo() {
        spoil(ours);
        List<String> broken = new ArrayList<>();

        malformed(() -> handle.accounts().find(ours.account().id()));
        malformed(() -> handle.schedules().get(ours.schedule().id()));
        malformed(() -> handle.executions().update(ours.execution().id(), row -> row));
        malformed(() -> handle.scanResults().delete(ours.scan().id()));
        assertThat(handle.accounts().getAll(List.of(ours.account().id())).failures())
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.failure()).isInstanceOf(MalformedDataException.class));
        assertThat(handle.scanResults().withStatus(RunStatus.RUNNING).reporting(e -> broken.add(e.where())).stream())
                .isEmpty();
        assertThat(broken).containsExactly("scan row " + ours.scan().id());
    }

    @Test
    void aListOfAllTenantsIsNotStoppedByWhatCannotBeReadOfAnother() {
        spoil(theirs);
        // as a Python engine writes it: whose it is, the account's row would say
        scans.put(Items.without(
                Items.with(
                        scans.get(theirs.scan().id()),
                        Items.item("scan_id", UUID.randomUUID().toString(), "completed_at", "")),
                "tenant_id"));
        scans.put(Items.without(scans.get(ours.scan().id()), "tenant_id"));

        assertThat(handle.scanResults().withStatus(RunStatus.RUNNING).stream().map(ScanResult::id))
                .containsExactly(ours.scan().id());
        assertThat(handle.schedules().due(Instant.MAX).stream().map(Schedule::id))
                .containsExactly(ours.schedule().id());
    }

    @Test
    void aPageReadsPastAnothersRowsAndReportsNothingBehindItsEnd() {
        RunStatus waiting = new RunStatus("waiting " + UUID.randomUUID());
        for (ScanResult scan : List.of(theirs.scan(), ours.scan())) {
            String second = scan.equals(ours.scan()) ? "2" : "1";
            scans.set(scan.id(), Items.item("status", waiting.value(), "started_at", "2026-11-24T08:17:0" + second));
        }
        scans.put(Items.with(
                scans.get(ours.scan().id()),
                Items.item("scan_id", "broken", "started_at", "2026-11-24T08:17:03", "completed_at", SECRET)));
        Listing<ScanResult> list = handle.scanResults().withStatus(waiting);

        Page<ScanResult> first = list.page(1);

        assertThat(first.items())
                .extracting(ScanResult::id)
                .containsExactly(ours.scan().id());
        malformed(() -> list.page(1, Objects.requireNonNull(first.next())));
    }

    @Test
    void aListOfOnesOwnDoesNotReportAnothersRowInIt() {
        executions.set(
                theirs.execution().id(),
                Items.item(
                        "schedule_id",
                        ours.schedule().id().value(),
                        "account_id",
                        ours.account().id().value(),
                        "completed_at",
                        SECRET));

        assertThat(handle.executions().ofSchedule(ours.schedule().id()).stream())
                .containsExactly(ours.execution());
    }

    private static void notFound(ThrowingCallable call) {
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(call).satisfies(ForeignRowsTest::quotesNothing);
    }

    private static void malformed(ThrowingCallable call) {
        assertThatExceptionOfType(MalformedDataException.class).isThrownBy(call).withMessageContaining(SECRET);
    }

    private static void quotesNothing(OnboardingException failure) {
        assertThat(failure).isInstanceOf(NotFoundException.class).hasNoCause();
        assertThat(failure.getMessage()).doesNotContain(SECRET);
    }
}
