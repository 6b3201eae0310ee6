package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.storage.Bulk;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.Deviation;
import io.threatengine.onboarding.testkit.TestAws;
import io.threatengine.onboarding.testkit.Workspace;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.TableClass;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.Tag;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** A backend differs from AWS in what it says, as far as calls can show it, and in nothing else of what it might. */
abstract class Deviations {
    /** What calls cannot show: AWS takes days for the one; where there are no calls, there is nothing else to ask. */
    private static final Set<Deviation> NOT_SHOWN = Set.of(Deviation.NO_EXPIRY, Deviation.NO_PROTOCOL);

    /** So often is looked for a race that is not said to be there; for one that is, until it shows. */
    private static final int ROUNDS = 100;

    private static final int MOST_ROUNDS = 5_000;

    private final Backend backend;
    private final Workspace workspace;
    private final DynamoDbClient dynamoDb;
    private final SecretsManagerClient secrets;
    private final KmsClient kms;

    Deviations(Backend backend, Workspace workspace, TestAws aws) {
        this.backend = backend;
        this.workspace = workspace;
        this.dynamoDb = aws.dynamoDb();
        this.secrets = aws.secretsManager();
        this.kms = aws.kms();
    }

    @TestFactory
    Stream<DynamicTest> isDifferentFromAwsWhereItSaysSo() {
        Map<Deviation, Supplier<List<Boolean>>> probes = probes();
        return Stream.of(Deviation.values())
                .filter(deviation -> !NOT_SHOWN.contains(deviation))
                .map(deviation -> DynamicTest.dynamicTest(deviation.name(), () -> {
                    boolean said = backend.deviations().contains(deviation);
                    assertThat(probes).containsKey(deviation);
                    assertThat(probes.get(deviation).get())
                            .as("as on AWS, in each of its parts; %s", deviation.sentence())
                            .containsOnly(!said);
                }));
    }

    /** For each deviation, whether its parts are done as AWS does them. */
    private Map<Deviation, Supplier<List<Boolean>>> probes() {
        var probes = new EnumMap<Deviation, Supplier<List<Boolean>>>(Deviation.class);
        probes.put(Deviation.DECRYPT_WITH_ANOTHER_KEY, this::decryptWithAnotherKey);
        probes.put(Deviation.DISABLED_KEY, this::disabledKey);
        probes.put(Deviation.KEY_PENDING_DELETION, this::keyPendingDeletion);
        probes.put(Deviation.KEY_ARGUMENTS_UNCHECKED, this::keyArguments);
        probes.put(Deviation.SECRET_UNDER_DISABLED_KEY, this::secretUnderDisabledKey);
        probes.put(Deviation.SECRET_ARGUMENTS_UNCHECKED, this::secretArguments);
        probes.put(Deviation.WRITE_TO_DELETED_SECRET, this::writeToDeletedSecret);
        probes.put(Deviation.CREATE_OVER_DELETED_SECRET, this::createOverDeletedSecret);
        probes.put(Deviation.DELETE_TWICE, this::deleteTwice);
        probes.put(Deviation.VERSION_WITHOUT_THE_STAGE, this::versionWithoutTheStage);
        probes.put(Deviation.CURRENT_WITHOUT_NAMING_IT, this::currentWithoutNamingIt);
        probes.put(Deviation.STAGE_OF_ANOTHER_VERSION, this::stageOfAnotherVersion);
        probes.put(Deviation.DATES_IN_SECONDS, this::dates);
        probes.put(Deviation.EMPTY_PAGE_TOKEN, this::pageToken);
        probes.put(Deviation.ROTATION_WITHOUT_FUNCTION, this::rotationWithoutFunction);
        probes.put(Deviation.INDEX_KEY_TYPE, this::indexKeyType);
        probes.put(Deviation.REQUEST_LIMITS_UNCHECKED, this::requestLimits);
        probes.put(Deviation.TRANSACTION_TOKEN, this::transactionToken);
        probes.put(Deviation.CONCURRENT_WRITES, this::concurrentWrites);
        probes.put(Deviation.FILTER_ON_INDEX_KEY, this::filterOnIndexKey);
        probes.put(Deviation.NO_BACKUPS, this::backups);
        probes.put(Deviation.NO_TABLE_TAGS, this::tableTags);
        probes.put(Deviation.NO_TABLE_ENCRYPTION, () -> List.of(specialTable().sseDescription() != null));
        probes.put(Deviation.NO_TABLE_CLASS, () -> List.of(specialTable().tableClassSummary() != null));
        return probes;
    }

    // ---- KMS

    private String key() {
        return kms.createKey(request -> request.description("probe"))
                .keyMetadata()
                .keyId();
    }

