package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.AlreadyExistsException;
import software.amazon.awssdk.services.kms.model.KeyListEntry;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.ListAliasesResponse;
import software.amazon.awssdk.services.kms.model.ListKeysResponse;
import software.amazon.awssdk.services.kms.model.ListResourceTagsResponse;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.Tag;

/** The calls that look at a key, make one and change it. None of them deletes or disables. */
final class KeyCalls {
    /** A key and an alias may not be seen for some seconds after they were made ("eventual consistency"). */
    private static final int LOOKS = 10;

    private final KmsClient client;

    KeyCalls(KmsClient client) {
        this.client = client;
    }

    Optional<KeyMetadata> describe(String key) {
        return call(Operation.DESCRIBE_KEY, key, () -> {
            try {
                return Optional.of(
                        client.describeKey(request -> request.keyId(key)).keyMetadata());
            } catch (NotFoundException e) {
                return Optional.empty();
            }
        });
    }

    /** Waits until a key or an alias that was just made is seen. */
    KeyMetadata await(String key) {
        for (int look = 1; ; look++) {
            Optional<KeyMetadata> found = describe(key);
            if (found.isPresent()) {
                return found.get();
            }
            if (look == LOOKS) {
                throw new ServiceUnavailableException(Operation.DESCRIBE_KEY.qualified(), key, null);
            }
            SdkFailures.backOff(look, Operation.DESCRIBE_KEY.qualified());
        }
    }

    /** A key that was made under this description and has no alias yet, because its maker died in between. */
    Optional<KeyMetadata> leftBehind(String description) {
        Set<String> withAlias = keysWithAlias();
        String marker = null;
        do {
            String from = marker;
            ListKeysResponse page =
                    call(Operation.LIST_KEYS, "*", () -> client.listKeys(request -> request.marker(from)));
            for (KeyListEntry key : page.keys()) {
                if (!withAlias.contains(key.keyId())) {
                    Optional<KeyMetadata> found = describe(key.keyArn())
                            .filter(metadata -> description.equals(metadata.description())
                                    && metadata.keyState() == KeyState.ENABLED);
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
            marker = Boolean.TRUE.equals(page.truncated()) ? page.nextMarker() : null;
        } while (marker != null);
        return Optional.empty();
    }

    private Set<String> keysWithAlias() {
        var keys = new HashSet<String>();
        String marker = null;
        do {
            String from = marker;
            ListAliasesResponse page =
                    call(Operation.LIST_ALIASES, "*", () -> client.listAliases(request -> request.marker(from)));
            page.aliases().forEach(alias -> keys.add(alias.targetKeyId()));
            marker = Boolean.TRUE.equals(page.truncated()) ? page.nextMarker() : null;
        } while (marker != null);
        return keys;
    }

    KeyMetadata create(String description) {
        return call(Operation.CREATE_KEY, "*", () -> client.createKey(request -> request.description(description)))
                .keyMetadata();
    }

    /** If another process was first, its key is the one. */
    void name(String alias, String keyArn) {
        call(Operation.CREATE_ALIAS, alias, () -> {
            try {
                client.createAlias(request -> request.aliasName(alias).targetKeyId(keyArn));
                return true;
            } catch (AlreadyExistsException e) {
                return false;
            }
        });
    }

    boolean rotates(String keyArn) {
        return Boolean.TRUE.equals(call(
                        Operation.GET_KEY_ROTATION_STATUS,
                        keyArn,
                        () -> client.getKeyRotationStatus(request -> request.keyId(keyArn)))
                .keyRotationEnabled());
    }

    void rotate(String keyArn) {
        call(Operation.ENABLE_KEY_ROTATION, keyArn, () -> client.enableKeyRotation(request -> request.keyId(keyArn)));
    }

    String policy(String keyArn) {
        return call(
                        Operation.GET_KEY_POLICY,
                        keyArn,
                        () -> client.getKeyPolicy(
                                request -> request.keyId(keyArn).policyName("default")))
                .policy();
    }

    void putPolicy(String keyArn, String policy) {
        call(
                Operation.PUT_KEY_POLICY,
                keyArn,
                () -> client.putKeyPolicy(
                        request -> request.keyId(keyArn).policyName("default").policy(policy)));
    }

    Map<String, String> tags(String keyArn) {
        var tags = new TreeMap<String, String>();
        String marker = null;
        do {
            String from = marker;
            ListResourceTagsResponse page = call(
                    Operation.LIST_RESOURCE_TAGS,
                    keyArn,
                    () -> client.listResourceTags(
                            request -> request.keyId(keyArn).marker(from)));
            page.tags().forEach(tag -> tags.put(tag.tagKey(), tag.tagValue()));
            marker = Boolean.TRUE.equals(page.truncated()) ? page.nextMarker() : null;
        } while (marker != null);
        return tags;
    }

    void tag(String keyArn, Map<String, String> tags) {
        call(
                Operation.TAG_RESOURCE,
                keyArn,
                () -> client.tagResource(request -> request.keyId(keyArn)
                        .tags(tags.entrySet().stream()
                                .map(tag -> Tag.builder()
                                        .tagKey(tag.getKey())
                                        .tagValue(tag.getValue())
                                        .build())
                                .toList())));
    }

    private static <R> R call(Operation operation, String key, Supplier<R> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw SdkFailures.translate(e, operation.qualified(), key);
        }
    }
}
