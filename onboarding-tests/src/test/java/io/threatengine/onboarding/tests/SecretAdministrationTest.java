package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.credential.VersionDescription;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.CredentialUnavailableException.Reason;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.secrets.AutomaticRotation;
import io.threatengine.onboarding.secrets.AutomaticRotation.LastResult;
import io.threatengine.onboarding.secrets.RotationSchedule;
import io.threatengine.onboarding.secrets.SecretAdministration;
import io.threatengine.onboarding.secrets.SecretEncryption;
import io.threatengine.onboarding.secrets.SecretsManagerVault;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Which key encrypts a secret, what is said of one that cannot be used, and rotation by AWS. */
@OnboardingTest
class SecretAdministrationTest {
    private static final String FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:rotate";
    private static final Credential FIRST = new IbmApiKey(Secret.of("first"));
    private static final Credential SECOND = new IbmApiKey(Secret.of("second"));

    private final CredentialKey key = CredentialKey.of(TenantId.random(), AccountId.random());
    private final Workspace workspace;
    private final SecretsManagerClient client;
    private final KmsClient kms;

    SecretAdministrationTest(Workspace workspace, EmbeddedAws aws) {
        this.workspace = workspace;
        this.client = aws.secretsManager();
        this.kms = aws.kms();
    }

    // ---- keys

    @Test
    void aKeyIsTheSameHoweverItIsNamed() {
        KeyMetadata ours = newKey();
        String alias = newAlias(ours);
        String aliasArn = ours.arn().substring(0, ours.arn().lastIndexOf(':') + 1) + alias;
        List<String> names = List.of(ours.keyId(), ours.arn(), alias, aliasArn);
        for (String stored : names) {
            CredentialKey one = CredentialKey.of(TenantId.random(), AccountId.random());
            vault(stored).store(one, FIRST);
            for (String set : names) {
                SecretEncryption encryption = administration(set).encryption(one);

                assertThat(encryption.isAsSet()).as(stored + " and " + set).isTrue();
                assertThat(encryption.keyArn()).isEqualTo(ours.arn());
                assertThat(encryption.isUsable()).isTrue();
                assertThat(encryption.secretName())
                        .isEqualTo(vault(null).describe(one).version().reference());
            }
            assertThat(administration(newKey().keyId()).encryption(one).isAsSet())
                    .isFalse();
            assertThat(administration(null).encryption(one).isAsSet()).isFalse();
        }
    }

    @Test
    void theAwsManagedKeyIsTheOneOfSettingsWithoutAKey() {
        vault(null).store(key, FIRST);

        assertThat(administration(null).encryption(key).isAsSet()).isTrue();
        assertThat(administration("alias/aws/secretsmanager").encryption(key).isAsSet())
                .isTrue();
        assertThat(administration(newKey().arn()).encryption(key).isAsSet()).isFalse();
    }

    @Test
    void anAliasThatPointsToAnotherKeySinceIsNoticed() {
        String alias = newAlias(newKey());
        vault(alias).store(key, FIRST);
        KeyMetadata next = newKey();
        kms.updateAlias(request -> request.aliasName(alias).targetKeyId(next.keyId()));

        assertThat(administration(alias).encryption(key).isAsSet()).isFalse();
        assertThat(administration(alias).encryptAsSet(key).keyArn()).isEqualTo(next.arn());
    }

