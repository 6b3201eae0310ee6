package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.error.NotSetUpException;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.secrets.KeySetup;
import io.threatengine.onboarding.secrets.SecretsManagerVault;
import io.threatengine.onboarding.setup.Check;
import io.threatengine.onboarding.setup.Finding;
import io.threatengine.onboarding.setup.PlannedChange;
import io.threatengine.onboarding.setup.SetupOptions;
import io.threatengine.onboarding.setup.SetupProgress;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.CreateKeyResponse;
import software.amazon.awssdk.services.kms.model.DescribeKeyResponse;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.MultiRegionConfiguration;
import software.amazon.awssdk.services.kms.model.MultiRegionKeyType;
import software.amazon.awssdk.services.kms.model.OriginType;

/** The key: plan, apply, verify, plan again; then drift made by hand. */
@OnboardingTest
class KeySetupTest {
    private static final String ROLE = "arn:aws:iam::000000000000:role/engines";

    private final String alias = "alias/setup-" + UUID.randomUUID();
    private final EmbeddedAws aws;
    private final KmsClient kms;
    private final SetupOptions options = SetupOptions.builder()
            .engineRoles(List.of(ROLE))
            .tags(Map.of("team", "platform"))
            .build();

    KeySetupTest(EmbeddedAws aws) {
        this.aws = aws;
        this.kms = aws.kms();
    }

    private KeySetup setup() {
        return setup(alias);
    }

    private KeySetup setup(String key) {
        return KeySetup.using(kms, OnboardingSettings.builder().kmsKeyId(key).build(), options);
    }

    private KeyMetadata key() {
        return kms.describeKey(request -> request.keyId(alias)).keyMetadata();
    }

    @Test
    void planApplyVerifyAndNothingIsLeftToDo() {
        assertThat(setup().plan().changes())
                .extracting(PlannedChange::aspect)
                .containsExactly("key", "policy", "rotation", "tags", "alias");
        assertThat(problems(setup())).containsExactly("key-missing");
        List<SetupProgress> steps = new ArrayList<>();

        setup().apply(steps::add);

        assertThat(steps).hasSize(10).last().hasToString("[5/5] " + alias + ": alias done");
        assertThat(setup().plan().isEmpty()).isTrue();
        assertThat(problems(setup())).isEmpty();
        assertThat(kms.getKeyRotationStatus(request -> request.keyId(key().arn()))
                        .keyRotationEnabled())
                .isTrue();
        String policy = policy();
        assertThat(policy)
                .contains("arn:aws:iam::000000000000:root", ROLE, "secretsmanager.ap-south-1.amazonaws.com")
                .contains("kms:ViaService");
        KeyMetadata made = key();
        assertThat(setup().apply(step -> {}).changes()).isEmpty();
        assertThat(key()).isEqualTo(made);
    }

    @Test
    void credentialsAreKeptUnderTheKeyThatWasMade() {
        setup().apply(step -> {});
        var settings = OnboardingSettings.builder().kmsKeyId(alias).build();
        var vault = SecretsManagerVault.using(aws.secretsManager(), settings);
        CredentialKey key = CredentialKey.of(TenantId.random(), AccountId.random());

        vault.store(key, new IbmApiKey(Secret.of("s")));

        assertThat(vault.get(key)).isEqualTo(new IbmApiKey(Secret.of("s")));
    }

    @Test
    void driftMadeByHandIsFoundAndMendedAndStatementsOfOthersStay() {
        setup().apply(step -> {});
        String arn = key().arn();
        kms.disableKeyRotation(request -> request.keyId(arn));
        kms.untagResource(request -> request.keyId(arn).tagKeys("team"));
        kms.putKeyPolicy(request -> request.keyId(arn).policyName("default").policy("""
                {"Version": "2012-10-17", "Statement": {"Sid": "Others", "Effect": "Allow",
                 "Principal": {"AWS": "arn:aws:iam::000000000000:role/others"}, "Action": "kms:*", "Resource": "*"}}"""));

        assertThat(setup().plan().changes())
                .extracting(PlannedChange::aspect)
                .containsExactly("policy", "rotation", "tags");
        assertThat(problems(setup())).containsExactly("key-policy", "key-rotation", "key-tags");

        setup().apply(step -> {});

        assertThat(setup().plan().isEmpty()).isTrue();
        assertThat(policy()).contains("role/others", ROLE, ":root");
    }

