package io.threatengine.onboarding.testkit.endpoint;

import static io.threatengine.onboarding.testkit.endpoint.EndpointFixture.START;
import static io.threatengine.onboarding.testkit.endpoint.EndpointFixture.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.APIErrorType;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.Filter;
import software.amazon.awssdk.services.secretsmanager.model.FilterNameStringType;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ReplicaRegionType;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretValueEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretVersionsListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SortByType;
import software.amazon.awssdk.services.secretsmanager.model.SortOrderType;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

class SecretsManagerEndpointTest {
    private static final String MARKED_FOR_DELETION =
            "You can't perform this operation on the secret because it was marked for deletion.";

    private final EndpointFixture aws = new EndpointFixture();
    private final SecretsManagerClient secrets = aws.secrets;

    @AfterEach
    void close() {
        aws.close();
    }

    /** @return the version's id */
    private String create(String name, String value) {
        return secrets.createSecret(r -> r.name(name).secretString(value)).versionId();
    }

    private String put(String name, String value, String... stages) {
        return secrets.putSecretValue(r -> {
                    r.secretId(name).secretString(value);
                    if (stages.length > 0) {
                        r.versionStages(stages);
                    }
                })
                .versionId();
    }

    private GetSecretValueResponse get(String id) {
        return secrets.getSecretValue(r -> r.secretId(id));
    }

    private DescribeSecretResponse describe(String id) {
        return secrets.describeSecret(r -> r.secretId(id));
    }

    private Map<String, List<String>> stages(String id) {
        return describe(id).versionIdsToStages();
    }

    private static String token() {
        return UUID.randomUUID().toString();
    }

    @Nested
    class Creating {
        @Test
        void secretIsCreatedAndRead() {
            var created = secrets.createSecret(r -> r.name("app/db")
                    .secretString("hunter2")
                    .description("the database")
                    .tags(tag("team", "red")));

            assertThat(created.arn())
                    .matches("arn:aws:secretsmanager:eu-central-1:000000000000:secret:app/db-[A-Za-z0-9]{6}");
            GetSecretValueResponse read = get("app/db");
            assertThat(read.secretString()).isEqualTo("hunter2");
            assertThat(read.secretBinary()).isNull();
            assertThat(read.versionId()).isEqualTo(created.versionId());
            assertThat(read.versionStages()).containsExactly("AWSCURRENT");
            assertThat(read.createdDate()).isEqualTo(START);
            DescribeSecretResponse described = describe("app/db");
            assertThat(described.description()).isEqualTo("the database");
            assertThat(described.tags()).containsExactly(tag("team", "red"));
            assertThat(described.createdDate()).isEqualTo(START);
            assertThat(described.kmsKeyId()).isNull();
            assertThat(described.rotationEnabled()).isNull();
            assertThat(described.deletedDate()).isNull();
        }

        @Test
        void binaryValueComesBackAsBinary() {
            SdkBytes bytes = SdkBytes.fromByteArray(new byte[] {0, 1, -1});
            secrets.createSecret(r -> r.name("binary").secretBinary(bytes));

            assertThat(get("binary").secretBinary()).isEqualTo(bytes);
            assertThat(get("binary").secretString()).isNull();
        }

        @Test
        void secretIsFoundByNameArnAndPartialArn() {
            create("app/db", "v");
            String other = secrets.createSecret(r -> r.name("app/db-abcdef").secretString("w"))
                    .arn();
            String arn = describe("app/db").arn();

            for (String id : List.of("app/db", arn, arn.substring(0, arn.length() - 7))) {
                assertThat(get(id).secretString()).as(id).isEqualTo("v");
            }
            for (String id : List.of("app/db-abcdef", other, other.substring(0, other.length() - 7))) {
                assertThat(get(id).secretString()).as(id).isEqualTo("w");
            }
        }

        @Test
        void unknownSecretIsNotFound() {
            for (String id : List.of("none", "arn:aws:secretsmanager:eu-central-1:000000000000:secret:none-abcdef")) {
                assertRefused(
                        "ResourceNotFoundException", "Secrets Manager can't find the specified secret.", () -> get(id));
            }
            assertRefused("ResourceNotFoundException", () -> put("none", "v"));
            assertRefused("ResourceNotFoundException", () -> describe("none"));
            assertRefused("ResourceNotFoundException", () -> secrets.deleteSecret(r -> r.secretId("none")));
        }

        @Test
        void takenNameIsRefusedButARetrySucceeds() {
            String token = token();
            String arn = secrets.createSecret(r -> r.name("a").secretString("v").clientRequestToken(token))
                    .arn();

            assertRefused(
                    "ResourceExistsException",
                    "The operation failed because the secret a already exists.",
                    () -> create("a", "v"));
            assertRefused(
                    "ResourceExistsException",
                    () -> secrets.createSecret(
                            r -> r.name("a").secretString("w").clientRequestToken(token)));
            var retried =
                    secrets.createSecret(r -> r.name("a").secretString("v").clientRequestToken(token));
            assertThat(retried.arn()).isEqualTo(arn);
            assertThat(retried.versionId()).isEqualTo(token);
        }

