package io.threatengine.onboarding.tests;

import static io.threatengine.onboarding.tests.Items.item;
import static io.threatengine.onboarding.tests.Items.text;
import static io.threatengine.onboarding.tests.Items.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.AccountStatus;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.aws.AccessRole;
import io.threatengine.onboarding.aws.Arns;
import io.threatengine.onboarding.aws.Permission;
import io.threatengine.onboarding.credential.AwsIamRole;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.dynamodb.TableProgress;
import io.threatengine.onboarding.dynamodb.TableProgress.State;
import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.CredentialUnavailableException.Reason;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.execution.ExecutionId;
import io.threatengine.onboarding.execution.NewExecution;
import io.threatengine.onboarding.infrastructure.IamPolicies;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderId;
import io.threatengine.onboarding.provider.ProviderStatus;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.run.RunOutcome;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.scan.NewScan;
import io.threatengine.onboarding.scan.ScanResult;
import io.threatengine.onboarding.schedule.DueIndex;
import io.threatengine.onboarding.schedule.NewSchedule;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.schedule.ScheduleId;
import io.threatengine.onboarding.secrets.KeySetup;
import io.threatengine.onboarding.secrets.SecretsManagerVault;
import io.threatengine.onboarding.setup.SetupOptions;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.Entity;
import io.threatengine.onboarding.storage.EntityRepository;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The faults that the Python engines are known for, by their numbers in the list of them, are not ours. */
@OnboardingTest
class KnownFaultsTest {
    private static final Instant NOW = Instant.parse("2026-11-24T08:17:00Z");
    private static final String NUMBER = "123456789012";
    private static final AwsIamRole ROLE =
            new AwsIamRole("arn:aws:iam::" + NUMBER + ":role/Scanner", "threat-engine-0123456789abcdef");

    /** So many rows of so many bytes are more than the 1 MB that a query reads at once. */
    private static final int LARGE_ROWS = 20;

    private static final int LARGE = 60_000;

    private final OnboardingSettings settings;
    private final TableNames names;
    private final SettableClock clock;
    private final Recorder recorder = new Recorder();
    private final DynamoDbClient dynamoDb;
    private final SecretsManagerClient secrets;
    private final DynamoDbStorage storage;
    private final CredentialVault vault;
    private final Onboarding onboarding;

    KnownFaultsTest(Workspace workspace, EmbeddedAws aws) {
        this.settings = workspace.settings();
        this.names = settings.tables();
        this.clock = workspace.clock();
        this.dynamoDb = recorder.dynamoDb(aws);
        this.secrets = recorder.secretsManager(aws);
        this.storage = DynamoDbStorage.using(dynamoDb, settings, clock);
        this.vault = SecretsManagerVault.using(secrets, settings, clock);
        this.onboarding = Onboarding.of(storage, vault);
    }

    @BeforeEach
    void atAKnownTime() {
        clock.set(NOW);
    }

    @AfterEach
    void close() {
        dynamoDb.close();
        secrets.close();
    }

    @Test
    void fault1AccountsAreListedByStatusWithAKeyConditionAndNoFilter() {
        Provider provider = provider();
        Account pending = account(provider, "pending");
        Account active = storage.accounts().update(account(provider, "active").activate());
        recorder.clear();

        assertThat(storage.accounts().ofTenant(provider.tenantId(), AccountStatus.ACTIVE).stream())
                .containsExactly(active);
        assertThat(storage.accounts().ofTenant(provider.tenantId(), AccountStatus.PENDING).stream())
                .containsExactly(pending);
        assertThat(storage.accounts().ofProvider(provider.id(), AccountStatus.ACTIVE).stream())
                .containsExactly(active);
        assertThat(recorder.calls()).hasSize(3).allSatisfy(call -> {
            QueryRequest query = (QueryRequest) call.request();
            assertThat(query.filterExpression()).isNull();
            assertThat(query.expressionAttributeNames()).containsValue("status");
        });
    }

