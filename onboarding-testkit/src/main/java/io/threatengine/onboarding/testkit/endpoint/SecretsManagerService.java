package io.threatengine.onboarding.testkit.endpoint;

import static java.util.Map.entry;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * AWS Secrets Manager in one region: one method per operation. Not thread-safe; {@link RegionalServices} holds the
 * lock.
 */
final class SecretsManagerService {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9/_+=.@-]+");
    private static final int ARN_SUFFIX_LENGTH = 6;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String region;
    private final Keyring keyring;
    private final InstantSource time;
    /** By name, in the order of creation. */
    private final Map<String, Secret> secrets = new LinkedHashMap<>();

    private long created;

    SecretsManagerService(String region, Keyring keyring, InstantSource time) {
        this.region = region;
        this.keyring = keyring;
        this.time = time;
    }

    Map<String, Function<Request, Reply>> operations() {
        return Map.ofEntries(
                entry("CreateSecret", this::createSecret),
                entry("GetSecretValue", this::getSecretValue),
                entry("BatchGetSecretValue", this::batchGetSecretValue),
                entry("DescribeSecret", this::describeSecret),
                entry("PutSecretValue", this::putSecretValue),
                entry("UpdateSecret", this::updateSecret),
                entry("UpdateSecretVersionStage", this::updateSecretVersionStage),
                entry("DeleteSecret", this::deleteSecret),
                entry("RestoreSecret", this::restoreSecret),
                entry("ListSecrets", this::listSecrets),
                entry("ListSecretVersionIds", this::listSecretVersionIds),
                entry("TagResource", this::tagResource),
                entry("UntagResource", this::untagResource),
                entry("RotateSecret", this::rotateSecret),
                entry("CancelRotateSecret", this::cancelRotateSecret),
                entry("GetRandomPassword", this::getRandomPassword),
                entry("PutResourcePolicy", this::putResourcePolicy),
                entry("GetResourcePolicy", this::getResourcePolicy),
                entry("DeleteResourcePolicy", this::deleteResourcePolicy));
    }

    // ---- writing

    private Reply createSecret(Request request) {
        request.refuse("AddReplicaRegions", "Type");
        String name = request.requiredText("Name", 1, 512);
        if (!NAME.matcher(name).matches()) {
            throw AwsError.validation("Invalid name. Must be a valid name containing alphanumeric characters, or any "
                    + "of the following: -/_+=.@!");
        }
        String token = token(request, "InvalidRequestException");
        Optional<SecretValue> value = SecretValue.of(request);
        Secret secret = new Secret(name, newArn(name), time.instant(), created++);
        secret.description = request.text("Description", 0, 2048).orElse(null);
        secret.kmsKeyId = kmsKeyId(request);
        secret.tags.add(request.structures("Tags"));
        Secret existing = existing().get(name);
        if (existing != null) {
            return answerRetry(existing, token, value);
        }
        value.ifPresent(v -> write(secret, token, v, Set.of(Secret.CURRENT)));
        secrets.put(name, secret);
        return named(secret).with("VersionId", value.isPresent() ? token : null);
    }

    /** A retried CreateSecret, known by its token and content, succeeds again; any other finds the name taken. */
    private Reply answerRetry(Secret existing, String token, Optional<SecretValue> value) {
        if (existing.deletion != null) {
            throw new AwsError(
                    "InvalidRequestException",
                    "You can't create this secret because a secret with this name is already scheduled for deletion.");
        }
        SecretVersion version = existing.versions.get(token);
        if (version == null || value.isEmpty() || !read(version).sameAs(value.get())) {
            throw new AwsError(
                    "ResourceExistsException",
                    "The operation failed because the secret " + existing.name + " already exists.");
        }
        return named(existing).with("VersionId", token);
    }

    private Reply putSecretValue(Request request) {
        String token = token(request, "InvalidRequestException");
        List<String> stages = request.texts("VersionStages");
        if (request.has("VersionStages")) {
            Request.checkLength("VersionStages", stages.size(), 1, 20);
            stages.forEach(stage -> Request.checkLength("VersionStages", stage.length(), 1, 256));
        }
        SecretValue value = SecretValue.of(request)
                .orElseThrow(() -> new AwsError(
                        "InvalidRequestException", "You must provide either SecretString or SecretBinary."));
        Secret secret = activeSecret(request);
        Set<String> attached = new TreeSet<>(stages);
        if (stages.isEmpty() || secret.versions.isEmpty()) {
            attached.add(Secret.CURRENT); // the first value of a secret is current, whatever else it is
        }
        SecretVersion version = write(secret, token, value, attached);
        return named(secret).with("VersionId", version.id).with("VersionStages", version.stages);
    }

    private Reply updateSecret(Request request) {
        request.refuse("Type");
        String token = token(request, "InvalidRequestException");
        Optional<SecretValue> value = SecretValue.of(request);
        Optional<String> description = request.text("Description", 0, 2048);
        String kmsKeyId = kmsKeyId(request);
        Secret secret = activeSecret(request);
        String formerKeyId = secret.kmsKeyId;
        try {
            secret.kmsKeyId = request.has("KmsKeyId") ? kmsKeyId : formerKeyId;
            value.ifPresent(v -> write(secret, token, v, Set.of(Secret.CURRENT)));
            if (request.has("KmsKeyId")) {
                resealLabelled(secret);
            }
        } catch (AwsError e) {
            secret.kmsKeyId = formerKeyId;
            throw e;
        }
        description.ifPresent(text -> secret.description = text);
        secret.lastChanged = time.instant();
        return named(secret).with("VersionId", value.isPresent() ? token : null);
    }

    /** With a new key, AWS encrypts the labelled versions again, as far as it can still read them. */
    private void resealLabelled(Secret secret) {
        Key key = encryptionKey(secret);
        for (String stage : List.of(Secret.CURRENT, Secret.PENDING, Secret.PREVIOUS)) {
            secret.holderOf(stage).ifPresent(version -> {
                try {
                    version.reseal(keyring, key);
                } catch (AwsError unreadable) {
                    // stays under its old key
                }
            });
        }
    }

    /** The version with this token as its id: a new one, or the existing one if it has the same content. */
    private SecretVersion write(Secret secret, String token, SecretValue value, Set<String> stages) {
        SecretVersion existing = secret.versions.get(token);
        if (existing != null) {
            if (!read(existing).sameAs(value)) {
                throw new AwsError(
                        "ResourceExistsException",
                        "You can't use ClientRequestToken " + token
                                + " because that value is already in use for a version of secret " + secret.arn + ".");
            }
            return existing;
        }
        Instant now = time.instant();
        Key key = encryptionKey(secret);
        secret.prune(now);
        SecretVersion version = new SecretVersion(token, secret, now, value, key);
        secret.versions.put(token, version);
        stages.forEach(stage -> secret.move(stage, version, now));
        secret.lastChanged = now;
        return version;
    }

    /** The secret's key, in a state to encrypt. */
    private Key encryptionKey(Secret secret) {
        try {
            Key key = keyring.resolve(secret.kmsKeyId == null ? Keyring.SECRETS_MANAGER_ALIAS : secret.kmsKeyId);
            key.requireEnabled();
            return key;
        } catch (AwsError e) {
            throw new AwsError(
                    "EncryptionFailure", "Secrets Manager can't encrypt the secret value: " + causedByKms(e));
        }
    }

    private Reply updateSecretVersionStage(Request request) {
        String stage = request.requiredText("VersionStage", 1, 256);
        Optional<String> from = request.text("RemoveFromVersionId", 32, 64);
        Optional<String> to = request.text("MoveToVersionId", 32, 64);
        if (from.isEmpty() && to.isEmpty()) {
            throw new AwsError(
                    "InvalidParameterException",
                    "You must provide at least one of RemoveFromVersionId and MoveToVersionId.");
        }
        Secret secret = activeSecret(request);
        Optional<SecretVersion> target = to.map(id -> version(secret, id));
        requireHolder(secret, stage, from, target);
        if (target.isPresent()) {
            secret.move(stage, target.get(), time.instant());
        } else if (stage.equals(Secret.CURRENT)) {
            throw new AwsError(
                    "InvalidParameterException",
                    "You can only move staging label AWSCURRENT to a different secret version. It can't be completely "
                            + "removed.");
        } else {
            version(secret, from.orElseThrow()).stages.remove(stage);
        }
        secret.lastChanged = time.instant();
        return named(secret);
    }

    /** Makes a move conditional: the caller must name the version that holds the label now, if one does. */
    private static void requireHolder(
            Secret secret, String stage, Optional<String> from, Optional<SecretVersion> target) {
        Optional<SecretVersion> holder = secret.holderOf(stage);
        if (from.isPresent()) {
            if (holder.isEmpty() || !holder.get().id.equals(from.get())) {
                throw new AwsError(
                        "InvalidParameterException",
                        "Staging label " + stage + " isn't currently attached to version " + from.get() + ".");
            }
        } else if (holder.isPresent() && !holder.equals(target)) {
            throw new AwsError(
                    "InvalidParameterException",
                    "The parameter RemoveFromVersionId can't be empty. Staging label " + stage
                            + " is currently attached to version " + holder.get().id
                            + ", so you must explicitly reference that version in RemoveFromVersionId.");
        }
    }

    // ---- reading

    private Reply getSecretValue(Request request) {
        Optional<String> id = request.text("VersionId", 32, 64);
        Optional<String> stage = request.text("VersionStage", 1, 256);
        return value(activeSecret(request), id, stage);
    }

    private Reply batchGetSecretValue(Request request) {
        boolean byId = request.has("SecretIdList");
        if (byId == request.has("Filters")) {
            throw new AwsError(
                    "InvalidParameterException", "Either 'SecretIdList' or 'Filters' must be provided, but not both.");
        }
        if (byId && request.has("MaxResults")) {
            throw new AwsError(
                    "InvalidParameterException",
                    "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided.");
        }
        List<String> ids = request.texts("SecretIdList");
        String nextToken = null;
        if (byId) {
            Request.checkLength("SecretIdList", ids.size(), 1, 20);
        } else {
            Predicate<Secret> filter = SecretFilter.of(request, region);
            Page<Secret> page = page(request, active(filter), secret -> sortable(secret.number), false, 20, 20);
            ids = page.items().stream().map(secret -> secret.arn).toList();
            nextToken = page.nextToken();
        }
        List<Reply> values = new ArrayList<>();
        List<Reply> errors = new ArrayList<>();
        for (String id : ids) {
            try {
                Secret secret = secret(id);
                secret.requireNotDeleted();
                values.add(value(secret, Optional.empty(), Optional.empty()));
            } catch (AwsError e) {
                errors.add(new Reply()
                        .with("SecretId", id)
                        .with("ErrorCode", e.type())
                        .with("Message", e.getMessage()));
            }
        }
        return new Reply().with("SecretValues", values).with("Errors", errors).with("NextToken", nextToken);
    }

    private Reply value(Secret secret, Optional<String> id, Optional<String> stage) {
        SecretVersion version = id.map(wanted -> version(secret, wanted))
                .orElseGet(() -> labelled(secret, stage.orElse(Secret.CURRENT)));
        if (stage.isPresent() && !version.stages.contains(stage.get())) {
            throw new AwsError(
                    "ResourceNotFoundException",
                    "Secrets Manager can't find the specified secret value for VersionId: " + version.id
                            + " and staging label: " + stage.get());
        }
        SecretValue value = read(version);
        Instant today = time.instant().truncatedTo(ChronoUnit.DAYS);
        version.lastAccessed = today;
        secret.lastAccessed = today;
        return value.addTo(named(secret))
                .with("VersionId", version.id)
                .with("VersionStages", version.stages)
                .with("CreatedDate", version.created);
    }

    private static SecretVersion labelled(Secret secret, String stage) {
        return secret.holderOf(stage)
                .orElseThrow(() -> new AwsError(
                        "ResourceNotFoundException",
                        "Secrets Manager can't find the specified secret value for staging label: " + stage));
    }

    private static SecretVersion version(Secret secret, String id) {
        SecretVersion version = secret.versions.get(id);
        if (version == null) {
            throw new AwsError(
                    "ResourceNotFoundException",
                    "Secrets Manager can't find the specified secret value for VersionId: " + id);
        }
        return version;
    }

    private SecretValue read(SecretVersion version) {
        try {
            return version.open(keyring);
        } catch (AwsError e) {
            throw new AwsError(
                    "DecryptionFailure", "Secrets Manager can't decrypt the secret value: " + causedByKms(e));
        }
    }

    private static String causedByKms(AwsError error) {
        return error.getMessage() + " (Service: AWSKMS; Status Code: " + error.status() + "; Error Code: "
                + error.type() + ")";
    }

    // ---- describing and listing

    private Reply describeSecret(Request request) {
        Secret secret = secret(request);
        return described(secret).with("VersionIdsToStages", versionIdsToStages(secret));
    }

    private Reply listSecrets(Request request) {
        Predicate<Secret> filter = SecretFilter.of(request, region);
        boolean planned = request.flag("IncludePlannedDeletion");
        boolean descending = request.text("SortOrder").orElse("asc").equals("desc");
        Function<Secret, String> position = position(request.text("SortBy").orElse("created-date"));
        List<Secret> found = existing().values().stream()
                .filter(secret -> planned || secret.deletion == null)
                .filter(filter)
                .toList();
        Page<Secret> page = page(request, found, position, descending, 100, 100);
        return new Reply()
                .with(
                        "SecretList",
                        page.items().stream()
                                .map(secret ->
                                        described(secret).with("SecretVersionsToStages", versionIdsToStages(secret)))
                                .toList())
                .with("NextToken", page.nextToken());
    }

    private Reply listSecretVersionIds(Request request) {
        boolean deprecated = request.flag("IncludeDeprecated");
        Secret secret = secret(request);
        List<SecretVersion> listed = secret.versions.values().stream()
                .filter(version -> deprecated || !version.stages.isEmpty())
                .toList();
        Page<SecretVersion> page = page(request, listed, version -> sortable(version.number), false, 100, 100);
        return named(secret)
                .with(
                        "Versions",
                        page.items().stream()
                                .map(version -> new Reply()
                                        .with("VersionId", version.id)
                                        .with("VersionStages", version.stages.isEmpty() ? null : version.stages)
                                        .with("LastAccessedDate", version.lastAccessed)
                                        .with("CreatedDate", version.created)
                                        .with("KmsKeyIds", List.of(version.keyId(keyring))))
                                .toList())
                .with("NextToken", page.nextToken());
    }

    private static Reply described(Secret secret) {
        Rotation rotation = secret.rotation;
        Reply reply = named(secret)
                .with("Description", secret.description)
                .with("KmsKeyId", secret.kmsKeyId)
                .with("LastChangedDate", secret.lastChanged)
                .with("LastAccessedDate", secret.lastAccessed)
                .with("DeletedDate", secret.deletion)
                .with("Tags", secret.tags.reply())
                .with("CreatedDate", secret.created);
        return rotation == null
                ? reply
                : reply.with("RotationEnabled", rotation.enabled())
                        .with("RotationLambdaARN", rotation.lambdaArn())
                        .with("RotationRules", rotation.rules())
                        .with("NextRotationDate", rotation.next())
                        .with("LastRotatedDate", rotation.enabled() ? secret.lastRotated : null);
    }

    /** Without the deprecated versions; null when the secret has no value yet. */
    private static @Nullable Map<String, List<String>> versionIdsToStages(Secret secret) {
        Map<String, List<String>> stages = new LinkedHashMap<>();
        secret.versions.values().stream()
                .filter(version -> !version.stages.isEmpty())
                .forEach(version -> stages.put(version.id, List.copyOf(version.stages)));
        return stages.isEmpty() ? null : stages;
    }

    private static Reply named(Secret secret) {
        return new Reply().with("ARN", secret.arn).with("Name", secret.name);
    }

    // ---- deleting

    private Reply deleteSecret(Request request) {
        String id = request.requiredText("SecretId", 1, 2048);
        Optional<Integer> days = request.integer("RecoveryWindowInDays");
        boolean force = request.flag("ForceDeleteWithoutRecovery");
        if (force && days.isPresent()) {
            throw new AwsError(
                    "InvalidParameterException",
                    "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
        }
        if (days.isPresent() && (days.get() < 7 || days.get() > 30)) {
            throw new AwsError(
                    "InvalidParameterException",
                    "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
        }
        Instant now = time.instant();
        if (force) {
            // Documented: no ResourceNotFoundException for a secret that does not exist, or no longer.
            Secret secret = find(id).orElseGet(() -> new Secret(id, id.startsWith("arn:") ? id : newArn(id), now, 0));
            secrets.remove(secret.name, secret);
            return named(secret).with("DeletionDate", now);
        }
        Secret secret = secret(id);
        if (secret.deletion == null) {
            secret.deletion = now.plus(Duration.ofDays(days.orElse(30)));
            secret.lastChanged = now;
        }
        return named(secret).with("DeletionDate", secret.deletion);
    }

    private Reply restoreSecret(Request request) {
        Secret secret = secret(request);
        secret.deletion = null;
        secret.lastChanged = time.instant();
        return named(secret);
    }

    // ---- tags

    private Reply tagResource(Request request) {
        Secret secret = activeSecret(request);
        secret.tags.add(request.structures("Tags"));
        secret.lastChanged = time.instant();
        return new Reply();
    }

    private Reply untagResource(Request request) {
        Secret secret = activeSecret(request);
        secret.tags.remove(request.texts("TagKeys"));
        secret.lastChanged = time.instant();
        return new Reply();
    }

    // ---- rotation

    /** Stores the configuration. As no Lambda function runs here, no version comes of it. */
    private Reply rotateSecret(Request request) {
        request.refuse("ExternalSecretRotationMetadata", "ExternalSecretRotationRoleArn");
        token(request, "InvalidParameterException");
        Secret secret = activeSecret(request);
        Rotation rotation = Rotation.of(request, secret.rotation, time.instant());
        Optional<SecretVersion> pending = secret.holderOf(Secret.PENDING);
        if (pending.isPresent() && !pending.equals(secret.holderOf(Secret.CURRENT))) {
            throw new AwsError(
                    "InvalidRequestException",
                    "A previous rotation isn't complete. That rotation will be reattempted.");
        }
        secret.rotation = rotation;
        secret.lastChanged = rotation.since();
        return named(secret);
    }

    private Reply cancelRotateSecret(Request request) {
        Secret secret = activeSecret(request);
        if (secret.rotation != null) {
            secret.rotation = secret.rotation.cancelled();
            secret.lastChanged = time.instant();
        }
        return named(secret);
    }

    private Reply getRandomPassword(Request request) {
        return new Reply().with("RandomPassword", PasswordGenerator.generate(request));
    }

    // ---- resource policies

    private Reply putResourcePolicy(Request request) {
        PolicyDocument policy = PolicyDocument.parse(request.requiredText("ResourcePolicy", 1, 20_480));
        if (request.flag("BlockPublicPolicy") && policy.isPublic()) {
            throw new AwsError("PublicPolicyException", "The resource policy allows public access to the secret.");
        }
        Secret secret = activeSecret(request);
        secret.policy = policy;
        return named(secret);
    }

    private Reply getResourcePolicy(Request request) {
        Secret secret = activeSecret(request);
        return named(secret).with("ResourcePolicy", secret.policy == null ? null : secret.policy.text());
    }

    private Reply deleteResourcePolicy(Request request) {
        Secret secret = activeSecret(request);
        secret.policy = null;
        return named(secret);
    }

    // ---- which secret, which key

    /** All secrets but those whose recovery window is over: they are gone. */
    private Map<String, Secret> existing() {
        Instant now = time.instant();
        secrets.values().removeIf(secret -> secret.deletion != null && !secret.deletion.isAfter(now));
        return secrets;
    }

    private List<Secret> active(Predicate<Secret> filter) {
        return existing().values().stream()
                .filter(secret -> secret.deletion == null)
                .filter(filter)
                .toList();
    }

    private Secret activeSecret(Request request) {
        Secret secret = secret(request);
        secret.requireNotDeleted();
        return secret;
    }

    private Secret secret(Request request) {
        return secret(request.requiredText("SecretId", 1, 2048));
    }

    private Secret secret(String id) {
        return find(id).orElseThrow(() ->
                new AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret."));
    }

    /** By name, by ARN, or by an ARN without its random suffix. */
    private Optional<Secret> find(String id) {
        String prefix = arnPrefix();
        if (!id.startsWith(prefix)) {
            return Optional.ofNullable(existing().get(id));
        }
        String rest = id.substring(prefix.length());
        int suffix = rest.length() - ARN_SUFFIX_LENGTH - 1;
        Optional<Secret> whole = Optional.of(rest)
                .filter(r -> suffix > 0)
                .map(r -> existing().get(r.substring(0, suffix)))
                .filter(secret -> secret.arn.equals(id));
        return whole.or(() -> Optional.ofNullable(existing().get(rest)));
    }

    private String newArn(String name) {
        StringBuilder arn = new StringBuilder(arnPrefix()).append(name).append('-');
        for (int i = 0; i < ARN_SUFFIX_LENGTH; i++) {
            arn.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return arn.toString();
    }

    private String arnPrefix() {
        return "arn:aws:secretsmanager:" + region + ":" + EmbeddedAwsEndpoint.ACCOUNT_ID + ":secret:";
    }

    /** The key that the request names, if KMS knows it; null for the default key, which has no name in replies. */
    private @Nullable String kmsKeyId(Request request) {
        String id = request.text("KmsKeyId", 0, 2048).orElse("");
        if (id.isEmpty() || id.equals(Keyring.SECRETS_MANAGER_ALIAS)) {
            return null;
        }
        try {
            keyring.resolve(id);
            return id;
        } catch (AwsError e) {
            throw new AwsError(
                    "InvalidParameterException",
                    "The operation failed because of an invalid KMS key: " + e.getMessage());
        }
    }

    /** The idempotency token, which becomes the id of the version that the call creates. The SDKs always send one. */
    private static String token(Request request, String errorType) {
        return request.text("ClientRequestToken", 32, 64)
                .orElseThrow(() -> new AwsError(
                        errorType, "You must provide a ClientRequestToken value. We recommend a UUID-type value."));
    }

    // ---- paging

    private static Function<Secret, String> position(String sortBy) {
        return switch (sortBy) {
            case "name" -> secret -> secret.name;
            case "last-changed-date" -> secret -> sortable(secret.lastChanged.toEpochMilli()) + secret.name;
            case "last-accessed-date" ->
                secret -> sortable(secret.lastAccessed == null ? 0 : secret.lastAccessed.toEpochMilli()) + secret.name;
            default -> secret -> sortable(secret.number);
        };
    }

    private static String sortable(long number) {
        return "%019d".formatted(number);
    }

    private static <T> Page<T> page(
            Request request, List<T> all, Function<T, String> position, boolean descending, int usual, int max) {
        int limit = request.integer("MaxResults", 1, max).orElse(usual);
        return Page.of(all, position, descending, request.text("NextToken"), limit, "InvalidNextTokenException");
    }
}