    @Test
    void theDefaultPolicyAlreadyHasTheAdministratorsStatement() {
        KeyMetadata plain =
                kms.createKey(request -> request.description("by hand")).keyMetadata();
        kms.createAlias(request -> request.aliasName(alias).targetKeyId(plain.keyId()));
        var settings = OnboardingSettings.builder().kmsKeyId(alias).build();

        assertThat(KeySetup.using(kms, settings, SetupOptions.defaults()).plan().changes())
                .extracting(PlannedChange::aspect)
                .containsExactly("rotation");
        setup().apply(step -> {});

        assertThat(policy().split("kms:\\*", -1))
                .as("the account's statement, once")
                .hasSize(2);
        assertThat(key().arn()).isEqualTo(plain.arn());
    }

    @Test
    void whoDiesBeforeTheKeyHasItsAliasFindsItAgain() {
        for (int step = 1; step < 10; step++) {
            int last = step;
            var seen = new ArrayList<SetupProgress>();
            try {
                setup().apply(progress -> {
                    seen.add(progress);
                    if (seen.size() == last) {
                        throw new IllegalStateException("the process ends");
                    }
                });
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("the process ends");
            }
        }
        setup().apply(progress -> {});

        assertThat(setup().plan().isEmpty()).isTrue();
        assertThat(keysMadeFor(alias)).isEqualTo(1);
    }

    private long keysMadeFor(String name) {
        return kms.listKeysPaginator().keys().stream()
                .map(key ->
                        kms.describeKey(request -> request.keyId(key.keyId())).keyMetadata())
                .filter(key -> key.description().endsWith(", " + name))
                .count();
    }

    @Test
    void aKeyThatSomebodySwitchedOffIsNotTouched() {
        setup().apply(step -> {});
        kms.disableKey(request -> request.keyId(key().arn()));
        assertThat(problems(setup())).containsExactly("key-disabled");
        assertThatExceptionOfType(NotSetUpException.class)
                .isThrownBy(() -> setup().apply(step -> {}))
                .withMessageContaining("Disabled");

        kms.scheduleKeyDeletion(request -> request.keyId(key().arn()).pendingWindowInDays(7));
        assertThat(problems(setup())).containsExactly("key-pending-deletion");
        assertThatExceptionOfType(NotSetUpException.class).isThrownBy(() -> setup().apply(step -> {}));
        assertThat(key().keyStateAsString()).isEqualTo("PendingDeletion");
    }

    @Test
    void aKeyThatIsNamedByIdMustExist() {
        String id = UUID.randomUUID().toString();

        assertThatExceptionOfType(NotSetUpException.class)
                .isThrownBy(() -> setup(id).apply(step -> {}))
                .withMessageContaining(id);
        assertThat(problems(setup(id))).containsExactly("key-missing");
    }

    /** It may be of another region or account, and one of these settings' own would not have that ARN. */
    @Test
    void forAnAliasThatIsNamedByItsArnNoKeyIsMade() {
        String arn = "arn:aws:kms:us-east-1:999999999999:" + alias;
        int keys = kms.listKeys().keys().size();

        assertThatExceptionOfType(NotSetUpException.class)
                .isThrownBy(() -> setup(arn).apply(step -> {}))
                .withMessageContaining(arn);
        assertThat(kms.listKeys().keys()).hasSize(keys);
        assertThat(problems(setup(arn))).containsExactly("key-missing");
    }

    @Test
    void theAwsManagedKeyByNameIsNoKeyOfOnesOwn() {
        assertThat(problems(setup("alias/aws/secretsmanager"))).containsExactly("key-customer-managed");
        assertThat(setup("alias/aws/secretsmanager").plan().isEmpty()).isTrue();
    }

    @Test
    void whoeverMayUseTheKeyByAnEarlierApplyStillMay() {
        setup().apply(step -> {});
        var other = "arn:aws:iam::000000000000:role/others";
        var settings = OnboardingSettings.builder().kmsKeyId(alias).build();
        var later = KeySetup.using(
                kms, settings, options.toBuilder().engineRoles(List.of(other)).build());

        later.apply(step -> {});

        assertThat(later.plan().isEmpty()).isTrue();
        assertThat(setup().plan().isEmpty()).as("what the first had asked for").isTrue();
        String both = policy();
        assertThat(both).contains(ROLE, other);
        setup().apply(step -> {});
        later.apply(step -> {});
        assertThat(policy()).isEqualTo(both);
    }

    /** KMS shows a deleted role by its id, and takes no policy that has one. */
    @Test
    void aRoleThatIsGoneIsNotKept() {
        setup().apply(step -> {});
        String policy = policy().replace(ROLE, "AROAEXAMPLEOFAROLEGONE");
        kms.putKeyPolicy(
                request -> request.keyId(key().arn()).policyName("default").policy(policy));

        setup().apply(step -> {});

        assertThat(policy()).contains(ROLE).doesNotContain("AROA");
        assertThat(setup().plan().isEmpty()).isTrue();
    }