        @Test
        void secretMayStartWithoutAValue() {
            assertThat(secrets.createSecret(r -> r.name("empty")).versionId()).isNull();
            assertRefused(
                    "ResourceNotFoundException",
                    "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
                    () -> get("empty"));

            String first = put("empty", "v", "CUSTOM");
            assertThat(stages("empty")).containsExactly(Map.entry(first, List.of("AWSCURRENT", "CUSTOM")));
        }

        @ParameterizedTest
        @ValueSource(strings = {"with space", "a!b", "a:b", "ä", "a\\b", "a*"})
        void illegalCharactersInANameAreRefused(String name) {
            assertRefused("ValidationException", () -> create(name, "v"));
        }

        @Test
        void namesHaveUpTo512Characters() {
            create("/_+=.@-Az09".concat("n".repeat(501)), "v");

            assertRefused("ValidationException", () -> create("n".repeat(513), "v"));
            assertRefused("ValidationException", () -> create("", "v"));
        }

        @Test
        void valuesHaveUpTo65536Bytes() {
            create("large", "x".repeat(65_536));

            assertRefused("ValidationException", () -> create("a", "x".repeat(65_537)));
            assertRefused("ValidationException", () -> create("a", "\u20ac".repeat(30_000))); // 3 bytes each
            assertRefused("ValidationException", () -> put("large", "x".repeat(65_537)));
            assertRefused(
                    "ValidationException",
                    () -> secrets.createSecret(
                            r -> r.name("a").secretBinary(SdkBytes.fromByteArray(new byte[65_537]))));
            assertRefused("ResourceNotFoundException", () -> describe("a"));
        }

        @Test
        void stringAndBinaryTogetherAreRefused() {
            create("a", "v");
            SdkBytes binary = SdkBytes.fromUtf8String("v");

            assertRefused(
                    "InvalidParameterException",
                    () -> secrets.createSecret(
                            r -> r.name("b").secretString("v").secretBinary(binary)));
            assertRefused(
                    "InvalidParameterException",
                    () -> secrets.putSecretValue(
                            r -> r.secretId("a").secretString("v").secretBinary(binary)));
            assertRefused(
                    "InvalidParameterException",
                    () -> secrets.updateSecret(
                            r -> r.secretId("a").secretString("v").secretBinary(binary)));
        }

        @Test
        void tokensHave32To64Characters() {
            create("a", "v");
            for (int length : new int[] {31, 65}) {
                assertRefused(
                        "ValidationException",
                        () -> secrets.putSecretValue(
                                r -> r.secretId("a").secretString("w").clientRequestToken("t".repeat(length))));
            }
        }

        @Test
        void whatTheEndpointLacksIsRefused() {
            assertRefused(
                    "ValidationException",
                    () -> secrets.createSecret(r -> r.name("a")
                            .addReplicaRegions(ReplicaRegionType.builder()
                                    .region("us-east-1")
                                    .build())));
        }
    }

    @Nested
    class Versions {
        @Test
        void putMakesTheNewVersionCurrentAndTheOldOnePrevious() {
            String first = create("a", "1");
            String second = put("a", "2");
            String third = put("a", "3");

            assertThat(stages("a")).isEqualTo(Map.of(second, List.of("AWSPREVIOUS"), third, List.of("AWSCURRENT")));
            assertThat(get("a").secretString()).isEqualTo("3");
            assertThat(secrets.getSecretValue(r -> r.secretId("a").versionStage("AWSPREVIOUS"))
                            .secretString())
                    .isEqualTo("2");
            GetSecretValueResponse deprecated =
                    secrets.getSecretValue(r -> r.secretId("a").versionId(first));
            assertThat(deprecated.secretString()).isEqualTo("1");
            assertThat(deprecated.versionStages()).isEmpty();
        }

        @Test
        void tokenMakesPutIdempotent() {
            create("a", "1");
            String token = token();
            for (int i = 0; i < 2; i++) {
                var put = secrets.putSecretValue(
                        r -> r.secretId("a").secretString("2").clientRequestToken(token));
                assertThat(put.versionId()).isEqualTo(token);
                assertThat(put.versionStages()).containsExactly("AWSCURRENT");
            }

            assertThat(stages("a")).hasSize(2);
            assertRefused(
                    "ResourceExistsException",
                    () -> secrets.putSecretValue(
                            r -> r.secretId("a").secretString("3").clientRequestToken(token)));
            assertRefused(
                    "ResourceExistsException",
                    () -> secrets.putSecretValue(r -> r.secretId("a")
                            .secretBinary(SdkBytes.fromUtf8String("2"))
                            .clientRequestToken(token)));
            assertThat(get("a").secretString()).isEqualTo("2");
        }

