package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.aws.AccessRole;
import io.threatengine.onboarding.aws.Arns;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.dynamodb.DynamoDbSetup;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.infrastructure.Doctor;
import io.threatengine.onboarding.infrastructure.IamPolicies;
import io.threatengine.onboarding.infrastructure.PolicyChecks;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.secrets.KeySetup;
import io.threatengine.onboarding.secrets.SecretChecks;
import io.threatengine.onboarding.secrets.SecretsManagerVault;
import io.threatengine.onboarding.setup.Check;
import io.threatengine.onboarding.setup.Finding;
import io.threatengine.onboarding.setup.Finding.Result;
import io.threatengine.onboarding.setup.Setup;
import io.threatengine.onboarding.setup.SetupOptions;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What the doctor sees in an installation that is well, and in one that other engines and hands have been at. */
@OnboardingTest
class DoctorTest {
    private final EmbeddedAws aws;
    private final DynamoDbClient dynamoDb;
    private final String name = "doctor-" + UUID.randomUUID();
    private final OnboardingSettings settings = OnboardingSettings.builder()
            .tables(TableNames.withPrefix(name + "-"))
            .secretsPrefix(name)
            .kmsKeyId("alias/" + name)
            .build();
    private final Setup setup;
    private final Onboarding onboarding;

    DoctorTest(EmbeddedAws aws) {
        this.aws = aws;
        this.dynamoDb = new FullDynamoDb().over(aws.dynamoDb());
        SetupOptions options = SetupOptions.defaults();
        this.setup = Setup.of(
                DynamoDbSetup.using(dynamoDb, settings, options), KeySetup.using(aws.kms(), settings, options));
        this.onboarding = Onboarding.of(
                DynamoDbStorage.using(dynamoDb, settings), SecretsManagerVault.using(aws.secretsManager(), settings));
    }

    private List<Finding> findings() {
        return Doctor.of(
                        setup,
                        DynamoDbStorage.using(dynamoDb, settings),
                        SecretChecks.using(aws.secretsManager(), aws.kms(), settings))
                .verify();
    }

    @Test
    void itTellsHowFarItIs() {
        setup.apply(step -> {});
        for (int i = 0; i < 101; i++) {
            onboarding.tenants().create("tenant " + UUID.randomUUID());
        }
        var told = new ArrayList<String>();

        Doctor.of(
                        setup,
                        DynamoDbStorage.using(dynamoDb, settings),
                        SecretChecks.using(aws.secretsManager(), aws.kms(), settings))
                .verify(told::add);

        assertThat(told)
                .containsExactly(
                        "Looking at tables and key",
                        "Reading tenants, providers and accounts",
                        "100 rows of 100 tenants read",
                        "Looking at the secrets of 0 accounts",
                        "Writing, reading and removing a row and a secret");
    }

    private List<String> problems() {
        return findings().stream()
                .filter(Finding::isProblem)
                .map(finding -> finding.check().id())
                .filter(id -> !id.equals("secret-rotation"))
                .toList();
    }

    private Account onboard(String accountName) {
        Tenant tenant = onboarding.tenants().create("tenant of " + accountName);
        return onboarding.onboardAccount(
                NewAccount.of(tenant.id(), ProviderType.IBM, accountName, "1".repeat(32)),
                new IbmApiKey(Secret.of("secret-" + accountName)));
    }

    private Items items(String table, String key) {
        return new Items(aws.dynamoDb(), table, key);
    }

    @Test
    void anInstallationThatWasSetUpIsWell() {
        setup.apply(step -> {});
        onboard("production");

        List<Finding> findings = findings();

        assertThat(problems()).isEmpty();
        assertThat(findings).noneMatch(finding -> finding.result() == Result.NOT_CHECKABLE);
        assertThat(findings)
                .filteredOn(Finding::isProblem)
                .extracting(finding -> finding.check().id())
                .containsExactly("secret-rotation");
        assertThat(findings.toString()).doesNotContain("secret-production");
        assertThat(Doctor.checks())
                .containsAll(findings.stream().map(Finding::check).toList());
    }

    /** Its secret looks as if nobody needed it, since no list shows the account. */
    @Test
    void anAccountWhoseTenantsRowIsGoneIsSaidAndItsSecretIsNoOrphan() {
        setup.apply(step -> {});
        Account account = onboard("production");
        Account deleted = onboard("gone");
        items(settings.tables().tenants(), "tenant_id").remove(account.tenantId());
        items(settings.tables().tenants(), "tenant_id").remove(deleted.tenantId());
        items(settings.tables().accounts(), "account_id").set(deleted.id(), Items.item("status", "deleted"));

        assertThat(findings())
                .filteredOn(Finding::isProblem)
                .filteredOn(finding -> !finding.check().id().equals("secret-rotation"))
                .extracting(finding -> finding.check().id(), Finding::resource)
                .containsExactlyInAnyOrder(
                        tuple("rows-listed", "account " + account.id()),
                        tuple(
                                "secret-orphaned",
                                settings.secretsPrefix() + "/account/" + deleted.tenantId() + "/" + deleted.id()));
    }

