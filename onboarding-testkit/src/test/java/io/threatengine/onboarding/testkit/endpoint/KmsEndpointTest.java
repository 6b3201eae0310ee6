package io.threatengine.onboarding.testkit.endpoint;

import static io.threatengine.onboarding.testkit.endpoint.EndpointFixture.START;
import static io.threatengine.onboarding.testkit.endpoint.EndpointFixture.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.AliasListEntry;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.KeyListEntry;
import software.amazon.awssdk.services.kms.model.KeyManagerType;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.Tag;

class KmsEndpointTest {
    private static final SdkBytes PLAINTEXT = SdkBytes.fromUtf8String("attack at dawn");
    private static final Map<String, String> CONTEXT = Map.of("tenant", "acme", "purpose", "test");

    private final EndpointFixture aws = new EndpointFixture();
    private final KmsClient kms = aws.kms;
    private String key = "";

    @BeforeEach
    void createKey() {
        key = aws.newKey();
    }

    @AfterEach
    void close() {
        aws.close();
    }

    private static String arn(String resource) {
        return "arn:aws:kms:eu-central-1:000000000000:" + resource;
    }

    private SdkBytes encrypted() {
        return kms.encrypt(r -> r.keyId(key).plaintext(PLAINTEXT).encryptionContext(CONTEXT))
                .ciphertextBlob();
    }

    private KeyState state() {
        return kms.describeKey(r -> r.keyId(key)).keyMetadata().keyState();
    }

    @Nested
    class Cryptography {
        @Test
        void decryptReturnsWhatWasEncrypted() {
            DecryptResponse decrypted =
                    kms.decrypt(r -> r.ciphertextBlob(encrypted()).encryptionContext(CONTEXT));

            assertThat(decrypted.plaintext()).isEqualTo(PLAINTEXT);
            assertThat(decrypted.keyId()).isEqualTo(arn("key/" + key));
            assertThat(encrypted().asString(StandardCharsets.ISO_8859_1)).doesNotContain("attack");
        }

        @Test
        void decryptWithAnotherKeyIsIncorrectKey() {
            SdkBytes blob = encrypted();
            String other = aws.newKey();
            kms.createAlias(r -> r.aliasName("alias/mine").targetKeyId(key));

            assertRefused(
                    "IncorrectKeyException",
                    "The key ID in the request does not identify a CMK that can perform this operation.",
                    () -> kms.decrypt(r -> r.keyId(other).ciphertextBlob(blob).encryptionContext(CONTEXT)));
            assertThatNoException()
                    .isThrownBy(() -> kms.decrypt(
                            r -> r.keyId("alias/mine").ciphertextBlob(blob).encryptionContext(CONTEXT)));
        }

        @Test
        void anotherOrMissingContextIsInvalidCiphertext() {
            SdkBytes blob = encrypted();

            assertRefused("InvalidCiphertextException", () -> kms.decrypt(r -> r.ciphertextBlob(blob)));
            assertRefused(
                    "InvalidCiphertextException",
                    () -> kms.decrypt(r -> r.ciphertextBlob(blob).encryptionContext(Map.of("tenant", "acme"))));
        }

        @Test
        void contextsThatConcatenateAlikeAreDifferent() {
            SdkBytes blob = kms.encrypt(r -> r.keyId(key).plaintext(PLAINTEXT).encryptionContext(Map.of("ab", "c")))
                    .ciphertextBlob();

            assertRefused(
                    "InvalidCiphertextException",
                    () -> kms.decrypt(r -> r.ciphertextBlob(blob).encryptionContext(Map.of("a", "bc"))));
        }