    @Test
    void settingsThatNameNoKeyThereIsAreAnError() {
        vault(null).store(key, FIRST);

        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> administration("alias/none").encryption(key))
                .withMessageContaining("alias/none");
    }

    @Test
    void encryptingAnewTakesAllThatIsInUseToTheNewKeyAndMakesNoVersion() {
        KeyMetadata old = newKey();
        KeyMetadata next = newKey();
        CredentialVersion first = vault(old.arn()).store(key, FIRST);
        vault(old.arn()).store(key, new IbmApiKey(Secret.of("between")));
        CredentialVersion last = vault(old.arn()).store(key, SECOND);

        SecretEncryption encryption = administration(next.keyId()).encryptAsSet(key);

        assertThat(encryption.isAsSet()).isTrue();
        assertThat(administration(next.keyId()).encryptAsSet(key)).isEqualTo(encryption);
        List<VersionDescription> versions = vault(null).rotation().versions(key);
        assertThat(versions).hasSize(3);
        assertThat(versions.get(0).kmsKeyId()).isEqualTo(next.keyId());
        assertThat(versions.get(2).kmsKeyId()).as("without a label").isEqualTo(old.keyId());
        kms.disableKey(request -> request.keyId(old.keyId()));
        assertThat(vault(null).load(key).version()).isEqualTo(last);
        assertThat(vault(null).rotation().rollback(key)).isNotNull();
        assertThatExceptionOfType(CredentialUnavailableException.class)
                .isThrownBy(() -> vault(null).rotation().load(key, first.versionId()));
    }

    @Test
    void encryptingWithTheAwsManagedKeyAgain() {
        vault(newKey().arn()).store(key, FIRST);

        assertThat(administration(null).encryptAsSet(key).isAsSet()).isTrue();
        assertThat(vault(null).describe(key).kmsKeyId()).isNull();
    }

    @Test
    void whatCannotBeReadUnderItsOldKeyIsNotEncryptedAnewAndThatIsSaid() {
        KeyMetadata old = newKey();
        KeyMetadata next = newKey();
        vault(old.arn()).store(key, FIRST);
        kms.disableKey(request -> request.keyId(old.keyId()));

        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> administration(next.arn()).encryptAsSet(key))
                .withMessageContainingAll(old.arn(), "Disabled", next.arn(), "kms:Decrypt", "kms:Encrypt");
    }

    @Test
    void theKeyOfASecretUnderTheOlderNameIsSeenThoughItIsDisabled() {
        KeyMetadata old = newKey();
        client.createSecret(
                request -> request.name(workspace.settings().secretsPrefix() + "/account/" + key.accountId())
                        .kmsKeyId(old.keyId())
                        .secretString("{\"credential_type\": \"ibm_api_key\", \"credentials\": {\"api_key\": \"k\"}}"));
        kms.disableKey(request -> request.keyId(old.keyId()));

        SecretEncryption encryption = administration(null).encryption(key);

        assertThat(encryption.keyArn()).isEqualTo(old.arn());
        assertThat(encryption.keyState()).isEqualTo("Disabled");
        assertThat(administration(null).automaticRotation(key)).isEmpty();
    }

    @Test
    void aNewKeyThatCannotBeUsedIsNamed() {
        KeyMetadata next = newKey();
        vault(null).store(key, FIRST);
        kms.disableKey(request -> request.keyId(next.keyId()));

        assertThatExceptionOfType(CredentialUnavailableException.class)
                .isThrownBy(() -> administration(next.arn()).encryptAsSet(key))
                .withMessageContainingAll(next.arn(), "is disabled", "kms:GenerateDataKey", "kms:EnableKey");
        assertThat(vault(null).get(key)).isEqualTo(FIRST);
    }

    @Test
    void anErrorSaysWhichKeyCannotBeUsedWhyAndWhatToDo() {
        KeyMetadata ours = newKey();
        String alias = newAlias(ours);
        SecretsManagerVault vault = vault(alias);
        vault.store(key, FIRST);

        kms.disableKey(request -> request.keyId(ours.keyId()));
        unusable(() -> vault.get(key), alias, "is disabled", "kms:Decrypt", "kms:EnableKey");
        unusable(
                () -> vault.store(CredentialKey.of(TenantId.random(), AccountId.random()), FIRST),
                alias,
                "is disabled",
                "kms:GenerateDataKey",
                "kms:EnableKey");
        kms.scheduleKeyDeletion(request -> request.keyId(ours.keyId()).pendingWindowInDays(7));
        unusable(() -> vault.get(key), alias, "is scheduled for deletion", "kms:Decrypt", "kms:CancelKeyDeletion");
        assertThat(administration(alias).encryption(key).keyState()).isEqualTo("PendingDeletion");
        assertThat(administration(alias).encryption(key).isUsable()).isFalse();

        var withoutKms = SecretsManagerVault.using(client, settings(alias), workspace.clock());
        unusable(() -> withoutKms.get(key), alias, "cannot be used", "kms:Decrypt", "enable the key");
    }

    private static void unusable(Runnable call, String keyId, String... words) {
        assertThatExceptionOfType(CredentialUnavailableException.class)
                .isThrownBy(call::run)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.KEY_UNUSABLE))
                .satisfies(e -> assertThat(e.kmsKeyId()).contains(keyId))
                .withMessageContaining(keyId)
                .withMessageContainingAll(words);
    }

    // ---- rotation by AWS

    @Test
    void rotationByAwsIsSetUpObservedAndStopped() {
        vault(null).store(key, FIRST);
        assertThat(administration(null).automaticRotation(key)).isEmpty();
        RotationSchedule schedule = RotationSchedule.every(Duration.ofDays(30)).within(Duration.ofHours(3));

        AutomaticRotation set = administration(null).rotateAutomatically(key, FUNCTION, schedule);

        assertThat(set.enabled()).isTrue();
        assertThat(set.functionArn()).isEqualTo(FUNCTION);
        assertThat(set.schedule()).isEqualTo(schedule);
        assertThat(set.nextAt()).isAfter(Instant.now().plus(Duration.ofDays(29)));
        assertThat(set.lastAt()).isNull();
        assertThat(set.lastResult()).isEqualTo(LastResult.NONE);
        assertThat(administration(null).automaticRotation(key)).contains(set);
        administration(null).stopAutomaticRotation(key);
        assertThat(administration(null).automaticRotation(key).orElseThrow().enabled())
                .isFalse();
    }

    @Test
    void theLastResultIsWhatTheFunctionHasDone() {
        CredentialVersion first = vault(null).store(key, FIRST);
        administration(null).rotateAutomatically(key, FUNCTION, RotationSchedule.cron("0 4 1 * ? *"));
        String text = client.getSecretValue(request -> request.secretId(first.reference()))
                .secretString();
        String staged = client.putSecretValue(request -> request.secretId(first.reference())
                        .versionStages("AWSPENDING")
                        .secretString(text.replace("first", "second")))
                .versionId();
        assertThat(last()).isEqualTo(LastResult.UNFINISHED);
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> administration(null).rotateNow(key));

        client.updateSecretVersionStage(request -> request.secretId(first.reference())
                .versionStage("AWSCURRENT")
                .removeFromVersionId(first.versionId())
                .moveToVersionId(staged));

        assertThat(last()).isEqualTo(LastResult.SUCCEEDED);
        assertThat(administration(null).automaticRotation(key).orElseThrow().lastAt())
                .isNotNull();
        assertThat(vault(null).get(key.at(null, first.versionId()))).isEqualTo(SECOND);
        assertThat(administration(null).rotateNow(key).enabled()).isTrue();
    }

    @Test
    void whatOthersHaveSetUpIsObservedAsItIs() {
        String name = vault(null).store(key, FIRST).reference();
        for (long days : new long[] {1, 1_000}) {
            client.rotateSecret(request -> request.secretId(name)
                    .rotateImmediately(false)
                    .rotationLambdaARN(FUNCTION)
                    .rotationRules(rules -> rules.automaticallyAfterDays(days)));

            AutomaticRotation observed =
                    administration(null).automaticRotation(key).orElseThrow();
            assertThat(Objects.requireNonNull(observed.schedule()).expression())
                    .isEqualTo(days == 1 ? "rate(1 day)" : "rate(1000 days)");
        }
    }

    private LastResult last() {
        return administration(null).automaticRotation(key).orElseThrow().lastResult();
    }

    @Test
    void rotationThatWasNeverSetUpIsNotBegun() {
        vault(null).store(key, FIRST);

        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> administration(null).rotateNow(key));
    }

    @Test
    void aScheduleIsCheckedBeforeTheCall() {
        assertThat(RotationSchedule.every(Duration.ofHours(4)).expression()).isEqualTo("rate(4 hours)");
        assertThat(RotationSchedule.every(Duration.ofDays(1)).expression()).isEqualTo("rate(1 day)");
        for (Duration interval :
                List.of(Duration.ZERO, Duration.ofHours(3), Duration.ofMinutes(270), Duration.ofDays(1000))) {
            assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> RotationSchedule.every(interval));
        }
        RotationSchedule daily = RotationSchedule.every(Duration.ofDays(1));
        for (Duration window : List.of(Duration.ZERO, Duration.ofMinutes(90), Duration.ofHours(25))) {
            assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> daily.within(window));
        }
    }

    @Test
    void nothingOfAnotherTenantIsAdministered() {
        vault(null).store(key, FIRST);
        String name = vault(null).describe(key).version().reference();
        CredentialKey stranger =
                CredentialKey.of(TenantId.random(), key.accountId()).at(name, null);

        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> administration(null).encryption(stranger));
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> administration(null).encryptAsSet(stranger));
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> administration(null).automaticRotation(stranger));
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> administration(null)
                        .rotateAutomatically(stranger, FUNCTION, RotationSchedule.every(Duration.ofDays(1))));
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> administration(null).stopAutomaticRotation(stranger));
    }

    // ---- fixture

    private KeyMetadata newKey() {
        return kms.createKey(request -> request.description("test")).keyMetadata();
    }

    private String newAlias(KeyMetadata target) {
        String alias = "alias/test-" + UUID.randomUUID();
        kms.createAlias(request -> request.aliasName(alias).targetKeyId(target.keyId()));
        return alias;
    }

    private OnboardingSettings settings(@Nullable String keyId) {
        return keyId == null
                ? workspace.settings()
                : workspace.settings().toBuilder().kmsKeyId(keyId).build();
    }

    private SecretsManagerVault vault(@Nullable String keyId) {
        return SecretsManagerVault.using(client, kms, settings(keyId), workspace.clock());
    }

    private SecretAdministration administration(@Nullable String keyId) {
        return SecretAdministration.using(client, kms, settings(keyId));
    }
}