    @Test
    void fault2AOneTimeScheduleThatHasRunIsOutOfTheIndexWithoutANull() {
        var rows = new Items(dynamoDb, names.schedules(), "schedule_id");
        Account account = account(provider(), "production");
        Schedule schedule = storage.schedules()
                .create(NewSchedule.of(account, ProviderType.AWS, "once", Recurrence.once(NOW.plusSeconds(1))));

        storage.schedules().recordRun(schedule.id(), RunOutcome.SUCCEEDED, NOW.plusSeconds(2));

        assertThat(rows.get(schedule.id())).doesNotContainKey("next_run_at").containsEntry("enabled", text("false"));
        assertThat(storage.schedules().due(NOW.plus(Duration.ofDays(1))).stream()
                        .map(Schedule::id))
                .doesNotContain(schedule.id());
    }

    @Test
    void fault3EveryListGoesOnBeyondTheFirstMegabyte() {
        String tenant = UUID.randomUUID().toString();
        String other = UUID.randomUUID().toString();
        String time = "2024-03-01T10:00:00";
        Map<String, AttributeValue> row = with(
                item(
                        "tenant_id", tenant,
                        "tenant_name", tenant,
                        "provider_id", other,
                        "provider_type", "aws",
                        "account_id", other,
                        "schedule_id", other,
                        "status", "active",
                        "enabled", "true",
                        "next_run_at", time,
                        "started_at", time),
                item("blob", "x".repeat(LARGE)));
        fill(names.tenants(), "tenant_id", row);
        fill(names.providers(), "provider_id", row);
        fill(names.accounts(), "account_id", row);
        fill(names.schedules(), "schedule_id", row);
        fill(names.executions(), "execution_id", row);
        fill(names.scanResults(), "scan_id", row);
        var tenantId = TenantId.of(tenant);
        var accountId = AccountId.of(other);
        var providerId = ProviderId.of(other);

        Map<String, Listing<?>> lists = new LinkedHashMap<>();
        lists.put("tenants().all()", storage.tenants().all());
        lists.put("tenants().named", storage.tenants().named(tenant));
        lists.put("providers().ofTenant", storage.providers().ofTenant(tenantId));
        lists.put("providers().ofTenant of a type", storage.providers().ofTenant(tenantId, ProviderType.AWS));
        lists.put("accounts().ofTenant", storage.accounts().ofTenant(tenantId));
        lists.put("accounts().ofTenant in a status", storage.accounts().ofTenant(tenantId, AccountStatus.ACTIVE));
        lists.put("accounts().ofProvider", storage.accounts().ofProvider(providerId));
        lists.put("accounts().ofProvider in a status", storage.accounts().ofProvider(providerId, AccountStatus.ACTIVE));
        lists.put("schedules().ofTenant", storage.schedules().ofTenant(tenantId));
        lists.put("schedules().ofAccount", storage.schedules().ofAccount(accountId));
        lists.put("schedules().due", storage.schedules().due(Instant.parse(time + "Z")));
        lists.put("executions().ofSchedule", storage.executions().ofSchedule(ScheduleId.of(other)));
        lists.put("executions().ofAccount", storage.executions().ofAccount(accountId));
        lists.put("scanResults().ofAccount", storage.scanResults().ofAccount(accountId));
        lists.put("scanResults().withStatus", storage.scanResults().withStatus(new RunStatus("active")));
        lists.forEach((name, list) -> {
            recorder.clear();
            long found = list.stream()
                    .map(entity -> ((Entity<?, ?>) entity).id().toString())
                    .filter(id -> id.startsWith("large-"))
                    .distinct()
                    .count();
            assertThat(found).as(name).isEqualTo(LARGE_ROWS);
            assertThat(recorder.operations()).as(name).hasSizeGreaterThan(1);
        });
    }

    private void fill(String table, String key, Map<String, AttributeValue> row) {
        var rows = new Items(dynamoDb, table, key);
        for (int i = 0; i < LARGE_ROWS; i++) {
            rows.put(with(row, item(key, "large-" + i)));
        }
    }

    @Test
    void fault4DuplicatesAreRefused() {
        Provider provider = provider();
        Tenant tenant = storage.tenants().get(provider.tenantId());
        storage.accounts().create(provider, NewAccount.of(tenant.id(), ProviderType.AWS, "production", NUMBER));

        assertThatExceptionOfType(AlreadyExistsException.class)
                .isThrownBy(() -> storage.tenants().create(tenant.name()));
        assertThatExceptionOfType(AlreadyExistsException.class)
                .isThrownBy(() -> storage.providers().create(tenant.id(), ProviderType.AWS));
        assertThatExceptionOfType(AlreadyExistsException.class).isThrownBy(() -> account(provider, "production"));
        assertThatExceptionOfType(AlreadyExistsException.class)
                .isThrownBy(() -> storage.accounts()
                        .create(provider, NewAccount.of(tenant.id(), ProviderType.AWS, "other", NUMBER)));
        assertThat(storage.providers().ofTenant(tenant.id()).stream()).hasSize(1);
        assertThat(storage.accounts().ofTenant(tenant.id()).stream()).hasSize(1);
    }