        @Test
        void pendingVersionIsNotCurrent() {
            String current = create("a", "1");
            String pending = put("a", "2", "AWSPENDING");

            assertThat(get("a").secretString()).isEqualTo("1");
            assertThat(stages("a")).isEqualTo(Map.of(current, List.of("AWSCURRENT"), pending, List.of("AWSPENDING")));
        }

        @Test
        void labelsMoveToTheVersionThatIsPutWithThem() {
            create("a", "1");
            String second = put("a", "2", "one", "two", "three");
            String third = put("a", "3", "one", "two", "four");

            assertThat(stages("a"))
                    .containsEntry(second, List.of("three"))
                    .containsEntry(third, List.of("four", "one", "two"));
        }

        @Test
        void promotionMovesCurrentAndPrevious() {
            String first = create("a", "1");
            String second = put("a", "2", "AWSPENDING");

            secrets.updateSecretVersionStage(r -> r.secretId("a")
                    .versionStage("AWSCURRENT")
                    .removeFromVersionId(first)
                    .moveToVersionId(second));

            assertThat(stages("a"))
                    .isEqualTo(Map.of(first, List.of("AWSPREVIOUS"), second, List.of("AWSCURRENT", "AWSPENDING")));
            assertThat(get("a").secretString()).isEqualTo("2");

            put("a", "3"); // the finished rotation's AWSPENDING does not linger
            assertThat(stages("a")).containsEntry(second, List.of("AWSPREVIOUS"));
        }

        @Test
        void promotionIsConditionalOnTheCurrentHolder() {
            String first = create("a", "1");
            String second = put("a", "2");
            String third = put("a", "3", "AWSPENDING");
            var before = stages("a");

            assertRefused(
                    "InvalidParameterException",
                    () -> secrets.updateSecretVersionStage(r -> r.secretId("a")
                            .versionStage("AWSCURRENT")
                            .removeFromVersionId(first)
                            .moveToVersionId(third)));
            assertRefused(
                    "InvalidParameterException",
                    "The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached "
                            + "to version " + second
                            + ", so you must explicitly reference that version in RemoveFromVersionId.",
                    () -> secrets.updateSecretVersionStage(
                            r -> r.secretId("a").versionStage("AWSCURRENT").moveToVersionId(third)));
            assertThat(stages("a")).isEqualTo(before);
        }

        @Test
        void rollbackMovesCurrentBack() {
            String first = create("a", "1");
            String second = put("a", "2");

            secrets.updateSecretVersionStage(r -> r.secretId("a")
                    .versionStage("AWSCURRENT")
                    .removeFromVersionId(second)
                    .moveToVersionId(first));

            assertThat(stages("a")).isEqualTo(Map.of(first, List.of("AWSCURRENT"), second, List.of("AWSPREVIOUS")));
        }

        @Test
        void labelsCanBeTakenOffExceptCurrent() {
            String first = create("a", "1");
            String second = put("a", "2", "AWSPENDING");

            secrets.updateSecretVersionStage(
                    r -> r.secretId("a").versionStage("AWSPENDING").removeFromVersionId(second));
            assertThat(stages("a")).isEqualTo(Map.of(first, List.of("AWSCURRENT")));
            assertRefused(
                    "InvalidParameterException",
                    () -> secrets.updateSecretVersionStage(
                            r -> r.secretId("a").versionStage("AWSCURRENT").removeFromVersionId(first)));
            assertRefused(
                    "ResourceNotFoundException",
                    () -> secrets.updateSecretVersionStage(
                            r -> r.secretId("a").versionStage("X").moveToVersionId(token())));
        }

        @Test
        void versionsThatAreNotThereAreNotFound() {
            String first = create("a", "1");
            String second = put("a", "2");
            String unknown = token();

            assertRefused(
                    "ResourceNotFoundException",
                    "Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
                    () -> secrets.getSecretValue(r -> r.secretId("a").versionStage("AWSPENDING")));
            assertRefused(
                    "ResourceNotFoundException",
                    "Secrets Manager can't find the specified secret value for VersionId: " + unknown,
                    () -> secrets.getSecretValue(r -> r.secretId("a").versionId(unknown)));
            assertRefused(
                    "ResourceNotFoundException",
                    () -> secrets.getSecretValue(
                            r -> r.secretId("a").versionId(first).versionStage("AWSCURRENT")));
            assertThat(secrets.getSecretValue(
                                    r -> r.secretId("a").versionId(second).versionStage("AWSCURRENT"))
                            .secretString())
                    .isEqualTo("2");
        }

