package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.aws.ClientOptions;
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
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.internal.WireTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
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
    /** How long a deleted credential can be restored; the service takes 7 to 30 days. */
    private static final Duration RECOVERY_WINDOW = Duration.ofDays(7);

    private static final String CURRENT = "AWSCURRENT";

    /** Reads that follow a write may be answered from before it ("eventually consistent", API reference). */
    private static final int READS_AFTER_WRITE = 4;

    /** After this long, a read that does not show a version means that there is none. */
    private static final Duration SETTLED = Duration.ofMinutes(1);

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
        return CachingVault.over(new SecretsManagerVault(client, true, settings, InstantSource.system()), cache);
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
        Instant now = WireTime.now(clock);
        var first = CredentialDocument.of(key, credential, now, expiresAt);
        for (int attempt = 1; ; attempt++) {
            Optional<Value> found = lookUp(key, value -> !isAnotherAccounts(key, value));
            if (found.isPresent()) {
                return change(key, found.get(), credential, now, expiresAt);
            }
            try {
                return create(key, first);
            } catch (ResourceNotFoundException e) {
                throw failure(e, "CreateSecret", tenantScopedName(key)); // what it needs: a key
            } catch (ResourceExistsException e) {
                // made between look-up and creation, not seen yet, or made empty by a template
                if (hasNoValue(tenantScopedName(key))) {
                    return put(key, tenantScopedName(key), first);
                }
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
            Optional<Value> found = lookUp(key, value -> true).map(value -> asTheRowKnows(key, value));
            boolean lags = key.versionId().isPresent()
                    && (found.isEmpty() || !found.get().isSettled());
            if (!lags) {
                return opened(key, found.orElseThrow(() -> notFound(key, null)));
            }
            if (attempt == READS_AFTER_WRITE) {
                Value latest = found.orElseThrow(() -> notFound(key, null));
                requireLongUnchanged(latest.name());
                return opened(key, latest); // the version that the row knows is gone: the row is old
            }
            // The row knows of a version that is not visible yet.
            SdkFailures.backOff(attempt, "secretsmanager:GetSecretValue");
        }
    }

    @Override
    public boolean holds(CredentialKey key, Credential credential) {
        Optional<Value> found = lookUp(key, value -> true);
        if (found.isEmpty()) {
            return false;
        }
        CredentialDocument document = found.get().document();
        return document.isFor(key) && document.holds(credential);
    }

    @Override
    public CredentialDescription describe(CredentialKey key) {
        for (String name : names(key)) {
            try {
                DescribeSecretResponse secret = describeSecret(name);
                if (name.equals(tenantScopedName(key)) || mayTell(key, name, secret)) {
                    return described(name, secret);
                }
            } catch (ResourceNotFoundException e) {
                // the next name, then
            }
        }
        throw notFound(key, null);
    }

    @Override
    public Instant delete(CredentialKey key) {
        Instant date = forEachName(
                key,
                name -> name.equals(tenantScopedName(key)) || mayDelete(key, name) ? scheduleDeletion(name) : null);
        if (date == null) {
            throw notFound(key, null);
        }
        return date;
    }

    @Override
    public void restore(CredentialKey key) {
        Boolean restored = forEachName(
                key,
                name -> (name.equals(tenantScopedName(key)) ? restore(name) : restoreIfOwn(key, name)) ? true : null);
        if (restored == null) {
            throw notFound(key, null);
        }
    }

    /**
     * Does the same under all of the account's names, its own first. One that fails does not keep the others from it; the
     * first failure is thrown at the end.
     *
     * @return a result that is not null; null if there is none
     */
    private <R> @Nullable R forEachName(CredentialKey key, Function<String, @Nullable R> action) {
        R result = null;
        OnboardingException failure = null;
        List<String> names = new ArrayList<>(names(key));
        names.remove(tenantScopedName(key));
        names.add(0, tenantScopedName(key));
        for (String name : names) {
            try {
                R done = action.apply(name);
                result = result == null ? done : result;
            } catch (ResourceNotFoundException e) {
                // the other names may exist
            } catch (OnboardingException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return result;
    }

    @Override
    public void close() {
        if (ownsClient) {
            client.close();
        }
    }

    // ---- one secret

    /**
     * What a secret holds.
     *
     * @param text null if it is binary
     * @param isSettled whether it is the version that the caller knows of, or known to be a later one
     */
    private record Value(
            String name, String versionId, @Nullable String text, boolean isSettled) {
        CredentialDocument document() {
            if (text == null) {
                throw new MalformedDataException(name, "the secret is binary, not text");
            }
            return CredentialDocument.parse(name, text);
        }

        Value settled() {
            return new Value(name, versionId, text, true);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** The secret under the first of the account's names that has one and is meant. */
    private Optional<Value> lookUp(CredentialKey key, Predicate<Value> meant) {
        for (String name : names(key)) {
            try {
                Value value = read(name);
                if (meant.test(value)) {
                    return Optional.of(value);
                }
            } catch (ResourceNotFoundException e) {
                // the next name, then
            }
        }
        return Optional.empty();
    }

    /** Whether it is a secret of another account of the tenant, which this one shares by its reference. */
    private static boolean isAnotherAccounts(CredentialKey key, Value value) {
        if (key.reference().filter(value.name()::equals).isEmpty()) {
            return false;
        }
        try {
            return value.document().isFor(key) && !value.document().isOf(key);
        } catch (MalformedDataException e) {
            return false;
        }
    }

    private DescribeSecretResponse describeSecret(String name) {
        return call("DescribeSecret", name, () -> client.describeSecret(request -> request.secretId(name)));
    }

    private boolean hasNoValue(String name) {
        try {
            return describeSecret(name).versionIdsToStages().values().stream()
                    .noneMatch(stages -> stages.contains(CURRENT));
        } catch (ResourceNotFoundException e) {
            return false;
        }
    }

    /** A secret that was changed a moment ago may still be answered from before. */
    private void requireLongUnchanged(String name) {
        DescribeSecretResponse secret = describeSecret(name);
        Instant changed = secret.lastChangedDate();
        if (changed != null && changed.isAfter(clock.instant().minus(SETTLED))) {
            throw new ServiceUnavailableException("secretsmanager:GetSecretValue", name, null);
        }
    }

    private Value read(String name) {
        // The stage is named because not every stand-in knows that it is the default.
        GetSecretValueResponse value = call(
                "GetSecretValue",
                name,
                () -> client.getSecretValue(request -> request.secretId(name).versionStage(CURRENT)));
        return new Value(name, value.versionId(), value.secretString(), false);
    }

    /**
     * A read may be answered from before a write. Where the row names another version than the one that came, that version
     * itself is asked for: if it is the current one, the answer was old; if it is not any more, the row is.
     */
    private Value asTheRowKnows(CredentialKey key, Value value) {
        if (key.accepts(value.versionId())) {
            return value.settled();
        }
        String named = key.versionId().orElseThrow();
        try {
            GetSecretValueResponse version = call(
                    "GetSecretValue",
                    value.name(),
                    () -> client.getSecretValue(
                            request -> request.secretId(value.name()).versionId(named)));
            return version.versionStages().contains(CURRENT)
                    ? new Value(value.name(), named, version.secretString(), true)
                    : value.settled();
        } catch (ResourceNotFoundException e) {
            return value; // not there yet, or not there any more
        }
    }

    private StoredCredential opened(CredentialKey key, Value value) {
        CredentialDocument document = value.document();
        boolean shared = key.reference().filter(value.name()::equals).isPresent();
        if (!(shared ? document.isFor(key) : document.isOf(key))) {
            throw notFound(key, null);
        }
        Instant expiresAt = document.expiresAt();
        if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
            throw new CredentialUnavailableException(value.name(), Reason.EXPIRED);
        }
        return new StoredCredential(
                document.credential(),
                new CredentialVersion(value.name(), value.versionId()),
                document.createdAt(),
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
            CredentialKey key, Value value, Credential credential, Instant now, @Nullable Instant expiresAt) {
        CredentialDocument next;
        try {
            CredentialDocument present = value.document();
            if (!present.isFor(key)) {
                throw notFound(key, null);
            }
            next = present.with(credential, expiresAt);
            if (next.equals(present)) {
                return new CredentialVersion(value.name(), value.versionId());
            }
        } catch (MalformedDataException e) {
            if (!value.name().equals(tenantScopedName(key))) {
                throw e; // it does not say whose it is
            }
            next = CredentialDocument.over(value.text() == null ? "" : value.text(), key, credential, now, expiresAt);
        }
        return put(key, value.name(), next);
    }

    private CredentialVersion put(CredentialKey key, String name, CredentialDocument document) {
        try {
            String versionId = call(
                            "PutSecretValue",
                            name,
                            () -> client.putSecretValue(
                                    request -> request.secretId(name).secretString(document.text())))
                    .versionId();
            return new CredentialVersion(name, versionId);
        } catch (ResourceNotFoundException e) {
            throw notFound(key, e);
        }
    }

    private Instant scheduleDeletion(String name) {
        return call(
                        "DeleteSecret",
                        name,
                        () -> client.deleteSecret(
                                request -> request.secretId(name).recoveryWindowInDays(RECOVERY_WINDOW.toDays())))
                .deletionDate();
    }

    private boolean restore(String name) {
        call("RestoreSecret", name, () -> client.restoreSecret(request -> request.secretId(name)));
        return true;
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
        names.add(legacyName(key));
        return names.stream().distinct().toList();
    }

    // Under the tenant's own name a secret is the caller's. Under another name, what it says of itself decides.

    private boolean mayTell(CredentialKey key, String name, DescribeSecretResponse secret) {
        if (secret.deletedDate() != null) {
            return isLegacyName(key, name);
        }
        return readsAsFor(key, name);
    }

    private boolean readsAsFor(CredentialKey key, String name) {
        try {
            return read(name).document().isFor(key);
        } catch (MalformedDataException e) {
            return false; // it does not say whose it is
        }
    }

    /**
     * A secret under another name goes only if it says that it is this very account's; under the account's old name also
     * if it is too old to say a tenant. One that is scheduled for deletion already cannot be read, and stays so.
     */
    private boolean mayDelete(CredentialKey key, String name) {
        try {
            return isOwn(key, name);
        } catch (MalformedDataException e) {
            if (isLegacyName(key, name)) {
                throw e; // the account's, by its name, but of which tenant?
            }
            return false;
        } catch (CredentialUnavailableException e) {
            if (e.reason() == Reason.PENDING_DELETION) {
                return isLegacyName(key, name);
            }
            throw e;
        }
    }

    /** A secret that is scheduled for deletion can only be read once it is restored; a stranger's is deleted again. */
    private boolean restoreIfOwn(CredentialKey key, String name) {
        Instant deletionDate = describeSecret(name).deletedDate();
        if (deletionDate == null) {
            return readsAsFor(key, name);
        }
        boolean own = false;
        restore(name);
        try {
            own = isOwnOnceVisible(key, name);
        } finally {
            if (!own) {
                scheduleDeletion(name);
            }
        }
        return own;
    }

    private boolean isOwnOnceVisible(CredentialKey key, String name) {
        for (int attempt = 1; ; attempt++) {
            try {
                return isOwn(key, name);
            } catch (MalformedDataException e) {
                return false; // it does not say whose it is
            } catch (CredentialUnavailableException e) {
                if (e.reason() != Reason.PENDING_DELETION || attempt == READS_AFTER_WRITE) {
                    throw e;
                }
                SdkFailures.backOff(attempt, "secretsmanager:RestoreSecret");
            }
        }
    }

    /** Whether it says that it is this very account's, or is too old to say so and stands under the account's old name. */
    private boolean isOwn(CredentialKey key, String name) {
        CredentialDocument document = read(name).document();
        return document.belongsTo(key) || (isLegacyName(key, name) && document.isOf(key));
    }

    private boolean isLegacyName(CredentialKey key, String name) {
        return name.equals(legacyName(key));
    }

    private String legacyName(CredentialKey key) {
        return settings.secretsPrefix() + "/account/" + key.accountId();
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
                || (e instanceof SecretsManagerException refused
                        && SdkFailures.errorCode(refused).equals("AccessDeniedException")
                        && said.contains("Access to KMS"));
        if (aboutKey) {
            return new CredentialUnavailableException(name, Reason.KEY_UNUSABLE, e);
        }
        return SdkFailures.translate(e, "secretsmanager:" + operation, name);
    }

    private static NotFoundException notFound(CredentialKey key, @Nullable Throwable cause) {
        return new NotFoundException("credential", key.toString(), cause);
    }
}
