package io.threatengine.onboarding.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.TenantOnboarding;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountStatus;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialStage;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.error.InvalidPageTokenException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.execution.NewExecution;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderStatus;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.run.RunOutcome;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.scan.NewScan;
import io.threatengine.onboarding.scan.ScanId;
import io.threatengine.onboarding.scan.ScanResult;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkProgress;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.BulkResult.Outcome;
import io.threatengine.onboarding.storage.Entity;
import io.threatengine.onboarding.storage.EntityRepository;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.storage.Page;
import io.threatengine.onboarding.storage.PageToken;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What {@link Onboarding#forTenant} lets one see and do: all that is the tenant's, and nothing that is another's. */
public interface TenantOnboardingContract extends Contract {
    /** Everything that a tenant can have. */
    record Estate(
            TenantOnboarding handle,
            Provider provider,
            Account account,
            Credential credential,
            Schedule schedule,
            Execution execution,
            ScanResult scan) {}

    /** The storage under test. */
    OnboardingStorage storage();

    /** The vault under test. */
    CredentialVault vault();

    private Onboarding onboarding() {
        return Onboarding.of(storage(), vault());
    }

    private Estate estate() {
        TenantOnboarding handle =
                onboarding().forTenant(Samples.tenant(storage()).id());
        String number = Samples.awsNumber();
        Credential credential = Samples.roleOf(number);
        Account account = handle.onboardAccount(
                NewAccount.of(handle.tenantId(), ProviderType.AWS, Samples.name(), number), credential);
        Schedule schedule = handle.schedules().create(Samples.hourly(account));
        return new Estate(
                handle,
                handle.providers().get(account.providerId()),
                account,
                credential,
                schedule,
                handle.executions().create(NewExecution.of(schedule)),
                handle.scanResults().create(NewScan.of(account, ProviderType.AWS)));
    }

    @Test
    default void allOfItsOwnIsThere() {
        Estate own = estate();
        TenantOnboarding handle = own.handle();

        assertThat(handle.tenant().id()).isEqualTo(handle.tenantId());
        assertThat(handle.accounts().get(own.account().id())).isEqualTo(own.account());
        assertThat(handle.vault().get(own.account().credentialKey())).isEqualTo(own.credential());
        assertThat(handle.providers().ofTenant(handle.tenantId()).stream()).containsExactly(own.provider());
        assertThat(handle.accounts().ofTenant(handle.tenantId(), AccountStatus.PENDING).stream())
                .containsExactly(own.account());
        assertThat(handle.accounts().ofProvider(own.provider().id()).stream()).containsExactly(own.account());
        assertThat(handle.schedules().ofTenant(handle.tenantId()).stream()).containsExactly(own.schedule());
        assertThat(handle.schedules().ofAccount(own.account().id()).stream()).containsExactly(own.schedule());
        assertThat(handle.executions().ofSchedule(own.schedule().id()).stream()).containsExactly(own.execution());
        assertThat(handle.executions().ofAccount(own.account().id()).stream()).containsExactly(own.execution());
        assertThat(handle.scanResults().ofAccount(own.account().id()).stream()).containsExactly(own.scan());
        assertThat(handle.scanResults().withStatus(RunStatus.RUNNING).stream()).containsExactly(own.scan());
        var due = own.schedule().nextRunAt().orElseThrow();
        assertThat(handle.schedules().due(due).stream().map(Schedule::id))
                .containsExactly(own.schedule().id());
    }

    @Test
    default void allOfItsOwnCanBeChanged() {
        Estate own = estate();
        TenantOnboarding handle = own.handle();

        handle.providers().update(own.provider().withStatus(new ProviderStatus("resting")));
        handle.accounts().update(own.account().id(), Account::activate);
        handle.schedules()
                .recordRun(
                        own.schedule().id(), RunOutcome.FAILED, own.schedule().createdAt());
        handle.executions()
                .update(own.execution()
                        .complete(Checks.of(2, 1, 1), own.execution().startedAt()));
        handle.scanResults().delete(own.scan().id());
        Credential next = Samples.roleOf(own.account().number());
        Account rotated = handle.rotateCredential(own.account().id(), next);

        assertThat(storage().schedules().get(own.schedule().id()).failureCount())
                .isEqualTo(1);
        assertThat(storage().executions().get(own.execution().id()).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(storage().scanResults().find(own.scan().id())).isEmpty();
        assertThat(handle.vault().get(rotated.credentialKey())).isEqualTo(next);
        Credential proven = Samples.roleOf(own.account().number());
        Account again = handle.rotateCredential(own.account().id(), proven, credential -> {});
        assertThat(handle.vault().get(again.credentialKey())).isEqualTo(proven);
        assertThat(handle.resumeRotation(own.account().id(), credential -> {})).isEqualTo(again);
        Account back = handle.rollbackCredential(own.account().id());
        assertThat(handle.vault().get(back.credentialKey())).isEqualTo(next);
        assertThat(handle.vault().rotation().versions(back.credentialKey())).hasSize(3);
        Account sharing = handle.accounts()
                .create(own.provider(), NewAccount.withoutNumber(handle.tenantId(), ProviderType.AWS, Samples.name()));
        Account shared = handle.shareCredential(sharing.id(), own.account().id());
        assertThat(handle.vault().get(shared.credentialKey())).isEqualTo(next);
        assertThat(handle.offboardAccount(sharing.id())).isEmpty();
        assertThat(handle.offboardAccount(own.account().id())).isPresent();
    }

    @Test
    default void nothingOfAnothersIsFound() {
        Estate theirs = estate();
        TenantOnboarding handle = estate().handle();

        foreign(handle.providers(), theirs.provider());
        foreign(handle.accounts(), theirs.account());
        foreign(handle.schedules(), theirs.schedule());
        foreign(handle.executions(), theirs.execution());
        foreign(handle.scanResults(), theirs.scan());
        notFound(() -> handle.schedules()
                .recordRun(
                        theirs.schedule().id(),
                        RunOutcome.SUCCEEDED,
                        theirs.schedule().createdAt()));
        assertThat(storage().schedules().get(theirs.schedule().id())).isEqualTo(theirs.schedule());
    }

    private <I, T extends Entity<I, T>> void foreign(EntityRepository<I, T> repository, T theirs) {
        assertThat(repository.find(theirs.id())).isEmpty();
        notFound(() -> repository.get(theirs.id()));
        notFound(() -> repository.update(theirs));
        notFound(() -> repository.update(theirs.id(), row -> row));
        notFound(() -> repository.delete(theirs.id()));
        BulkResult<I, T> read = repository.getAll(List.of(theirs.id()), BulkOptions.defaults());
        BulkResult<I, I> deleted = repository.deleteAll(List.of(theirs.id()), BulkOptions.defaults());
        assertThat(read.failures())
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.failure()).isInstanceOf(NotFoundException.class));
        assertThat(deleted.failures()).hasSize(1);
    }

    @Test
    default void nothingOfAnothersIsListed() {
        Estate theirs = estate();
        TenantOnboarding handle = estate().handle();
        var tenant = theirs.handle().tenantId();

        assertThat(List.<Listing<?>>of(
                        handle.providers().ofTenant(tenant),
                        handle.providers().ofTenant(tenant, ProviderType.AWS),
                        handle.accounts().ofTenant(tenant),
                        handle.accounts().ofTenant(tenant, AccountStatus.PENDING),
                        handle.accounts().ofProvider(theirs.provider().id()),
                        handle.accounts().ofProvider(theirs.provider().id(), AccountStatus.PENDING),
                        handle.schedules().ofTenant(tenant),
                        handle.schedules().ofAccount(theirs.account().id()),
                        handle.executions().ofSchedule(theirs.schedule().id()),
                        handle.executions().ofAccount(theirs.account().id()),
                        handle.scanResults().ofAccount(theirs.account().id())))
                .allSatisfy(listing -> {
                    assertThat(listing.stream()).isEmpty();
                    assertThat(listing.page(10).items()).isEmpty();
                });
        assertThat(handle.scanResults().withStatus(RunStatus.RUNNING).stream()).doesNotContain(theirs.scan());
        var due = theirs.schedule().nextRunAt().orElseThrow();
        assertThat(handle.schedules().due(due).stream()).doesNotContain(theirs.schedule());
    }

    @Test
    default void nothingIsMadeForAnother() {
        Estate theirs = estate();
        Estate own = estate();
        TenantOnboarding handle = own.handle();
        NewAccount account = Samples.awsAccount(theirs.provider());

        notFound(() -> handle.providers().create(theirs.handle().tenantId(), ProviderType.GCP));
        notFound(() -> handle.accounts().create(theirs.provider(), account));
        notFound(() -> handle.onboardAccount(account, Samples.roleOf(account.number())));
        notFound(() -> handle.rotateCredential(theirs.account().id(), theirs.credential()));
        notFound(() -> handle.rotateCredential(theirs.account().id(), theirs.credential(), credential -> {}));
        notFound(() -> handle.resumeRotation(theirs.account().id(), credential -> {}));
        notFound(() -> handle.rollbackCredential(theirs.account().id()));
        notFound(() ->
                handle.shareCredential(own.account().id(), theirs.account().id()));
        notFound(() -> handle.offboardAccount(theirs.account().id()));
        notFound(() -> handle.schedules().create(Samples.hourly(theirs.account())));
        notFound(() -> handle.executions().create(NewExecution.of(theirs.schedule())));
        notFound(() -> handle.scanResults().create(NewScan.of(theirs.account(), ProviderType.AWS)));
        BulkOptions options = BulkOptions.defaults();
        assertThat(handle.schedules()
                        .createAll(List.of(Samples.hourly(theirs.account())), options)
                        .failures())
                .hasSize(1);
        assertThat(handle.executions()
                        .createAll(List.of(NewExecution.of(theirs.schedule())), options)
                        .failures())
                .hasSize(1);
        assertThat(handle.scanResults()
                        .createAll(List.of(NewScan.of(theirs.account(), ProviderType.AWS)), options)
                        .failures())
                .hasSize(1);
        assertThat(storage().schedules().ofAccount(theirs.account().id()).stream())
                .hasSize(1);
        assertThat(storage().executions().ofAccount(theirs.account().id()).stream())
                .hasSize(1);
        assertThat(storage().scanResults().ofAccount(theirs.account().id()).stream())
                .hasSize(1);
    }

    @Test
    default void noCredentialOfAnotherOpensWhateverTheKeySays() {
        Estate theirs = estate();
        Estate own = estate();
        CredentialVault bound = own.handle().vault();
        CredentialKey honest = theirs.account().credentialKey();
        CredentialKey forged =
                CredentialKey.of(own.handle().tenantId(), theirs.account().id());

        CredentialKey mine = own.account().credentialKey();
        List<Outcome<CredentialKey, StoredCredential>> many = bound.loadAll(
                        List.of(honest, mine, forged, mine), BulkOptions.defaults())
                .outcomes();
        assertThat(many).extracting(Outcome::succeeded).containsExactly(false, true, false, true);
        assertThat(many).extracting(Outcome::input).containsExactly(honest, mine, forged, mine);
        assertThat(many.get(2).failure()).isInstanceOf(NotFoundException.class);

        for (CredentialKey key :
                List.of(honest, forged, forged.at(honest.reference().orElse(null), null))) {
            notFound(() -> bound.get(key));
            notFound(() -> bound.load(key));
            notFound(() -> bound.describe(key));
            notFound(() -> bound.holds(key, theirs.credential()));
            notFound(() -> bound.store(key, own.credential()));
            notFound(() -> bound.delete(key));
            notFound(() -> bound.deleteUnless(key, secret -> false));
            notFound(() -> bound.rotation().rotate(key, own.credential(), credential -> {}));
            notFound(() -> bound.rotation().resume(key, credential -> {}));
            notFound(() -> bound.rotation().discard(key));
            notFound(() -> bound.rotation().rollback(key));
            notFound(() -> bound.rotation().versions(key));
            notFound(() -> bound.rotation().load(key, CredentialStage.CURRENT));
            notFound(() -> bound.rotation()
                    .load(key, theirs.account().credentialVersionId().orElseThrow()));
            notFound(() -> bound.restore(key));
            assertThat(bound.find(key)).isEmpty();
        }
        assertThat(vault().get(honest)).isEqualTo(theirs.credential());
    }

    @Test
    default void aTokenOfAnotherTenantsListIsOfNoUse() {
        Estate theirs = estate();
        Estate own = estate();
        theirs.handle().schedules().create(Samples.hourly(theirs.account()));
        own.handle().schedules().create(Samples.hourly(own.account()));
        Listing<Schedule> ownList =
                own.handle().schedules().ofTenant(own.handle().tenantId());
        PageToken foreign =
                tokenOf(theirs.handle().schedules().ofTenant(theirs.handle().tenantId()));
        PageToken unbound = tokenOf(storage().schedules().ofTenant(own.handle().tenantId()));

        assertThat(ownList.page(1, tokenOf(ownList)).items()).hasSize(1);
        assertThatExceptionOfType(InvalidPageTokenException.class).isThrownBy(() -> ownList.page(1, foreign));
        assertThatExceptionOfType(InvalidPageTokenException.class).isThrownBy(() -> ownList.page(1, unbound));
        assertThatExceptionOfType(InvalidPageTokenException.class)
                .isThrownBy(() -> own.handle()
                        .schedules()
                        .ofTenant(theirs.handle().tenantId())
                        .page(1, foreign));
    }

    @Test
    default void noTokenTellsOfAnothersRows() {
        List<Estate> estates = List.of(estate(), estate(), estate());
        Estate own = estates.get(1);
        ScanResult second = own.handle().scanResults().create(NewScan.of(own.account(), ProviderType.AWS));
        List<ScanResult> others = List.of(estates.get(0).scan(), estates.get(2).scan(), estate().scan());
        Listing<ScanResult> running = own.handle().scanResults().withStatus(RunStatus.RUNNING);

        List<ScanResult> listed = new ArrayList<>();
        StringBuilder tokens = new StringBuilder();
        Page<ScanResult> page = running.page(1);
        listed.addAll(page.items());
        for (PageToken next = page.next(); next != null; next = page.next()) {
            tokens.append(opened(next.text()));
            page = running.page(1, next);
            listed.addAll(page.items());
        }

        assertThat(listed).containsExactlyInAnyOrder(own.scan(), second);
        assertThat(running.first(2)).containsExactlyElementsOf(listed);
        assertThat(tokens).contains(listed.get(0).id().value());
        assertThat(others)
                .allSatisfy(other -> assertThat(tokens)
                        .doesNotContain(other.id().value())
                        .doesNotContain(other.accountId().value()));
    }

    /** What the token of a bound list can be read as: it has that of the list behind it, a name and a length before. */
    private static String opened(String text) {
        String outer = decoded(text);
        return outer + decoded(outer.substring(outer.indexOf("token") + "token".length() + 2));
    }

    private static String decoded(String text) {
        return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.ISO_8859_1);
    }

    @Test
    default void progressDoesNotTellAnothersRowsFromThoseThatDoNotExist() {
        Estate theirs = estate();
        Estate own = estate();
        List<BulkProgress> ofTheirs = new ArrayList<>();
        List<BulkProgress> ofNothing = new ArrayList<>();

        for (var asked : List.of(Map.entry(theirs.scan().id(), ofTheirs), Map.entry(ScanId.random(), ofNothing))) {
            BulkOptions options = BulkOptions.defaults().withProgress(asked.getValue()::add);
            List<ScanId> ids = List.of(asked.getKey(), own.scan().id(), asked.getKey());
            own.handle().scanResults().getAll(ids, options);
            own.handle().scanResults().deleteAll(List.of(asked.getKey()), options);
        }

        assertThat(ofTheirs)
                .isEqualTo(ofNothing)
                .contains(new BulkProgress(2, 1, 2))
                .contains(new BulkProgress(1, 1, 1));
        assertThat(storage().scanResults().get(theirs.scan().id())).isEqualTo(theirs.scan());
    }

    @Test
    default void noRowIsMadeAnothersByChangingIt() {
        Estate theirs = estate();
        Estate own = estate();
        Account forged = Account.builder()
                .id(theirs.account().id())
                .tenantId(own.handle().tenantId())
                .providerId(own.provider().id())
                .name(Samples.name())
                .createdAt(theirs.account().createdAt())
                .updatedAt(theirs.account().updatedAt())
                .revision(theirs.account().revision())
                .build();

        notFound(() -> own.handle().accounts().update(forged));
        assertThat(storage().accounts().get(theirs.account().id())).isEqualTo(theirs.account());
    }

    private static PageToken tokenOf(Listing<?> listing) {
        return Objects.requireNonNull(listing.page(1).next(), "one of two is not the last page");
    }

    private static void notFound(ThrowingCallable call) {
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(call);
    }
}
