package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.credential.CredentialStage;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.CredentialUnavailableException.Reason;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.DecryptionFailureException;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.EncryptionFailureException;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretVersionIdsResponse;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretVersionsListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

/**
 * The calls to the service, each on one secret. {@link ResourceNotFoundException} and {@link ResourceExistsException} come
 * as they are, since they mean different things to different callers; every other failure is one of our errors. A write
 * carries a request token, so that it takes effect once however often the client sends it.
 */
final class SecretCalls {
    static final String CURRENT = CredentialStage.CURRENT.value();

    /** Reads that follow a write may be answered from before it ("eventually consistent", API reference). */
    static final int READS_AFTER_WRITE = 4;

    /**
     * The label of what is written but neither current nor pending yet. A version without any label would become current
     * at once (API reference, PutSecretValue). The next draft takes it over.
     */
    static final String DRAFT = "threat-engine-draft";

    /** How long a deleted credential can be restored; the service takes 7 to 30 days. */
    private static final Duration RECOVERY_WINDOW = Duration.ofDays(7);

    private final SecretsManagerClient client;
    private final @Nullable String kmsKeyId;
    private final KeyDiagnosis keys;

    /** @param kmsKeyId the key of new secrets; null for the AWS managed one */
    SecretCalls(SecretsManagerClient client, @Nullable String kmsKeyId, KeyDiagnosis keys) {
        this.client = client;
        this.kmsKeyId = kmsKeyId;
        this.keys = keys;
    }

    DescribeSecretResponse describe(String name) {
        return call(Operation.DESCRIBE_SECRET, name, () -> client.describeSecret(request -> request.secretId(name)));
    }

    /** The current version. The stage is named because not every stand-in knows that it is the default. */
    SecretContent read(String name) {
        return read(name, CredentialStage.CURRENT);
    }

    SecretContent read(String name, CredentialStage stage) {
        GetSecretValueResponse value = call(
                Operation.GET_SECRET_VALUE,
                name,
                () -> client.getSecretValue(request -> request.secretId(name).versionStage(stage.value())));
        return SecretContent.of(name, value);
    }

    /** The current versions of many. What is wrong with one of them stands in the answer. */
    BatchGetSecretValueResponse readBatch(List<String> names) {
        return call(
                Operation.BATCH_GET_SECRET_VALUE,
                names.get(0) + " and " + (names.size() - 1) + " more",
                () -> client.batchGetSecretValue(request -> request.secretIdList(names)));
    }

    SecretContent readVersion(String name, String versionId) {
        GetSecretValueResponse value = call(
                Operation.GET_SECRET_VALUE,
                name,
                () -> client.getSecretValue(request -> request.secretId(name).versionId(versionId)));
        return SecretContent.of(name, value);
    }

    /**
     * All versions, page by page.
     *
     * @param unlabelled whether those without a label come too
     */
    List<SecretVersionsListEntry> versions(String name, boolean unlabelled) {
        var versions = new ArrayList<SecretVersionsListEntry>();
        String token = null;
        do {
            String from = token;
            ListSecretVersionIdsResponse page = call(
                    Operation.LIST_SECRET_VERSION_IDS,
                    name,
                    () -> client.listSecretVersionIds(request ->
                            request.secretId(name).includeDeprecated(unlabelled).nextToken(from)));
            versions.addAll(page.versions());
            token = page.nextToken();
        } while (token != null && !token.isEmpty()); // as the SDK's paginators: moto ends with an empty one
        return versions;
    }

    CredentialVersion create(String name, CredentialDocument document) {
        String token = UUID.randomUUID().toString();
        String versionId = call(
                        Operation.CREATE_SECRET,
                        name,
                        () -> client.createSecret(request -> request.name(name)
                                .description("Credential of a Threat Engine account")
                                .kmsKeyId(kmsKeyId)
                                .clientRequestToken(token)
                                .secretString(document.text())))
                .versionId();
        return new CredentialVersion(name, versionId);
    }

    /**
     * Writes a version that nobody reads yet. Of a secret that has none, the first is current, whatever is asked for. Its id
     * is the request's token (API reference, PutSecretValue).
     *
     * @param replaces the version that it is to replace; null if it is the first
     * @return its id, and whether it is current
     */
    Draft draft(String name, CredentialDocument document, @Nullable String replaces) {
        String token = UUID.randomUUID().toString();
        String text = replaces == null ? document.text() : document.textReplacing(replaces, token);
        PutSecretValueResponse put = call(
                Operation.PUT_SECRET_VALUE,
                name,
                () -> client.putSecretValue(request -> request.secretId(name)
                        .versionStages(DRAFT)
                        .clientRequestToken(token)
                        .secretString(text)));
        return new Draft(put.versionId(), put.versionStages().contains(CURRENT));
    }