        @Test
        void everyAlteredByteIsInvalidCiphertext() {
            byte[] blob = encrypted().asByteArray();
            for (int i = 0; i < blob.length; i++) {
                byte[] altered = blob.clone();
                altered[i] ^= 1;
                SdkBytes tampered = SdkBytes.fromByteArray(altered);
                assertRefused(
                        "InvalidCiphertextException",
                        () -> kms.decrypt(r -> r.ciphertextBlob(tampered).encryptionContext(CONTEXT)));
            }
            assertRefused(
                    "InvalidCiphertextException",
                    () -> kms.decrypt(r -> r.ciphertextBlob(SdkBytes.fromUtf8String("not a blob"))));
        }

        @Test
        void plaintextIsLimitedTo4096Bytes() {
            kms.encrypt(r -> r.keyId(key).plaintext(SdkBytes.fromByteArray(new byte[4096])));

            assertRefused(
                    "ValidationException",
                    "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have "
                            + "length less than or equal to 4096",
                    () -> kms.encrypt(r -> r.keyId(key).plaintext(SdkBytes.fromByteArray(new byte[4097]))));
        }

        @Test
        void dataKeysDecryptToThemselves() {
            var dataKey = kms.generateDataKey(
                    r -> r.keyId(key).keySpec(DataKeySpec.AES_256).encryptionContext(CONTEXT));
            var sealedOnly =
                    kms.generateDataKeyWithoutPlaintext(r -> r.keyId(key).numberOfBytes(24));

            assertThat(dataKey.plaintext().asByteArray()).hasSize(32);
            assertThat(kms.decrypt(r ->
                                    r.ciphertextBlob(dataKey.ciphertextBlob()).encryptionContext(CONTEXT))
                            .plaintext())
                    .isEqualTo(dataKey.plaintext());
            assertThat(kms.decrypt(r -> r.ciphertextBlob(sealedOnly.ciphertextBlob()))
                            .plaintext()
                            .asByteArray())
                    .hasSize(24);
            assertRefused(
                    "ValidationException",
                    "Please specify either number of bytes or key spec.",
                    () -> kms.generateDataKey(r -> r.keyId(key)));
        }

        @Test
        void reEncryptMovesToAnotherKeyAndContext() {
            String other = aws.newKey();

            var moved = kms.reEncrypt(r -> r.ciphertextBlob(encrypted())
                    .sourceEncryptionContext(CONTEXT)
                    .destinationKeyId(other)
                    .destinationEncryptionContext(Map.of("moved", "yes")));

            assertThat(moved.sourceKeyId()).isEqualTo(arn("key/" + key));
            assertThat(moved.keyId()).isEqualTo(arn("key/" + other));
            var decrypted = kms.decrypt(r ->
                    r.keyId(other).ciphertextBlob(moved.ciphertextBlob()).encryptionContext(Map.of("moved", "yes")));
            assertThat(decrypted.plaintext()).isEqualTo(PLAINTEXT);
        }

        @Test
        void dryRunReportsSuccessAsAnError() {
            assertRefused(
                    "DryRunOperationException",
                    "The request would have succeeded, but the DryRun option is set.",
                    () -> kms.encrypt(r -> r.keyId(key).plaintext(PLAINTEXT).dryRun(true)));
        }

        @Test
        void blobOfAnotherRegionIsAccessDenied() {
            SdkBytes blob = encrypted();
            try (KmsClient elsewhere = aws.kms(Region.US_EAST_1)) {
                assertRefused(
                        "AccessDeniedException",
                        () -> elsewhere.decrypt(r -> r.ciphertextBlob(blob).encryptionContext(CONTEXT)));
            }
        }
    }

