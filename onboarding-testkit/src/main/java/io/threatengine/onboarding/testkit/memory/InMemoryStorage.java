package io.threatengine.onboarding.testkit.memory;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.AccountRepository;
import io.threatengine.onboarding.account.AccountStatus;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.claim.RunRows;
import io.threatengine.onboarding.claim.RunStore;
import io.threatengine.onboarding.claim.ScheduleClaims;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.execution.ExecutionId;
import io.threatengine.onboarding.execution.ExecutionRepository;
import io.threatengine.onboarding.execution.NewExecution;
import io.threatengine.onboarding.internal.Rules;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderId;
import io.threatengine.onboarding.provider.ProviderRepository;
import io.threatengine.onboarding.provider.ProviderStatus;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.RunOutcome;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.scan.NewScan;
import io.threatengine.onboarding.scan.ScanId;
import io.threatengine.onboarding.scan.ScanResult;
import io.threatengine.onboarding.scan.ScanResultRepository;
import io.threatengine.onboarding.schedule.NewSchedule;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.schedule.ScheduleId;
import io.threatengine.onboarding.schedule.ScheduleRepository;
import io.threatengine.onboarding.storage.Bulk;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.storage.TimeRange;
import io.threatengine.onboarding.tenant.NewTenant;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.tenant.TenantRepository;
import io.threatengine.onboarding.tenant.TenantStatus;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Objects;

/** A fake storage in maps. Thread-safe. */
public final class InMemoryStorage implements OnboardingStorage {
    private final Tenants tenants;
    private final Providers providers;
    private final Accounts accounts;
    private final Schedules schedules;
    private final Executions executions;
    private final ScanResults scanResults;
    private final RunStore runs;
    private final ScheduleClaims claims;

