package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.account.AccountRepository;
import io.threatengine.onboarding.aws.ClientOptions;
import io.threatengine.onboarding.aws.SdkClients;
import io.threatengine.onboarding.claim.ScheduleClaims;
import io.threatengine.onboarding.error.NotSetUpException;
import io.threatengine.onboarding.execution.ExecutionRepository;
import io.threatengine.onboarding.provider.ProviderRepository;
import io.threatengine.onboarding.scan.ScanResultRepository;
import io.threatengine.onboarding.schedule.ScheduleRepository;
import io.threatengine.onboarding.tenant.TenantRepository;
import java.time.InstantSource;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The repositories on DynamoDB. Thread-safe; one for a process is enough.
 *
 * <pre>{@code
 * try (var storage = DynamoDbStorage.open(OnboardingSettings.fromEnvironment())) {
 *     storage.createTables(System.out::println);
 *     Tenant tenant = storage.tenants().create("acme");
 * }
 * }</pre>
 *
 * <p>Reads by id are strongly consistent; lists are read from indexes, which are not. A client that {@link #open} makes
 * waits and tries again as its {@link ClientOptions} say, and is closed by {@link #close}; a call after that is an {@link
 * IllegalStateException}. A client that is passed in keeps its own behaviour and is the caller's to close.
 */
public final class DynamoDbStorage implements OnboardingStorage {
    private final OnboardingSettings settings;
    private final DynamoDbClient client;
    private final boolean ownsClient;
    private final Tables tables;
    private final DynamoDbTenantRepository tenants;
    private final DynamoDbProviderRepository providers;
    private final DynamoDbAccountRepository accounts;
    private final DynamoDbScheduleRepository schedules;
    private final DynamoDbExecutionRepository executions;
    private final DynamoDbScanResultRepository scanResults;
    private final ScheduleClaims claims;

    private DynamoDbStorage(
            OnboardingSettings settings, DynamoDbClient client, boolean ownsClient, InstantSource clock) {
        this.settings = settings;
        this.client = client;
        this.ownsClient = ownsClient;
        this.tables = new Tables(client, settings, clock);
        this.tenants = new DynamoDbTenantRepository(tables);
        this.providers = new DynamoDbProviderRepository(tables, tenants);
        this.accounts = new DynamoDbAccountRepository(tables, tenants, providers);
        this.schedules = new DynamoDbScheduleRepository(tables, accounts);
        this.executions = new DynamoDbExecutionRepository(tables, schedules);
        this.scanResults = new DynamoDbScanResultRepository(tables, accounts);
        this.claims = ScheduleClaims.of(new DynamoDbRuns(tables, schedules, executions));
    }

    /** Opens a client of its own: the SDK's default credentials, the settings' region, the default options. */
    public static DynamoDbStorage open(OnboardingSettings settings) {
        return open(settings, ClientOptions.defaults());
    }

    /** Opens a client of its own: the SDK's default credentials, the settings' region, these options. */
    public static DynamoDbStorage open(OnboardingSettings settings, ClientOptions options) {
        DynamoDbClient client = SdkClients.open(DynamoDbClient.builder(), settings, options);
        return new DynamoDbStorage(settings, client, true, InstantSource.system());
    }

    /** Uses the caller's client. */
    public static DynamoDbStorage using(DynamoDbClient client, OnboardingSettings settings) {
        return using(client, settings, InstantSource.system());
    }

    /** Uses the caller's client and clock. */
    public static DynamoDbStorage using(DynamoDbClient client, OnboardingSettings settings, InstantSource clock) {
        return new DynamoDbStorage(settings, client, false, clock);
    }

    /**
     * Makes the tables that are missing, on demand and with all indexes, and waits until all can be used: seconds, on AWS
     * up to a minute. Changes nothing that exists, and may be repeated or run by several processes at once. Where the
     * settings ask for a retention, the expiry of rows is switched on, on tables that exist too: by the attribute {@code
     * ttl}, which this library alone writes.
     *
     *
     * @param progress told of each step
     * @throws NotSetUpException if a table exists but with other keys, or without an index
     */
    public void createTables(Consumer<TableProgress> progress) {
        new TableCreation(client, settings, progress).run();
    }

    /** {@link #createTables(Consumer)} without a word. */
    public void createTables() {
        createTables(step -> {});
    }

    /**
     * Reserves the names and numbers of tenants, providers and accounts that other engines have written. The Python engines reserve
     * none, so that until then a name that only they have given can be given once more. May be repeated, after a crash too, and
     * run while others write; rows themselves are not changed. Reads all these rows, and writes one transaction for
     * each that lacks a reservation.
     *
     * @param progress told after every fifty rows
     * @return with the names and numbers that are held twice, which a person has to sort out
     */
    public UniqueKeyBackfill backfillUniqueKeys(Consumer<? super UniqueKeyBackfill> progress) {
        return new KeyReservations(tables, tenants, providers, accounts, progress).run();
    }

    @Override
    public TenantRepository tenants() {
        return tenants;
    }

    @Override
    public ProviderRepository providers() {
        return providers;
    }

    @Override
    public AccountRepository accounts() {
        return accounts;
    }

    @Override
    public ScheduleRepository schedules() {
        return schedules;
    }

    @Override
    public ScheduleClaims claims() {
        return claims;
    }

    @Override
    public ExecutionRepository executions() {
        return executions;
    }

    @Override
    public ScanResultRepository scanResults() {
        return scanResults;
    }

    @Override
    public void close() {
        if (ownsClient) {
            client.close();
        }
    }
}