    @Test
    void theRoundTripLeavesNothing() {
        setup.apply(step -> {});
        int guards = items(settings.tables().uniqueKeys(), "unique_key").count();

        assertThat(findings())
                .filteredOn(finding -> finding.check().id().endsWith("round-trip"))
                .hasSize(2)
                .allMatch(finding -> finding.result() == Result.PASSED);

        assertThat(items(settings.tables().tenants(), "tenant_id").count()).isZero();
        assertThat(items(settings.tables().uniqueKeys(), "unique_key").count()).isEqualTo(guards);
        assertThat(aws.secretsManager().listSecretsPaginator(request -> request.includePlannedDeletion(true)).stream()
                        .flatMap(page -> page.secretList().stream()))
                .noneMatch(secret -> secret.name().startsWith(name));
    }

    @Test
    void whatIsNotSetUpIsSaid() {
        assertThat(problems())
                .contains("table-missing", "key-missing", "rows-readable", "row-round-trip", "secret-round-trip");
    }

    @Test
    void namesThatOtherEnginesGaveTwiceAreFound() {
        setup.apply(step -> {});
        Account account = onboard("production");
        var tenants = items(settings.tables().tenants(), "tenant_id");
        var accounts = items(settings.tables().accounts(), "account_id");
        tenants.put(Items.with(
                tenants.get(account.tenantId()),
                Items.item("tenant_id", UUID.randomUUID().toString())));
        String twin = UUID.randomUUID().toString();
        accounts.put(Items.without(
                Items.with(accounts.get(account.id()), Items.item("account_id", twin)), "credential_ref"));

        List<Finding> duplicates = findings().stream()
                .filter(finding -> finding.check().id().equals("rows-duplicate"))
                .toList();

        assertThat(duplicates).hasSize(3).allMatch(Finding::isProblem);
        assertThat(duplicates.toString())
                .contains("tenant name tenant of production")
                .contains("account name production", "account number")
                .contains(twin, account.id().value());
    }

    @Test
    void rowsThatCannotBeReadHideNothingElse() {
        setup.apply(step -> {});
        Account gone = onboard("gone");
        aws.secretsManager()
                .deleteSecret(
                        request -> request.secretId(gone.credentialReference().orElseThrow())
                                .recoveryWindowInDays(7L));
        var tenants = items(settings.tables().tenants(), "tenant_id");
        var tenant = tenants.get(gone.tenantId());
        tenants.put(Items.with(tenant, Items.item("tenant_id", "twin")));
        tenants.put(Items.with(tenant, Items.item("tenant_id", "broken-1", "created_at", "yesterday")));
        tenants.put(Items.with(tenant, Items.item("tenant_id", "broken-2", "created_at", "yesterday")));

        List<Finding> findings = findings();

        assertThat(findings)
                .filteredOn(
                        finding -> finding.isProblem() && !finding.check().id().equals("secret-rotation"))
                .extracting(finding -> finding.check().id())
                .containsExactly("rows-readable", "rows-readable", "rows-duplicate", "secret-dangling-reference");
        assertThat(findings.toString()).contains("broken-1", "broken-2");
        // whose account cannot be read may need any of them
        assertThat(findings)
                .filteredOn(finding -> finding.check().id().equals("secret-orphaned"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.result()).isEqualTo(Result.NOT_CHECKABLE));
    }

    @Test
    void secretsAndRowsThatDoNotMatchAreFound() {
        setup.apply(step -> {});
        Account gone = onboard("gone");
        Account kept = onboard("kept");
        aws.secretsManager()
                .deleteSecret(request -> request.secretId(onboarding
                                .vault()
                                .describe(gone.credentialKey())
                                .version()
                                .reference())
                        .recoveryWindowInDays(7L));
        aws.secretsManager()
                .createSecret(request -> request.name(name + "/account/" + UUID.randomUUID())
                        .secretString("left behind")
                        .kmsKeyId("alias/" + name));

        assertThat(problems()).containsExactly("secret-dangling-reference", "secret-orphaned");
        assertThat(findings())
                .filteredOn(finding -> finding.check().id().equals("secret-dangling-reference"))
                .extracting(Finding::resource)
                .containsExactly("account " + gone.id());
        assertThat(findings().toString()).doesNotContain("left behind").doesNotContain("account " + kept.id());
    }

