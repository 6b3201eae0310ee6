package io.threatengine.onboarding.testkit.endpoint;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/** The keys and aliases of one region. A key whose waiting period is over is gone, and its aliases with it. */
final class Keyring {
    static final String SECRETS_MANAGER_ALIAS = "alias/aws/secretsmanager";

    private static final Pattern KEY_ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final String region;
    private final InstantSource time;
    private final Map<UUID, Key> keys = new TreeMap<>();
    private final Map<String, Alias> aliases = new TreeMap<>();

    record Alias(String name, String arn, Key target, Instant created, Instant updated) {}

    Keyring(String region, InstantSource time) {
        this.region = region;
        this.time = time;
        for (String name : List.of(SECRETS_MANAGER_ALIAS, "alias/aws/dynamodb")) {
            Key key = add(true, "Default key of the service", defaultPolicy());
            putAlias(name, key);
        }
    }

    static String arn(String region, String resource) {
        return "arn:aws:kms:" + region + ":" + EmbeddedAwsEndpoint.ACCOUNT_ID + ":" + resource;
    }

    static PolicyDocument defaultPolicy() {
        return PolicyDocument.parse("""
                {
                  "Version" : "2012-10-17",
                  "Id" : "key-default-1",
                  "Statement" : [ {
                    "Sid" : "Enable IAM User Permissions",
                    "Effect" : "Allow",
                    "Principal" : { "AWS" : "arn:aws:iam::%s:root" },
                    "Action" : "kms:*",
                    "Resource" : "*"
                  } ]
                }""".formatted(EmbeddedAwsEndpoint.ACCOUNT_ID));
    }

    Key add(boolean awsManaged, String description, PolicyDocument policy) {
        Key key = new Key(region, awsManaged, time.instant(), description, policy);
        keys.put(key.id, key);
        return key;
    }

    Collection<Key> keys() {
        deleteWhatIsDue();
        return keys.values();
    }

    Collection<Alias> aliases() {
        deleteWhatIsDue();
        return aliases.values();
    }

    /** By key id, key ARN, alias name or alias ARN. */
    Key resolve(String id) {
        String name = withoutArn(id);
        return name.startsWith("alias/") ? alias(name).target() : keyByIdOrArn(id);
    }

    /** By key id or key ARN, for the operations that take no alias. */
    Key keyByIdOrArn(String id) {
        String name = withoutArn(id);
        String keyId = name.equals(id) ? id : name.startsWith("key/") ? name.substring("key/".length()) : "";
        if (!KEY_ID.matcher(keyId).matches()) {
            throw notFound("Invalid keyId '" + id + "'");
        }
        return findKey(UUID.fromString(keyId))
                .orElseThrow(() -> notFound("Key '" + arn(region, "key/" + keyId) + "' does not exist"));
    }

    Optional<Key> findKey(UUID id) {
        deleteWhatIsDue();
        return Optional.ofNullable(keys.get(id));
    }

    Optional<Alias> findAlias(String name) {
        deleteWhatIsDue();
        return Optional.ofNullable(aliases.get(name));
    }

    Alias alias(String name) {
        return findAlias(name).orElseThrow(() -> notFound("Alias " + arn(region, name) + " is not found."));
    }

    void putAlias(String name, Key target) {
        Instant now = time.instant();
        Instant created = findAlias(name).map(Alias::created).orElse(now);
        aliases.put(name, new Alias(name, arn(region, name), target, created, now));
    }

    void removeAlias(String name) {
        aliases.remove(name);
    }

    /** The part of an ARN that follows the account; what is no ARN stays as it is. */
    private String withoutArn(String id) {
        String prefix = arn(region, "");
        if (id.startsWith("arn:") && !id.startsWith(prefix)) {
            throw notFound("Invalid arn " + id);
        }
        return id.startsWith(prefix) ? id.substring(prefix.length()) : id;
    }

    private void deleteWhatIsDue() {
        Instant now = time.instant();
        boolean deleted = keys.values().removeIf(key -> key.deletion != null && !key.deletion.isAfter(now));
        if (deleted) {
            aliases.values().removeIf(alias -> !keys.containsKey(alias.target().id));
        }
    }

    private static AwsError notFound(String message) {
        return new AwsError("NotFoundException", message);
    }
}
