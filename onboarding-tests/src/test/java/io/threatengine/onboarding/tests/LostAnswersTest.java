package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.execution.NewExecution;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.run.RunOutcome;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.scan.ScanId;
import io.threatengine.onboarding.schedule.NewSchedule;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.Fault;
import io.threatengine.onboarding.testkit.Faults;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.Isolation;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A write whose answer is lost on its way is tried again by the SDK, and takes effect once. */
@OnboardingTest(isolation = Isolation.METHOD)
class LostAnswersTest {
    private final EmbeddedAws aws;
    private final Workspace workspace;
    private final Faults faults;
    private final OnboardingStorage storage;

    /** The same tables, where nothing goes wrong. */
    private final OnboardingStorage others;

    LostAnswersTest(Workspace workspace, EmbeddedAws aws) {
        this.aws = aws;
        this.workspace = workspace;
        this.faults = workspace.faults();
        this.storage = workspace.storage();
        this.others = DynamoDbStorage.using(aws.dynamoDb(), workspace.settings(), workspace.clock());
    }

    /** Loses the answer to the next request of each. */
    private void lose(String... operations) {
        for (String operation : operations) {
            faults.on(operation).next(1, Fault.cutAfter());
        }
    }

    @Test
    void aCreationIsNoDuplicateOfItself() {
        lose("TransactWriteItems");

        Tenant tenant = storage.tenants().create(name());

        assertThat(faults.happened()).isEqualTo(1);
        assertThat(storage.tenants().named(tenant.name()).stream()).containsExactly(tenant);
    }

    @Test
    void aChangeARenameAndADeletionHappenOnce() {
        Tenant tenant = storage.tenants().create(name());

        lose("UpdateItem");
        Tenant described = storage.tenants().update(tenant.describe("once"));
        assertThat(storage.tenants().get(tenant.id())).isEqualTo(described);
        lose("GetItem", "TransactWriteItems");
        Tenant renamed = storage.tenants().update(tenant.id(), t -> t.rename(name()));
        assertThat(storage.tenants().get(tenant.id())).isEqualTo(renamed);
        assertThat(renamed.revision().version()).isEqualTo(3);
        lose("GetItem", "TransactWriteItems");
        storage.tenants().delete(tenant.id());

        assertThat(faults.happened()).isEqualTo(5);
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> storage.tenants().get(tenant.id()));
    }

    @Test
    void aRunIsCountedOnceAndManyRowsAreMadeOnce() {
        Schedule schedule = schedule();

        lose("TransactWriteItems");
        storage.schedules().recordRun(schedule.id(), RunOutcome.FAILED, Instant.EPOCH);
        lose("BatchGetItem", "TransactWriteItems");
        storage.executions()
                .createAll(Collections.nCopies(25, NewExecution.of(schedule)), BulkOptions.defaults())
                .values();

        assertThat(faults.happened()).isEqualTo(3);
        assertThat(storage.schedules().get(schedule.id()).runCount()).isEqualTo(1);
        assertThat(storage.schedules().get(schedule.id()).failureCount()).isEqualTo(1);
        assertThat(storage.executions().ofSchedule(schedule.id()).stream()).hasSize(25);
    }

    @Test
    void theRunOfAOneTimeScheduleIsCountedOnceWhateverElseHappensToIt() {
        Schedule schedule = schedule(Recurrence.once(workspace.clock().instant().plusSeconds(60)));

        Fault lost = Fault.cutAfter(() -> others.schedules().update(schedule.id(), s -> s.describe(name())));
        faults.on("TransactWriteItems").next(1, lost); // of the first transaction, whose second try is answered
        faults.on("TransactWriteItems").every(3, lost); // of the one that leaves out what was refused
        storage.schedules().recordRun(schedule.id(), RunOutcome.SUCCEEDED, Instant.EPOCH);

        assertThat(faults.happened()).isGreaterThan(1);
        Schedule done = others.schedules().get(schedule.id());
        assertThat(done.runCount()).isEqualTo(1);
        assertThat(done.successCount()).isEqualTo(1);
        assertThat(done.enabled()).isFalse();
        assertThat(done.nextRunAt()).isEmpty();
    }

    @Test
    void whatWasDoneToARowMeanwhileIsNotUndoneByItsCreation() {
        Schedule schedule = schedule();
        var ended = new AtomicInteger();

        // a worker that ends what it finds, before the creation is tried again
        Fault lost = Fault.cutAfter(() -> others.executions().ofSchedule(schedule.id()).stream()
                .forEach(execution -> {
                    others.executions().update(execution.cancel(execution.startedAt()));
                    ended.incrementAndGet();
                }));
        lose("BatchGetItem");
        faults.on("TransactWriteItems").next(1, lost);
        BulkResult<NewExecution, Execution> made = storage.executions()
                .createAll(Collections.nCopies(3, NewExecution.of(schedule)), BulkOptions.defaults());

        assertThat(made.failures()).isEmpty();
        assertThat(ended).hasValue(3);
        assertThat(storage.executions().ofSchedule(schedule.id()).stream())
                .hasSize(3)
                .allSatisfy(execution -> assertThat(execution.status()).isEqualTo(RunStatus.CANCELLED));
    }

    @Test
    void aChangeIsRecognisedThoughAnotherEngineHasAddedToTheRowMeanwhile() {
        Execution execution = storage.executions().create(NewExecution.of(schedule()));
        var executions = new Items(aws.dynamoDb(), workspace.settings().tables().executions(), "execution_id");
        Instant end = execution.startedAt().plusSeconds(9);

        faults.on("UpdateItem")
                .next(
                        1,
                        Fault.cutAfter(
                                () -> executions.set(execution.id(), Items.item("scan_id", "scan-1", "note", "seen"))));
        Execution completed = storage.executions().update(execution.complete(Checks.of(3, 2, 1), end));

        assertThat(faults.happened()).isEqualTo(1);
        assertThat(completed.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(completed.scanId()).contains(ScanId.of("scan-1"));
        assertThat(storage.executions().get(execution.id())).isEqualTo(completed);
        assertThat(executions.get(execution.id())).containsEntry("note", Items.text("seen"));
    }

    private Schedule schedule() {
        return schedule(Recurrence.every(Duration.ofHours(1)));
    }

    private Schedule schedule(Recurrence recurrence) {
        Provider provider =
                storage.providers().create(storage.tenants().create(name()).id(), ProviderType.AWS);
        Account account = storage.accounts()
                .create(provider, NewAccount.withoutNumber(provider.tenantId(), ProviderType.AWS, name()));
        return storage.schedules().create(NewSchedule.of(account, ProviderType.AWS, name(), recurrence));
    }

    private static String name() {
        return "lost " + UUID.randomUUID();
    }
}
