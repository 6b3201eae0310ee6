package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.aws.SdkClients;
import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialDescription;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.CredentialUnavailableException.Reason;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.internal.WireTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
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
 * The vault on AWS Secrets Manager, without a cache of its own: each read is a call. Thread-safe.
 *
 * <p>An account's secret is looked for where its row says ({@code credential_ref}), then at {@code
 * {prefix}/account/{tenant_id}/{account_id}}, then at the older {@code {prefix}/account/{account_id}}; a new one is made
 * under the tenant's name, and one that exists is changed where it is, so that every engine goes on finding it. Secrets are
 * encrypted with the settings' KMS key, or the AWS managed one.
 *
 * <pre>{@code
 * try (var vault = SecretsManagerVault.open(OnboardingSettings.fromEnvironment())) {   // cached
 *     Credential credential = vault.get(account.credentialKey());
 * }
 * }</pre>
 */
public final class SecretsManagerVault implements CredentialVault {
    /** How long a deleted credential can be restored; the service takes 7 to 30 days. */
    private static final Duration RECOVERY_WINDOW = Duration.ofDays(7);

    private static final String CURRENT = "AWSCURRENT";

    /** Reads that follow a write may be answered from before it ("eventually consistent", API reference). */
    private static final int READS_AFTER_WRITE = 4;

    private final SecretsManagerClient client;
    private final boolean ownsClient;
    private final OnboardingSettings settings;
    private final InstantSource clock;

    private SecretsManagerVault(
            SecretsManagerClient client, boolean ownsClient, OnboardingSettings settings, InstantSource clock) {
        this.client = client;
        this.ownsClient = ownsClient;
        this.settings = settings;
        this.clock = clock;
    }

    /** A cached vault with a client of its own: the SDK's default credentials, the settings' region. Close it. */
    public static CachingVault open(OnboardingSettings settings) {
        SecretsManagerClient client = SdkClients.open(SecretsManagerClient.builder(), settings);
        return CachingVault.over(new SecretsManagerVault(client, true, settings, InstantSource.system()));
    }

    /** An uncached vault with the caller's client, which stays the caller's to close. */
    public static SecretsManagerVault using(SecretsManagerClient client, OnboardingSettings settings) {
        return using(client, settings, InstantSource.system());
    }

    /** An uncached vault with the caller's client and clock. */
    public static SecretsManagerVault using(
            SecretsManagerClient client, OnboardingSettings settings, InstantSource clock) {
        return new SecretsManagerVault(client, false, settings, clock);
    }

    @Override
    public void check(CredentialKey key, Credential credential) {
        CredentialDocument.of(key, credential, clock.instant(), null);
    }

    @Override
    public CredentialVersion store(CredentialKey key, Credential credential, @Nullable Instant expiresAt) {
        var first = CredentialDocument.of(key, credential, WireTime.now(clock), expiresAt);
        for (int attempt = 1; ; attempt++) {
            Optional<Found> found = lookUp(key);
            if (found.isPresent()) {
                return change(key, found.get(), credential, expiresAt);
            }
            try {
                return create(key, first);
            } catch (ResourceNotFoundException e) {
                throw failure(e, "CreateSecret", tenantScopedName(key));
            } catch (ResourceExistsException e) {
                // made between look-up and creation, or not seen yet: look again
                if (attempt == READS_AFTER_WRITE) {
                    throw failure(e, "CreateSecret", tenantScopedName(key));
                }
                SdkFailures.backOff(attempt, "secretsmanager:CreateSecret");
            }
        }
    }

    @Override
    public StoredCredential load(CredentialKey key) {
        for (int attempt = 1; ; attempt++) {
            Optional<Found> found = lookUp(key);
            if (found.isPresent()) {
                return opened(found.get());
            }
            // A key with a version is of a row whose credential was stored: it may not be visible yet.
            if (key.versionId().isEmpty() || attempt == READS_AFTER_WRITE) {
                throw notFound(key, null);
            }
            SdkFailures.backOff(attempt, "secretsmanager:GetSecretValue");
        }
    }

    @Override
    public CredentialDescription describe(CredentialKey key) {
        for (String name : ownNames(key)) {
            try {
                DescribeSecretResponse secret =
                        call("DescribeSecret", name, () -> client.describeSecret(request -> request.secretId(name)));
                return described(name, secret);
            } catch (ResourceNotFoundException e) {
                // the next name, then
            }
        }
        throw notFound(key, null);
    }

    @Override
    public Instant delete(CredentialKey key) {
        Instant date = null;
        for (String name : ownNames(key)) {
            try {
                date = call(
                                "DeleteSecret",
                                name,
                                () -> client.deleteSecret(request ->
                                        request.secretId(name).recoveryWindowInDays(RECOVERY_WINDOW.toDays())))
                        .deletionDate();
            } catch (ResourceNotFoundException e) {
                // the other names may exist
            }
        }
        if (date == null) {
            throw notFound(key, null);
        }
        return date;
    }

    @Override
    public void restore(CredentialKey key) {
        boolean restored = false;
        for (String name : names(key)) {
            try {
                call("RestoreSecret", name, () -> client.restoreSecret(request -> request.secretId(name)));
                restored = true;
            } catch (ResourceNotFoundException e) {
                // the other names may exist
            }
        }
        if (!restored) {
            throw notFound(key, null);
        }
    }

    @Override
    public void close() {
        if (ownsClient) {
            client.close();
        }
    }

    // ---- one secret

    private record Found(String name, String versionId, CredentialDocument document) {}