        @Test
        void updateChangesValueAndDescriptionSeparately() {
            String first = create("a", "1");

            assertThat(secrets.updateSecret(r -> r.secretId("a").description("d"))
                            .versionId())
                    .isNull();
            assertThat(stages("a")).containsOnlyKeys(first);
            String second =
                    secrets.updateSecret(r -> r.secretId("a").secretString("2")).versionId();

            assertThat(describe("a").description()).isEqualTo("d");
            assertThat(stages("a")).isEqualTo(Map.of(first, List.of("AWSPREVIOUS"), second, List.of("AWSCURRENT")));
            assertRefused(
                    "ResourceExistsException",
                    () -> secrets.updateSecret(
                            r -> r.secretId("a").secretString("3").clientRequestToken(second)));
        }

        @Test
        void putNeedsAValue() {
            create("a", "1");
            assertRefused(
                    "InvalidRequestException",
                    "You must provide either SecretString or SecretBinary.",
                    () -> secrets.putSecretValue(r -> r.secretId("a")));
        }

        @Test
        void versionsAreListedWithAndWithoutDeprecatedOnes() {
            String first = create("a", "1");
            String second = put("a", "2");
            String third = put("a", "3");

            assertThat(secrets.listSecretVersionIds(r -> r.secretId("a")).versions())
                    .extracting(SecretVersionsListEntry::versionId)
                    .containsExactly(second, third);
            List<SecretVersionsListEntry> all = allVersions(1);
            assertThat(all).extracting(SecretVersionsListEntry::versionId).containsExactly(first, second, third);
            assertThat(all)
                    .extracting(SecretVersionsListEntry::kmsKeyIds)
                    .containsOnly(List.of("DefaultEncryptionKey"));
        }

        @Test
        void deprecatedVersionsOlderThanADayArePrunedAbove100() {
            String first = create("a", "0");
            IntStream.range(1, 100).forEach(i -> put("a", "v" + i));
            assertThat(allVersions(100)).hasSize(100);

            assertRefused("LimitExceededException", () -> put("a", "too soon"));
            assertThat(get("a").secretString()).isEqualTo("v99");

            aws.advance(Duration.ofHours(24));
            put("a", "a day later");
            assertThat(allVersions(100)).hasSize(100);
            assertRefused(
                    "ResourceNotFoundException",
                    () -> secrets.getSecretValue(r -> r.secretId("a").versionId(first)));
        }

        private List<SecretVersionsListEntry> allVersions(int pageSize) {
            return secrets
                    .listSecretVersionIdsPaginator(
                            r -> r.secretId("a").includeDeprecated(true).maxResults(pageSize))
                    .stream()
                    .flatMap(page -> page.versions().stream())
                    .toList();
        }
    }

    @Nested
    class Deleting {
        @Test
        void scheduledSecretRefusesEveryUse() {
            String version = create("a", "1");
            secrets.deleteSecret(r -> r.secretId("a").recoveryWindowInDays(7L));

            for (var use : List.<Runnable>of(
                    () -> get("a"),
                    () -> put("a", "2"),
                    () -> secrets.updateSecret(r -> r.secretId("a").description("d")),
                    () -> secrets.tagResource(r -> r.secretId("a").tags(tag("k", "v"))),
                    () -> secrets.untagResource(r -> r.secretId("a").tagKeys("k")),
                    () -> secrets.updateSecretVersionStage(
                            r -> r.secretId("a").versionStage("X").moveToVersionId(version)),
                    () -> secrets.rotateSecret(r -> r.secretId("a").rotationLambdaARN("arn:aws:lambda:x")),
                    () -> secrets.cancelRotateSecret(r -> r.secretId("a")),
                    () -> secrets.getResourcePolicy(r -> r.secretId("a")))) {
                assertRefused("InvalidRequestException", MARKED_FOR_DELETION, use::run);
            }
            assertRefused(
                    "InvalidRequestException",
                    "You can't create this secret because a secret with this name is already scheduled for deletion.",
                    () -> create("a", "2"));
            assertThat(describe("a").deletedDate()).isEqualTo(START.plus(Duration.ofDays(7)));
        }

        @Test
        void deletingTwiceKeepsTheDate() {
            create("a", "1");
            Instant date = secrets.deleteSecret(r -> r.secretId("a").recoveryWindowInDays(7L))
                    .deletionDate();
            aws.advance(Duration.ofDays(3));

            assertThat(date).isEqualTo(START.plus(Duration.ofDays(7)));
            assertThat(secrets.deleteSecret(r -> r.secretId("a").recoveryWindowInDays(30L))
                            .deletionDate())
                    .isEqualTo(date);
        }

        @Test
        void secretIsGoneOnceTheWindowEnds() {
            create("a", "1");
            String arn = describe("a").arn();
            secrets.deleteSecret(r -> r.secretId("a"));

            aws.advance(Duration.ofDays(30).minusMillis(1));
            assertThat(describe("a").deletedDate()).isEqualTo(START.plus(Duration.ofDays(30)));

            aws.advance(Duration.ofMillis(1));
            assertRefused("ResourceNotFoundException", () -> describe(arn));
            assertRefused("ResourceNotFoundException", () -> secrets.restoreSecret(r -> r.secretId("a")));
            create("a", "new");
            assertThat(describe("a").arn()).isNotEqualTo(arn);
        }