    private SdkBytes encrypted(String key) {
        return kms.encrypt(request -> request.keyId(key).plaintext(bytes())).ciphertextBlob();
    }

    private static SdkBytes bytes() {
        return SdkBytes.fromString("probe", StandardCharsets.UTF_8);
    }

    private List<Boolean> decryptWithAnotherKey() {
        SdkBytes ciphertext = encrypted(key());
        String other = key();
        return List.of(refuses(
                "IncorrectKeyException",
                () -> kms.decrypt(request -> request.keyId(other).ciphertextBlob(ciphertext))));
    }

    private List<Boolean> disabledKey() {
        String key = key();
        SdkBytes ciphertext = encrypted(key);
        kms.disableKey(request -> request.keyId(key));
        return List.of(
                refuses("DisabledException", () -> encrypted(key)),
                refuses("DisabledException", () -> kms.decrypt(request -> request.ciphertextBlob(ciphertext))),
                refuses("DisabledException", () -> dataKey(key)));
    }

    private void dataKey(String key) {
        kms.generateDataKey(request -> request.keyId(key).keySpec(DataKeySpec.AES_256));
    }

    private List<Boolean> keyPendingDeletion() {
        String key = key();
        SdkBytes ciphertext = encrypted(key);
        kms.scheduleKeyDeletion(request -> request.keyId(key).pendingWindowInDays(7));
        String refusal = "KMSInvalidStateException";
        return List.of(
                refuses(refusal, () -> encrypted(key)),
                refuses(refusal, () -> kms.decrypt(request -> request.ciphertextBlob(ciphertext))),
                refuses(refusal, () -> dataKey(key)));
    }

    private List<Boolean> keyArguments() {
        String key = key();
        return List.of(
                refuses(
                        "MalformedPolicyDocumentException",
                        () -> kms.putKeyPolicy(request ->
                                request.keyId(key).policyName("default").policy("none"))),
                refuses(
                        "ValidationException",
                        () -> kms.scheduleKeyDeletion(
                                request -> request.keyId(key).pendingWindowInDays(6))));
    }

    // ---- Secrets Manager

    private String name() {
        return workspace.settings().secretsPrefix() + "/" + UUID.randomUUID();
    }

    private String secret() {
        String name = name();
        secrets.createSecret(request -> request.name(name).secretString("1"));
        return name;
    }

    private String deletedSecret() {
        String name = secret();
        secrets.deleteSecret(request -> request.secretId(name).recoveryWindowInDays(7L));
        return name;
    }

    private String version(String name, String value, String stage) {
        return secrets.putSecretValue(
                        request -> request.secretId(name).secretString(value).versionStages(stage))
                .versionId();
    }

    private List<Boolean> secretUnderDisabledKey() {
        String key = key();
        String name = name();
        secrets.createSecret(request -> request.name(name).secretString("1").kmsKeyId(key));
        kms.disableKey(request -> request.keyId(key));
        return List.of(refuses("", () -> secrets.getSecretValue(request -> request.secretId(name))));
    }

    private List<Boolean> secretArguments() {
        return List.of(
                refuses(
                        "",
                        () -> secrets.createSecret(
                                request -> request.name(name()).secretString("x".repeat(65_537)))),
                refuses(
                        "",
                        () -> secrets.createSecret(
                                request -> request.name(name() + " ?").secretString("1"))),
                refuses(
                        "",
                        () -> secrets.createSecret(request -> request.name(name())
                                .secretString("1")
                                .kmsKeyId(UUID.randomUUID().toString()))),
                refuses(
                        "",
                        () -> secrets.createSecret(request ->
                                request.name(name()).secretString("1").secretBinary(bytes()))));
    }

    private List<Boolean> writeToDeletedSecret() {
        String name = deletedSecret();
        var tag = software.amazon.awssdk.services.secretsmanager.model.Tag.builder()
                .key("a")
                .value("b")
                .build();
        return List.of(
                refuses("InvalidRequestException", () -> version(name, "2", "AWSCURRENT")),
                refuses(
                        "InvalidRequestException",
                        () -> secrets.tagResource(
                                request -> request.secretId(name).tags(tag))));
    }

    private List<Boolean> createOverDeletedSecret() {
        String name = deletedSecret();
        return List.of(refuses(
                "InvalidRequestException",
                () -> secrets.createSecret(request -> request.name(name).secretString("1"))));
    }

    private List<Boolean> deleteTwice() {
        String name = deletedSecret();
        return List.of(works(
                () -> secrets.deleteSecret(request -> request.secretId(name).recoveryWindowInDays(7L))));
    }

