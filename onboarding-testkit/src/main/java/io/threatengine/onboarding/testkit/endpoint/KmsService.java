package io.threatengine.onboarding.testkit.endpoint;

import static java.util.Map.entry;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** AWS KMS in one region: one method per operation. Not thread-safe; {@link RegionalServices} holds the lock. */
final class KmsService {
    private static final String SYMMETRIC = "SYMMETRIC_DEFAULT";
    private static final int MAX_PLAINTEXT_BYTES = 4096;
    private static final int MAX_BLOB_BYTES = 6144;
    private static final int MAX_POLICY_LENGTH = 131_072;
    private static final Pattern ALIAS = Pattern.compile("alias/[a-zA-Z0-9/_-]+");

    private final Keyring keyring;
    private final InstantSource time;

    KmsService(Keyring keyring, InstantSource time) {
        this.keyring = keyring;
        this.time = time;
    }

    Map<String, Function<Request, Reply>> operations() {
        return Map.ofEntries(
                entry("CreateKey", this::createKey),
                entry("DescribeKey", this::describeKey),
                entry("ListKeys", this::listKeys),
                entry("EnableKey", this::enableKey),
                entry("DisableKey", this::disableKey),
                entry("ScheduleKeyDeletion", this::scheduleKeyDeletion),
                entry("CancelKeyDeletion", this::cancelKeyDeletion),
                entry("CreateAlias", this::createAlias),
                entry("UpdateAlias", this::updateAlias),
                entry("DeleteAlias", this::deleteAlias),
                entry("ListAliases", this::listAliases),
                entry("EnableKeyRotation", this::enableKeyRotation),
                entry("DisableKeyRotation", this::disableKeyRotation),
                entry("GetKeyRotationStatus", this::getKeyRotationStatus),
                entry("PutKeyPolicy", this::putKeyPolicy),
                entry("GetKeyPolicy", this::getKeyPolicy),
                entry("ListKeyPolicies", this::listKeyPolicies),
                entry("TagResource", this::tagResource),
                entry("UntagResource", this::untagResource),
                entry("ListResourceTags", this::listResourceTags),
                entry("Encrypt", unlessDryRun(this::encrypt)),
                entry("Decrypt", unlessDryRun(this::decrypt)),
                entry("ReEncrypt", unlessDryRun(this::reEncrypt)),
                entry("GenerateDataKey", unlessDryRun(this::generateDataKey)),
                entry("GenerateDataKeyWithoutPlaintext", unlessDryRun(this::generateDataKeyWithoutPlaintext)));
    }

    // ---- keys

    private Reply createKey(Request request) {
        request.refuse("CustomKeyStoreId", "XksKeyId");
        requireSupported(request, "KeySpec", SYMMETRIC);
        requireSupported(request, "CustomerMasterKeySpec", SYMMETRIC);
        requireSupported(request, "KeyUsage", "ENCRYPT_DECRYPT");
        requireSupported(request, "Origin", "AWS_KMS");
        if (request.flag("MultiRegion")) {
            throw new AwsError("UnsupportedOperationException", "The embedded endpoint has no multi-Region keys");
        }
        String description = request.text("Description", 0, 8192).orElse("");
        PolicyDocument policy = request.has("Policy") ? policyThatKeepsItsOwner(request) : Keyring.defaultPolicy();
        Tags.ofKey().add(request.structures("Tags")); // checked before the key exists
        Key key = keyring.add(false, description, policy);
        key.tags.add(request.structures("Tags"));
        return new Reply().with("KeyMetadata", metadata(key));
    }

    private Reply describeKey(Request request) {
        return new Reply().with("KeyMetadata", metadata(anyKey(request, "KeyId")));
    }

    private Reply listKeys(Request request) {
        Page<Key> page = page(request, keyring.keys(), key -> key.id.toString(), 100, 1000);
        return truncated(page)
                .with(
                        "Keys",
                        page.items().stream()
                                .map(key -> new Reply()
                                        .with("KeyId", key.id.toString())
                                        .with("KeyArn", key.arn))
                                .toList());
    }

    private Reply enableKey(Request request) {
        Key key = customerKey(request, "kms:EnableKey");
        key.requireNotPendingDeletion();
        key.enabled = true;
        return new Reply();
    }

    private Reply disableKey(Request request) {
        Key key = customerKey(request, "kms:DisableKey");
        key.requireNotPendingDeletion();
        key.enabled = false;
        return new Reply();
    }