    @Nested
    class States {
        @Test
        void disabledKeyIsDisabledForEveryUse() {
            SdkBytes blob = encrypted();
            kms.disableKey(r -> r.keyId(key));

            assertThat(state()).isEqualTo(KeyState.DISABLED);
            assertRefused(
                    "DisabledException",
                    arn("key/" + key) + " is disabled.",
                    () -> kms.encrypt(r -> r.keyId(key).plaintext(PLAINTEXT)));
            assertRefused(
                    "DisabledException",
                    () -> kms.decrypt(r -> r.ciphertextBlob(blob).encryptionContext(CONTEXT)));
            assertRefused(
                    "DisabledException",
                    () -> kms.generateDataKey(r -> r.keyId(key).keySpec(DataKeySpec.AES_256)));
            assertRefused(
                    "DisabledException",
                    () -> kms.generateDataKeyWithoutPlaintext(r -> r.keyId(key).keySpec(DataKeySpec.AES_256)));
            assertRefused(
                    "DisabledException",
                    () -> kms.reEncrypt(r -> r.ciphertextBlob(blob)
                            .sourceEncryptionContext(CONTEXT)
                            .destinationKeyId(aws.newKey())));
            assertRefused("DisabledException", () -> kms.enableKeyRotation(r -> r.keyId(key)));

            kms.enableKey(r -> r.keyId(key));
            assertThat(kms.decrypt(r -> r.ciphertextBlob(blob).encryptionContext(CONTEXT))
                            .plaintext())
                    .isEqualTo(PLAINTEXT);
        }

        @Test
        void keyPendingDeletionIsInInvalidStateForEveryUse() {
            SdkBytes blob = encrypted();
            var scheduled = kms.scheduleKeyDeletion(r -> r.keyId(key).pendingWindowInDays(7));

            assertThat(scheduled.deletionDate()).isEqualTo(START.plus(Duration.ofDays(7)));
            assertThat(scheduled.keyState()).isEqualTo(KeyState.PENDING_DELETION);
            KeyMetadata metadata = kms.describeKey(r -> r.keyId(key)).keyMetadata();
            assertThat(metadata.deletionDate()).isEqualTo(scheduled.deletionDate());
            assertThat(metadata.enabled()).isFalse();
            assertRefused(
                    "KMSInvalidStateException",
                    arn("key/" + key) + " is pending deletion.",
                    () -> kms.encrypt(r -> r.keyId(key).plaintext(PLAINTEXT)));
            for (var use : List.<Runnable>of(
                    () -> kms.decrypt(r -> r.ciphertextBlob(blob).encryptionContext(CONTEXT)),
                    () -> kms.generateDataKey(r -> r.keyId(key).keySpec(DataKeySpec.AES_256)),
                    () -> kms.enableKey(r -> r.keyId(key)),
                    () -> kms.disableKey(r -> r.keyId(key)),
                    () -> kms.enableKeyRotation(r -> r.keyId(key)),
                    () -> kms.createAlias(r -> r.aliasName("alias/late").targetKeyId(key)),
                    () -> kms.tagResource(r -> r.keyId(key)
                            .tags(Tag.builder().tagKey("a").tagValue("b").build())),
                    () -> kms.scheduleKeyDeletion(r -> r.keyId(key)))) {
                assertRefused("KMSInvalidStateException", use::run);
            }
        }

        @Test
        void cancelledDeletionLeavesTheKeyDisabled() {
            kms.scheduleKeyDeletion(r -> r.keyId(key));
            kms.cancelKeyDeletion(r -> r.keyId(key));

            assertThat(state()).isEqualTo(KeyState.DISABLED);
            assertThat(kms.describeKey(r -> r.keyId(key)).keyMetadata().deletionDate())
                    .isNull();
            assertRefused("KMSInvalidStateException", () -> kms.cancelKeyDeletion(r -> r.keyId(key)));
        }