    public InMemoryStorage(InstantSource clock) {
        this.tenants = new Tenants(clock);
        this.providers = new Providers(clock, tenants);
        this.accounts = new Accounts(clock, providers);
        this.schedules = new Schedules(clock, accounts);
        this.executions = new Executions(clock, schedules);
        this.scanResults = new ScanResults(clock, accounts);
        this.runs = new Runs(schedules, executions);
        this.claims = ScheduleClaims.of(runs);
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
    public ExecutionRepository executions() {
        return executions;
    }

    @Override
    public ScanResultRepository scanResults() {
        return scanResults;
    }

    @Override
    public ScheduleClaims claims() {
        return claims;
    }

    /** What its claims work on, for who stands between. */
    public RunStore runs() {
        return runs;
    }

    @Override
    public void close() {
        // nothing was opened
    }

    private static final class Tenants extends InMemoryRepository<TenantId, Tenant> implements TenantRepository {
        Tenants(InstantSource clock) {
            super("tenant", clock);
        }

        @Override
        public Tenant create(NewTenant tenant) {
            return create(Tenant.created(tenant, now()));
        }

        @Override
        public Listing<Tenant> named(String name) {
            Rules.name("tenant name", name);
            return list("named\u0000" + name, tenant -> tenant.name().equals(name), tenant -> "");
        }

        @Override
        public Listing<Tenant> all() {
            return list("all", tenant -> true, tenant -> "");
        }

        void requireUsable(TenantId id) {
            if (get(id).status().equals(TenantStatus.DELETED)) {
                throw notFound(id);
            }
        }
    }

    private static final class Providers extends InMemoryRepository<ProviderId, Provider>
            implements ProviderRepository {
        private final Tenants tenants;

        Providers(InstantSource clock, Tenants tenants) {
            super("provider", clock);
            this.tenants = tenants;
        }

        @Override
        public Provider create(TenantId tenant, ProviderType type) {
            tenants.requireUsable(tenant);
            return create(Provider.created(tenant, type, now()));
        }

        @Override
        public Listing<Provider> ofTenant(TenantId tenant) {
            return list(
                    "tenant\u0000" + tenant,
                    provider -> provider.tenantId().equals(tenant),
                    provider -> provider.type().value());
        }

        @Override
        public Listing<Provider> ofTenant(TenantId tenant, ProviderType type) {
            return list(
                    "tenant\u0000" + tenant + "\u0000" + type,
                    provider -> provider.tenantId().equals(tenant)
                            && provider.type().equals(type),
                    provider -> "");
        }

        void requireUsable(ProviderId id) {
            if (get(id).status().equals(ProviderStatus.DELETED)) {
                throw notFound(id);
            }
        }
    }

    private static final class Accounts extends InMemoryRepository<AccountId, Account> implements AccountRepository {
        private final Providers providers;

        Accounts(InstantSource clock, Providers providers) {
            super("account", clock);
            this.providers = providers;
        }

        @Override
        public Account create(Provider provider, NewAccount account) {
            Account created = Account.created(provider, account, now());
            providers.tenants.requireUsable(provider.tenantId());
            providers.requireUsable(provider.id());
            return create(created);
        }

        @Override
        public Listing<Account> ofTenant(TenantId tenant) {
            return list(
                    "tenant\u0000" + tenant,
                    account -> account.tenantId().equals(tenant),
                    account -> account.status().value());
        }

        @Override
        public Listing<Account> ofTenant(TenantId tenant, AccountStatus status) {
            return list(
                    "tenant\u0000" + tenant + "\u0000" + status,
                    account -> account.tenantId().equals(tenant)
                            && account.status().equals(status),
                    account -> "");
        }

        @Override
        public Listing<Account> ofProvider(ProviderId provider) {
            return list(
                    "provider\u0000" + provider,
                    account -> account.providerId().equals(provider),
                    account -> account.status().value());
        }

        @Override
        public Listing<Account> ofProvider(ProviderId provider, AccountStatus status) {
            return list(
                    "provider\u0000" + provider + "\u0000" + status,
                    account -> account.providerId().equals(provider)
                            && account.status().equals(status),
                    account -> "");
        }

        void requireUsable(AccountId id, TenantId tenant) {
            Account account = get(id);
            if (account.isDeleted() || !account.tenantId().equals(tenant)) {
                throw notFound(id);
            }
        }
    }

    private static final class Schedules extends InMemoryRepository<ScheduleId, Schedule>
            implements ScheduleRepository {
        private final Accounts accounts;

        Schedules(InstantSource clock, Accounts accounts) {
            super("schedule", clock);
            this.accounts = accounts;
        }

        @Override
        public Schedule create(NewSchedule schedule) {
            Schedule created = Schedule.created(schedule, now());
            accounts.requireUsable(schedule.accountId(), schedule.tenantId());
            return create(created);
        }

        @Override
        public BulkResult<NewSchedule, Schedule> createAll(Collection<NewSchedule> schedules, BulkOptions options) {
            return Bulk.each(schedules, options, this::create);
        }

        @Override
        public Listing<Schedule> ofTenant(TenantId tenant) {
            return list("tenant\u0000" + tenant, schedule -> schedule.tenantId().equals(tenant), schedule -> "");
        }

        @Override
        public Listing<Schedule> ofAccount(AccountId account) {
            return list(
                    "account\u0000" + account, schedule -> schedule.accountId().equals(account), schedule -> "");
        }

        @Override
        public Listing<Schedule> due(Instant at) {
            return list(
                    "due\u0000" + at,
                    schedule -> schedule.enabled()
                            && schedule.nextRunAt()
                                    .filter(due -> !due.isAfter(at))
                                    .isPresent(),
                    schedule -> schedule.nextRunAt().map(WireTime::write).orElse(""));
        }

        @Override
        public void recordRun(ScheduleId id, RunOutcome outcome, Instant at) {
            WireTime.write(at);
            update(id, schedule -> schedule.ran(outcome, at));
        }
    }

    private record Runs(Schedules schedules, Executions executions) implements RunStore {
        @Override
        public InstantSource clock() {
            return schedules.clock();
        }

        @Override
        public Written write(RunRows before, RunRows after) {
            Schedule schedule = Objects.requireNonNull(after.schedule(), "schedule");
            Execution execution = Objects.requireNonNull(after.execution(), "execution");
            synchronized (schedules) {
                synchronized (executions) {
                    if (!schedules.isStill(schedule.id(), before.schedule())
                            || !executions.isStill(execution.id(), before.execution())) {
                        return new Written(
                                false,
                                new RunRows(
                                        schedules.find(schedule.id()).orElse(null),
                                        executions.find(execution.id()).orElse(null)));
                    }
                    return new Written(
                            true,
                            new RunRows(
                                    schedules.store(before.schedule(), schedule),
                                    executions.store(before.execution(), execution)));
                }
            }
        }
    }

    private static final class Executions extends InMemoryRepository<ExecutionId, Execution>
            implements ExecutionRepository {
        private final Schedules schedules;

        Executions(InstantSource clock, Schedules schedules) {
            super("execution", clock);
            this.schedules = schedules;
        }

        @Override
        public Execution create(NewExecution execution) {
            Schedule schedule = schedules.get(execution.scheduleId());
            if (!schedule.tenantId().equals(execution.tenantId())
                    || !schedule.accountId().equals(execution.accountId())) {
                throw schedules.notFound(execution.scheduleId());
            }
            return create(Execution.created(execution, now()));
        }

        @Override
        public BulkResult<NewExecution, Execution> createAll(Collection<NewExecution> executions, BulkOptions options) {
            return Bulk.each(executions, options, this::create);
        }

        @Override
        public Listing<Execution> ofSchedule(ScheduleId schedule, TimeRange started) {
            return list(
                    "schedule\u0000" + schedule,
                    execution -> execution.scheduleId().equals(schedule),
                    started,
                    Execution::startedAt);
        }

        @Override
        public Listing<Execution> ofAccount(AccountId account, TimeRange started) {
            return list(
                    "account\u0000" + account,
                    execution -> execution.accountId().equals(account),
                    started,
                    Execution::startedAt);
        }
    }

    private static final class ScanResults extends InMemoryRepository<ScanId, ScanResult>
            implements ScanResultRepository {
        private final Accounts accounts;

        ScanResults(InstantSource clock, Accounts accounts) {
            super("scan", clock);
            this.accounts = accounts;
        }

        @Override
        public ScanResult create(NewScan scan) {
            accounts.requireUsable(scan.accountId(), scan.tenantId());
            return create(ScanResult.created(scan, now()));
        }

        @Override
        public BulkResult<NewScan, ScanResult> createAll(Collection<NewScan> scans, BulkOptions options) {
            return Bulk.each(scans, options, this::create);
        }

        @Override
        public Listing<ScanResult> ofAccount(AccountId account, TimeRange started) {
            return list(
                    "account\u0000" + account,
                    scan -> scan.accountId().equals(account),
                    started,
                    ScanResult::startedAt);
        }

        @Override
        public Listing<ScanResult> withStatus(RunStatus status, TimeRange started) {
            return list("status\u0000" + status, scan -> scan.status().equals(status), started, ScanResult::startedAt);
        }
    }
}