    private Reply scheduleKeyDeletion(Request request) {
        int days = request.integer("PendingWindowInDays", 7, 30).orElse(30);
        Key key = customerKey(request, "kms:ScheduleKeyDeletion");
        key.requireNotPendingDeletion();
        key.deletion = time.instant().plus(Duration.ofDays(days));
        return new Reply()
                .with("KeyId", key.arn)
                .with("DeletionDate", key.deletion)
                .with("KeyState", key.state())
                .with("PendingWindowInDays", days);
    }

    private Reply cancelKeyDeletion(Request request) {
        Key key = customerKey(request, "kms:CancelKeyDeletion");
        if (key.deletion == null) {
            throw new AwsError("KMSInvalidStateException", key.arn + " is not pending deletion.");
        }
        key.deletion = null;
        key.enabled = false;
        return new Reply().with("KeyId", key.arn);
    }

    private static Reply metadata(Key key) {
        return new Reply()
                .with("AWSAccountId", EmbeddedAwsEndpoint.ACCOUNT_ID)
                .with("KeyId", key.id.toString())
                .with("Arn", key.arn)
                .with("CreationDate", key.created)
                .with("Enabled", key.state().equals("Enabled"))
                .with("Description", key.description)
                .with("KeyUsage", "ENCRYPT_DECRYPT")
                .with("KeyState", key.state())
                .with("DeletionDate", key.deletion)
                .with("Origin", "AWS_KMS")
                .with("KeyManager", key.awsManaged ? "AWS" : "CUSTOMER")
                .with("CustomerMasterKeySpec", SYMMETRIC)
                .with("KeySpec", SYMMETRIC)
                .with("EncryptionAlgorithms", List.of(SYMMETRIC))
                .with("MultiRegion", false);
    }

    private static void requireSupported(Request request, String name, String only) {
        request.text(name).filter(value -> !value.equals(only)).ifPresent(value -> {
            throw new AwsError(
                    "UnsupportedOperationException", "The embedded endpoint has only keys of " + name + " " + only);
        });
    }

    // ---- aliases

    private Reply createAlias(Request request) {
        String name = customerAliasName(request);
        Key key = aliasTarget(request);
        keyring.findAlias(name).ifPresent(alias -> {
            throw new AwsError("AlreadyExistsException", "An alias with the name " + alias.arn() + " already exists");
        });
        keyring.putAlias(name, key);
        return new Reply();
    }

    private Reply updateAlias(Request request) {
        String name = customerAliasName(request);
        keyring.alias(name);
        keyring.putAlias(name, aliasTarget(request));
        return new Reply();
    }

    private Reply deleteAlias(Request request) {
        keyring.removeAlias(keyring.alias(customerAliasName(request)).name());
        return new Reply();
    }

    private Reply listAliases(Request request) {
        Optional<Key> of = request.text("KeyId", 1, 2048).map(keyring::keyByIdOrArn);
        List<Keyring.Alias> listed = keyring.aliases().stream()
                .filter(alias -> of.isEmpty() || alias.target() == of.get())
                .toList();
        Page<Keyring.Alias> page = page(request, listed, Keyring.Alias::name, 50, 100);
        return truncated(page)
                .with(
                        "Aliases",
                        page.items().stream()
                                .map(alias -> new Reply()
                                        .with("AliasName", alias.name())
                                        .with("AliasArn", alias.arn())
                                        .with("TargetKeyId", alias.target().id.toString())
                                        .with("CreationDate", alias.created())
                                        .with("LastUpdatedDate", alias.updated()))
                                .toList());
    }

    private static String customerAliasName(Request request) {
        String name = request.requiredText("AliasName", 1, 256);
        if (!name.startsWith("alias/")) {
            throw AwsError.validation("Alias must start with the prefix \"alias/\". Please see "
                    + "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html");
        }
        if (!ALIAS.matcher(name).matches()) {
            throw new AwsError("InvalidAliasNameException", "Alias contains invalid characters.");
        }
        if (name.startsWith("alias/aws/")) {
            throw new AwsError("NotAuthorizedException", "Aliases beginning with alias/aws/ are reserved");
        }
        return name;
    }

    private Key aliasTarget(Request request) {
        String id = request.requiredText("TargetKeyId", 1, 2048);
        if (id.startsWith("alias/")) {
            throw AwsError.validation("Aliases must refer to keys. Not aliases");
        }
        Key key = requireCustomerManaged(keyring.keyByIdOrArn(id), "kms:CreateAlias");
        key.requireNotPendingDeletion();
        return key;
    }

    // ---- rotation

    private Reply enableKeyRotation(Request request) {
        int days = request.integer("RotationPeriodInDays", 90, 2560).orElse(Key.DEFAULT_ROTATION_DAYS);
        Key key = customerKey(request, "kms:EnableKeyRotation");
        key.requireEnabled();
        key.rotatingSince = time.instant();
        key.rotationDays = days;
        return new Reply();
    }