        @Test
        void restoredSecretIsAsBefore() {
            create("a", "1");
            secrets.deleteSecret(r -> r.secretId("a"));
            secrets.restoreSecret(r -> r.secretId("a"));
            aws.advance(Duration.ofDays(31));

            assertThat(get("a").secretString()).isEqualTo("1");
            assertThat(describe("a").deletedDate()).isNull();
        }

        @Test
        void forcedDeletionIsImmediateAndForgivesUnknownNames() {
            create("a", "1");
            create("b", "1");
            secrets.deleteSecret(r -> r.secretId("b"));
            for (String name : List.of("a", "b", "never was")) {
                var deleted = secrets.deleteSecret(r -> r.secretId(name).forceDeleteWithoutRecovery(true));
                assertThat(deleted.name()).isEqualTo(name);
                assertThat(deleted.deletionDate()).isEqualTo(START);
            }

            assertRefused("ResourceNotFoundException", () -> describe("a"));
            create("a", "2");
            create("b", "2");
        }

        @Test
        void forceAndWindowExcludeEachOther() {
            create("a", "1");
            assertRefused(
                    "InvalidParameterException",
                    () -> secrets.deleteSecret(r ->
                            r.secretId("a").forceDeleteWithoutRecovery(true).recoveryWindowInDays(7L)));
            for (long days : new long[] {0, 6, 31}) {
                assertRefused(
                        "InvalidParameterException",
                        "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).",
                        () -> secrets.deleteSecret(r -> r.secretId("a").recoveryWindowInDays(days)));
            }
            assertThat(describe("a").deletedDate()).isNull();
        }
    }

    @Nested
    class UnderACustomerKey {
        private final String key = aws.newKey();

        private void createUnderKey() {
            secrets.createSecret(r -> r.name("a").secretString("1").kmsKeyId(key));
        }

        @Test
        void keyIsDescribedAsItWasNamed() {
            createUnderKey();

            assertThat(get("a").secretString()).isEqualTo("1");
            assertThat(describe("a").kmsKeyId()).isEqualTo(key);
            assertThat(secrets.listSecretVersionIds(r -> r.secretId("a"))
                            .versions()
                            .get(0)
                            .kmsKeyIds())
                    .containsExactly(key);
        }

        @Test
        void unknownKeyIsRefused() {
            createUnderKey();
            String unknown = UUID.randomUUID().toString();

            assertRefused(
                    "InvalidParameterException",
                    "The operation failed because of an invalid KMS key: Key 'arn:aws:kms:eu-central-1:000000000000:key/"
                            + unknown + "' does not exist",
                    () -> secrets.createSecret(
                            r -> r.name("b").secretString("1").kmsKeyId(unknown)));
            assertRefused(
                    "InvalidParameterException",
                    () -> secrets.createSecret(r -> r.name("b").kmsKeyId("alias/none")));
            assertRefused(
                    "InvalidParameterException",
                    () -> secrets.updateSecret(r -> r.secretId("a").kmsKeyId("nonsense")));
            assertRefused("ResourceNotFoundException", () -> describe("b"));
            assertThat(describe("a").kmsKeyId()).isEqualTo(key);
        }

        @Test
        void disabledKeyStopsReadingAndWriting() {
            createUnderKey();
            aws.kms.disableKey(r -> r.keyId(key));

            assertUnusable("is disabled.", "DisabledException");
            assertThat(describe("a").lastAccessedDate()).isNull();
            secrets.updateSecret(r -> r.secretId("a").description("needs no key"));

            aws.kms.enableKey(r -> r.keyId(key));
            assertThat(get("a").secretString()).isEqualTo("1");
        }

        @Test
        void keyPendingDeletionStopsReadingAndWriting() {
            createUnderKey();
            aws.kms.scheduleKeyDeletion(r -> r.keyId(key).pendingWindowInDays(7));

            assertUnusable("is pending deletion.", "KMSInvalidStateException");
        }

        @Test
        void deletedKeyTakesTheValueWithIt() {
            createUnderKey();
            aws.kms.scheduleKeyDeletion(r -> r.keyId(key).pendingWindowInDays(7));
            aws.advance(Duration.ofDays(7));

            assertUnusable("does not exist", "NotFoundException");
            secrets.deleteSecret(r -> r.secretId("a"));
        }

        private void assertUnusable(String reason, String kmsError) {
            assertThat(assertRefused("DecryptionFailure", () -> get("a")))
                    .hasMessageContaining(reason)
                    .hasMessageContaining(kmsError);
            assertThat(assertRefused("EncryptionFailure", () -> put("a", "2")))
                    .hasMessageContaining(reason)
                    .hasMessageContaining(kmsError);
            assertRefused(
                    "EncryptionFailure",
                    () -> secrets.updateSecret(r -> r.secretId("a").secretString("2")));
            assertThat(secrets.batchGetSecretValue(r -> r.secretIdList("a")).errors())
                    .extracting(APIErrorType::errorCode)
                    .containsExactly("DecryptionFailure");
        }

