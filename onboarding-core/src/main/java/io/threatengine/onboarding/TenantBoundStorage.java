package io.threatengine.onboarding;

import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.AccountRepository;
import io.threatengine.onboarding.account.AccountStatus;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.claim.ScheduleClaims;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.execution.ExecutionId;
import io.threatengine.onboarding.execution.ExecutionRepository;
import io.threatengine.onboarding.execution.NewExecution;
import io.threatengine.onboarding.internal.MalformedRowException;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderId;
import io.threatengine.onboarding.provider.ProviderRepository;
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
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.storage.TimeRange;
import io.threatengine.onboarding.tenant.NewTenant;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.tenant.TenantRepository;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A storage in which one tenant's rows are, and no others. */
final class TenantBoundStorage implements OnboardingStorage {
    /** How many accounts are remembered as the tenant's; beyond it, all are asked for anew. */
    private static final int MOST_REMEMBERED = 10_000;

    private final OnboardingStorage all;
    private final TenantId tenant;
    private final Set<AccountId> owned = ConcurrentHashMap.newKeySet();
    private final Tenants tenants;
    private final Providers providers;
    private final Accounts accounts;
    private final Schedules schedules;
    private final Executions executions;
    private final Scans scans;
    private final ScheduleClaims claims;

    TenantBoundStorage(OnboardingStorage all, TenantId tenant) {
        this.all = all;
        this.tenant = tenant;
        this.tenants = new Tenants(all.tenants());
        this.providers = new Providers(all.providers());
        this.accounts = new Accounts(all.accounts());
        this.schedules = new Schedules(all.schedules());
        this.executions = new Executions(all.executions());
        this.scans = new Scans(all.scanResults());
        this.claims = all.claims()
                .within(schedules, executions, schedule -> schedule.tenantId().equals(tenant));
    }

    /** Whether the account's row says that it is the tenant's. No account moves, so that a yes holds for ever. */
    boolean owns(AccountId account) {
        if (owned.contains(account)) {
            return true;
        }
        boolean own = isOurs(account);
        if (own) {
            remember(account);
        }
        return own;
    }

    /** Reads the rows of these accounts together, so that {@link #owns} knows those that are the tenant's. */
    void learnOwnersOf(Collection<AccountId> accounts) {
        List<AccountId> unknown =
                accounts.stream().distinct().filter(id -> !owned.contains(id)).toList();
        if (unknown.size() > 1) {
            all.accounts().getAll(unknown).outcomes().stream()
                    .flatMap(outcome -> outcome.found().stream())
                    .filter(this::isOurs)
                    .forEach(account -> remember(account.id()));
        }
    }

    private void remember(AccountId account) {
        if (owned.size() >= MOST_REMEMBERED) {
            owned.clear();
        }
        owned.add(account);
    }

    /**
     * Which rows of a list are ours, where some name their account alone. The accounts of a page that are met for the first
     * time are asked for together. That one is not ours is remembered no longer than the list is read: it may be created yet.
     */
    private <T> Listing.PageFilter<T> byAccount(
            Function<T, Optional<TenantId>> said, Function<T, AccountId> accountOf) {
        Set<AccountId> notOurs = ConcurrentHashMap.newKeySet();
        return rows -> {
            Set<AccountId> named = rows.stream()
                    .filter(row -> said.apply(row).isEmpty())
                    .map(accountOf)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            named.removeAll(notOurs);
            List<AccountId> unknown =
                    named.stream().filter(account -> !owned.contains(account)).toList();
            for (BulkResult.Outcome<AccountId, Account> outcome :
                    all.accounts().getAll(unknown).outcomes()) {
                if (isOurs(outcome)) {
                    remember(outcome.input());
                } else {
                    named.remove(outcome.input());
                    notOurs.add(outcome.input());
                }
            }
            return row -> said.apply(row).map(tenant::equals).orElseGet(() -> named.contains(accountOf.apply(row)));
        };
    }

    private boolean isOurs(BulkResult.Outcome<AccountId, Account> outcome) {
        if (outcome.failure() instanceof MalformedDataException broken) {
            return isOurs(broken, false);
        }
        if (outcome.failure() != null && !(outcome.failure() instanceof NotFoundException)) {
            throw outcome.failure();
        }
        return outcome.found().filter(this::isOurs).isPresent();
    }

