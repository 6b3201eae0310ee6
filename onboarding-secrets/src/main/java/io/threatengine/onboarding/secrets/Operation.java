package io.threatengine.onboarding.secrets;

import static io.threatengine.onboarding.aws.AccessRole.ADMINISTRATOR;
import static io.threatengine.onboarding.aws.AccessRole.READER;
import static io.threatengine.onboarding.aws.AccessRole.WRITER;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.aws.AccessRole;
import io.threatengine.onboarding.aws.Arns;
import io.threatengine.onboarding.aws.Permission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Every operation of Secrets Manager and KMS that this module calls, and who may do it: no call goes out without one of these, and
 * the policies are made of them. Where Secrets Manager uses the key for the caller, the caller must be allowed that as well
 * (Secrets Manager User Guide, "Secret encryption and decryption").
 */
@SuppressWarnings("ImmutableEnumChecker") // its lists are List.of
enum Operation {
    GET_SECRET_VALUE("secretsmanager:GetSecretValue", On.SECRETS, List.of("kms:Decrypt"), READER, WRITER),
    BATCH_GET_SECRET_VALUE("secretsmanager:BatchGetSecretValue", On.ANYTHING, List.of("kms:Decrypt"), READER, WRITER),
    DESCRIBE_SECRET("secretsmanager:DescribeSecret", On.SECRETS, List.of(), READER, WRITER, ADMINISTRATOR),
    LIST_SECRET_VERSION_IDS(
            "secretsmanager:ListSecretVersionIds", On.SECRETS, List.of(), READER, WRITER, ADMINISTRATOR),
    CREATE_SECRET("secretsmanager:CreateSecret", On.SECRETS, List.of("kms:GenerateDataKey", "kms:Decrypt"), WRITER),
    PUT_SECRET_VALUE(
            "secretsmanager:PutSecretValue", On.SECRETS, List.of("kms:GenerateDataKey", "kms:Decrypt"), WRITER),
    UPDATE_SECRET_VERSION_STAGE("secretsmanager:UpdateSecretVersionStage", On.SECRETS, List.of(), WRITER),
    DELETE_SECRET("secretsmanager:DeleteSecret", On.SECRETS, List.of(), WRITER),
    RESTORE_SECRET("secretsmanager:RestoreSecret", On.SECRETS, List.of(), WRITER),
    UPDATE_SECRET(
            "secretsmanager:UpdateSecret",
            On.SECRETS,
            List.of("kms:GenerateDataKey", "kms:Encrypt", "kms:Decrypt"),
            ADMINISTRATOR),
    LIST_SECRETS("secretsmanager:ListSecrets", On.ANYTHING, List.of(), ADMINISTRATOR),
    ROTATE_SECRET("secretsmanager:RotateSecret", On.SECRETS, List.of(), ADMINISTRATOR),
    CANCEL_ROTATE_SECRET("secretsmanager:CancelRotateSecret", On.SECRETS, List.of(), ADMINISTRATOR),

    /** Readers and writers ask what is wrong with a key that could not be used. */
    DESCRIBE_KEY("kms:DescribeKey", On.KEY, List.of(), READER, WRITER, ADMINISTRATOR),
    CREATE_KEY("kms:CreateKey", On.ANYTHING, List.of(), ADMINISTRATOR),
    LIST_KEYS("kms:ListKeys", On.ANYTHING, List.of(), ADMINISTRATOR),
    LIST_ALIASES("kms:ListAliases", On.ANYTHING, List.of(), ADMINISTRATOR),
    CREATE_ALIAS("kms:CreateAlias", On.NEW_KEY_AND_ALIAS, List.of(), ADMINISTRATOR),
    ENABLE_KEY_ROTATION("kms:EnableKeyRotation", On.NEW_KEY, List.of(), ADMINISTRATOR),
    GET_KEY_ROTATION_STATUS("kms:GetKeyRotationStatus", On.NEW_KEY, List.of(), ADMINISTRATOR),
    GET_KEY_POLICY("kms:GetKeyPolicy", On.NEW_KEY, List.of(), ADMINISTRATOR),
    PUT_KEY_POLICY("kms:PutKeyPolicy", On.NEW_KEY, List.of(), ADMINISTRATOR),
    LIST_RESOURCE_TAGS("kms:ListResourceTags", On.NEW_KEY, List.of(), ADMINISTRATOR),
    TAG_RESOURCE("kms:TagResource", On.NEW_KEY, List.of(), ADMINISTRATOR);