        @Test
        void newKeyCoversTheLabelledVersionsToo() {
            createUnderKey();
            secrets.putSecretValue(r -> r.secretId("a").secretString("2"));
            String next = aws.newKey();
            aws.kms.createAlias(r -> r.aliasName("alias/next").targetKeyId(next));

            secrets.updateSecret(r -> r.secretId("a").kmsKeyId("alias/next"));
            aws.kms.disableKey(r -> r.keyId(key));

            assertThat(describe("a").kmsKeyId()).isEqualTo("alias/next");
            assertThat(get("a").secretString()).isEqualTo("2");
            assertThat(secrets.getSecretValue(r -> r.secretId("a").versionStage("AWSPREVIOUS"))
                            .secretString())
                    .isEqualTo("1");
            put("a", "3");
        }

        @Test
        void emptyKeyIdGoesBackToTheDefaultKey() {
            createUnderKey();
            secrets.updateSecret(r -> r.secretId("a").kmsKeyId(""));
            aws.kms.disableKey(r -> r.keyId(key));

            assertThat(describe("a").kmsKeyId()).isNull();
            assertThat(get("a").secretString()).isEqualTo("1");
        }

        @Test
        void refusedUpdateChangesNothing() {
            createUnderKey();
            String disabled = aws.newKey();
            aws.kms.disableKey(r -> r.keyId(disabled));

            assertRefused(
                    "EncryptionFailure",
                    () -> secrets.updateSecret(
                            r -> r.secretId("a").kmsKeyId(disabled).secretString("2")));

            assertThat(describe("a").kmsKeyId()).isEqualTo(key);
            assertThat(get("a").secretString()).isEqualTo("1");
        }
    }

    @Nested
    class Listing {
        private void createThree() {
            secrets.createSecret(r -> r.name("app/one").description("Red fox").tags(tag("team", "red")));
            secrets.createSecret(r -> r.name("app/two").description("reddish").tags(tag("tier", "gold")));
            secrets.createSecret(r -> r.name("other/three").description("blue"));
        }

        private List<String> names(FilterNameStringType key, String... values) {
            return secrets.listSecrets(r -> r.filters(filter(key, values))).secretList().stream()
                    .map(SecretListEntry::name)
                    .toList();
        }

        @Test
        void filtersNarrowTheList() {
            createThree();

            assertThat(names(FilterNameStringType.NAME, "app/")).containsExactly("app/one", "app/two");
            assertThat(names(FilterNameStringType.NAME, "!app/")).containsExactly("other/three");
            assertThat(names(FilterNameStringType.NAME, "one")).isEmpty();
            assertThat(names(FilterNameStringType.NAME, "APP/")).isEmpty();
            assertThat(names(FilterNameStringType.NAME, "app/one", "other")).containsExactly("app/one", "other/three");
            assertThat(names(FilterNameStringType.TAG_KEY, "t")).containsExactly("app/one", "app/two");
            assertThat(names(FilterNameStringType.TAG_VALUE, "gold")).containsExactly("app/two");
            assertThat(names(FilterNameStringType.DESCRIPTION, "red")).containsExactly("app/one", "app/two");
            assertThat(names(FilterNameStringType.DESCRIPTION, "RED FOX")).containsExactly("app/one");
            assertThat(names(FilterNameStringType.PRIMARY_REGION, "eu-central-1"))
                    .hasSize(3);
            assertThat(names(FilterNameStringType.PRIMARY_REGION, "us-east-1")).isEmpty();
            assertThat(names(FilterNameStringType.ALL, "THREE")).containsExactly("other/three");
            assertThat(names(FilterNameStringType.ALL, "gold")).containsExactly("app/two");
            assertThat(secrets.listSecrets(r -> r.filters(
                                    filter(FilterNameStringType.NAME, "app/"),
                                    filter(FilterNameStringType.TAG_KEY, "tier")))
                            .secretList())
                    .extracting(SecretListEntry::name)
                    .containsExactly("app/two");
        }

        @Test
        void pagesCoverEachSecretOnceAlsoWhenListedOnesAreDeleted() {
            IntStream.range(0, 25).forEach(i -> create("s" + i, "v"));

            var first = secrets.listSecrets(r -> r.maxResults(10));
            assertThat(first.secretList()).hasSize(10);
            first.secretList()
                    .forEach(entry ->
                            secrets.deleteSecret(r -> r.secretId(entry.arn()).forceDeleteWithoutRecovery(true)));
            var second = secrets.listSecrets(r -> r.maxResults(100).nextToken(first.nextToken()));

            assertThat(second.secretList())
                    .extracting(SecretListEntry::name)
                    .containsExactlyElementsOf(
                            IntStream.range(10, 25).mapToObj(i -> "s" + i).toList());
            assertThat(second.nextToken()).isNull();
            assertThat(secrets.listSecretsPaginator(r -> r.maxResults(4)).stream()
                            .flatMap(page -> page.secretList().stream()))
                    .hasSize(15);
            assertRefused("InvalidNextTokenException", () -> secrets.listSecrets(r -> r.nextToken("made up")));
            assertRefused("ValidationException", () -> secrets.listSecrets(r -> r.maxResults(101)));
        }