    @Test
    void aSecretUnderAnotherKeyIsFound() {
        setup.apply(step -> {});
        Account account = onboard("production");
        String other = aws.kms().createKey().keyMetadata().arn();
        String secret =
                onboarding.vault().describe(account.credentialKey()).version().reference();
        aws.secretsManager().updateSecret(request -> request.secretId(secret).kmsKeyId(other));

        assertThat(findings())
                .filteredOn(finding -> finding.check().id().equals("secret-other-key"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.saw()).contains(other));
    }

    @Test
    void aKeyThatIsDisabledFailsTheRoundTripAndLeavesNothing() {
        setup.apply(step -> {});
        String key = aws.kms()
                .describeKey(request -> request.keyId("alias/" + name))
                .keyMetadata()
                .keyId();
        aws.kms().disableKey(request -> request.keyId(key));

        assertThat(problems()).containsExactly("key-disabled", "secret-round-trip");
        assertThat(findings().toString()).contains("kms:EnableKey");
    }

    @Test
    void whatTheCallerMayNotDoIsNamed() {
        setup.apply(step -> {});
        String nothing = "{\"Statement\": []}";
        var refused = new IamGuard(nothing, true);
        Doctor doctor = Doctor.of(
                Setup.of(
                        DynamoDbSetup.using(refused.dynamoDb(aws), settings, SetupOptions.defaults()),
                        KeySetup.using(refused.kms(aws), settings, SetupOptions.defaults())),
                DynamoDbStorage.using(refused.dynamoDb(aws), settings),
                SecretChecks.using(refused.secretsManager(aws), refused.kms(aws), settings));

        assertThat(doctor.verify())
                .noneMatch(finding -> finding.result() == Result.PASSED)
                .extracting(Finding::saw)
                .anyMatch(saw -> saw.contains("dynamodb:DescribeTable"))
                .anyMatch(saw -> saw.contains("kms:DescribeKey"))
                .anyMatch(saw -> saw.contains("dynamodb:Scan"))
                .anyMatch(saw -> saw.contains("secretsmanager:CreateSecret"));
        assertThat(SecretChecks.using(refused.secretsManager(aws), refused.kms(aws), settings)
                        .run(List.of()))
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.toString()).contains("secret-access", "secretsmanager:ListSecrets"));
    }

    /** A write whose answer is lost may have taken effect. */
    @Test
    void aProbeWhoseAnswerIsLostIsRemovedOrSaid() {
        setup.apply(step -> {});
        String lost = "lost";
        var checks = SecretChecks.using(
                Interposed.afterwards(aws.secretsManager(), "createSecret", () -> {
                    throw ApiCallTimeoutException.builder().message(lost).build();
                }),
                aws.kms(),
                settings);
        Finding finding = checks.roundTrip();

        assertThat(finding.isProblem()).isTrue();
        assertThat(finding.saw()).contains("did not answer");
        assertThat(aws.secretsManager().listSecretsPaginator().stream().flatMap(page -> page.secretList().stream()))
                .noneMatch(secret -> secret.name().startsWith(name));
    }

    @Test
    void policiesThatSomebodyWroteAreChecked() {
        var policies = IamPolicies.of(settings, new Arns("aws", "ap-south-1", "000000000000"));
        PolicyChecks checks = PolicyChecks.of(policies);

        for (AccessRole role : AccessRole.values()) {
            assertThat(checks.run(role, "ours", policies.json(role))).noneMatch(Finding::isProblem);
        }
        // as the hand-made guide has it: without kms:GenerateDataKey
        List<Finding> guide = checks.run(AccessRole.WRITER, "guide", """
                {"Statement": [{"Effect": "Allow", "Action": ["dynamodb:*", "secretsmanager:*"], "Resource": "*"},
                 {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}]}""");
        assertThat(guide).allMatch(Finding::isProblem);
        assertThat(guide.toString())
                .contains("kms:GenerateDataKey")
                .contains("dynamodb:*, secretsmanager:*")
                .doesNotContain("without dynamodb:");
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> checks.run(AccessRole.READER, "x", "no JSON"));
    }

    @Test
    void everyCheckHasAnIdOfItsOwnAndSaysWhyAndWhatHelps() {
        assertThat(Doctor.checks()).extracting(Check::id).doesNotHaveDuplicates();
        assertThat(Doctor.checks()).hasSizeGreaterThan(20).allSatisfy(check -> {
            assertThat(check.id()).matches("[a-z-]+");
            assertThat(check.why()).endsWith(".");
            assertThat(check.remedy()).endsWith(".");
        });
    }
}
