package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.aws.AccessRole;
import io.threatengine.onboarding.aws.Arns;
import io.threatengine.onboarding.claim.ClaimOptions;
import io.threatengine.onboarding.claim.ScheduleClaims;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.dynamodb.DynamoDbSetup;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.infrastructure.IamPolicies;
import io.threatengine.onboarding.infrastructure.RoleChecks;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.schedule.DueIndex;
import io.threatengine.onboarding.schedule.NewSchedule;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.secrets.CacheOptions;
import io.threatengine.onboarding.secrets.CachingVault;
import io.threatengine.onboarding.secrets.KeySetup;
import io.threatengine.onboarding.secrets.RotationSchedule;
import io.threatengine.onboarding.secrets.SecretAdministration;
import io.threatengine.onboarding.secrets.SecretChecks;
import io.threatengine.onboarding.secrets.SecretsManagerVault;
import io.threatengine.onboarding.setup.Finding;
import io.threatengine.onboarding.setup.SetupOptions;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Each role's policy allows what the role does, on what it does it to, and nothing that it does not do. */
@OnboardingTest
class IamPoliciesTest {
    private static final AtomicReference<Contracts.Scene> GUARDED = new AtomicReference<>();

    /** What Secrets Manager does with the key in the caller's name (User Guide, "Secret encryption and decryption"). */
    private static final Map<String, List<String>> ON_THE_KEY = Map.of(
            "secretsmanager:GetSecretValue", List.of("kms:Decrypt"),
            "secretsmanager:BatchGetSecretValue", List.of("kms:Decrypt"),
            "secretsmanager:CreateSecret", List.of("kms:Decrypt", "kms:GenerateDataKey"),
            "secretsmanager:PutSecretValue", List.of("kms:Decrypt", "kms:GenerateDataKey"),
            "secretsmanager:UpdateSecret", List.of("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"));

    private final EmbeddedAws aws;
    private final String name = "iam-" + UUID.randomUUID();
    private final String alias = "alias/" + name;
    private final OnboardingSettings settings = OnboardingSettings.builder()
            .tables(TableNames.withPrefix(name + "-"))
            .secretsPrefix(name)
            .kmsKeyId(alias)
            .build();
    private final SettableClock clock = SettableClock.atPresent();

    IamPoliciesTest(EmbeddedAws aws) {
        this.aws = aws;
        KeySetup.using(aws.kms(), settings, SetupOptions.defaults()).apply(step -> {});
        DynamoDbStorage.using(aws.dynamoDb(), settings).createTables();
    }

    private static IamPolicies policies(OnboardingSettings settings) {
        return IamPolicies.of(settings, new Arns("aws", "ap-south-1", "000000000000"));
    }

    private IamGuard guard(AccessRole role) {
        return guard(role, settings);
    }

    /** DynamoDB Local calls its region by a name of its own. */
    private static IamGuard guard(AccessRole role, OnboardingSettings settings) {
        return new IamGuard(policies(settings).json(role).replace("dynamodb:ap-south-1", "dynamodb:ddblocal"));
    }

    private static Set<String> called(IamGuard guard) {
        var actions = new TreeSet<>(guard.actions());
        List.copyOf(actions).forEach(action -> actions.addAll(ON_THE_KEY.getOrDefault(action, List.of())));
        return actions;
    }

    private Contracts.Scene scene(IamGuard guard) {
        var storage = DynamoDbStorage.using(guard.dynamoDb(aws), settings, clock);
        var vault = CachingVault.over(vault(guard), CacheOptions.defaults(), clock);
        return new Contracts.Scene(storage, vault, vault(guard), clock, aws.description(), Set.of());
    }

    private SecretsManagerVault vault(IamGuard guard) {
        return SecretsManagerVault.using(guard.secretsManager(aws), guard.kms(aws), settings, clock);
    }

    // ---- each role

