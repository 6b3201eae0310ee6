package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.aws.ClientOptions;
import io.threatengine.onboarding.aws.SdkClients;
import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.credential.CredentialStage;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.internal.Rules;
import io.threatengine.onboarding.secrets.AutomaticRotation.LastResult;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.RotationRulesType;

/**
 * What an operator does to stored secrets: looks which key encrypts them, encrypts them with another, and lets AWS rotate
 * them. Secrets under their tenant's name are not opened for it; others are, to see whose they are, and one under the
 * account's older name counts as the account's where its key cannot be used. Thread-safe. All of it throws {@link ServiceException} or a subclass when a service refuses or
 * fails, and {@link NotFoundException} for a secret that does not exist or is another tenant's.
 *
 * <pre>{@code
 * try (var administration = SecretAdministration.open(settings)) {
 *     if (!administration.encryption(account.credentialKey()).isAsSet()) {
 *         administration.encryptAsSet(account.credentialKey());
 *     }
 * }
 * }</pre>
 */
public final class SecretAdministration implements AutoCloseable {
    /** What a key is called that exists no more. */
    private static final String DELETED = "Deleted";

    private final SecretsManagerClient client;
    private final KmsClient kms;
    private final Runnable close;
    private final OnboardingSettings settings;
    private final SecretCalls calls;
    private final SecretReads reads;

    private SecretAdministration(
            SecretsManagerClient client, KmsClient kms, Runnable close, OnboardingSettings settings) {
        this.client = client;
        this.kms = kms;
        this.close = close;
        this.settings = settings;
        this.calls = new SecretCalls(client, settings.kmsKeyId().orElse(null), new KeyDiagnosis(() -> kms));
        this.reads = new SecretReads(calls, new SecretNames(settings.secretsPrefix()), InstantSource.system());
    }

    /** With clients of its own. Close it. */
    public static SecretAdministration open(OnboardingSettings settings) {
        return open(settings, ClientOptions.defaults());
    }

    /** Like {@link #open(OnboardingSettings)}, with these options of the clients. */
    public static SecretAdministration open(OnboardingSettings settings, ClientOptions options) {
        SecretsManagerClient client = SdkClients.open(SecretsManagerClient.builder(), settings, options);
        KmsClient kms = SdkClients.open(KmsClient.builder(), settings, options);
        return new SecretAdministration(
                client,
                kms,
                () -> {
                    client.close();
                    kms.close();
                },
                settings);
    }

    /** With the caller's clients, which stay the caller's to close. */
    public static SecretAdministration using(SecretsManagerClient client, KmsClient kms, OnboardingSettings settings) {
        return new SecretAdministration(client, kms, () -> {}, settings);
    }

    // ---- encryption

    /** Which key encrypts the current version, compared with the settings. */
    public SecretEncryption encryption(CredentialKey key) {
        String name = nameOf(key);
        String actual = keyOfCurrentVersion(name);
        Optional<KeyMetadata> metadata = describeKey(actual);
        return new SecretEncryption(
                name,
                metadata.map(KeyMetadata::arn).orElse(actual),
                metadata.map(KeyMetadata::keyStateAsString).orElse(DELETED),
                settingsKeyArn());
    }

    /**
     * Encrypts the secret with the key of the settings from now on, and its current, previous and pending versions anew.
     * Versions without a label stay under their old key (API reference, UpdateSecret). No new version comes of it. Safe to
     * repeat.
     *
     * <p>The caller needs {@code kms:Decrypt} on the old key, and {@code kms:GenerateDataKey}, {@code kms:Encrypt} and
     * {@code kms:Decrypt} on the new one.
     *
     * @throws ServiceException if the versions are still encrypted with the old key afterwards
     * @throws io.threatengine.onboarding.error.CredentialUnavailableException if the new key cannot be used
     */
    public SecretEncryption encryptAsSet(CredentialKey key) {
        String name = nameOf(key);
        // an empty text stands for the AWS managed key
        act(
                Operation.UPDATE_SECRET,
                name,
                () -> client.updateSecret(request ->
                        request.secretId(name).kmsKeyId(settings.kmsKeyId().orElse(""))));
        SecretEncryption encryption = encryption(key);
        if (!encryption.isAsSet()) {
            throw new ServiceException(
                    Operation.UPDATE_SECRET.qualified(),
                    name,
                    "the next version will be encrypted with " + encryption.settingsKeyArn()
                            + ", but the current one still"
                            + " is with " + encryption.keyArn() + ", which is " + encryption.keyState()
                            + "; allow kms:Decrypt on that key and kms:Encrypt on the new one, and repeat",
                    null);
        }
        return encryption;
    }

    private String keyOfCurrentVersion(String name) {
        try {
            return calls.versions(name, false).stream()
                    .filter(version -> version.versionStages().contains(CredentialStage.CURRENT.value()))
                    .flatMap(version -> version.kmsKeyIds().stream())
                    .findFirst()
                    .map(id -> id.equals(SecretRotation.DEFAULT_KEY) ? KeyDiagnosis.AWS_MANAGED : id)
                    .orElseGet(() -> keyOfSecret(name));
        } catch (ResourceNotFoundException e) {
            throw new NotFoundException("secret", name, e);
        }
    }