    private Reply disableKeyRotation(Request request) {
        Key key = customerKey(request, "kms:DisableKeyRotation");
        key.requireEnabled();
        key.rotatingSince = null;
        return new Reply();
    }

    private Reply getKeyRotationStatus(Request request) {
        Key key = keyByIdOrArn(request);
        return new Reply()
                .with("KeyId", key.arn)
                .with("KeyRotationEnabled", key.rotates())
                .with("RotationPeriodInDays", key.rotates() ? key.rotationDays : null)
                .with("NextRotationDate", key.nextRotation(time.instant()));
    }

    // ---- policies

    private Reply putKeyPolicy(Request request) {
        requireDefaultPolicyName(request);
        Key key = customerKey(request, "kms:PutKeyPolicy");
        key.policy = policyThatKeepsItsOwner(request);
        return new Reply();
    }

    private Reply getKeyPolicy(Request request) {
        requireDefaultPolicyName(request);
        return new Reply().with("Policy", keyByIdOrArn(request).policy.text()).with("PolicyName", "default");
    }

    private Reply listKeyPolicies(Request request) {
        keyByIdOrArn(request);
        return new Reply().with("PolicyNames", List.of("default")).with("Truncated", false);
    }

    /** AWS refuses a policy under which nobody could change the policy again, unless told to accept it. */
    private static PolicyDocument policyThatKeepsItsOwner(Request request) {
        PolicyDocument policy = PolicyDocument.parse(request.requiredText("Policy", 1, MAX_POLICY_LENGTH));
        if (!request.flag("BypassPolicyLockoutSafetyCheck") && !policy.allows("kms:PutKeyPolicy")) {
            throw new AwsError(
                    "MalformedPolicyDocumentException",
                    "The new key policy will not allow you to update the key policy in the future.");
        }
        return policy;
    }

    private static void requireDefaultPolicyName(Request request) {
        if (!request.text("PolicyName", 1, 128).orElse("default").equals("default")) {
            throw new AwsError("NotFoundException", "No such policy exists");
        }
    }

    // ---- tags

    private Reply tagResource(Request request) {
        Key key = customerKey(request, "kms:TagResource");
        key.requireNotPendingDeletion();
        key.tags.add(request.structures("Tags"));
        return new Reply();
    }

    private Reply untagResource(Request request) {
        Key key = customerKey(request, "kms:UntagResource");
        key.requireNotPendingDeletion();
        key.tags.remove(request.texts("TagKeys"));
        return new Reply();
    }

    private Reply listResourceTags(Request request) {
        Tags tags = keyByIdOrArn(request).tags;
        Page<String> page = page(request, tags.keys(), Function.identity(), 50, 50);
        return truncated(page).with("Tags", tags.reply(page.items()));
    }

    // ---- cryptography

    private Reply encrypt(Request request) {
        byte[] plaintext = request.requiredBytes("Plaintext", 1, MAX_PLAINTEXT_BYTES);
        requireSymmetric(request, "EncryptionAlgorithm");
        Key key = usableKey(request, "KeyId", "kms:Encrypt");
        return new Reply()
                .with("KeyId", key.arn)
                .with("CiphertextBlob", key.encrypt(plaintext, request.textMap("EncryptionContext")))
                .with("EncryptionAlgorithm", SYMMETRIC);
    }

    private Reply decrypt(Request request) {
        request.refuse("Recipient");
        requireSymmetric(request, "EncryptionAlgorithm");
        Decrypted decrypted = decrypt(request, "KeyId", "EncryptionContext");
        return new Reply()
                .with("KeyId", decrypted.key().arn)
                .with("Plaintext", decrypted.plaintext())
                .with("EncryptionAlgorithm", SYMMETRIC);
    }

    private Reply reEncrypt(Request request) {
        requireSymmetric(request, "SourceEncryptionAlgorithm");
        requireSymmetric(request, "DestinationEncryptionAlgorithm");
        Key destination = usableKey(request, "DestinationKeyId", "kms:ReEncryptTo");
        Decrypted decrypted = decrypt(request, "SourceKeyId", "SourceEncryptionContext");
        Map<String, String> context = request.textMap("DestinationEncryptionContext");
        return new Reply()
                .with("CiphertextBlob", destination.encrypt(decrypted.plaintext(), context))
                .with("SourceKeyId", decrypted.key().arn)
                .with("KeyId", destination.arn)
                .with("SourceEncryptionAlgorithm", SYMMETRIC)
                .with("DestinationEncryptionAlgorithm", SYMMETRIC);
    }

    private Reply generateDataKey(Request request) {
        return newDataKey(request, true);
    }

