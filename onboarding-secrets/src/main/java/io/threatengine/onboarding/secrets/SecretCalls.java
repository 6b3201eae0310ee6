package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.CredentialUnavailableException.Reason;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OnboardingException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.DecryptionFailureException;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.EncryptionFailureException;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

/**
 * The calls to the service, each on one secret. {@link ResourceNotFoundException} and {@link ResourceExistsException} come
 * as they are, since they mean different things to different callers; every other failure is one of our errors.
 */
final class SecretCalls {
    static final String CURRENT = "AWSCURRENT";

    /** Reads that follow a write may be answered from before it ("eventually consistent", API reference). */
    static final int READS_AFTER_WRITE = 4;

    /** How long a deleted credential can be restored; the service takes 7 to 30 days. */
    private static final Duration RECOVERY_WINDOW = Duration.ofDays(7);

    private final SecretsManagerClient client;
    private final @Nullable String kmsKeyId;

    /** @param kmsKeyId the key of new secrets; null for the AWS managed one */
    SecretCalls(SecretsManagerClient client, @Nullable String kmsKeyId) {
        this.client = client;
        this.kmsKeyId = kmsKeyId;
    }

    DescribeSecretResponse describe(String name) {
        return call("DescribeSecret", name, () -> client.describeSecret(request -> request.secretId(name)));
    }

    /** The current version. The stage is named because not every stand-in knows that it is the default. */
    SecretContent read(String name) {
        GetSecretValueResponse value = call(
                "GetSecretValue",
                name,
                () -> client.getSecretValue(request -> request.secretId(name).versionStage(CURRENT)));
        return new SecretContent(name, value.versionId(), value.secretString(), false);
    }

    /** That version, if it is the current one. */
    Optional<SecretContent> readIfCurrent(String name, String versionId) {
        GetSecretValueResponse version = call(
                "GetSecretValue",
                name,
                () -> client.getSecretValue(request -> request.secretId(name).versionId(versionId)));
        return version.versionStages().contains(CURRENT)
                ? Optional.of(new SecretContent(name, versionId, version.secretString(), true))
                : Optional.empty();
    }

    CredentialVersion create(String name, CredentialDocument document) {
        String versionId = call(
                        "CreateSecret",
                        name,
                        () -> client.createSecret(request -> request.name(name)
                                .description("Credential of a Threat Engine account")
                                .kmsKeyId(kmsKeyId)
                                .secretString(document.text())))
                .versionId();
        return new CredentialVersion(name, versionId);
    }

    CredentialVersion put(String name, CredentialDocument document) {
        String versionId = call(
                        "PutSecretValue",
                        name,
                        () -> client.putSecretValue(
                                request -> request.secretId(name).secretString(document.text())))
                .versionId();
        return new CredentialVersion(name, versionId);
    }

    Instant scheduleDeletion(String name) {
        return call(
                        "DeleteSecret",
                        name,
                        () -> client.deleteSecret(
                                request -> request.secretId(name).recoveryWindowInDays(RECOVERY_WINDOW.toDays())))
                .deletionDate();
    }

    void restore(String name) {
        call("RestoreSecret", name, () -> client.restoreSecret(request -> request.secretId(name)));
    }

    private static <R> R call(String operation, String name, Supplier<R> call) {
        try {
            return call.get();
        } catch (ResourceNotFoundException | ResourceExistsException e) {
            throw e;
        } catch (SdkException e) {
            throw failure(e, operation, name);
        }
    }

    static OnboardingException failure(SdkException e, String operation, String name) {
        String said = String.valueOf(e.getMessage());
        if (e instanceof InvalidRequestException && (said.contains("deletion") || said.contains("deleted"))) {
            return new CredentialUnavailableException(name, Reason.PENDING_DELETION, e);
        }
        // Secrets Manager says "Access to KMS is not allowed" for a disabled key and for a missing permission alike.
        boolean aboutKey = e instanceof DecryptionFailureException
                || e instanceof EncryptionFailureException
                || (e instanceof SecretsManagerException refused
                        && SdkFailures.errorCode(refused).equals("AccessDeniedException")
                        && said.contains("Access to KMS"));
        if (aboutKey) {
            return new CredentialUnavailableException(name, Reason.KEY_UNUSABLE, e);
        }
        return SdkFailures.translate(e, "secretsmanager:" + operation, name);
    }

    static NotFoundException notFound(CredentialKey key, @Nullable Throwable cause) {
        return new NotFoundException("credential", key.toString(), cause);
    }
}