    private String keyOfSecret(String name) {
        String id = calls.describe(name).kmsKeyId();
        return id == null ? KeyDiagnosis.AWS_MANAGED : id;
    }

    private String settingsKeyArn() {
        Optional<String> named = settings.kmsKeyId();
        Optional<KeyMetadata> metadata = describeKey(named.orElse(KeyDiagnosis.AWS_MANAGED));
        if (metadata.isEmpty() && named.isPresent()) {
            throw new NotFoundException("KMS key", named.get());
        }
        return metadata.map(KeyMetadata::arn).orElse(KeyDiagnosis.AWS_MANAGED); // made at its first use
    }

    private Optional<KeyMetadata> describeKey(String id) {
        try {
            return Optional.of(kms.describeKey(request -> request.keyId(id)).keyMetadata());
        } catch (software.amazon.awssdk.services.kms.model.NotFoundException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw SdkFailures.translate(e, Operation.DESCRIBE_KEY.qualified(), id);
        }
    }

    // ---- rotation by AWS

    /** How AWS rotates the secret; empty if that was never set up. */
    public Optional<AutomaticRotation> automaticRotation(CredentialKey key) {
        DescribeSecretResponse secret = describe(nameOf(key));
        boolean known = secret.rotationEnabled() != null || secret.rotationRules() != null;
        return known ? Optional.of(described(secret)) : Optional.empty();
    }

    /**
     * Lets AWS rotate the secret by a function, from its next due time on. The service tries at once whether the function
     * is allowed to. Versions that a function makes are seen by readers as all others are; an account's row goes on naming
     * the version that it knows, and is answered with the later one.
     *
     * @param functionArn the ARN of the Lambda function, which must allow Secrets Manager to invoke it
     */
    public AutomaticRotation rotateAutomatically(CredentialKey key, String functionArn, RotationSchedule schedule) {
        Rules.printable("function ARN", functionArn, 1, 2_048);
        String name = nameOf(key);
        Duration window = schedule.window();
        act(
                Operation.ROTATE_SECRET,
                name,
                () -> client.rotateSecret(request -> request.secretId(name)
                        .rotationLambdaARN(functionArn)
                        .rotateImmediately(false)
                        .rotationRules(RotationRulesType.builder()
                                .scheduleExpression(schedule.expression())
                                .duration(window == null ? null : window.toHours() + "h")
                                .build())));
        return described(describe(name));
    }

    /**
     * Lets AWS rotate the secret now, as was set up.
     *
     * @throws ServiceException if nothing was set up, or the last rotation is not finished
     */
    public AutomaticRotation rotateNow(CredentialKey key) {
        String name = nameOf(key);
        act(Operation.ROTATE_SECRET, name, () -> client.rotateSecret(request -> request.secretId(name)));
        return described(describe(name));
    }

    /** Stops rotation by AWS; what was set up stays known. A pending version stays until it is discarded. */
    public void stopAutomaticRotation(CredentialKey key) {
        String name = nameOf(key);
        act(Operation.CANCEL_ROTATE_SECRET, name, () -> client.cancelRotateSecret(request -> request.secretId(name)));
    }

    private static AutomaticRotation described(DescribeSecretResponse secret) {
        return new AutomaticRotation(
                Boolean.TRUE.equals(secret.rotationEnabled()),
                secret.rotationLambdaARN(),
                schedule(secret.rotationRules()),
                secret.nextRotationDate(),
                secret.lastRotatedDate(),
                lastResult(secret));
    }

    private static @Nullable RotationSchedule schedule(@Nullable RotationRulesType rules) {
        if (rules == null) {
            return null;
        }
        String expression = rules.scheduleExpression();
        Long days = rules.automaticallyAfterDays();
        if (expression == null && days == null) {
            return null;
        }
        RotationSchedule schedule =
                expression == null ? RotationSchedule.rate(days, "day") : new RotationSchedule(expression, null);
        String window = rules.duration();
        return window == null ? schedule : schedule.within(Duration.parse("PT" + window));
    }

    private static LastResult lastResult(DescribeSecretResponse secret) {
        boolean unfinished = secret.versionIdsToStages().values().stream()
                .anyMatch(stages -> stages.contains(CredentialStage.PENDING.value())
                        && !stages.contains(CredentialStage.CURRENT.value()));
        if (unfinished) {
            return LastResult.UNFINISHED;
        }
        return secret.lastRotatedDate() == null ? LastResult.NONE : LastResult.SUCCEEDED;
    }

    @Override
    public void close() {
        close.run();
    }

    // ---- one secret

    private String nameOf(CredentialKey key) {
        return reads.describe(key).version().reference();
    }

    private DescribeSecretResponse describe(String name) {
        try {
            return calls.describe(name);
        } catch (ResourceNotFoundException e) {
            throw new NotFoundException("secret", name, e);
        }
    }

    private void act(Operation operation, String name, Runnable call) {
        try {
            call.run();
        } catch (ResourceNotFoundException e) {
            throw new NotFoundException("secret", name, e);
        } catch (SdkException e) {
            throw calls.failure(e, operation, name);
        }
    }
}
