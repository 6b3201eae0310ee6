package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.claim.Claim;
import io.threatengine.onboarding.credential.AwsIamRole;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.execution.ExecutionId;
import io.threatengine.onboarding.execution.NewExecution;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.run.RunOutcome;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.scan.NewScan;
import io.threatengine.onboarding.scan.ScanResult;
import io.threatengine.onboarding.scan.ScanResultRepository;
import io.threatengine.onboarding.schedule.NewSchedule;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.secrets.CachingVault;
import io.threatengine.onboarding.secrets.SecretsManagerVault;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.TimeRange;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The table in docs/calls.md says what each operation costs; here it is measured, and the two have to agree. */
@OnboardingTest
class CallsTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "calls.md");
    private static final Instant NOW = Instant.parse("2026-11-24T08:17:00Z");

    private final SettableClock clock = SettableClock.at(NOW);

    private final EmbeddedAws aws;
    private final CapacityRecorder recorder = new CapacityRecorder();
    private final Map<String, String> measured = new LinkedHashMap<>();

    CallsTest(EmbeddedAws aws) {
        this.aws = aws;
    }

    @Test
    void eachOperationCostsWhatTheDocumentationSays() throws IOException {
        var settings = OnboardingSettings.builder()
                .tables(TableNames.withPrefix("calls-"))
                .secretsPrefix("calls")
                .build();
        try (DynamoDbClient dynamoDb = recorder.dynamoDb(aws);
                SecretsManagerClient secrets = recorder.secretsManager(aws);
                var storage = DynamoDbStorage.using(dynamoDb, settings, clock);
                var vault = CachingVault.over(SecretsManagerVault.using(secrets, settings, clock))) {
            storage.createTables();
            recorder.take();
            measureTenants(storage);
            measureAccounts(storage);
            measureRuns(storage);
            measureCredentials(Onboarding.of(storage, vault));
            measureListsOfWhichSomeRowsAreLeftOut(Onboarding.of(storage, vault), settings.tables());
        }

        assertThat(documented()).containsExactlyEntriesOf(measured);
    }

    private void measureTenants(DynamoDbStorage storage) {
        Tenant acme = measure("`tenants().create`", () -> storage.tenants().create("acme"));
        measure("`get`, `find` of any row", () -> storage.tenants().get(acme.id()));
        Tenant described =
                measure("`update(entity)`, fresh", () -> storage.tenants().update(acme.describe("first")));
        measure("`update(id, change)`", () -> storage.tenants().update(acme.id(), t -> t.describe("second")));
        measure(
                "`update(id, change)` that changes nothing",
                () -> storage.tenants().update(acme.id(), t -> t));
        measure(
                "`update(id, change)` of a unique name",
                () -> storage.tenants().update(acme.id(), t -> t.rename("acme corp")));
        Tenant renamed = storage.tenants().get(described.id());
        recorder.take();
        measure(
                "`update(entity)` of a unique name, fresh",
                () -> storage.tenants().update(renamed.rename("acme")));
        measure("`delete` of a tenant", () -> {
            storage.tenants().delete(acme.id());
            return acme;
        });
    }

    /** In how many shards schedules may be: the first look for due ones of every five minutes asks. */
    private void readOnceInFiveMinutes(DynamoDbStorage storage) {
        assertThat(storage.schedules().due(Instant.EPOCH).stream()).isEmpty();
        assertThat(recorder.take().calls()).isEqualTo("1 GetItem, 1 Query");
    }

    private void measureClaims(DynamoDbStorage storage) {
        clock.advance(Duration.ofHours(2));
        readOnceInFiveMinutes(storage);
        Claim claim = measure(
                        "`claims().claimDue`, one due",
                        () -> storage.claims().claimDue("worker", Duration.ofMinutes(5), 1))
                .claims()
                .get(0);
        clock.advance(Duration.ofMinutes(1));
        Claim renewed = measure("`claims().renew`", () -> storage.claims().renew(claim));
        measure("`claims().complete`", () -> {
            storage.claims().complete(renewed, Checks.of(3, 2, 1));
            return renewed;
        });
        measure(
                "`claims().claimDue`, nothing due",
                () -> storage.claims().claimDue("worker", Duration.ofMinutes(5), 1));
    }

    private void measureAccounts(DynamoDbStorage storage) {
        Tenant tenant = storage.tenants().create("many");
        recorder.take();
        Provider provider =
                measure("`providers().create`", () -> storage.providers().create(tenant.id(), ProviderType.AWS));
        measure(
                "`accounts().create`, with a number",
                () -> storage.accounts()
                        .create(provider, NewAccount.of(tenant.id(), ProviderType.AWS, "numbered", "123456789012")));
        for (int i = 0; i < 20; i++) {
            storage.accounts().create(provider, NewAccount.withoutNumber(tenant.id(), ProviderType.AWS, "a" + i));
        }
        recorder.take();
        measure(
                "a stream of 21 accounts, one page",
                () -> storage.accounts().ofTenant(tenant.id()).stream().toList());
        measure(
                "`page(10)` of them",
                () -> storage.accounts().ofTenant(tenant.id()).page(10));
        List<AccountId> ids = Collections.nCopies(1, AccountId.random());
        List<AccountId> all = storage.accounts().ofTenant(tenant.id()).stream()
                .map(Account::id)
                .toList();
        recorder.take();
        measure("`getAll` of 21 accounts", () -> storage.accounts().getAll(all));
        measure("`getAll` of one that does not exist", () -> storage.accounts().getAll(ids));
    }

    private void measureRuns(DynamoDbStorage storage) {
        Tenant tenant = storage.tenants().create("runs");
        Provider provider = storage.providers().create(tenant.id(), ProviderType.AWS);
        Account account = storage.accounts()
                .create(provider, NewAccount.withoutNumber(tenant.id(), ProviderType.AWS, "production"));
        recorder.take();
        Schedule schedule = measure(
                "`schedules().create`",
                () -> storage.schedules()
                        .create(NewSchedule.of(
                                account, ProviderType.AWS, "hourly", Recurrence.every(Duration.ofHours(1)))));
        readOnceInFiveMinutes(storage);
        measure(
                "`schedules().due`, one due",
                () -> storage.schedules().due(NOW.plus(Duration.ofHours(2))).stream()
                        .toList());
        measure("`schedules().recordRun`", () -> {
            storage.schedules().recordRun(schedule.id(), RunOutcome.SUCCEEDED, NOW);
            return schedule;
        });
        Schedule once = storage.schedules()
                .create(NewSchedule.of(account, ProviderType.AWS, "once", Recurrence.once(NOW.plusSeconds(60))));
        recorder.take();
        measure("`schedules().recordRun` of a one-time schedule", () -> {
            storage.schedules().recordRun(once.id(), RunOutcome.SUCCEEDED, NOW);
            return once;
        });
        measureClaims(storage);
        Execution execution =
                measure("`executions().create`", () -> storage.executions().create(NewExecution.of(schedule)));
        measure(
                "`update(execution.complete(…))`",
                () -> storage.executions().update(execution.complete(Checks.of(3, 2, 1), NOW)));
        ScanResult scan = measure(
                "`scanResults().create`", () -> storage.scanResults().create(NewScan.of(account, ProviderType.AWS)));
        measure(
                "`update(scan.complete(…))`",
                () -> storage.scanResults().update(scan.complete(Checks.of(3, 2, 1), "s3://results/1", NOW)));
        List<Execution> many = measure(
                "`executions().createAll` of 50",
                () -> storage.executions()
                        .createAll(Collections.nCopies(50, NewExecution.of(schedule)), BulkOptions.defaults())
                        .values());
        List<ExecutionId> ids = many.stream().map(Execution::id).toList();
        List<ExecutionId> more = new ArrayList<>(ids);
        storage.executions()
                .createAll(Collections.nCopies(200, NewExecution.of(schedule)), BulkOptions.defaults())
                .values()
                .forEach(one -> more.add(one.id()));
        recorder.take();
        measure("`executions().getAll` of 100", () -> storage.executions().getAll(more.subList(0, 100)));
        measure("`executions().getAll` of 250", () -> storage.executions().getAll(more));
        measure("`executions().deleteAll` of 50", () -> storage.executions().deleteAll(ids, BulkOptions.defaults()));
        measureSeveralPages(storage, account);
    }

    private void measureSeveralPages(DynamoDbStorage storage, Account account) {
        Schedule schedule = storage.schedules()
                .create(NewSchedule.of(account, ProviderType.AWS, "failing", Recurrence.every(Duration.ofHours(1))));
        storage.executions()
                .createAll(Collections.nCopies(80, NewExecution.of(schedule)), BulkOptions.defaults())
                .values()
                .forEach(one -> storage.executions().update(one.fail("x".repeat(16_000), NOW)));
        recorder.take();
        measure(
                "a stream of 80 executions of 16 KB, two pages",
                () -> storage.executions().ofSchedule(schedule.id()).stream().toList());
    }

    private void measureCredentials(Onboarding onboarding) {
        Tenant tenant = onboarding.tenants().create("credentials");
        recorder.take();
        var role = new AwsIamRole("arn:aws:iam::123456789012:role/Scanner", "threat-engine-0123456789abcdef");
        Account account = measure(
                "`onboardAccount`, the tenant's first of its cloud",
                () -> onboarding.onboardAccount(
                        NewAccount.of(tenant.id(), ProviderType.AWS, "production", "123456789012"), role));
        measure("`vault().get`, not cached", () -> onboarding.vault().get(account.credentialKey()));
        measure("`vault().get`, cached", () -> onboarding.vault().get(account.credentialKey()));
        List<CredentialKey> many = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            var key = CredentialKey.of(tenant.id(), AccountId.random());
            onboarding
                    .vault()
                    .store(key, new AwsIamRole("arn:aws:iam::123456789012:role/scan", "external-id-" + i + "-0123456"));
            many.add(key);
        }
        recorder.take();
        measure(
                "`vault().getAll` of 40, not cached",
                () -> onboarding.vault().getAll(many).values());
        Account before = onboarding.accounts().get(account.id());
        recorder.take();
        measure(
                "`forTenant(…).vault().get`, cached, the account met first",
                () -> onboarding.forTenant(tenant.id()).vault().get(before.credentialKey()));
        measureChanges(onboarding, account);
    }

    private void measureChanges(Onboarding onboarding, Account account) {
        var role = new AwsIamRole("arn:aws:iam::123456789012:role/Next", "threat-engine-0123456789abcdef");
        var proven = new AwsIamRole("arn:aws:iam::123456789012:role/Proven", "threat-engine-0123456789abcdef");
        measure("`vault().store`, another credential", () -> onboarding.vault().store(account.credentialKey(), role));
        measure("`vault().store`, the same again", () -> onboarding.vault().store(account.credentialKey(), role));
        measure(
                "`rotateCredential`, with a proof",
                () -> onboarding.rotateCredential(account.id(), proven, credential -> {}));
        measure("`rollbackCredential`", () -> onboarding.rollbackCredential(account.id()));
        measure(
                "`vault().rotation().versions`",
                () -> onboarding.vault().rotation().versions(account.credentialKey()));
        measure("`offboardAccount`, the secret not shared", () -> onboarding.offboardAccount(account.id()));
    }

    private void measureListsOfWhichSomeRowsAreLeftOut(Onboarding onboarding, TableNames tables) {
        var rows = new Items(aws.dynamoDb(), tables.scanResults(), "scan_id");
        var accounts = new ArrayList<Account>();
        for (int i = 0; i < 10; i++) {
            Tenant tenant = onboarding.tenants().create("tenant " + i);
            Provider provider = onboarding.providers().create(tenant.id(), ProviderType.AWS);
            accounts.add(onboarding
                    .accounts()
                    .create(provider, NewAccount.withoutNumber(tenant.id(), ProviderType.AWS, "production")));
        }
        for (int i = 0; i < 100; i++) {
            // as a Python engine writes them: the tenant's are the last
            String account = accounts.get(9 - i / 10).id().value();
            String at = "2026-11-24T08:17:00.0000" + (10 + i % 90) + (i < 90 ? "" : "Z");
            rows.put(Items.item(
                    "scan_id",
                    "s" + i,
                    "account_id",
                    account,
                    "provider_type",
                    "aws",
                    "status",
                    "pending",
                    "started_at",
                    at));
        }
        ScanResultRepository own =
                onboarding.forTenant(accounts.get(0).tenantId()).scanResults();
        recorder.take();
        measure(
                "`forTenant(…).scanResults().withStatus`: 10 of 100 scans, which name their accounts alone",
                () -> own.withStatus(RunStatus.PENDING).stream().toList());
        measure("`first(5)` of them", () -> own.withStatus(RunStatus.PENDING).first(5));
        Instant late = Instant.parse("2026-11-24T08:17:00.000095Z");
        measure(
                "`first(2)` of a time range that leaves out 85 scans of its first second",
                () -> onboarding
                        .scanResults()
                        .withStatus(RunStatus.PENDING, TimeRange.since(late))
                        .first(2));
        assertThat(own.withStatus(RunStatus.PENDING).stream()).hasSize(10);
        recorder.take();
    }

    private <R> R measure(String operation, Supplier<R> call) {
        R result = call.get();
        CapacityRecorder.Recording recording = recorder.take();
        measured.put(
                operation,
                recording.calls() + " | " + units(recording.readUnits()) + " | " + units(recording.writeUnits()));
        return result;
    }

    private static String units(double units) {
        return units == Math.rint(units) ? Long.toString((long) units) : Double.toString(units);
    }

    private static Map<String, String> documented() throws IOException {
        var rows = new LinkedHashMap<String, String>();
        for (String line : Files.readAllLines(DOCUMENT)) {
            String[] cells = line.split("\\|", -1);
            boolean row = cells.length == 6 && !cells[1].isBlank() && !cells[1].contains("---");
            if (row && !cells[1].strip().equals("operation")) {
                rows.put(cells[1].strip(), cells[2].strip() + " | " + cells[3].strip() + " | " + cells[4].strip());
            }
        }
        return rows;
    }
}