        @Test
        void keyAndAliasesAreGoneOnceTheWindowEnds() {
            SdkBytes blob = encrypted();
            kms.createAlias(r -> r.aliasName("alias/doomed").targetKeyId(key));
            kms.scheduleKeyDeletion(r -> r.keyId(key).pendingWindowInDays(7));

            aws.advance(Duration.ofDays(7).minusMillis(1));
            assertThat(state()).isEqualTo(KeyState.PENDING_DELETION);

            aws.advance(Duration.ofMillis(1));
            assertRefused(
                    "NotFoundException",
                    "Key '" + arn("key/" + key) + "' does not exist",
                    () -> kms.describeKey(r -> r.keyId(key)));
            assertRefused("NotFoundException", () -> kms.describeKey(r -> r.keyId("alias/doomed")));
            assertRefused(
                    "AccessDeniedException",
                    () -> kms.decrypt(r -> r.ciphertextBlob(blob).encryptionContext(CONTEXT)));
            assertThat(kms.listKeysPaginator().keys())
                    .extracting(KeyListEntry::keyId)
                    .doesNotContain(key);
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 6, 31})
        void deletionWindowIs7To30Days(int days) {
            assertRefused(
                    "ValidationException",
                    () -> kms.scheduleKeyDeletion(r -> r.keyId(key).pendingWindowInDays(days)));
            assertThat(state()).isEqualTo(KeyState.ENABLED);
        }

