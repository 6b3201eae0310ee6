package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.AccountStatus;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.dynamodb.UniqueKeyBackfill;
import io.threatengine.onboarding.error.AccessDeniedException;
import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderId;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.testkit.Fault;
import io.threatengine.onboarding.testkit.PythonRows;
import io.threatengine.onboarding.testkit.TestAws;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The names and numbers of rows that other engines have written are theirs, once they are reserved. */
@OnboardingTest(isolation = Isolation.METHOD)
class UniqueKeyBackfillTest {
    private static final String NUMBER = "123456789012";

    private Workspace workspace;
    private DynamoDbStorage storage;
    private PythonRows python;
    private Items tenants;
    private Items accounts;
    private Items guards;

    @BeforeEach
    void beginWith(Workspace workspace, TestAws aws) {
        this.workspace = workspace;
        this.storage = (DynamoDbStorage) workspace.storage();
        this.python = workspace.pythonRows();
        var tables = workspace.settings().tables();
        this.tenants = new Items(aws.dynamoDb(), tables.tenants(), "tenant_id");
        this.accounts = new Items(aws.dynamoDb(), tables.accounts(), "account_id");
        this.guards = new Items(aws.dynamoDb(), tables.uniqueKeys(), "unique_key");
    }

    private UniqueKeyBackfill backfill() {
        return storage.backfillUniqueKeys(progress -> {});
    }

    @Test
    void whatOnlyOthersHaveNamedCannotBeNamedOnceMore() {
        TenantId tenant = python.tenant("acme");
        ProviderId provider = python.provider(tenant, "aws");
        AccountId account = python.account(tenant, provider, "production", NUMBER);

        assertThat(backfill()).isEqualTo(new UniqueKeyBackfill(3, 4, List.of()));

        taken(() -> storage.tenants().create("acme"), tenant);
        taken(() -> storage.providers().create(tenant, ProviderType.AWS), provider);
        Provider read = storage.providers().get(provider);
        taken(
                () -> storage.accounts().create(read, NewAccount.withoutNumber(tenant, ProviderType.AWS, "production")),
                account);
        taken(() -> storage.accounts().create(read, NewAccount.of(tenant, ProviderType.AWS, "other", NUMBER)), account);
    }

    private static void taken(Runnable create, Object by) {
        assertThatExceptionOfType(AlreadyExistsException.class)
                .isThrownBy(create::run)
                .satisfies(e -> assertThat(e.existingId()).contains(by.toString()));
    }

    @Test
    void rowsStayAsTheyAre() {
        TenantId tenant = python.tenant("acme");
        AccountId account = python.account(tenant, python.provider(tenant, "aws"), "production", NUMBER);
        Map<String, AttributeValue> tenantBefore = tenants.get(tenant);
        Map<String, AttributeValue> accountBefore = accounts.get(account);

        backfill();

        assertThat(tenants.get(tenant)).isEqualTo(tenantBefore);
        assertThat(accounts.get(account)).isEqualTo(accountBefore);
    }

    @Test
    void onceDoneThereIsNothingToDo() {
        TenantId tenant = python.tenant("acme");
        python.account(tenant, python.provider(tenant, "aws"), "production", NUMBER);
        storage.tenants().create("of this library");
        backfill();
        workspace.calls().clear();

        assertThat(backfill()).isEqualTo(new UniqueKeyBackfill(4, 0, List.of()));
        workspace.calls().assertCalls("1 BatchGetItem, 4 Query, 1 Scan");
    }

    @Test
    void whatIsHeldTwiceIsSaidAndTheRestReserved() {
        TenantId one = python.tenant("acme");
        TenantId other = python.tenant("acme");
        TenantId third = python.tenant("globex");

        UniqueKeyBackfill result = backfill();

        assertThat(result.rows()).isEqualTo(3);
        assertThat(result.reserved()).isEqualTo(2);
        assertThat(result.problems()).singleElement().isInstanceOfSatisfying(AlreadyExistsException.class, e -> {
            assertThat(e.field()).isEqualTo("name");
            assertThat(e.existingId()).isPresent();
            assertThat(List.of(one.value(), other.value()))
                    .contains(e.existingId().orElseThrow());
        });
        taken(() -> storage.tenants().create("globex"), third);
    }