        @Test
        void orderFollowsTheRequest() {
            createThree();

            assertThat(secrets.listSecrets(r -> r.sortOrder(SortOrderType.DESC)).secretList())
                    .extracting(SecretListEntry::name)
                    .containsExactly("other/three", "app/two", "app/one");
            assertThat(secrets.listSecrets(r -> r.sortBy(SortByType.NAME)).secretList())
                    .extracting(SecretListEntry::name)
                    .containsExactly("app/one", "app/two", "other/three");
        }

        @Test
        void scheduledSecretsAreListedOnRequestOnly() {
            String version = create("a", "1");
            secrets.deleteSecret(r -> r.secretId("a"));

            assertThat(secrets.listSecrets().secretList()).isEmpty();
            SecretListEntry entry = secrets.listSecrets(r -> r.includePlannedDeletion(true))
                    .secretList()
                    .get(0);
            assertThat(entry.deletedDate()).isEqualTo(START.plus(Duration.ofDays(30)));
            assertThat(entry.secretVersionsToStages()).containsEntry(version, List.of("AWSCURRENT"));
        }

        @Test
        void batchReturnsValuesAndErrorsPerId() {
            create("a", "1");
            create("b", "2");
            create("c", "3");
            secrets.deleteSecret(r -> r.secretId("c"));

            BatchGetSecretValueResponse batch = secrets.batchGetSecretValue(
                    r -> r.secretIdList("a", describe("b").arn(), "none", "c"));

            assertThat(batch.secretValues())
                    .extracting(SecretValueEntry::secretString)
                    .containsExactly("1", "2");
            assertThat(batch.errors().stream()
                            .collect(Collectors.toMap(APIErrorType::secretId, APIErrorType::errorCode)))
                    .isEqualTo(Map.of("none", "ResourceNotFoundException", "c", "InvalidRequestException"));
        }

        @Test
        void batchByFilterComesInPages() {
            IntStream.range(0, 25).forEach(i -> create("app/" + i, "v" + i));
            create("other", "v");
            secrets.deleteSecret(r -> r.secretId("app/3"));

            assertThat(
                            secrets
                                    .batchGetSecretValuePaginator(
                                            r -> r.filters(filter(FilterNameStringType.NAME, "app/")))
                                    .stream()
                                    .flatMap(page -> page.secretValues().stream())
                                    .map(SecretValueEntry::secretString))
                    .hasSize(24)
                    .contains("v0", "v24")
                    .doesNotContain("v3", "v");
        }

        @Test
        void batchIsLimitedTo20Ids() {
            List<String> ids = IntStream.range(0, 21).mapToObj(i -> "s" + i).toList();

            assertThat(secrets.batchGetSecretValue(r -> r.secretIdList(ids.subList(0, 20)))
                            .errors())
                    .hasSize(20);
            assertRefused("ValidationException", () -> secrets.batchGetSecretValue(r -> r.secretIdList(ids)));
            assertRefused("InvalidParameterException", () -> secrets.batchGetSecretValue(r -> {}));
            assertRefused(
                    "InvalidParameterException",
                    () -> secrets.batchGetSecretValue(
                            r -> r.secretIdList("a").filters(filter(FilterNameStringType.NAME, "a"))));
        }

        private static Filter filter(FilterNameStringType key, String... values) {
            return Filter.builder().key(key).values(values).build();
        }
    }

    @Nested
    class Metadata {
        @Test
        void lastAccessIsKnownToTheDay() {
            create("a", "1");
            assertThat(describe("a").lastAccessedDate()).isNull();

            aws.advance(Duration.ofDays(2));
            get("a");

            assertThat(describe("a").lastAccessedDate()).isEqualTo(Instant.parse("2026-03-03T00:00:00Z"));
            assertThat(describe("a").lastChangedDate()).isEqualTo(START);
        }

        @Test
        void everyChangeSetsTheDateOfChange() {
            String first = create("a", "1");
            for (var change : List.<Runnable>of(
                    () -> put("a", "2", "OTHER"),
                    () -> secrets.updateSecret(r -> r.secretId("a").description("d")),
                    () -> secrets.updateSecretVersionStage(
                            r -> r.secretId("a").versionStage("X").moveToVersionId(first)),
                    () -> secrets.tagResource(r -> r.secretId("a").tags(tag("k", "v"))),
                    () -> secrets.untagResource(r -> r.secretId("a").tagKeys("k")),
                    () -> secrets.rotateSecret(r -> r.secretId("a").rotationLambdaARN("arn:aws:lambda:x")))) {
                aws.advance(Duration.ofSeconds(1));
                change.run();
                assertThat(describe("a").lastChangedDate()).isEqualTo(aws.instant());
            }
        }