    private List<Boolean> versionWithoutTheStage() {
        String name = secret();
        String second = version(name, "2", "AWSCURRENT");
        return List.of(refuses(
                "ResourceNotFoundException",
                () -> secrets.getSecretValue(
                        request -> request.secretId(name).versionId(second).versionStage("AWSPREVIOUS"))));
    }

    private List<Boolean> currentWithoutNamingIt() {
        String name = secret();
        String first = secrets.describeSecret(request -> request.secretId(name))
                .versionIdsToStages()
                .keySet()
                .iterator()
                .next();
        String second = version(name, "2", "AWSPENDING");
        secrets.updateSecretVersionStage(request -> request.secretId(name)
                .versionStage("AWSCURRENT")
                .removeFromVersionId(first)
                .moveToVersionId(second));
        return List.of(secrets.getSecretValue(request -> request.secretId(name))
                .secretString()
                .equals("2"));
    }

    private List<Boolean> stageOfAnotherVersion() {
        String name = secret();
        version(name, "2", "AWSPENDING");
        String third = version(name, "3", "third");
        return List.of(refuses(
                "InvalidParameterException",
                () -> secrets.updateSecretVersionStage(request ->
                        request.secretId(name).versionStage("AWSPENDING").moveToVersionId(third))));
    }

    /** That all of these are whole seconds by chance happens to nobody. */
    private List<Boolean> dates() {
        return List.of(IntStream.range(0, 4)
                .mapToObj(i -> secret())
                .flatMap(name -> secrets.listSecretVersionIds(request -> request.secretId(name)).versions().stream())
                .anyMatch(version -> version.createdDate().toEpochMilli() % 1_000 != 0));
    }

    private List<Boolean> pageToken() {
        String name = secret();
        return List.of(
                secrets.listSecretVersionIds(request -> request.secretId(name)).nextToken() == null);
    }

    private List<Boolean> rotationWithoutFunction() {
        String name = secret();
        return List.of(refuses(
                "InvalidRequestException",
                () -> secrets.rotateSecret(
                        request -> request.secretId(name).rotationRules(rules -> rules.automaticallyAfterDays(30L)))));
    }

    // ---- DynamoDB

    private String accounts() {
        return workspace.settings().tables().accounts();
    }

    private static Map<String, AttributeValue> row() {
        return Map.of("account_id", AttributeValue.fromS(UUID.randomUUID().toString()));
    }

    private List<Boolean> indexKeyType() {
        var row = Map.of(
                "account_id", AttributeValue.fromS("of a wrong type"), "tenant_id", AttributeValue.fromNul(true));
        var put = Put.builder().tableName(accounts()).item(row).build();
        return List.of(
                refuses(
                        "ValidationException",
                        () -> dynamoDb.batchWriteItem(request -> request.requestItems(writes(Stream.of(row))))),
                !works(() -> transact(TransactWriteItem.builder().put(put).build())));
    }

    private Map<String, List<WriteRequest>> writes(Stream<Map<String, AttributeValue>> rows) {
        return Map.of(
                accounts(),
                rows.map(row -> WriteRequest.builder()
                                .putRequest(PutRequest.builder().item(row).build())
                                .build())
                        .toList());
    }

    private List<Boolean> requestLimits() {
        var writes = writes(Stream.generate(Deviations::row).limit(26));
        Map<String, AttributeValue> values = Map.of(":a", AttributeValue.fromS("1"), ":b", AttributeValue.fromS("1"));
        var update = Update.builder()
                .tableName(accounts())
                .key(row())
                .updateExpression("SET a = :a")
                .expressionAttributeValues(values)
                .build();
        return List.of(
                refuses("ValidationException", () -> dynamoDb.batchWriteItem(request -> request.requestItems(writes))),
                refuses(
                        "ValidationException",
                        () -> transact(
                                TransactWriteItem.builder().update(update).build())),
                refuses(
                        "ValidationException",
                        () -> dynamoDb.query(request -> request.tableName(accounts())
                                .keyConditionExpression("account_id = :a")
                                .expressionAttributeValues(values))));
    }

    private void increase(Map<String, AttributeValue> key, String by, String token) {
        var update = Update.builder()
                .tableName(accounts())
                .key(key)
                .updateExpression("ADD n :by")
                .expressionAttributeValues(Map.of(":by", AttributeValue.fromN(by)))
                .build();
        dynamoDb.transactWriteItems(request -> request.clientRequestToken(token)
                .transactItems(TransactWriteItem.builder().update(update).build()));
    }

    private List<Boolean> transactionToken() {
        Map<String, AttributeValue> key = row();
        String token = UUID.randomUUID().toString();
        increase(key, "1", token);
        increase(key, "1", token);
        return List.of(
                counted(key).equals("1"),
                refuses("IdempotentParameterMismatchException", () -> increase(key, "2", token)));
    }