        @Test
        void deletionWindowIs30DaysUnlessStated() {
            assertThat(kms.scheduleKeyDeletion(r -> r.keyId(key)).deletionDate())
                    .isEqualTo(START.plus(Duration.ofDays(30)));
        }
    }

    @Nested
    class Names {
        @Test
        void keyIsFoundByIdArnAliasAndAliasArn() {
            kms.createAlias(r -> r.aliasName("alias/app/main").targetKeyId(arn("key/" + key)));

            for (String id : List.of(key, arn("key/" + key), "alias/app/main", arn("alias/app/main"))) {
                KeyMetadata metadata = kms.describeKey(r -> r.keyId(id)).keyMetadata();
                assertThat(metadata.keyId()).as(id).isEqualTo(key);
                assertThat(metadata.arn()).isEqualTo(arn("key/" + key));
                assertThat(metadata.creationDate()).isEqualTo(START);
                assertThat(metadata.awsAccountId()).isEqualTo(EmbeddedAwsEndpoint.ACCOUNT_ID);
                assertThat(metadata.keyManager()).isEqualTo(KeyManagerType.CUSTOMER);
                assertThat(metadata.keySpec()).isEqualTo(KeySpec.SYMMETRIC_DEFAULT);
            }
        }

        @Test
        void unknownNamesAreNotFoundInTheWordsOfAws() {
            String unknown = UUID.randomUUID().toString();

            assertRefused(
                    "NotFoundException",
                    "Key '" + arn("key/" + unknown) + "' does not exist",
                    () -> kms.describeKey(r -> r.keyId(unknown)));
            assertRefused(
                    "NotFoundException",
                    "Alias " + arn("alias/none") + " is not found.",
                    () -> kms.describeKey(r -> r.keyId("alias/none")));
            assertRefused(
                    "NotFoundException", "Invalid keyId 'nonsense'", () -> kms.describeKey(r -> r.keyId("nonsense")));
            assertRefused(
                    "NotFoundException", () -> kms.encrypt(r -> r.keyId(unknown).plaintext(PLAINTEXT)));
            assertRefused("NotFoundException", () -> kms.disableKey(r -> r.keyId(unknown)));
        }

        @Test
        void awsManagedKeysExistAndBelongToAws() {
            for (String alias : List.of("alias/aws/secretsmanager", "alias/aws/dynamodb")) {
                KeyMetadata managed = kms.describeKey(r -> r.keyId(alias)).keyMetadata();
                assertThat(managed.keyManager()).isEqualTo(KeyManagerType.AWS);
                assertThat(managed.keyState()).isEqualTo(KeyState.ENABLED);
                assertRefused("AccessDeniedException", () -> kms.disableKey(r -> r.keyId(managed.keyId())));
                assertRefused(
                        "AccessDeniedException",
                        () -> kms.encrypt(r -> r.keyId(alias).plaintext(PLAINTEXT)));
            }
        }

        @Test
        void aliasesAreCreatedMovedAndDeleted() {
            String other = aws.newKey();
            kms.createAlias(r -> r.aliasName("alias/a").targetKeyId(key));
            assertRefused(
                    "AlreadyExistsException",
                    "An alias with the name " + arn("alias/a") + " already exists",
                    () -> kms.createAlias(r -> r.aliasName("alias/a").targetKeyId(other)));

            kms.updateAlias(r -> r.aliasName("alias/a").targetKeyId(other));
            assertThat(kms.describeKey(r -> r.keyId("alias/a")).keyMetadata().keyId())
                    .isEqualTo(other);
            assertThat(kms.listAliases(r -> r.keyId(other)).aliases())
                    .extracting(AliasListEntry::aliasName)
                    .containsExactly("alias/a");
            assertThat(kms.listAliases().aliases())
                    .extracting(AliasListEntry::aliasName)
                    .contains("alias/a", "alias/aws/dynamodb");

            kms.deleteAlias(r -> r.aliasName("alias/a"));
            assertRefused("NotFoundException", () -> kms.describeKey(r -> r.keyId("alias/a")));
            assertRefused("NotFoundException", () -> kms.deleteAlias(r -> r.aliasName("alias/a")));
            assertRefused(
                    "NotFoundException",
                    () -> kms.updateAlias(r -> r.aliasName("alias/a").targetKeyId(key)));
        }

        @Test
        void aliasNamesAreChecked() {
            assertRefused(
                    "ValidationException",
                    () -> kms.createAlias(r -> r.aliasName("plain").targetKeyId(key)));
            assertRefused(
                    "InvalidAliasNameException",
                    () -> kms.createAlias(r -> r.aliasName("alias/sp ace").targetKeyId(key)));
            assertRefused(
                    "NotAuthorizedException",
                    () -> kms.createAlias(r -> r.aliasName("alias/aws/mine").targetKeyId(key)));
        }

        @Test
        void keysAndTagsComeInPages() {
            List<String> keys = new ArrayList<>(List.of(key, aws.newKey(), aws.newKey()));

            var first = kms.listKeys(r -> r.limit(2));
            assertThat(first.keys()).hasSize(2);
            assertThat(first.truncated()).isTrue();
            assertThat(kms.listKeysPaginator(r -> r.limit(2)).keys())
                    .extracting(KeyListEntry::keyId)
                    .containsAll(keys)
                    .doesNotHaveDuplicates()
                    .hasSize(5); // and the two of AWS
            assertRefused("InvalidMarkerException", () -> kms.listKeys(r -> r.marker("made up")));
        }
    }

    @Nested
    class Settings {
        @Test
        void createKeyTakesDescriptionTagsAndPolicy() {
            String policy = policy("kms:*");
            String created = aws.newKey(r -> r.description("for tests")
                    .policy(policy)
                    .tags(Tag.builder().tagKey("team").tagValue("red").build()));

            assertThat(kms.describeKey(r -> r.keyId(created)).keyMetadata().description())
                    .isEqualTo("for tests");
            assertThat(kms.getKeyPolicy(r -> r.keyId(created)).policy()).isEqualTo(policy);
            assertThat(kms.listResourceTags(r -> r.keyId(created)).tags())
                    .containsExactly(
                            Tag.builder().tagKey("team").tagValue("red").build());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{not json",
                    "\"text\"",
                    "{\"Version\":\"2012-10-17\"}",
                    "{\"Statement\":[]}",
                    "{\"Statement\":[{\"Effect\":\"Maybe\",\"Action\":\"kms:*\"}]}"
                })
        void malformedPolicyIsRefused(String policy) {
            assertRefused("MalformedPolicyDocumentException", () -> kms.createKey(r -> r.policy(policy)));
            assertRefused(
                    "MalformedPolicyDocumentException",
                    () -> kms.putKeyPolicy(
                            r -> r.keyId(key).policyName("default").policy(policy)));
        }

        @Test
        void policyThatLocksEverybodyOutIsRefusedUnlessBypassed() {
            String policy = policy("kms:Decrypt");

            assertRefused(
                    "MalformedPolicyDocumentException",
                    "The new key policy will not allow you to update the key policy in the future.",
                    () -> kms.putKeyPolicy(r -> r.keyId(key).policy(policy)));
            kms.putKeyPolicy(r -> r.keyId(key).policy(policy).bypassPolicyLockoutSafetyCheck(true));

            assertThat(kms.getKeyPolicy(r -> r.keyId(key).policyName("default")).policy())
                    .isEqualTo(policy);
            assertThat(kms.listKeyPolicies(r -> r.keyId(key)).policyNames()).containsExactly("default");
        }

        @Test
        void defaultPolicyGivesTheAccountAccess() {
            assertThat(kms.getKeyPolicy(r -> r.keyId(key)).policy())
                    .contains("arn:aws:iam::000000000000:root", "kms:*");
        }

        @Test
        void rotationIsSwitchedAndDescribedByItsOwnOperation() {
            assertThat(kms.getKeyRotationStatus(r -> r.keyId(key)).keyRotationEnabled())
                    .isFalse();

            kms.enableKeyRotation(r -> r.keyId(key).rotationPeriodInDays(90));
            var status = kms.getKeyRotationStatus(r -> r.keyId(key));
            assertThat(status.keyRotationEnabled()).isTrue();
            assertThat(status.rotationPeriodInDays()).isEqualTo(90);
            assertThat(status.nextRotationDate()).isEqualTo(START.plus(Duration.ofDays(90)));
            assertThat(kms.describeKey(r -> r.keyId(key)).keyMetadata().toString())
                    .doesNotContain("otation");

            aws.advance(Duration.ofDays(100));
            assertThat(kms.getKeyRotationStatus(r -> r.keyId(key)).nextRotationDate())
                    .isEqualTo(START.plus(Duration.ofDays(180)));

            kms.disableKeyRotation(r -> r.keyId(key));
            assertThat(kms.getKeyRotationStatus(r -> r.keyId(key)).keyRotationEnabled())
                    .isFalse();
            assertRefused(
                    "ValidationException",
                    () -> kms.enableKeyRotation(r -> r.keyId(key).rotationPeriodInDays(89)));
        }

        @Test
        void rotationPausesWhileDeletionIsPending() {
            kms.enableKeyRotation(r -> r.keyId(key));
            kms.scheduleKeyDeletion(r -> r.keyId(key));
            assertThat(kms.getKeyRotationStatus(r -> r.keyId(key)).keyRotationEnabled())
                    .isFalse();

            kms.cancelKeyDeletion(r -> r.keyId(key));
            assertThat(kms.getKeyRotationStatus(r -> r.keyId(key)).keyRotationEnabled())
                    .isTrue();
        }

        @Test
        void tagsAreAddedReplacedAndRemoved() {
            kms.tagResource(r -> r.keyId(key).tags(tag("a", "1"), tag("b", "2")));
            kms.tagResource(r -> r.keyId(key).tags(tag("a", "3")));
            kms.untagResource(r -> r.keyId(key).tagKeys("b"));

            assertThat(kms.listResourceTags(r -> r.keyId(key)).tags()).containsExactly(tag("a", "3"));
            assertRefused(
                    "TagException",
                    "Duplicate tag keys",
                    () -> kms.tagResource(r -> r.keyId(key).tags(tag("x", "1"), tag("x", "2"))));
            assertRefused(
                    "TagException",
                    "Tags beginning with aws: are reserved",
                    () -> kms.tagResource(r -> r.keyId(key).tags(tag("aws:x", "1"))));
        }

        @Test
        void onlySymmetricKeysAreMade() {
            assertRefused("UnsupportedOperationException", () -> kms.createKey(r -> r.keySpec(KeySpec.RSA_2048)));
        }

        private static Tag tag(String key, String value) {
            return Tag.builder().tagKey(key).tagValue(value).build();
        }

        private static String policy(String action) {
            return """
                    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},\
                    "Action":["%s"],"Resource":"*"}]}""".formatted(action);
        }
    }
}