    /** The account's secret; empty if none of its names exists, or it is another tenant's. */
    private Optional<Found> lookUp(CredentialKey key) {
        for (String name : names(key)) {
            try {
                return Optional.of(read(name)).filter(found -> found.document().isFor(key));
            } catch (ResourceNotFoundException e) {
                // the next name, then
            }
        }
        return Optional.empty();
    }

    private Found read(String name) {
        // The stage is named because not every stand-in knows that it is the default.
        GetSecretValueResponse value = call(
                "GetSecretValue",
                name,
                () -> client.getSecretValue(request -> request.secretId(name).versionStage(CURRENT)));
        return new Found(name, value.versionId(), document(name, value));
    }

    private static CredentialDocument document(String name, GetSecretValueResponse value) {
        if (value.secretString() == null) {
            throw new MalformedDataException(name, "the secret is binary, not text");
        }
        return CredentialDocument.parse(name, value.secretString());
    }

    private StoredCredential opened(Found found) {
        Instant expiresAt = found.document().expiresAt();
        if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
            throw new CredentialUnavailableException(found.name(), Reason.EXPIRED);
        }
        return new StoredCredential(
                found.document().credential(),
                new CredentialVersion(found.name(), found.versionId()),
                found.document().createdAt(),
                expiresAt);
    }

    private CredentialVersion create(CredentialKey key, CredentialDocument document) {
        String name = tenantScopedName(key);
        String versionId = call(
                        "CreateSecret",
                        name,
                        () -> client.createSecret(request -> request.name(name)
                                .description("Credential of a Threat Engine account")
                                .kmsKeyId(settings.kmsKeyId().orElse(null))
                                .secretString(document.text())))
                .versionId();
        return new CredentialVersion(name, versionId);
    }

    private CredentialVersion change(
            CredentialKey key, Found found, Credential credential, @Nullable Instant expiresAt) {
        CredentialDocument next = found.document().with(credential, expiresAt);
        if (next.equals(found.document())) {
            return new CredentialVersion(found.name(), found.versionId());
        }
        try {
            String versionId = call(
                            "PutSecretValue",
                            found.name(),
                            () -> client.putSecretValue(
                                    request -> request.secretId(found.name()).secretString(next.text())))
                    .versionId();
            return new CredentialVersion(found.name(), versionId);
        } catch (ResourceNotFoundException e) {
            throw notFound(key, e);
        }
    }

    private static CredentialDescription described(String name, DescribeSecretResponse secret) {
        String current = secret.versionIdsToStages().entrySet().stream()
                .filter(version -> version.getValue().contains(CURRENT))
                .map(version -> version.getKey())
                .findFirst()
                .orElse("");
        Instant deletedAt = secret.deletedDate();
        return new CredentialDescription(
                new CredentialVersion(name, current),
                secret.arn(),
                secret.createdDate(),
                secret.lastChangedDate() == null ? secret.createdDate() : secret.lastChangedDate(),
                secret.kmsKeyId(),
                deletedAt);
    }

    // ---- names

    /** Where to look, in this order. */
    private List<String> names(CredentialKey key) {
        var names = new ArrayList<String>(3);
        key.reference().ifPresent(names::add);
        names.add(tenantScopedName(key));
        names.add(settings.secretsPrefix() + "/account/" + key.accountId());
        return names.stream().distinct().toList();
    }

    /**
     * The names without those whose secret says that it is another tenant's. One that cannot be read now, because it is
     * scheduled for deletion or its key is disabled, cannot be told from the caller's own.
     */
    private List<String> ownNames(CredentialKey key) {
        return names(key).stream()
                .filter(name -> name.equals(tenantScopedName(key)) || mayBeOf(key, name))
                .toList();
    }

    private boolean mayBeOf(CredentialKey key, String name) {
        try {
            return read(name).document().isFor(key);
        } catch (ResourceNotFoundException e) {
            return false;
        } catch (CredentialUnavailableException | MalformedDataException e) {
            return true;
        }
    }

    private String tenantScopedName(CredentialKey key) {
        return settings.secretsPrefix() + "/account/" + key.tenantId() + "/" + key.accountId();
    }

    // ---- failures

    /**
     * @throws ResourceNotFoundException as it is
     * @throws ResourceExistsException as it is
     */
    private static <R> R call(String operation, String name, Supplier<R> call) {
        try {
            return call.get();
        } catch (ResourceNotFoundException | ResourceExistsException e) {
            throw e;
        } catch (SdkException e) {
            throw failure(e, operation, name);
        }
    }

    private static OnboardingException failure(SdkException e, String operation, String name) {
        String said = String.valueOf(e.getMessage());
        if (e instanceof InvalidRequestException && (said.contains("deletion") || said.contains("deleted"))) {
            return new CredentialUnavailableException(name, Reason.PENDING_DELETION, e);
        }
        // Secrets Manager says "Access to KMS is not allowed" for a disabled key and for a missing permission alike.
        boolean aboutKey = e instanceof DecryptionFailureException
                || e instanceof EncryptionFailureException
                || (e instanceof SecretsManagerException && said.contains("KMS"));
        if (aboutKey) {
            return new CredentialUnavailableException(name, Reason.KEY_UNUSABLE, e);
        }
        return SdkFailures.translate(e, "secretsmanager:" + operation, name);
    }

    private static NotFoundException notFound(CredentialKey key, @Nullable Throwable cause) {
        return new NotFoundException("credential", key.toString(), cause);
    }
}