    private void transact(TransactWriteItem... writes) {
        dynamoDb.transactWriteItems(request -> request.transactItems(writes));
    }

    /** While transactions are refused that have nothing to do with it, a row is counted up, beside enough others. */
    private List<Boolean> concurrentWrites() {
        Map<String, AttributeValue> key = row();
        Map<String, AttributeValue> existing = row();
        transact(newRow(existing));
        IntStream.range(0, 12)
                .forEach(i -> dynamoDb.batchWriteItem(request -> request.requestItems(
                        writes(Stream.generate(Deviations::row).limit(25)))));
        int rounds = backend.deviations().contains(Deviation.CONCURRENT_WRITES) ? MOST_ROUNDS : ROUNDS;
        boolean asOnAws = true;
        for (int round = 0; round < rounds && asOnAws; round++) {
            String before = counted(key);
            List<Integer> all = IntStream.range(0, 8).boxed().toList();
            long added = Bulk.each(
                            all,
                            BulkOptions.defaults().withParallelism(all.size()),
                            i -> i % 2 == 0
                                    ? works(() -> add(key))
                                    : works(() -> transact(newRow(row()), newRow(existing))))
                    .values()
                    .stream()
                    .filter(done -> done)
                    .count();
            asOnAws = added == all.size() / 2 && Long.parseLong(counted(key)) == Long.parseLong(before) + added;
        }
        return List.of(asOnAws);
    }

    private void add(Map<String, AttributeValue> key) {
        dynamoDb.updateItem(request -> request.tableName(accounts())
                .key(key)
                .updateExpression("ADD n :one")
                .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1"))));
    }

    private String counted(Map<String, AttributeValue> key) {
        return dynamoDb.getItem(
                        request -> request.tableName(accounts()).key(key).consistentRead(true))
                .item()
                .getOrDefault("n", AttributeValue.fromN("0"))
                .n();
    }

    private TransactWriteItem newRow(Map<String, AttributeValue> row) {
        return TransactWriteItem.builder()
                .put(Put.builder()
                        .tableName(accounts())
                        .item(row)
                        .conditionExpression("attribute_not_exists(account_id)")
                        .build())
                .build();
    }

    private List<Boolean> filterOnIndexKey() {
        return List.of(refuses(
                "ValidationException",
                () -> dynamoDb.query(request -> request.tableName(accounts())
                        .indexName("tenant-accounts-index")
                        .keyConditionExpression("tenant_id = :t")
                        .filterExpression("tenant_id = :t")
                        .expressionAttributeValues(Map.of(":t", AttributeValue.fromS("t"))))));
    }

    private List<Boolean> backups() {
        return List.of(
                works(() -> dynamoDb.updateContinuousBackups(request -> request.tableName(accounts())
                        .pointInTimeRecoverySpecification(pitr -> pitr.pointInTimeRecoveryEnabled(true)))),
                works(() -> dynamoDb.createBackup(
                        request -> request.tableName(accounts()).backupName("probe"))));
    }

    private TableDescription table() {
        return dynamoDb.describeTable(request -> request.tableName(accounts())).table();
    }

    private List<Boolean> tableTags() {
        var tag = Tag.builder().key("a").value("b").build();
        return List.of(works(() -> dynamoDb.tagResource(
                request -> request.resourceArn(table().tableArn()).tags(tag))));
    }

    /** How a table describes itself that has its own class and encryption. */
    private TableDescription specialTable() {
        String name = accounts() + "-special";
        TableDescription like = table();
        dynamoDb.createTable(request -> request.tableName(name)
                .attributeDefinitions(like.attributeDefinitions().stream()
                        .filter(attribute -> attribute.attributeName().equals("account_id"))
                        .toList())
                .keySchema(like.keySchema())
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .tableClass(TableClass.STANDARD_INFREQUENT_ACCESS)
                .sseSpecification(sse -> sse.enabled(true)));
        TableDescription made =
                dynamoDb.describeTable(request -> request.tableName(name)).table();
        dynamoDb.deleteTable(request -> request.tableName(name));
        return made;
    }

    // ---- judging

    private static boolean works(Runnable call) {
        try {
            call.run();
            return true;
        } catch (SdkException e) {
            return false;
        }
    }

    /** @param code how AWS refuses it; empty if in one of several ways */
    private static boolean refuses(String code, Runnable call) {
        try {
            call.run();
            return false;
        } catch (AwsServiceException e) {
            return e.statusCode() < 500
                    && (code.isEmpty() || code.equals(e.awsErrorDetails().errorCode()));
        }
    }
}