    @Test
    void aRowThatCannotBeReadIsSaidAndTheRestReserved() {
        TenantId tenant = python.tenant("acme");
        ProviderId provider = python.provider(tenant, "aws");
        AccountId broken = python.account(tenant, provider, "broken", "");
        AccountId sound = python.account(tenant, provider, "sound", "");
        accounts.set(broken, Items.item("last_validated_at", "yesterday"));

        UniqueKeyBackfill result = backfill();

        assertThat(result.problems())
                .singleElement()
                .isInstanceOf(MalformedDataException.class)
                .asString()
                .contains(broken.value());
        taken(
                () -> storage.accounts()
                        .create(
                                storage.providers().get(provider),
                                NewAccount.withoutNumber(tenant, ProviderType.AWS, "sound")),
                sound);
    }

    @Test
    void whatIsDeletedHoldsNothing() {
        TenantId tenant = python.tenant("acme");
        AccountId account = python.account(tenant, python.provider(tenant, "aws"), "production", NUMBER);
        accounts.set(account, Items.item("status", AccountStatus.DELETED.value()));

        assertThat(backfill()).isEqualTo(new UniqueKeyBackfill(3, 2, List.of()));
    }

    /** A guard that its owner has left without a word, since another engine renamed it, is taken over. */
    @Test
    void aNameThatItsOwnerHasGivenUpGoesToWhoHasItNow() {
        Tenant renamed = storage.tenants().create("acme");
        tenants.change(renamed.id(), "tenant_name", Items.text("globex"), "2026-11-24T08:17:00.123456");
        TenantId present = python.tenant("acme");

        assertThat(backfill()).isEqualTo(new UniqueKeyBackfill(2, 2, List.of()));

        taken(() -> storage.tenants().create("acme"), present);
        taken(() -> storage.tenants().create("globex"), renamed.id());
    }

    @Test
    void manyRowsAreDoneInChunksAndTold() {
        TenantId tenant = python.tenant("acme");
        ProviderId provider = python.provider(tenant, "aws");
        for (int i = 0; i < 120; i++) {
            python.account(tenant, provider, "account " + i, "%012d".formatted(i));
        }
        var told = new ArrayList<UniqueKeyBackfill>();

        UniqueKeyBackfill result = storage.backfillUniqueKeys(told::add);

        assertThat(result).isEqualTo(new UniqueKeyBackfill(122, 242, List.of()));
        assertThat(told).extracting(UniqueKeyBackfill::rows).containsExactly(50L, 100L, 122L);
        assertThat(told.get(2)).isEqualTo(result).hasToString("122 rows, 242 names and numbers reserved");
        assertThat(guards.count()).isEqualTo(242);
    }

    @Test
    void whatWasInterruptedIsFinishedNextTime() {
        TenantId tenant = python.tenant("acme");
        python.account(tenant, python.provider(tenant, "aws"), "production", NUMBER);
        workspace.faults().on("TransactWriteItems").next(2, Fault.denied());

        assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(this::backfill);
        workspace.faults().clear();

        assertThat(backfill().problems()).isEmpty();
        assertThat(guards.count()).isEqualTo(4);
    }

    /** A row that changes between the look and the reservation keeps what it has then. */
    @Test
    void aRowThatIsRenamedMeanwhileKeepsItsNewName() {
        TenantId tenant = python.tenant("acme");
        workspace
                .faults()
                .on("BatchGetItem")
                .next(1, Fault.cutAfter(() -> storage.tenants().update(tenant, t -> t.rename("globex"))));

        assertThat(backfill()).satisfies(result -> assertThat(result.problems()).isEmpty());

        Tenant free = storage.tenants().create("acme");
        assertThat(free.name()).isEqualTo("acme");
        taken(() -> storage.tenants().create("globex"), tenant);
    }

    /** Not part of it, but what it is for: the account that this library makes first keeps its name. */
    @Test
    void anAccountOfOursIsLeftAlone() {
        Account ours = workspace.fixtures().aws();

        assertThat(backfill().reserved()).isZero();
        assertThat(storage.accounts().get(ours.id())).isEqualTo(ours);
    }
}