    private Reply generateDataKeyWithoutPlaintext(Request request) {
        return newDataKey(request, false);
    }

    private Reply newDataKey(Request request, boolean showPlaintext) {
        request.refuse("Recipient");
        byte[] plaintext = AesGcm.randomBytes(dataKeyLength(request));
        Key key = usableKey(request, "KeyId", "kms:GenerateDataKey");
        return new Reply()
                .with("CiphertextBlob", key.encrypt(plaintext, request.textMap("EncryptionContext")))
                .with("Plaintext", showPlaintext ? plaintext : null)
                .with("KeyId", key.arn);
    }

    private static int dataKeyLength(Request request) {
        Optional<Integer> bytes = request.integer("NumberOfBytes", 1, 1024);
        Optional<String> spec = request.text("KeySpec");
        if (bytes.isPresent() == spec.isPresent()) {
            throw AwsError.validation("Please specify either number of bytes or key spec.");
        }
        return bytes.orElseGet(() -> switch (spec.orElseThrow()) {
            case "AES_256" -> 32;
            case "AES_128" -> 16;
            default ->
                throw AwsError.constraint(
                        "Value '" + spec.get() + "'", "KeySpec", "satisfy enum value set: [AES_256, AES_128]");
        });
    }

    @SuppressWarnings("ArrayRecordComponent") // taken apart at once, never compared
    private record Decrypted(Key key, byte[] plaintext) {}

    private Decrypted decrypt(Request request, String keyIdMember, String contextMember) {
        byte[] blob = request.requiredBytes("CiphertextBlob", 1, MAX_BLOB_BYTES);
        Ciphertext ciphertext = Ciphertext.parse(blob);
        Optional<Key> named = request.text(keyIdMember, 1, 2048).map(keyring::resolve);
        if (named.isPresent() && !named.get().id.equals(ciphertext.keyId())) {
            throw new AwsError(
                    "IncorrectKeyException",
                    "The key ID in the request does not identify a CMK that can perform this operation.");
        }
        Key key = keyring.findKey(ciphertext.keyId())
                .orElseThrow(() -> new AwsError(
                        "AccessDeniedException",
                        "The ciphertext refers to a customer master key that does not exist, does not exist in this "
                                + "region, or you are not allowed to access."));
        requireCustomerManaged(key, "kms:Decrypt");
        return new Decrypted(key, key.decrypt(ciphertext, request.textMap(contextMember)));
    }

    private static void requireSymmetric(Request request, String name) {
        request.text(name).filter(algorithm -> !algorithm.equals(SYMMETRIC)).ifPresent(algorithm -> {
            throw new AwsError(
                    "InvalidKeyUsageException",
                    "Algorithm " + algorithm + " is incompatible with key spec " + SYMMETRIC + ".");
        });
    }

    /** A dry run makes all checks, then fails with the error that says it would have succeeded. */
    private static Function<Request, Reply> unlessDryRun(Function<Request, Reply> operation) {
        return request -> {
            Reply reply = operation.apply(request);
            if (request.flag("DryRun")) {
                throw new AwsError(
                        "DryRunOperationException", "The request would have succeeded, but the DryRun option is set.");
            }
            return reply;
        };
    }

    // ---- which key

    private Key anyKey(Request request, String member) {
        return keyring.resolve(request.requiredText(member, 1, 2048));
    }

    private Key keyByIdOrArn(Request request) {
        return keyring.keyByIdOrArn(request.requiredText("KeyId", 1, 2048));
    }

    private Key customerKey(Request request, String action) {
        return requireCustomerManaged(keyByIdOrArn(request), action);
    }

    private Key usableKey(Request request, String member, String action) {
        Key key = requireCustomerManaged(anyKey(request, member), action);
        key.requireEnabled();
        return key;
    }

    /** An AWS managed key changes for nobody, and works only for callers that come through its service. */
    private static Key requireCustomerManaged(Key key, String action) {
        if (key.awsManaged) {
            throw new AwsError(
                    "AccessDeniedException",
                    "User: arn:aws:iam::" + EmbeddedAwsEndpoint.ACCOUNT_ID + ":root is not authorized to perform: "
                            + action + " on resource: " + key.arn + " because no resource-based policy allows the "
                            + action + " action");
        }
        return key;
    }

    // ---- paging

    private static <T> Page<T> page(
            Request request, Collection<T> all, Function<T, String> position, int usual, int max) {
        int limit = request.integer("Limit", 1, max).orElse(usual);
        return Page.of(all, position, false, request.text("Marker"), limit, "InvalidMarkerException");
    }

    private static Reply truncated(Page<?> page) {
        return new Reply().with("Truncated", page.nextToken() != null).with("NextMarker", page.nextToken());
    }
}