    private boolean isOurs(AccountId account) {
        try {
            return all.accounts().find(account).filter(this::isOurs).isPresent();
        } catch (MalformedDataException e) {
            return isOurs(e, false);
        }
    }

    /**
     * Whether a row that cannot be read says that it is the tenant's.
     *
     * @param unsaid the answer where it does not say whose it is
     */
    boolean isOurs(MalformedDataException broken, boolean unsaid) {
        if (!(broken instanceof MalformedRowException row)) {
            return unsaid;
        }
        if (row.tenantId().isPresent()) {
            return row.tenantId().get().equals(tenant.value());
        }
        try {
            return row.accountId().map(AccountId::of).map(this::owns).orElse(unsaid);
        } catch (InvalidValueException e) {
            return unsaid; // it names what can be no account
        }
    }

    private boolean isOurs(Account account) {
        return account.tenantId().equals(tenant);
    }

    /** Whose a row is that names its tenant, or, as the Python engines write it, its account alone. */
    private boolean isOurs(Optional<TenantId> said, AccountId account) {
        return said.map(tenant::equals).orElseGet(() -> owns(account));
    }

    TenantId tenant() {
        return tenant;
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
        return scans;
    }

    @Override
    public void close() {
        // the storage is the caller's
    }

    private static NotFoundException noTenant(TenantId id) {
        return new NotFoundException("tenant", id.value());
    }

    private final class Tenants extends TenantBoundRepository<TenantId, Tenant> implements TenantRepository {
        private final TenantRepository all;

        Tenants(TenantRepository all) {
            super("tenant", all, TenantBoundStorage.this, row -> row.id().equals(tenant));
            this.all = all;
        }

        @Override
        public Tenant create(NewTenant newTenant) {
            throw notFound("another than " + tenant);
        }

        @Override
        public Listing<Tenant> named(String name) {
            return ofAll(all.named(name));
        }

        @Override
        public Listing<Tenant> all() {
            return ofAll(all.all());
        }
    }

    private final class Providers extends TenantBoundRepository<ProviderId, Provider> implements ProviderRepository {
        private final ProviderRepository all;

        Providers(ProviderRepository all) {
            super(
                    "provider",
                    all,
                    TenantBoundStorage.this,
                    provider -> provider.tenantId().equals(tenant));
            this.all = all;
        }

        @Override
        public Provider create(TenantId owner, ProviderType type) {
            if (!owner.equals(tenant)) {
                throw noTenant(owner);
            }
            return all.create(owner, type);
        }

        @Override
        public Listing<Provider> ofTenant(TenantId owner) {
            return ofParent(all.ofTenant(owner), () -> owner.equals(tenant));
        }

        @Override
        public Listing<Provider> ofTenant(TenantId owner, ProviderType type) {
            return ofParent(all.ofTenant(owner, type), () -> owner.equals(tenant));
        }

        boolean owns(ProviderId id) {
            return find(id).isPresent();
        }
    }

    private final class Accounts extends TenantBoundRepository<AccountId, Account> implements AccountRepository {
        private final AccountRepository all;

        Accounts(AccountRepository all) {
            super("account", all, TenantBoundStorage.this, TenantBoundStorage.this::isOurs);
            this.all = all;
        }

        @Override
        public Account create(Provider provider, NewAccount account) {
            if (!provider.tenantId().equals(tenant)) {
                throw providers.notFound(provider.id());
            }
            return all.create(provider, account);
        }

        @Override
        public Listing<Account> ofTenant(TenantId owner) {
            return ofParent(all.ofTenant(owner), () -> owner.equals(tenant));
        }

        @Override
        public Listing<Account> ofTenant(TenantId owner, AccountStatus status) {
            return ofParent(all.ofTenant(owner, status), () -> owner.equals(tenant));
        }

        @Override
        public Listing<Account> ofProvider(ProviderId provider) {
            return ofParent(all.ofProvider(provider), () -> providers.owns(provider));
        }

        @Override
        public Listing<Account> ofProvider(ProviderId provider, AccountStatus status) {
            return ofParent(all.ofProvider(provider, status), () -> providers.owns(provider));
        }
    }

    private final class Schedules extends TenantBoundRepository<ScheduleId, Schedule> implements ScheduleRepository {
        private final ScheduleRepository all;