    @Test
    void fault4ChangingWhatDoesNotExistMakesNoGhostRow() {
        Provider provider = provider();
        Account account = account(provider, "production");
        Schedule schedule = storage.schedules().create(hourly(account));
        Execution execution = storage.executions().create(NewExecution.of(schedule));
        ScanResult scan = storage.scanResults().create(NewScan.of(account, ProviderType.AWS));
        Tenant tenant = storage.tenants().get(provider.tenantId());

        noGhost(names.scanResults(), storage.scanResults(), scan, s -> s.cancel(NOW));
        noGhost(names.executions(), storage.executions(), execution, e -> e.cancel(NOW));
        noGhost(names.schedules(), storage.schedules(), schedule, Schedule::pause);
        noGhost(names.accounts(), storage.accounts(), account, a -> a.rename("other"));
        noGhost(names.providers(), storage.providers(), provider, p -> p.withStatus(ProviderStatus.DELETED));
        noGhost(names.tenants(), storage.tenants(), tenant, t -> t.rename("other " + UUID.randomUUID()));
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> storage.schedules().recordRun(schedule.id(), RunOutcome.FAILED, NOW));
        assertThat(storage.schedules().find(schedule.id())).isEmpty();
    }

    private <I, T extends Entity<I, T>> void noGhost(
            String table, EntityRepository<I, T> repository, T entity, UnaryOperator<T> change) {
        repository.delete(entity.id());

        assertThatExceptionOfType(NotFoundException.class)
                .as(table)
                .isThrownBy(() -> repository.update(change.apply(entity)));
        assertThatExceptionOfType(NotFoundException.class)
                .as(table)
                .isThrownBy(() -> repository.update(entity.id(), change));
        assertThatExceptionOfType(NotFoundException.class).as(table).isThrownBy(() -> repository.delete(entity.id()));
        assertThat(repository.find(entity.id())).as(table).isEmpty();
    }

    @Test
    void fault5RunsThatAreCountedAtOnceAreAllCountedAndTheFailedOnesToo() {
        Schedule schedule = storage.schedules().create(hourly(account(provider(), "production")));

        Parallel.each(
                IntStream.range(0, 24).boxed().toList(),
                run -> storage.schedules()
                        .recordRun(schedule.id(), run % 3 == 0 ? RunOutcome.FAILED : RunOutcome.SUCCEEDED, NOW));

        Schedule counted = storage.schedules().get(schedule.id());
        assertThat(counted.runCount()).isEqualTo(24);
        assertThat(counted.successCount()).isEqualTo(16);
        assertThat(counted.failureCount()).isEqualTo(8);
    }

    @Test
    void fault6ANewScheduleKnowsWhenItIsDueAndBecomesDue() {
        Schedule schedule = storage.schedules().create(hourly(account(provider(), "production")));

        assertThat(schedule.nextRunAt()).contains(NOW.plus(Duration.ofHours(1)));
        assertThat(storage.schedules().due(NOW.plus(Duration.ofMinutes(59))).stream()
                        .map(Schedule::id))
                .doesNotContain(schedule.id());
        assertThat(storage.schedules().due(NOW.plus(Duration.ofHours(1))).stream()
                        .map(Schedule::id))
                .contains(schedule.id());
    }

    /** The partition is the format's, and so is its ceiling for writes; what is not due costs its readers nothing. */
    @Test
    void fault7OfTheOnePartitionOfEnabledSchedulesOnlyWhatIsDueIsRead() {
        var rows = new Items(dynamoDb, names.schedules(), "schedule_id");
        Map<String, AttributeValue> row = item(
                "tenant_id", "t7", "account_id", "a7", "provider_type", "aws", "enabled", "true", "status", "active");
        for (int i = 0; i < 30; i++) {
            rows.put(with(row, item("schedule_id", "later-" + i, "next_run_at", "1990-01-02T00:00:00")));
        }
        rows.put(with(row, item("schedule_id", "due-7", "next_run_at", "1990-01-01T00:00:00")));
        rows.put(with(row, item("schedule_id", "never-7")));
        recorder.clear();

        List<Schedule> due = storage.schedules().due(Instant.parse("1990-01-01T12:00:00Z")).stream()
                .toList();

        assertThat(due).extracting(schedule -> schedule.id().value()).containsExactly("due-7");
        assertThat(recorder.calls())
                .filteredOn(call -> call.response() instanceof QueryResponse)
                .singleElement()
                .satisfies(call -> assertThat(((QueryResponse) call.response()).scannedCount())
                        .isEqualTo(1));
    }

    @Test
    void fault8ACredentialIsDeletedUnderEachOfItsNames() {
        CredentialKey key = CredentialKey.of(TenantId.random(), AccountId.random());
        String legacy = settings.secretsPrefix() + "/account/" + key.accountId();
        vault.store(key, ROLE);
        secrets.createSecret(request -> request.name(legacy)
                .secretString("{\"credential_type\": \"ibm_api_key\", \"credentials\": {\"api_key\": \"k\"},"
                        + " \"account_id\": \"" + key.accountId() + "\", \"created_at\": \"2024-03-01T10:00:00\"}"));

        vault.delete(key);

        for (String name :
                List.of(legacy, settings.secretsPrefix() + "/account/" + key.tenantId() + "/" + key.accountId())) {
            assertThat(secrets.describeSecret(request -> request.secretId(name)).deletedDate())
                    .as(name)
                    .isNotNull();
        }
    }

    @Test
    void fault8AnUpdateKeepsTheDateOfCreation() {
        CredentialKey key = CredentialKey.of(TenantId.random(), AccountId.random());
        vault.store(key, ROLE);
        clock.advance(Duration.ofDays(3));

        vault.store(key, new IbmApiKey(Secret.of("next")));

        assertThat(vault.load(key).createdAt()).isEqualTo(NOW);
    }

    @Test
    void fault8SeveralThatStoreAtOnceAllSucceedOnOneSecret() {
        CredentialKey key = CredentialKey.of(TenantId.random(), AccountId.random());
        List<Credential> given = IntStream.range(0, 6)
                .mapToObj(i -> (Credential) new IbmApiKey(Secret.of("key " + i)))
                .toList();

        Parallel.each(given, credential -> vault.store(key, credential));

        assertThat(given).contains(vault.get(key));
    }

    @Test
    void fault8StoringInsideTheRecoveryWindowSaysSoAndSucceedsOnceRestored() {
        CredentialKey key = CredentialKey.of(TenantId.random(), AccountId.random());
        vault.store(key, ROLE);
        vault.delete(key);

        assertThatExceptionOfType(CredentialUnavailableException.class)
                .isThrownBy(() -> vault.store(key, new IbmApiKey(Secret.of("next"))))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.PENDING_DELETION));
        vault.restore(key);
        vault.store(key, new IbmApiKey(Secret.of("next")));

        assertThat(vault.get(key)).isEqualTo(new IbmApiKey(Secret.of("next")));
    }

    @Test
    void fault8AnAccountThatIsOffboardedLeavesNoSecretBehindAndMayComeBackAtOnce() {
        NewAccount given = NewAccount.of(tenant().id(), ProviderType.AWS, "production", NUMBER);
        Account account = onboarding.onboardAccount(given, ROLE);

        assertThat(onboarding.offboardAccount(account.id())).isPresent();

        assertThat(vault.describe(account.credentialKey()).deletionDate()).isNotNull();
        Account again = onboarding.onboardAccount(given, ROLE);
        assertThat(again.id()).isNotEqualTo(account.id());
        assertThat(vault.get(again.credentialKey())).isEqualTo(ROLE);
    }

    /** IamPoliciesTest holds that they grant nothing else. */
    @Test
    void fault9ThePoliciesHaveEveryActionThatIsNeeded() {
        recorder.clear();
        OnboardingSettings fresh = settings.toBuilder()
                .tables(TableNames.withPrefix("fault9-" + UUID.randomUUID() + "-"))
                .executionRetention(Duration.ofDays(30))
                .scanResultRetention(Duration.ofDays(30))
                .build();
        DynamoDbStorage.using(dynamoDb, fresh).createTables();
        // the sharded index comes to tables that are there
        DynamoDbStorage.using(
                        dynamoDb,
                        fresh.toBuilder().dueIndex(DueIndex.sharded(4)).build())
                .createTables();
        assertThat(granted(AccessRole.ADMINISTRATOR)).containsAll(recorder.actions());

        recorder.clear();
        Account account = writeEverything();
        Set<String> writing = recorder.actions();
        assertThat(writing).contains("dynamodb:ConditionCheckItem", "dynamodb:BatchWriteItem");
        // the service calls KMS in the caller's name: to write, for a key to encrypt with
        assertThat(granted(AccessRole.WRITER)).containsAll(writing).contains("kms:Decrypt", "kms:GenerateDataKey");

        recorder.clear();
        readEverything(account);
        assertThat(granted(AccessRole.READER)).containsAll(recorder.actions()).contains("kms:Decrypt");
    }

    private static List<String> granted(AccessRole role) {
        OnboardingSettings withKey =
                OnboardingSettings.builder().kmsKeyId("alias/threat-engine").build();
        return IamPolicies.of(withKey, new Arns("aws", withKey.region(), "123456789012")).permissions(role).stream()
                .map(Permission::action)
                .toList();
    }

    /** The guide's key policy named nobody who may change it: a key that nobody administers can never be mended. */
    @Test
    void fault9TheKeysPolicyNamesItsAdministrator(EmbeddedAws aws) {
        String alias = "alias/fault9-" + UUID.randomUUID();
        KeySetup.using(aws.kms(), settings.toBuilder().kmsKeyId(alias).build(), SetupOptions.defaults())
                .apply(step -> {});

        String key = aws.kms()
                .describeKey(request -> request.keyId(alias))
                .keyMetadata()
                .keyId();
        assertThat(aws.kms()
                        .getKeyPolicy(request -> request.keyId(key).policyName("default"))
                        .policy())
                .contains("arn:aws:iam::000000000000:root")
                .contains("kms:*");
    }

    private Account writeEverything() {
        Tenant tenant = tenant();
        storage.tenants().update(tenant.id(), t -> t.describe("words"));
        storage.tenants().update(tenant.id(), t -> t.rename("renamed " + UUID.randomUUID()));
        storage.tenants().delete(tenant().id());
        NewAccount given = NewAccount.of(tenant.id(), ProviderType.AWS, "production", NUMBER);
        Account account = onboarding.onboardAccount(given, ROLE);
        onboarding.rotateCredential(
                account.id(), new AwsIamRole("arn:aws:iam::" + NUMBER + ":role/Next", ROLE.externalId()));
        onboarding.rotateCredential(account.id(), ROLE, credential -> {});
        onboarding.rollbackCredential(account.id());
        Account gone = onboarding.onboardAccount(NewAccount.withoutNumber(tenant.id(), ProviderType.AWS, "gone"), ROLE);
        onboarding.offboardAccount(gone.id());
        vault.restore(gone.credentialKey());
        storage.accounts().delete(gone.id());
        Schedule schedule = storage.schedules().create(hourly(account));
        storage.schedules()
                .createAll(List.of(hourly(account)), BulkOptions.defaults())
                .values();
        storage.schedules().update(schedule.id(), s -> s.rename("other"));
        storage.schedules().recordRun(schedule.id(), RunOutcome.SUCCEEDED, NOW);
        Execution execution = storage.executions().create(NewExecution.of(schedule));
        storage.executions().update(execution.complete(Checks.of(1, 1, 0), NOW));
        List<ExecutionId> many = storage
                .executions()
                .createAll(List.of(NewExecution.of(schedule), NewExecution.of(schedule)), BulkOptions.defaults())
                .values()
                .stream()
                .map(Execution::id)
                .toList();
        storage.executions().deleteAll(many, BulkOptions.defaults()).values();
        ScanResult scan = storage.scanResults().create(NewScan.of(account, ProviderType.AWS));
        storage.scanResults().update(scan.id(), s -> s.cancel(NOW));
        storage.scanResults()
                .createAll(List.of(NewScan.of(account, ProviderType.AWS)), BulkOptions.defaults())
                .values();
        return storage.accounts().get(account.id());
    }

    private void readEverything(Account account) {
        storage.tenants().get(account.tenantId());
        storage.tenants().all().page(1);
        storage.tenants().named("nobody").page(1);
        storage.providers().ofTenant(account.tenantId()).first(1);
        storage.accounts().getAll(List.of(account.id())).values();
        storage.accounts().ofTenant(account.tenantId()).first(1);
        storage.schedules().due(NOW).first(1);
        storage.executions().ofAccount(account.id()).first(1);
        storage.scanResults().ofAccount(account.id()).first(1);
        vault.get(account.credentialKey());
        CredentialKey nobodys = CredentialKey.of(account.tenantId(), AccountId.random());
        assertThat(vault.loadAll(List.of(account.credentialKey(), nobodys), BulkOptions.defaults())
                        .failures())
                .hasSize(1);
        vault.describe(account.credentialKey());
        vault.rotation().versions(account.credentialKey());
    }

    @Test
    void fault10MakingTheTablesLeavesNothingBehindAndRepeatingItChangesNothing() {
        var fresh = TableNames.withPrefix("fault10-" + UUID.randomUUID() + "-");
        var created = DynamoDbStorage.using(
                dynamoDb, settings.toBuilder().tables(fresh).build());
        created.createTables();
        List<String> tables = List.of(
                fresh.tenants(),
                fresh.providers(),
                fresh.accounts(),
                fresh.schedules(),
                fresh.executions(),
                fresh.scanResults(),
                fresh.uniqueKeys());
        List<String> before = tables.stream().map(this::described).toList();
        List<TableProgress> steps = new ArrayList<>();
        recorder.clear();

        created.createTables(steps::add);

        assertThat(steps).hasSize(tables.size()).allMatch(step -> step.state() == State.FOUND);
        assertThat(recorder.operations()).hasSize(tables.size()).containsOnly("DescribeTable");
        assertThat(tables.stream().map(this::described)).isEqualTo(before);
        assertThat(tables)
                .allSatisfy(table ->
                        assertThat(new Items(dynamoDb, table, "id").count()).isZero());
    }

    private String described(String table) {
        return dynamoDb.describeTable(request -> request.tableName(table))
                .table()
                .toString();
    }

    @Test
    void fault11OnboardingThatIsRepeatedAfterACrashKeepsTheIdAndOneRow() {
        NewAccount given = NewAccount.of(tenant().id(), ProviderType.AWS, "production", NUMBER);
        var dying = Onboarding.of(storage, dyingBeforeItStores());
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> dying.onboardAccount(given, ROLE))
                .withMessage("crashed");
        Account begun = storage.accounts().ofTenant(given.tenantId()).stream()
                .findFirst()
                .orElseThrow();

        Account finished = dying.onboardAccount(given, ROLE);

        assertThat(finished.id()).isEqualTo(begun.id());
        assertThat(finished.createdAt()).isEqualTo(begun.createdAt());
        assertThat(storage.accounts().ofTenant(given.tenantId()).stream()).containsExactly(finished);
        assertThat(vault.get(finished.credentialKey())).isEqualTo(ROLE);
    }

    /** A vault before which the process dies the first time that it stores something. */
    private CredentialVault dyingBeforeItStores() {
        var stored = new AtomicBoolean();
        return (CredentialVault) Proxy.newProxyInstance(
                CredentialVault.class.getClassLoader(),
                new Class<?>[] {CredentialVault.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("store") && !stored.getAndSet(true)) {
                        throw new IllegalStateException("crashed");
                    }
                    try {
                        return method.invoke(vault, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    // ---- rows

    private Tenant tenant() {
        return storage.tenants().create("tenant " + UUID.randomUUID());
    }

    private Provider provider() {
        return storage.providers().create(tenant().id(), ProviderType.AWS);
    }

    private Account account(Provider provider, String name) {
        return storage.accounts()
                .create(provider, NewAccount.withoutNumber(provider.tenantId(), ProviderType.AWS, name));
    }

    private static NewSchedule hourly(Account account) {
        return NewSchedule.of(account, ProviderType.AWS, "hourly", Recurrence.every(Duration.ofHours(1)));
    }
}