    record Draft(String versionId, boolean isCurrent) {}

    /**
     * Moves a label, on condition that it is where the caller believes.
     *
     * @param from which version has it; null if none has
     * @param to which version gets it; null if none shall
     * @return the refusal, if it is elsewhere; null if it was moved
     */
    @Nullable
    InvalidParameterException move(String name, CredentialStage stage, @Nullable String from, @Nullable String to) {
        try {
            client.updateSecretVersionStage(request -> request.secretId(name)
                    .versionStage(stage.value())
                    .removeFromVersionId(from)
                    .moveToVersionId(to));
            return null;
        } catch (InvalidParameterException e) {
            return e;
        } catch (ResourceNotFoundException e) {
            throw e;
        } catch (SdkException e) {
            throw failure(e, Operation.UPDATE_SECRET_VERSION_STAGE, name);
        }
    }

    /** Takes a label away from a version. If it is not there any more, that is as well. */
    void release(String name, CredentialStage stage, String versionId) {
        try {
            InvalidParameterException refusal = move(name, stage, versionId, null);
            if (refusal != null
                    && describe(name)
                            .versionIdsToStages()
                            .getOrDefault(versionId, List.of())
                            .contains(stage.value())) {
                throw new ServiceUnavailableException(Operation.UPDATE_SECRET_VERSION_STAGE.qualified(), name, refusal);
            }
        } catch (ResourceNotFoundException e) {
            // the version is gone, and its labels with it
        }
    }

    /**
     * Makes a version current, on condition that another one is. The answer to a move that took effect may be lost, and a
     * read that follows may be older: what is seen then decides.
     *
     * @return what is current instead, because somebody else has changed it; empty if the version is current now
     */
    Optional<SecretContent> promote(String name, String from, String to) {
        for (int attempt = 1; ; attempt++) {
            InvalidParameterException refusal = move(name, CredentialStage.CURRENT, from, to);
            if (refusal == null) {
                return Optional.empty();
            }
            SecretContent latest = read(name);
            if (latest.versionId().equals(to)) {
                return Optional.empty();
            }
            if (!latest.versionId().equals(from)) {
                return Optional.of(latest);
            }
            if (attempt == READS_AFTER_WRITE) {
                throw new ServiceUnavailableException(Operation.UPDATE_SECRET_VERSION_STAGE.qualified(), name, refusal);
            }
            SdkFailures.backOff(attempt, Operation.UPDATE_SECRET_VERSION_STAGE.qualified());
        }
    }

    Instant scheduleDeletion(String name) {
        return call(
                        Operation.DELETE_SECRET,
                        name,
                        () -> client.deleteSecret(
                                request -> request.secretId(name).recoveryWindowInDays(RECOVERY_WINDOW.toDays())))
                .deletionDate();
    }

    void restore(String name) {
        call(Operation.RESTORE_SECRET, name, () -> client.restoreSecret(request -> request.secretId(name)));
    }

    private <R> R call(Operation operation, String name, Supplier<R> call) {
        try {
            return call.get();
        } catch (ResourceNotFoundException | ResourceExistsException e) {
            throw e;
        } catch (SdkException e) {
            throw failure(e, operation, name);
        }
    }

    OnboardingException failure(SdkException e, Operation operation, String name) {
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
            // A secret that gets a key cannot use that one; any other cannot use the one that it has.
            return keys.unusable(
                    name, operation, () -> operation == Operation.UPDATE_SECRET ? kmsKeyId : keyOf(name), e);
        }
        return SdkFailures.translate(e, operation.qualified(), name);
    }

    /** The key that the secret names; the settings' key if it does not exist yet, or does not tell. */
    private @Nullable String keyOf(String name) {
        try {
            return client.describeSecret(request -> request.secretId(name)).kmsKeyId();
        } catch (SdkException e) {
            return kmsKeyId;
        }
    }

    static NotFoundException notFound(CredentialKey key, @Nullable Throwable cause) {
        return new NotFoundException("credential", key.toString(), cause);
    }
}