    /** All contracts pass with the writer's policy, and need all of it. */
    @Test
    void aWriterDoesWhatTheContractsDoAndIsGrantedNothingElse() {
        IamGuard guard = guard(AccessRole.WRITER);
        GUARDED.set(scene(guard));
        var summary = new SummaryGeneratingListener();

        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(GuardedContracts.class))
                                .build(),
                        summary);

        assertThat(summary.getSummary().getFailures())
                .extracting(failure -> failure.getTestIdentifier().getDisplayName() + ": " + failure.getException())
                .isEmpty();
        assertThat(summary.getSummary().getTestsSucceededCount()).isGreaterThan(200);
        useAKeyThatIsDisabled(guard);
        assertThat(called(guard)).isEqualTo(guard.granted());
    }

    static class GuardedContracts extends Contracts {
        GuardedContracts() {
            super(GUARDED.get());
        }
    }

    private void useAKeyThatIsDisabled(IamGuard guard) {
        CredentialKey key = CredentialKey.of(TenantId.random(), AccountId.random());
        SecretsManagerVault.using(aws.secretsManager(), settings).store(key, new IbmApiKey(Secret.of("s")));
        String id = aws.kms()
                .describeKey(request -> request.keyId(alias))
                .keyMetadata()
                .keyId();
        aws.kms().disableKey(request -> request.keyId(id));
        try {
            assertThatThrownBy(() -> vault(guard).load(key)).hasMessageContaining("is disabled");
        } finally {
            aws.kms().enableKey(request -> request.keyId(id));
        }
    }

    @Test
    void aReaderReadsAllAndWritesNothing() {
        Onboarding owner = Onboarding.of(
                DynamoDbStorage.using(aws.dynamoDb(), settings, clock),
                SecretsManagerVault.using(aws.secretsManager(), settings, clock));
        Tenant tenant = owner.tenants().create("acme");
        Account account = owner.onboardAccount(
                NewAccount.of(tenant.id(), ProviderType.IBM, "production", "1".repeat(32)),
                new IbmApiKey(Secret.of("s")));
        owner.schedules().create(schedule(account));
        IamGuard guard = guard(AccessRole.READER);
        Contracts.Scene reader = scene(guard);

        assertThat(reader.storage().tenants().get(tenant.id())).isEqualTo(tenant);
        assertThat(reader.storage().tenants().all().stream()).contains(tenant);
        assertThat(reader.storage().tenants().named("acme").stream()).contains(tenant);
        assertThat(reader.storage().accounts().getAll(List.of(account.id())).failures())
                .isEmpty();
        assertThat(reader.storage().schedules().due(clock.instant()).stream()).isEmpty();
        assertThat(reader.storage().accounts().ofTenant(tenant.id()).stream()).hasSize(1);
        assertThat(reader.vault().get(account.credentialKey())).isEqualTo(new IbmApiKey(Secret.of("s")));
        assertThat(vault(guard)
                        .loadAll(
                                List.of(account.credentialKey(), CredentialKey.of(tenant.id(), AccountId.random())),
                                BulkOptions.defaults())
                        .failures())
                .hasSize(1);
        assertThat(vault(guard).describe(account.credentialKey()).version()).isNotNull();
        assertThat(vault(guard).rotation().versions(account.credentialKey())).hasSize(1);
        useAKeyThatIsDisabled(guard);

        assertThat(called(guard)).isEqualTo(guard.granted());
        assertThatThrownBy(() -> reader.storage().tenants().create("other")).hasMessageContaining("dynamodb:PutItem");
        assertThatThrownBy(() -> reader.vault().delete(account.credentialKey()))
                .hasMessageContaining("secretsmanager:DeleteSecret");
    }

    @Test
    void aSchedulerClaimsAndReportsAndSeesNoCredential() {
        scheduled(settings);
        IamGuard guard = guard(AccessRole.SCHEDULER);
        runAll(DynamoDbStorage.using(guard.dynamoDb(aws), settings, clock).claims());
        // the other index, which is made first, needs a row beside the guards
        OnboardingSettings sharded =
                settings.toBuilder().dueIndex(DueIndex.sharded(2)).build();
        DynamoDbStorage.using(aws.dynamoDb(), sharded).createTables();
        scheduled(sharded);
        IamGuard shardedGuard = guard(AccessRole.SCHEDULER, sharded);
        runAll(DynamoDbStorage.using(shardedGuard.dynamoDb(aws), sharded, clock).claims());

        Set<String> called = new TreeSet<>(called(guard));
        called.addAll(called(shardedGuard));
        assertThat(called).isEqualTo(guard.granted()).isEqualTo(shardedGuard.granted());
        assertThat(guard.granted()).noneMatch(action -> action.startsWith("secretsmanager:"));
    }

    private void scheduled(OnboardingSettings where) {
        var storage = DynamoDbStorage.using(aws.dynamoDb(), where, clock);
        Tenant tenant = storage.tenants().create("scheduled " + UUID.randomUUID());
        var provider = storage.providers().create(tenant.id(), ProviderType.AWS);
        Account account =
                storage.accounts().create(provider, NewAccount.of(tenant.id(), ProviderType.AWS, "a", "123456789012"));
        for (int i = 0; i < 4; i++) {
            storage.schedules().create(schedule(account));
        }
    }

    private static NewSchedule schedule(Account account) {
        return NewSchedule.of(
                account, ProviderType.AWS, "hourly " + UUID.randomUUID(), Recurrence.every(Duration.ofHours(1)));
    }

    private void runAll(ScheduleClaims claims) {
        clock.advance(Duration.ofHours(2));
        var round = claims.claimDue(ClaimOptions.of("worker", Duration.ofMinutes(5), 50))
                .claims();
        assertThat(round).hasSizeGreaterThanOrEqualTo(4);
        claims.complete(claims.renew(round.get(0)), Checks.of(1, 1, 0));
        claims.fail(round.get(1), "no");
        claims.release(round.get(2));
    }

    @Test
    void anAdministratorSetsUpAndAdministersAndOpensNothing() {
        String own = "iam-" + UUID.randomUUID();
        OnboardingSettings fresh = settings.toBuilder()
                .tables(TableNames.withPrefix(own + "-"))
                .secretsPrefix(own)
                .kmsKeyId("alias/" + own)
                .executionRetention(Duration.ofDays(30))
                .build();
        SetupOptions options = SetupOptions.builder()
                .tags(Map.of("team", "platform"))
                .engineRoles(List.of("arn:aws:iam::000000000000:role/engines"))
                .build();
        IamGuard guard = guard(AccessRole.ADMINISTRATOR, fresh);
        var tables = DynamoDbSetup.using(guard.dynamoDb(aws), fresh, options);
        tables.apply(step -> {});
        tables.verify();
        aws.dynamoDb()
                .updateTable(
                        request -> request.tableName(fresh.tables().accounts()).deletionProtectionEnabled(false));
        tables.apply(step -> {});
        var keys = KeySetup.using(guard.kms(aws), fresh, options);
        keys.apply(step -> {});
        keys.verify();
        CredentialKey key = CredentialKey.of(TenantId.random(), AccountId.random());
        SecretsManagerClient plain = aws.secretsManager();
        SecretsManagerVault.using(plain, fresh.toBuilder().kmsKeyId(null).build())
                .store(key, new IbmApiKey(Secret.of("s")));
        var administration = SecretAdministration.using(guard.secretsManager(aws), guard.kms(aws), fresh);
        assertThat(administration.encryptAsSet(key).isAsSet()).isTrue();
        administration.rotateAutomatically(
                key,
                "arn:aws:lambda:ap-south-1:000000000000:function:rotate",
                RotationSchedule.every(Duration.ofDays(30)));
        administration.stopAutomaticRotation(key);
        assertThat(SecretChecks.using(guard.secretsManager(aws), guard.kms(aws), fresh)
                        .run(List.of(key.at(own + "/account/elsewhere", null))))
                .filteredOn(Finding::isProblem)
                .extracting(finding -> finding.check().id())
                .containsExactly("secret-dangling-reference", "secret-rotation");
        String policy = policies(fresh).json(AccessRole.WRITER);
        var iam = new IamStub().attach("arn:aws:iam::aws:policy/one", policy).inline("two", policy);
        assertThat(RoleChecks.using(iam.client(guard), policies(fresh)).run(AccessRole.WRITER, IamStub.ROLE))
                .noneMatch(Finding::isProblem);

        assertThat(called(guard)).isEqualTo(guard.granted());
        assertThat(guard.granted()).noneMatch(action -> action.endsWith("SecretValue"));
    }

    // ---- the documents

    @Test
    void noActionIsAWildcardAndNoPolicyIsTooLong() {
        IamPolicies policies =
                IamPolicies.of(OnboardingSettings.defaults(), new Arns("aws", "ap-south-1", "123456789012"));
        for (AccessRole role : AccessRole.values()) {
            assertThat(policies.permissions(role))
                    .noneMatch(permission -> permission.action().contains("*"));
            // the limit of a managed policy counts no blanks (IAM User Guide, quotas)
            assertThat(policies.json(role).replaceAll("\\s", "")).hasSizeLessThan(6_144);
        }
        assertThat(policies.json(AccessRole.READER))
                .contains("arn:aws:dynamodb:ap-south-1:123456789012:table/threat-engine-tenants")
                .contains("arn:aws:secretsmanager:ap-south-1:123456789012:secret:threat-engine/account/*");
    }

    @Test
    void aKeyIsUsedThroughSecretsManagerAlone() {
        String json = policies(settings).json(AccessRole.READER);

        assertThat(json)
                .contains("\"kms:ViaService\": \"secretsmanager.ap-south-1.amazonaws.com\"")
                .contains("\"kms:ResourceAliases\": \"" + alias + "\"");
        assertThat(Stream.of(AccessRole.values())
                        .filter(role -> policies(settings).json(role).contains("kms:Encrypt")))
                .containsExactly(AccessRole.ADMINISTRATOR);
    }
}