    /** On what an operation works. */
    private enum On {
        SECRETS,
        /** The key of the settings; an administrator looks at any. */
        KEY,
        /** A key that has no alias yet: any of the account, within its policy. */
        NEW_KEY,
        NEW_KEY_AND_ALIAS,
        ANYTHING
    }

    private final String action;
    private final On on;
    private final List<String> keyActions;
    private final List<AccessRole> roles;

    Operation(String action, On on, List<String> keyActions, AccessRole... roles) {
        this.action = action;
        this.on = on;
        this.keyActions = keyActions;
        this.roles = List.of(roles);
    }

    /** In the form of an IAM action, for errors. */
    String qualified() {
        return action;
    }

    /** What the caller must be allowed to do with a secret's key. */
    List<String> keyActions() {
        return keyActions;
    }

    /** All that any role needs; an action may be there twice. */
    static List<Permission> permissions(OnboardingSettings settings, Arns arns) {
        var permissions = new ArrayList<Permission>();
        for (Operation operation : values()) {
            for (AccessRole role : operation.roles) {
                permissions.add(operation.permission(role, settings, arns));
                // the AWS managed key lets everybody in the account use it through Secrets Manager
                settings.kmsKeyId()
                        .ifPresent(key -> operation.keyActions.forEach(keyAction -> permissions.add(
                                new Permission(role, keyAction, keys(key, arns), throughSecretsManager(key, arns)))));
            }
        }
        return permissions;
    }

    private Permission permission(AccessRole role, OnboardingSettings settings, Arns arns) {
        String key = settings.kmsKeyId().orElse(KeyDiagnosis.AWS_MANAGED);
        String anyKey = arns.of("kms", "key/*");
        return switch (on) {
            case ANYTHING -> Permission.of(role, qualified(), List.of("*"));
            case SECRETS ->
                Permission.of(
                        role,
                        qualified(),
                        List.of(arns.of("secretsmanager", "secret:" + settings.secretsPrefix() + "/account/*")));
            case KEY ->
                role == ADMINISTRATOR
                        ? Permission.of(role, qualified(), List.of(anyKey))
                        : new Permission(role, qualified(), keys(key, arns), alias(key));
            case NEW_KEY -> Permission.of(role, qualified(), List.of(anyKey));
            case NEW_KEY_AND_ALIAS -> Permission.of(role, qualified(), List.of(anyKey, arns.of("kms", "alias/*")));
        };
    }

    /** An alias is no resource of these actions: it is a condition on the key. */
    private static List<String> keys(String key, Arns arns) {
        return List.of(
                key.contains("alias/")
                        ? arns.of("kms", "key/*")
                        : key.startsWith("arn:") ? key : arns.of("kms", "key/" + key));
    }

    private static Map<String, Map<String, String>> alias(String key) {
        return aliasOf(key)
                .map(alias -> Map.of("ForAnyValue:StringEquals", Map.of("kms:ResourceAliases", alias)))
                .orElse(Map.of());
    }

    private static Map<String, Map<String, String>> throughSecretsManager(String key, Arns arns) {
        var conditions = new TreeMap<>(alias(key));
        conditions.put("StringEquals", Map.of("kms:ViaService", "secretsmanager." + arns.region() + ".amazonaws.com"));
        return conditions;
    }

    private static Optional<String> aliasOf(String key) {
        return key.contains("alias/") ? Optional.of(key.substring(key.indexOf("alias/"))) : Optional.empty();
    }
}