    @Test
    void aKeyThatSecretsManagerCannotUseIsAConflict() {
        setup().apply(step -> {});
        var asymmetric = KeySetup.using(
                describing(key -> key.keySpec(KeySpec.RSA_2048).keyUsage(KeyUsageType.SIGN_VERIFY)),
                OnboardingSettings.builder().kmsKeyId(alias).build(),
                options);

        assertThatExceptionOfType(NotSetUpException.class)
                .isThrownBy(() -> asymmetric.apply(step -> {}))
                .withMessageContaining("RSA_2048");
        assertThat(problems(asymmetric)).containsExactly("key-kind");
    }

    @Test
    void whatKmsCannotRotateIsNotAskedOfIt() {
        setup().apply(step -> {});
        kms.disableKeyRotation(request -> request.keyId(key().arn()));
        for (Consumer<KeyMetadata.Builder> kind : List.<Consumer<KeyMetadata.Builder>>of(
                key -> key.origin(OriginType.EXTERNAL),
                key -> key.multiRegionConfiguration(MultiRegionConfiguration.builder()
                        .multiRegionKeyType(MultiRegionKeyType.REPLICA)
                        .build()))) {
            var setup = KeySetup.using(
                    describing(kind),
                    OnboardingSettings.builder().kmsKeyId(alias).build(),
                    options);

            assertThat(setup.plan().isEmpty()).isTrue();
            assertThat(setup.plan().notCheckable())
                    .extracting(PlannedChange::aspect)
                    .containsExactly("rotation");
            assertThat(setup.apply(step -> {}).changes()).isEmpty();
            assertThat(setup.verify())
                    .filteredOn(finding -> finding.check().id().equals("key-rotation"))
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.result()).isEqualTo(Finding.Result.NOT_CHECKABLE));
        }
    }

    /** KMS makes no key under a name, and nothing here deletes one. */
    @Test
    void ofTwoWhoMakeTheKeyAtOnceTheSlowerOneNamesWhatIsTooMany() {
        var made = new ArrayList<String>();
        var slower = KeySetup.using(
                between((operation, call) -> {
                    Object answer = call.call();
                    if (answer instanceof CreateKeyResponse response) {
                        made.add(response.keyMetadata().arn());
                        KeyMetadata other = kms.createKey().keyMetadata();
                        kms.createAlias(request -> request.aliasName(alias).targetKeyId(other.keyId()));
                    }
                    return answer;
                }),
                OnboardingSettings.builder().kmsKeyId(alias).build(),
                options);

        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> slower.apply(step -> {}))
                .satisfies(e -> assertThat(e).hasMessageContaining(made.get(0)));

        assertThat(key().arn()).isNotIn(made);
        setup().apply(step -> {});
        assertThat(setup().plan().isEmpty()).isTrue();
    }

    /** The keys as they are, but described otherwise: the embedded endpoint has one kind only. */
    private KmsClient describing(Consumer<KeyMetadata.Builder> change) {
        return between((operation, call) -> {
            Object answer = call.call();
            return answer instanceof DescribeKeyResponse described
                    ? described.copy(response ->
                            response.keyMetadata(described.keyMetadata().copy(change)))
                    : answer;
        });
    }

    private interface Between {
        Object call(String operation, Callable<Object> call) throws Exception;
    }

    private KmsClient between(Between between) {
        return (KmsClient) Proxy.newProxyInstance(
                KeySetupTest.class.getClassLoader(),
                new Class<?>[] {KmsClient.class},
                (proxy, method, args) -> between.call(method.getName(), () -> {
                    try {
                        return method.invoke(kms, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause() instanceof Exception failure ? failure : e;
                    }
                }));
    }

    @Test
    void withoutAKeyThereIsNothingToDoButAdvice() {
        var setup = KeySetup.using(kms, OnboardingSettings.defaults(), options);

        assertThat(setup.plan().isEmpty()).isTrue();
        assertThat(setup.apply(step -> {}).changes()).isEmpty();
        assertThat(problems(setup)).containsExactly("key-customer-managed");
        assertThat(KeySetup.checks()).extracting(Check::id).doesNotHaveDuplicates();
    }

    private static List<String> problems(KeySetup setup) {
        return setup.verify().stream()
                .filter(Finding::isProblem)
                .map(finding -> finding.check().id())
                .toList();
    }

    private String policy() {
        return kms.getKeyPolicy(request -> request.keyId(key().arn()).policyName("default"))
                .policy();
    }
}
