package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.aws.ClientOptions;
import io.threatengine.onboarding.aws.SdkClients;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialDescription;
import io.threatengine.onboarding.credential.CredentialRotation;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.credential.StoreOptions;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * The vault on AWS Secrets Manager, without a cache of its own: each read is a call. Thread-safe.
 *
 * <p>An account's secret is looked for where its row says ({@code credential_ref}), then at {@code
 * {prefix}/account/{tenant_id}/{account_id}}, then at the older {@code {prefix}/account/{account_id}}; a new one is made
 * under the tenant's name, and one that exists is changed where it is, so that every engine goes on finding it. Secrets are
 * encrypted with the settings' KMS key, or the AWS managed one.
 *
 * <p>No log shows a credential: the SDK blackens them in what it logs of requests and answers. One exception is not ours to
 * close: an HTTP client that is told to log all bytes logs these too. A vault that is made while the logger {@code
 * org.apache.hc.client5.http.wire} (or its predecessor {@code org.apache.http.wire}) is at debug level logs a warning.
 *
 * <p>A client that {@link #open} makes waits and tries again as its {@link ClientOptions} say, and is closed by {@link
 * #close}; a call after that is an {@link IllegalStateException}. A client that is passed in keeps its own behaviour and is
 * the caller's to close.
 *
 * <pre>{@code
 * try (var vault = SecretsManagerVault.open(OnboardingSettings.fromEnvironment())) {   // cached
 *     Credential credential = vault.get(account.credentialKey());
 * }
 * }</pre>
 */
public final class SecretsManagerVault implements CredentialVault {
    private final Runnable close;
    private final InstantSource clock;
    private final SecretReads reads;
    private final SecretBatch batch;
    private final SecretWrites writes;
    private final SecretDeletion deletion;
    private final SecretRotation rotation;

    private SecretsManagerVault(
            SecretsManagerClient client,
            @Nullable Supplier<KmsClient> kms,
            Runnable close,
            OnboardingSettings settings,
            InstantSource clock) {
        WireLogging.warn();
        this.close = close;
        this.clock = clock;
        var calls = new SecretCalls(client, settings.kmsKeyId().orElse(null), new KeyDiagnosis(kms));
        var names = new SecretNames(settings.secretsPrefix());
        this.reads = new SecretReads(calls, names, clock);
        this.batch = new SecretBatch(calls, names, reads);
        this.deletion = new SecretDeletion(calls, names, reads);
        this.writes = new SecretWrites(calls, names, reads, deletion, clock);
        this.rotation = new SecretRotation(calls, reads, clock);
    }

    /**
     * A cached vault with a client of its own: the SDK's default credentials, the settings' region, the default options of
     * client and cache. Close it.
     */
    public static CachingVault open(OnboardingSettings settings) {
        return open(settings, ClientOptions.defaults());
    }

    /** Like {@link #open(OnboardingSettings)}, with these options of the client. */
    public static CachingVault open(OnboardingSettings settings, ClientOptions options) {
        return open(settings, options, CacheOptions.defaults());
    }

    /** Like {@link #open(OnboardingSettings)}, with these options of the client and the cache. */
    public static CachingVault open(OnboardingSettings settings, ClientOptions options, CacheOptions cache) {
        SecretsManagerClient client = SdkClients.open(SecretsManagerClient.builder(), settings, options);
        var kms = new LazyClient<>(() -> SdkClients.open(KmsClient.builder(), settings, options));
        Runnable close = () -> {
            client.close();
            kms.close();
        };
        return CachingVault.over(new SecretsManagerVault(client, kms, close, settings, InstantSource.system()), cache);
    }

    /** An uncached vault with the caller's client, which stays the caller's to close. */
    public static SecretsManagerVault using(SecretsManagerClient client, OnboardingSettings settings) {
        return using(client, settings, InstantSource.system());
    }

    /** An uncached vault with the caller's client and clock. */
    public static SecretsManagerVault using(
            SecretsManagerClient client, OnboardingSettings settings, InstantSource clock) {
        return new SecretsManagerVault(client, null, () -> {}, settings, clock);
    }

    /**
     * An uncached vault with the caller's clients and clock. KMS is asked only for what is wrong with a key that Secrets
     * Manager could not use.
     */
    public static SecretsManagerVault using(
            SecretsManagerClient client, KmsClient kms, OnboardingSettings settings, InstantSource clock) {
        return new SecretsManagerVault(client, () -> kms, () -> {}, settings, clock);
    }

    @Override
    public void check(CredentialKey key, Credential credential) {
        CredentialDocument.of(key, credential, clock.instant(), null);
    }

    @Override
    public CredentialVersion store(CredentialKey key, Credential credential, StoreOptions options) {
        return writes.store(key, credential, options);
    }

    @Override
    public CredentialRotation rotation() {
        return rotation;
    }

    @Override
    public StoredCredential load(CredentialKey key) {
        return reads.load(key);
    }

    @Override
    public BulkResult<CredentialKey, StoredCredential> loadAll(Collection<CredentialKey> keys, BulkOptions options) {
        return batch.load(keys, options);
    }

    @Override
    public boolean holds(CredentialKey key, Credential credential) {
        return reads.holds(key, credential);
    }

    @Override
    public CredentialDescription describe(CredentialKey key) {
        return reads.describe(key);
    }

    @Override
    public Instant delete(CredentialKey key) {
        return deletion.delete(key);
    }

    @Override
    public Optional<Instant> deleteUnless(CredentialKey key, Predicate<CredentialDescription> isNeeded) {
        return deletion.deleteUnless(key, isNeeded);
    }

    @Override
    public void restore(CredentialKey key) {
        deletion.restore(key);
    }

    @Override
    public void close() {
        close.run();
    }
}
