package io.threatengine.onboarding.tests;

import static io.threatengine.onboarding.tests.Items.item;
import static io.threatengine.onboarding.tests.Items.number;
import static io.threatengine.onboarding.tests.Items.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.AccountStatus;
import io.threatengine.onboarding.account.CredentialStatus;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.account.OnboardingStatus;
import io.threatengine.onboarding.credential.AwsIamRole;
import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.VersionConflictException;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.tenant.NewTenant;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Rows that the Python engines wrote are read and changed without loss; rows that we write are what they expect. */
@OnboardingTest
class WireFormatTest {
    private final Workspace workspace;
    private final SettableClock clock;
    private final Items tenants;
    private final Items providers;
    private final Items accounts;
    private final Items guards;

    WireFormatTest(Workspace workspace, EmbeddedAws aws) {
        this.workspace = workspace;
        this.clock = workspace.clock();
        TableNames names = workspace.settings().tables();
        this.tenants = new Items(aws.dynamoDb(), names.tenants(), "tenant_id");
        this.providers = new Items(aws.dynamoDb(), names.providers(), "provider_id");
        this.accounts = new Items(aws.dynamoDb(), names.accounts(), "account_id");
        this.guards = new Items(aws.dynamoDb(), names.uniqueKeys(), "unique_key");
    }

    @BeforeEach
    void atAKnownTime() {
        clock.set(Instant.parse("2026-11-24T08:17:00Z"));
    }

    @Test
    void aNewTenantIsWhatThePythonEnginesWrite() {
        Tenant tenant = workspace.storage().tenants().create(new NewTenant("acme", "the first"));

        assertThat(tenants.get(tenant.id()))
                .containsExactlyInAnyOrderEntriesOf(with(
                        item(
                                "tenant_id", tenant.id().value(),
                                "tenant_name", "acme",
                                "description", "the first",
                                "status", "active",
                                "created_at", "2026-11-24T08:17:00.000000",
                                "updated_at", "2026-11-24T08:17:00.000000"),
                        "version",
                        number(1)));
        assertThat(UUID.fromString(tenant.id().value())).isNotNull();
        assertThat(guards.get("tenant.name#acme"))
                .isEqualTo(item(
                        "unique_key",
                        "tenant.name#acme",
                        "owner_id",
                        tenant.id().value()));
    }

    @Test
    void aNewProviderAndAccountAreWhatThePythonEnginesWrite() {
        Provider provider = provider();
        Account account = workspace
                .storage()
                .accounts()
                .create(provider, NewAccount.withoutNumber(provider.tenantId(), ProviderType.AWS, "production"));

        assertThat(providers.get(provider.id()))
                .containsExactlyInAnyOrderEntriesOf(with(
                        item(
                                "provider_id", provider.id().value(),
                                "tenant_id", provider.tenantId().value(),
                                "provider_type", "aws",
                                "status", "active",
                                "created_at", "2026-11-24T08:17:00.000000",
                                "updated_at", "2026-11-24T08:17:00.000000"),
                        "version",
                        number(1)));
        assertThat(accounts.get(account.id()))
                .containsExactlyInAnyOrderEntriesOf(with(
                        item(
                                "account_id", account.id().value(),
                                "provider_id", provider.id().value(),
                                "tenant_id", provider.tenantId().value(),
                                "account_name", "production",
                                "account_number", "",
                                "status", "pending",
                                "onboarding_status", "pending",
                                "credential_validation_status", "pending",
                                "created_at", "2026-11-24T08:17:00.000000",
                                "updated_at", "2026-11-24T08:17:00.000000"),
                        "version",
                        number(1)));
    }