        Schedules(ScheduleRepository all) {
            super(
                    "schedule",
                    all,
                    TenantBoundStorage.this,
                    schedule -> schedule.tenantId().equals(tenant));
            this.all = all;
        }

        @Override
        public Schedule create(NewSchedule schedule) {
            if (!schedule.tenantId().equals(tenant)) {
                throw accounts.notFound(schedule.accountId());
            }
            return all.create(schedule);
        }

        @Override
        public BulkResult<NewSchedule, Schedule> createAll(Collection<NewSchedule> schedules, BulkOptions options) {
            return createAll(
                    schedules,
                    NewSchedule::tenantId,
                    schedule -> accounts.notFound(schedule.accountId()),
                    own -> all.createAll(own, options));
        }

        @Override
        public Listing<Schedule> ofTenant(TenantId owner) {
            return ofParent(all.ofTenant(owner), () -> owner.equals(tenant));
        }

        @Override
        public Listing<Schedule> ofAccount(AccountId account) {
            return ofParent(all.ofAccount(account), () -> TenantBoundStorage.this.owns(account));
        }

        @Override
        public Listing<Schedule> due(Instant at) {
            return ofAll(all.due(at));
        }

        @Override
        public void recordRun(ScheduleId id, RunOutcome outcome, Instant at) {
            get(id);
            all.recordRun(id, outcome, at);
        }

        boolean owns(ScheduleId id) {
            return find(id).isPresent();
        }
    }

    private final class Executions extends TenantBoundRepository<ExecutionId, Execution>
            implements ExecutionRepository {
        private final ExecutionRepository all;

        Executions(ExecutionRepository all) {
            super(
                    "execution",
                    all,
                    TenantBoundStorage.this,
                    execution -> isOurs(execution.tenantId(), execution.accountId()));
            this.all = all;
        }

        @Override
        Listing.PageFilter<Execution> filter() {
            return byAccount(Execution::tenantId, Execution::accountId);
        }

        @Override
        public Execution create(NewExecution execution) {
            if (!execution.tenantId().equals(tenant)) {
                throw schedules.notFound(execution.scheduleId());
            }
            return all.create(execution);
        }

        @Override
        public BulkResult<NewExecution, Execution> createAll(Collection<NewExecution> executions, BulkOptions options) {
            return createAll(
                    executions,
                    NewExecution::tenantId,
                    execution -> schedules.notFound(execution.scheduleId()),
                    own -> all.createAll(own, options));
        }

        @Override
        public Listing<Execution> ofSchedule(ScheduleId schedule, TimeRange started) {
            return ofParent(all.ofSchedule(schedule, started), () -> schedules.owns(schedule));
        }

        @Override
        public Listing<Execution> ofAccount(AccountId account, TimeRange started) {
            return ofParent(all.ofAccount(account, started), () -> TenantBoundStorage.this.owns(account));
        }
    }

    private final class Scans extends TenantBoundRepository<ScanId, ScanResult> implements ScanResultRepository {
        private final ScanResultRepository all;

        Scans(ScanResultRepository all) {
            super("scan", all, TenantBoundStorage.this, scan -> isOurs(scan.tenantId(), scan.accountId()));
            this.all = all;
        }

        @Override
        Listing.PageFilter<ScanResult> filter() {
            return byAccount(ScanResult::tenantId, ScanResult::accountId);
        }

        @Override
        public ScanResult create(NewScan scan) {
            if (!scan.tenantId().equals(tenant)) {
                throw accounts.notFound(scan.accountId());
            }
            return all.create(scan);
        }

        @Override
        public BulkResult<NewScan, ScanResult> createAll(Collection<NewScan> newScans, BulkOptions options) {
            return createAll(
                    newScans,
                    NewScan::tenantId,
                    scan -> accounts.notFound(scan.accountId()),
                    own -> all.createAll(own, options));
        }

        @Override
        public Listing<ScanResult> ofAccount(AccountId account, TimeRange started) {
            return ofParent(all.ofAccount(account, started), () -> TenantBoundStorage.this.owns(account));
        }

        @Override
        public Listing<ScanResult> withStatus(RunStatus status, TimeRange started) {
            return ofAll(all.withStatus(status, started));
        }
    }
}