        @Test
        void tagsAreAddedReplacedAndRemoved() {
            create("a", "1");
            secrets.tagResource(r -> r.secretId("a").tags(tag("x", "1"), tag("y", "2")));
            secrets.tagResource(r -> r.secretId("a").tags(tag("x", "3")));
            secrets.untagResource(r -> r.secretId("a").tagKeys("y"));

            assertThat(describe("a").tags()).containsExactly(tag("x", "3"));
            assertRefused(
                    "InvalidParameterException",
                    () -> secrets.tagResource(r -> r.secretId("a").tags(tag("z", "1"), tag("z", "2"))));
        }

        @Test
        void rotationIsStoredButCreatesNoVersion() {
            String version = create("a", "1");
            assertRefused(
                    "InvalidRequestException",
                    "No Lambda rotation function ARN is associated with this secret.",
                    () -> secrets.rotateSecret(r -> r.secretId("a").rotationRules(x -> x.automaticallyAfterDays(30L))));

            secrets.rotateSecret(r -> r.secretId("a")
                    .rotationLambdaARN("arn:aws:lambda:x")
                    .rotationRules(x -> x.automaticallyAfterDays(30L)));
            DescribeSecretResponse described = describe("a");
            assertThat(described.rotationEnabled()).isTrue();
            assertThat(described.rotationLambdaARN()).isEqualTo("arn:aws:lambda:x");
            assertThat(described.rotationRules().automaticallyAfterDays()).isEqualTo(30);
            assertThat(described.nextRotationDate()).isEqualTo(START.plus(Duration.ofDays(30)));
            assertThat(described.versionIdsToStages()).containsOnlyKeys(version);

            aws.advance(Duration.ofDays(1));
            secrets.rotateSecret(r -> r.secretId("a").rotationRules(x -> x.scheduleExpression("rate(10 days)")));
            assertThat(describe("a").nextRotationDate()).isEqualTo(START.plus(Duration.ofDays(11)));

            secrets.cancelRotateSecret(r -> r.secretId("a"));
            assertThat(describe("a").rotationEnabled()).isFalse();
            assertThat(describe("a").nextRotationDate()).isNull();
        }

        @Test
        void unfinishedRotationBlocksTheNext() {
            create("a", "1");
            put("a", "2", "AWSPENDING");

            assertRefused(
                    "InvalidRequestException",
                    "A previous rotation isn't complete. That rotation will be reattempted.",
                    () -> secrets.rotateSecret(r -> r.secretId("a").rotationLambdaARN("arn:aws:lambda:x")));
        }

        @Test
        void randomPasswordsFollowTheRequest() {
            assertThat(secrets.getRandomPassword(r -> {}).randomPassword())
                    .hasSize(32)
                    .matches(".*[a-z].*")
                    .matches(".*[A-Z].*")
                    .matches(".*[0-9].*")
                    .matches(".*\\p{Punct}.*");
            assertThat(secrets.getRandomPassword(r -> r.passwordLength(200L)
                                    .excludePunctuation(true)
                                    .excludeUppercase(true)
                                    .excludeCharacters("abc"))
                            .randomPassword())
                    .matches("[d-z0-9]{200}");
            assertRefused("InvalidParameterException", () -> secrets.getRandomPassword(r -> r.passwordLength(3L)));
            assertRefused("ValidationException", () -> secrets.getRandomPassword(r -> r.passwordLength(4097L)));
        }

        @Test
        void resourcePolicyIsStoredAndChecked() {
            create("a", "1");
            String policy = """
                    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"secretsmanager:*","Resource":"*"}]}""";
            assertThat(secrets.getResourcePolicy(r -> r.secretId("a")).resourcePolicy())
                    .isNull();

            secrets.putResourcePolicy(r -> r.secretId("a").resourcePolicy(policy));
            assertThat(secrets.getResourcePolicy(r -> r.secretId("a")).resourcePolicy())
                    .isEqualTo(policy);
            secrets.deleteResourcePolicy(r -> r.secretId("a"));
            assertThat(secrets.getResourcePolicy(r -> r.secretId("a")).resourcePolicy())
                    .isNull();

            assertRefused(
                    "MalformedPolicyDocumentException",
                    () -> secrets.putResourcePolicy(r -> r.secretId("a").resourcePolicy("{}")));
            assertRefused(
                    "PublicPolicyException",
                    () -> secrets.putResourcePolicy(
                            r -> r.secretId("a").resourcePolicy(policy).blockPublicPolicy(true)));
        }
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }
}