    @Test
    void anUpdateWritesOnlyWhatThisLibraryOwns() {
        String id = UUID.randomUUID().toString();
        Map<String, AttributeValue> legacy = legacyAccount(id);
        legacy.put("scan_tier", text("gold"));
        legacy.put("labels", AttributeValue.fromM(Map.of("team", text("red"))));
        legacy.put("nothing", AttributeValue.fromNul(true));
        accounts.put(legacy);

        workspace.storage().accounts().update(AccountId.of(id), Account::deactivate);

        Map<String, AttributeValue> expected = new HashMap<>(legacy);
        expected.put("status", text("inactive"));
        expected.put("updated_at", text("2026-11-24T08:17:00.000000"));
        expected.put("version", number(1));
        expected.put("credential_validation_status", text("pending"));
        assertThat(accounts.get(id)).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "2024-03-01T10:00:00.123456, 2024-03-01T10:00:00.123456Z",
        "2024-03-01T10:00:00, 2024-03-01T10:00:00Z",
        "2024-03-01T10:00:00Z, 2024-03-01T10:00:00Z",
        "2024-03-01T10:00:00.5+00:00, 2024-03-01T10:00:00.5Z",
    })
    void timeIsReadInEveryFormAndTheDateOfCreationIsNeverRewritten(String stored, String instant) {
        String id = UUID.randomUUID().toString();
        Map<String, AttributeValue> legacy = legacyAccount(id);
        legacy.put("created_at", text(stored));
        legacy.put("updated_at", text(stored));
        accounts.put(legacy);

        Account account = workspace.storage().accounts().get(AccountId.of(id));
        Account changed = workspace.storage().accounts().update(account.deactivate());

        assertThat(account.createdAt()).isEqualTo(Instant.parse(instant));
        assertThat(account.revision().version()).isZero();
        assertThat(changed.revision().version()).isEqualTo(1);
        assertThat(accounts.get(id).get("created_at")).isEqualTo(text(stored));
        assertThat(accounts.get(id).get("updated_at")).isEqualTo(text("2026-11-24T08:17:00.000000"));
    }

    @Test
    void whatIsMissingEmptyOrNullHasItsDefault() {
        String id = UUID.randomUUID().toString();
        Map<String, AttributeValue> sparse =
                item("account_id", id, "provider_id", "p1", "tenant_id", "t1", "onboarding_status", "");
        sparse.put("account_number", AttributeValue.fromNul(true));
        accounts.put(sparse);

        Account account = workspace.storage().accounts().get(AccountId.of(id));

        assertThat(account.name()).isEmpty();
        assertThat(account.number()).isEmpty();
        assertThat(account.status()).isEqualTo(AccountStatus.PENDING);
        assertThat(account.onboardingStatus()).isEqualTo(OnboardingStatus.PENDING);
        assertThat(account.credentialStatus()).isEqualTo(CredentialStatus.PENDING);
        assertThat(account.createdAt()).isEqualTo(Instant.EPOCH);
        Account changed = workspace.storage().accounts().update(account.rename("found " + id));
        assertThat(workspace.storage().accounts().get(AccountId.of(id))).isEqualTo(changed);
    }

    @Test
    void aNumberOrABooleanWhereTextIsMeantIsReadAsText() {
        String id = UUID.randomUUID().toString();
        Map<String, AttributeValue> legacy = legacyAccount(id);
        legacy.put("account_number", number(123456789012L));
        legacy.put("onboarding_id", AttributeValue.fromBool(true));
        accounts.put(legacy);

        Account account = workspace.storage().accounts().get(AccountId.of(id));

        assertThat(account.number()).isEqualTo("123456789012");
        assertThat(account.onboardingId()).contains("true");
    }

    @Test
    void aStatusThatNobodyKnowsIsWrittenBackAsItIs() {
        String id = UUID.randomUUID().toString();
        Map<String, AttributeValue> legacy = legacyAccount(id);
        legacy.put("status", text("quarantined"));
        legacy.put("onboarding_status", text("half way"));
        accounts.put(legacy);

        workspace.storage().accounts().update(AccountId.of(id), account -> account.rename("renamed " + id));

        assertThat(accounts.get(id).get("status")).isEqualTo(text("quarantined"));
        assertThat(accounts.get(id).get("onboarding_status")).isEqualTo(text("half way"));
    }

    @Test
    void whatCannotBeUnderstoodIsAnErrorThatNamesRowAndAttribute() {
        accounts.put(item("account_id", "ghost", "status", "active", "updated_at", "2024-03-01T10:00:00"));
        Map<String, AttributeValue> odd = legacyAccount("odd-time");
        odd.put("created_at", text("last tuesday"));
        accounts.put(odd);
        Map<String, AttributeValue> list = legacyAccount("odd-type");
        list.put("account_name", AttributeValue.fromL(List.of()));
        accounts.put(list);

        malformed("ghost", "provider_id is missing");
        malformed("odd-time", "created_at");
        malformed("odd-type", "account_name");
    }

    @Test
    void aRowThatCannotBeUnderstoodDoesNotHideTheOthersOfItsList() {
        String tenant = UUID.randomUUID().toString();
        for (String id : List.of("fine-1-" + tenant, "fine-2-" + tenant)) {
            Map<String, AttributeValue> row = legacyAccount(id);
            row.put("tenant_id", text(tenant));
            accounts.put(row);
        }
        accounts.put(item("account_id", "broken-" + tenant, "tenant_id", tenant, "status", "active"));
        var listing = workspace.storage().accounts().ofTenant(TenantId.of(tenant));

        assertThatExceptionOfType(MalformedDataException.class)
                .isThrownBy(() -> listing.stream().count());
        List<MalformedDataException> broken = new ArrayList<>();
        assertThat(listing.reporting(broken::add).stream()
                        .map(account -> account.id().value()))
                .containsExactlyInAnyOrder("fine-1-" + tenant, "fine-2-" + tenant);
        assertThat(listing.reporting(broken::add).page(10).items()).hasSize(2);
        assertThat(broken).hasSize(2).allSatisfy(e -> assertThat(e.where()).contains("broken-" + tenant));
    }

    private void malformed(String id, String problem) {
        assertThatExceptionOfType(MalformedDataException.class)
                .isThrownBy(() -> workspace.storage().accounts().find(AccountId.of(id)))
                .withMessageContaining(id)
                .withMessageContaining(problem);
    }

    @Test
    void aChangeByAWriterThatKeepsNoVersionIsNotOverwritten() {
        String id = UUID.randomUUID().toString();
        accounts.put(legacyAccount(id));
        Account read = workspace.storage().accounts().get(AccountId.of(id));
        accounts.change(id, "status", text("inactive"), "2026-11-24T08:16:59.999999");

        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> workspace.storage().accounts().update(read.rename("renamed " + id)))
                .satisfies(e -> assertThat(e.expectedVersion()).isEqualTo(e.actualVersion()))
                .withMessageContaining("keeps no version");
        Account merged = workspace.storage().accounts().update(read.id(), account -> account.rename("renamed " + id));
        assertThat(merged.status()).isEqualTo(AccountStatus.INACTIVE);
    }

    @Test
    void twoRowsOfOneNameThatOthersWroteAreReadListedChangedAndRenamed() {
        String name = "twice " + UUID.randomUUID();
        String first = UUID.randomUUID().toString();
        String second = UUID.randomUUID().toString();
        tenants.put(item("tenant_id", first, "tenant_name", name, "status", "active"));
        tenants.put(item("tenant_id", second, "tenant_name", name, "status", "active"));
        var repository = workspace.storage().tenants();

        assertThat(repository.named(name).stream().map(tenant -> tenant.id().value()))
                .containsExactlyInAnyOrder(first, second);
        repository.update(TenantId.of(first), tenant -> tenant.describe("the first"));
        repository.update(TenantId.of(first), tenant -> tenant.rename(name + " 1"));
        repository.update(TenantId.of(first), tenant -> tenant.rename(name));
        repository.update(TenantId.of(second), tenant -> tenant.rename(name + " 2"));

        assertThat(guards.get("tenant.name#" + name).get("owner_id")).isEqualTo(text(first));
        repository.delete(TenantId.of(first));
        assertThat(guards.get("tenant.name#" + name)).isEmpty();
        assertThat(guards.get("tenant.name#" + name + " 2").get("owner_id")).isEqualTo(text(second));
    }

    @Test
    void aGuardWhoseOwnerAPythonEngineRemovedRenamedOrMarkedDeletedIsTakenOver() {
        var repository = workspace.storage().tenants();
        Tenant removed = repository.create("removed " + UUID.randomUUID());
        Tenant renamed = repository.create("renamed " + UUID.randomUUID());
        Tenant marked = repository.create("marked " + UUID.randomUUID());
        Tenant held = repository.create("held " + UUID.randomUUID());
        tenants.remove(removed.id());
        tenants.change(renamed.id(), "tenant_name", text("other " + UUID.randomUUID()), "2026-11-24T08:18:00");
        tenants.change(marked.id(), "status", text("deleted"), "2026-11-24T08:18:00");

        for (Tenant before : List.of(removed, renamed, marked)) {
            Tenant successor = repository.create(before.name());

            assertThat(guards.get("tenant.name#" + before.name()).get("owner_id"))
                    .isEqualTo(text(successor.id().value()));
        }
        repository.update(held.rename("free " + UUID.randomUUID()));
        assertThatExceptionOfType(AlreadyExistsException.class)
                .isThrownBy(() -> repository.create(repository.get(held.id()).name()));
    }

    @Test
    void anAccountThatAPythonEngineMarkedDeletedIsOnboardedAnewAsAnother() {
        Tenant tenant = workspace.storage().tenants().create("tenant " + UUID.randomUUID());
        NewAccount given = NewAccount.of(tenant.id(), ProviderType.AWS, "production", "123456789012");
        var role = new AwsIamRole("arn:aws:iam::123456789012:role/Scanner", "threat-engine-0123456789abcdef");
        Account first = workspace.onboarding().onboardAccount(given, role);
        accounts.change(first.id(), "status", text("deleted"), "2026-11-24T08:18:00");

        Account second = workspace.onboarding().onboardAccount(given, role);

        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.isDeleted()).isFalse();
    }

    @Test
    void rowsWhoseVersionOrTimeOfChangeIsOddAreChangedAndDeletedAsAnyOther() {
        List<Map<String, AttributeValue>> odd = List.of(
                Map.of("updated_at", AttributeValue.fromNul(true)),
                Map.of("updated_at", text("")),
                Map.of("version", AttributeValue.fromNul(true)),
                Map.of("version", number(0)),
                Map.of("version", text("3")));
        for (Map<String, AttributeValue> attributes : odd) {
            String id = UUID.randomUUID().toString();
            Map<String, AttributeValue> row = item("tenant_id", id, "tenant_name", "odd " + id, "status", "active");
            row.putAll(attributes);
            tenants.put(row);
            var repository = workspace.storage().tenants();

            Tenant changed = repository.update(repository.get(TenantId.of(id)).describe("changed"));

            assertThat(repository.get(TenantId.of(id))).isEqualTo(changed);
            tenants.put(row);
            repository.delete(TenantId.of(id));
            assertThat(tenants.get(id)).isEmpty();
        }
    }

    @Test
    void aRowThatDoesNotSayWhenItWasMadeGoesOnSayingNothing() {
        String id = UUID.randomUUID().toString();
        tenants.put(item("tenant_id", id, "tenant_name", "timeless " + id, "status", "active"));

        workspace.storage().tenants().update(TenantId.of(id), tenant -> tenant.describe("changed"));

        assertThat(tenants.get(id)).doesNotContainKey("created_at").containsKey("updated_at");
    }

    @Test
    void anItemThatWouldGrowBeyondTheServicesLimitIsRefusedAndLeftAsItIs() {
        String id = UUID.randomUUID().toString();
        Map<String, AttributeValue> large =
                item("tenant_id", id, "tenant_name", "large " + id, "status", "active", "blob", "x".repeat(400_000));
        tenants.put(large);

        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> workspace
                        .storage()
                        .tenants()
                        .update(TenantId.of(id), tenant -> tenant.describe("y".repeat(16_000))))
                .withMessageContaining("400 KB");
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> workspace
                        .storage()
                        .tenants()
                        .update(
                                TenantId.of(id),
                                tenant -> tenant.rename("renamed " + id).describe("y".repeat(16_000))))
                .withMessageContaining("400 KB");
        assertThat(tenants.get(id)).isEqualTo(large);
    }

    @Test
    void timeThatPassesIsSeenInUpdatedAtOnly() {
        Tenant tenant = workspace.storage().tenants().create("time " + UUID.randomUUID());
        clock.advance(Duration.ofNanos(1_234_567_890));

        workspace.storage().tenants().update(tenant.describe("later"));

        assertThat(tenants.get(tenant.id()).get("created_at")).isEqualTo(text("2026-11-24T08:17:00.000000"));
        assertThat(tenants.get(tenant.id()).get("updated_at")).isEqualTo(text("2026-11-24T08:17:01.234567"));
    }

    @Test
    void guardRowsNeverStandInTheTablesOfOthers() {
        int rows = tenants.count();
        Tenant tenant = workspace.storage().tenants().create("guarded " + UUID.randomUUID());

        assertThat(tenants.count()).isEqualTo(rows + 1);
        workspace.storage().tenants().delete(tenant.id());
        assertThat(tenants.count()).isEqualTo(rows);
        assertThat(tenants.get(tenant.id())).isEmpty();
        assertThat(guards.get("tenant.name#" + tenant.name())).isEmpty();
    }

    @Test
    void theRowOfAnOnboardedAccountPointsToItsSecret() {
        Provider provider = provider();
        Account account = workspace
                .storage()
                .accounts()
                .create(provider, NewAccount.withoutNumber(provider.tenantId(), ProviderType.AWS, "pointing"));

        workspace.storage().accounts().update(account.credentialStored(new CredentialVersion("a/secret", "v1")));

        assertThat(accounts.get(account.id()))
                .containsEntry("credential_ref", text("a/secret"))
                .containsEntry("credential_version_id", text("v1"))
                .containsEntry("onboarding_status", text("deployed"));
    }

    private Provider provider() {
        Tenant tenant = workspace.storage().tenants().create("tenant " + UUID.randomUUID());
        return workspace.storage().providers().create(tenant.id(), ProviderType.AWS);
    }

    private static Map<String, AttributeValue> legacyAccount(String id) {
        return item(
                "account_id", id,
                "provider_id", "p1",
                "tenant_id", "t1",
                "account_name", "name " + id,
                "account_number", "",
                "status", "active",
                "onboarding_status", "pending",
                "created_at", "2024-03-01T10:00:00.000001",
                "updated_at", "2024-03-01T10:00:00.000001");
    }

    private static Map<String, AttributeValue> with(
            Map<String, AttributeValue> item, String name, AttributeValue value) {
        item.put(name, value);
        return item;
    }
}
