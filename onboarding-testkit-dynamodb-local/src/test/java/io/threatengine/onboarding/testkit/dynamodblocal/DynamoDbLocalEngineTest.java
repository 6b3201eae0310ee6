package io.threatengine.onboarding.testkit.dynamodblocal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.testkit.spi.DynamoDbEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

class DynamoDbLocalEngineTest {
    private static DynamoDbEngine.Running running;
    private static DynamoDbClient client;

    private String table = "";

    @BeforeAll
    static void start() {
        running = new DynamoDbLocalEngine().start();
        client = clientOf(running.endpoint());
    }

    @AfterAll
    static void stop() {
        client.close();
        running.close();
    }

    @BeforeEach
    void createTable(TestInfo info) {
        table = info.getTestMethod().orElseThrow().getName();
        client.createTable(table(table, 3));
    }

    @Test
    void isFoundByServiceLoaderAndSaysItsVersion() {
        assertThat(ServiceLoader.load(DynamoDbEngine.class))
                .singleElement()
                .isInstanceOf(DynamoDbLocalEngine.class)
                .extracting(DynamoDbEngine::description)
                .isEqualTo("DynamoDB Local 3.3.1");
    }

    @Test
    void conditionalPutBringsTheRowInTheWay() {
        put(item("1", "1"));

        assertThatExceptionOfType(ConditionalCheckFailedException.class)
                .isThrownBy(() -> client.putItem(r -> r.tableName(table)
                        .item(item("1", "1"))
                        .conditionExpression("attribute_not_exists(pk)")
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)))
                .satisfies(e -> assertThat(e.item()).isEqualTo(item("1", "1")));
    }

    @Test
    void updatesWithExpressions() {
        put(item("1", "1"));

        Map<String, AttributeValue> after = client.updateItem(r -> r.tableName(table)
                        .key(key("1", "1"))
                        .updateExpression(
                                "SET n = n + :one, #list = list_append(#list, :more), m.y = if_not_exists(m.y, :one)"
                                        + " REMOVE g1 ADD touched :one DELETE ss :u")
                        .conditionExpression("n BETWEEN :one AND :five AND size(#list) = :one AND contains(ss, :v)"
                                + " AND begins_with(pk, :pk) AND attribute_type(pk, :type)")
                        .expressionAttributeNames(Map.of("#list", "list"))
                        .expressionAttributeValues(Map.of(
                                ":one", n(1),
                                ":five", n(5),
                                ":more", AttributeValue.fromL(List.of(s("b"))),
                                ":u", AttributeValue.fromSs(List.of("u")),
                                ":v", s("v"),
                                ":pk", s("1"),
                                ":type", s("S")))
                        .returnValues(ReturnValue.ALL_NEW))
                .attributes();

        assertThat(after)
                .containsEntry("n", n(6))
                .containsEntry("list", AttributeValue.fromL(List.of(s("a"), s("b"))))
                .containsEntry("m", AttributeValue.fromM(Map.of("x", n(1), "y", n(1))))
                .containsEntry("ss", AttributeValue.fromSs(List.of("v")))
                .containsEntry("touched", n(1))
                .doesNotContainKey("g1");
    }

    @Test
    void writesAndReadsInTransactions() {
        put(item("1", "1"));
        put(item("3", "1"));

        client.transactWriteItems(r -> r.transactItems(
                TransactWriteItem.builder()
                        .put(p ->
                                p.tableName(table).item(item("2", "1")).conditionExpression("attribute_not_exists(pk)"))
                        .build(),
                TransactWriteItem.builder()
                        .update(u -> u.tableName(table)
                                .key(key("1", "1"))
                                .updateExpression("SET n = :n")
                                .expressionAttributeValues(Map.of(":n", n(9))))
                        .build(),
                TransactWriteItem.builder()
                        .conditionCheck(c -> c.tableName(table)
                                .key(key("none", "1"))
                                .conditionExpression("attribute_not_exists(pk)"))
                        .build(),
                TransactWriteItem.builder()
                        .delete(d -> d.tableName(table).key(key("3", "1")))
                        .build()));

        assertThat(client.transactGetItems(r -> r.transactItems(get("1", "1"), get("2", "1"), get("3", "1")))
                        .responses())
                .extracting(response -> response.item().get("n"))
                .containsExactly(n(9), n(5), null);
    }

    @Test
    void cancelledTransactionSaysWhyAndChangesNothing() {
        put(item("1", "1"));

        assertThatExceptionOfType(TransactionCanceledException.class)
                .isThrownBy(() -> client.transactWriteItems(r -> r.transactItems(
                        TransactWriteItem.builder()
                                .put(p -> p.tableName(table).item(item("2", "1")))
                                .build(),
                        TransactWriteItem.builder()
                                .put(p -> p.tableName(table)
                                        .item(item("1", "1"))
                                        .conditionExpression("attribute_not_exists(pk)")
                                        .returnValuesOnConditionCheckFailure(
                                                ReturnValuesOnConditionCheckFailure.ALL_OLD))
                                .build())))
                .satisfies(e -> assertThat(e.cancellationReasons())
                        .extracting(
                                reason -> reason.code() + " " + reason.item().size())
                        .containsExactly("None 0", "ConditionalCheckFailed 8"));
        assertThat(client.getItem(r -> r.tableName(table).key(key("2", "1"))).hasItem())
                .isFalse();
    }

    @Test
    void writesAndReadsInBatchesAndPagesThroughAnIndex() {
        client.batchWriteItem(r -> r.requestItems(Map.of(
                table,
                IntStream.range(0, 25)
                        .mapToObj(i -> WriteRequest.builder()
                                .putRequest(p -> p.item(item("b", "%03d".formatted(i))))
                                .build())
                        .toList())));

        assertThat(client.batchGetItem(r -> r.requestItems(Map.of(
                                table,
                                KeysAndAttributes.builder()
                                        .keys(List.of(key("b", "001"), key("b", "002"), key("none", "1")))
                                        .build())))
                        .responses()
                        .get(table))
                .hasSize(2);
        List<QueryResponse> pages = client
                .queryPaginator(r -> r.tableName(table)
                        .indexName("gsi0")
                        .limit(10)
                        .keyConditionExpression("g0 = :g AND sk >= :sk")
                        .filterExpression("n > :zero")
                        .expressionAttributeValues(Map.of(":g", s("a"), ":sk", s("003"), ":zero", n(0))))
                .stream()
                .toList();
        assertThat(pages).extracting(QueryResponse::count).startsWith(10, 10, 2);
        assertThat(client.scan(r -> r.tableName(table)).count()).isEqualTo(25);
    }

    @Test
    void indexCanBeAdded() {
        client.updateTable(r -> r.tableName(table)
                .attributeDefinitions(AttributeDefinition.builder()
                        .attributeName("late")
                        .attributeType(ScalarAttributeType.S)
                        .build())
                .globalSecondaryIndexUpdates(GlobalSecondaryIndexUpdate.builder()
                        .create(c -> c.indexName("late")
                                .keySchema(keyElement("late", KeyType.HASH))
                                .projection(p -> p.projectionType(ProjectionType.KEYS_ONLY)))
                        .build()));

        assertThat(client.describeTable(r -> r.tableName(table)).table().globalSecondaryIndexes())
                .hasSize(4);
    }

    @Test
    void keepsTheTimeToLiveSetting() {
        client.updateTimeToLive(r ->
                r.tableName(table).timeToLiveSpecification(t -> t.enabled(true).attributeName("expires")));
        client.putItem(r -> r.tableName(table)
                .item(Map.of(
                        "pk", s("1"), "sk", s("1"), "expires", n(Instant.now().getEpochSecond() - 60))));

        assertThat(client.describeTimeToLive(r -> r.tableName(table)).timeToLiveDescription())
                .satisfies(ttl -> {
                    assertThat(ttl.timeToLiveStatus()).isEqualTo(TimeToLiveStatus.ENABLED);
                    assertThat(ttl.attributeName()).isEqualTo("expires");
                });
    }

    @Test
    void knowsNoContinuousBackupsAndNoTags() {
        String arn = client.describeTable(r -> r.tableName(table)).table().tableArn();

        assertThatExceptionOfType(DynamoDbException.class)
                .isThrownBy(() -> client.describeContinuousBackups(r -> r.tableName(table)))
                .withMessageContaining("unknown operation");
        assertThatExceptionOfType(DynamoDbException.class)
                .isThrownBy(() -> client.updateContinuousBackups(r ->
                        r.tableName(table).pointInTimeRecoverySpecification(p -> p.pointInTimeRecoveryEnabled(true))))
                .withMessageContaining("unknown operation");
        assertThatExceptionOfType(DynamoDbException.class)
                .isThrownBy(() -> client.listTagsOfResource(r -> r.resourceArn(arn)))
                .withMessageContaining("not currently supported");
    }

    @Test
    void servesManyThreads() throws Exception {
        List<Callable<Void>> work = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String sk = Integer.toString(i);
            work.add(() -> {
                for (int k = 0; k < 25; k++) {
                    String pk = Integer.toString(k);
                    client.putItem(r -> r.tableName(table).item(item(pk, sk)));
                    client.updateItem(r -> r.tableName(table)
                            .key(key("counter", "1"))
                            .updateExpression("ADD n :one")
                            .expressionAttributeValues(Map.of(":one", n(1))));
                }
                return null;
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (Future<Void> future : threads.invokeAll(work)) {
                future.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(client.getItem(
                                r -> r.tableName(table).key(key("counter", "1")).consistentRead(true))
                        .item())
                .containsEntry("n", n(200));
    }

    @Test
    void enginesAreIndependent() {
        try (DynamoDbEngine.Running other = new DynamoDbLocalEngine().start();
                DynamoDbClient otherClient = clientOf(other.endpoint())) {
            assertThat(otherClient.listTables().tableNames()).isEmpty();
            otherClient.createTable(table(table, 0));
        }
        put(item("1", "1"));

        assertThat(client.getItem(r -> r.tableName(table).key(key("1", "1"))).hasItem())
                .isTrue();
    }

    @Test
    void listensOnOneLoopbackAddressOnly() throws Exception {
        URI endpoint = running.endpoint();

        assertThat(InetAddress.getByName(endpoint.getHost()).isLoopbackAddress())
                .isTrue();
        // a server that listens on all interfaces would answer here too
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.2", endpoint.getPort()), 1_000);
            }
        });
    }

    private void put(Map<String, AttributeValue> item) {
        client.putItem(r -> r.tableName(table).item(item));
    }

    private TransactGetItem get(String pk, String sk) {
        return TransactGetItem.builder()
                .get(g -> g.tableName(table).key(key(pk, sk)))
                .build();
    }

    static DynamoDbClient clientOf(URI endpoint) {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .build();
    }

    static CreateTableRequest table(String name, int indexes) {
        List<AttributeDefinition> attributes = new ArrayList<>();
        List<GlobalSecondaryIndex> gsis = new ArrayList<>();
        for (String attribute : List.of("pk", "sk")) {
            attributes.add(stringAttribute(attribute));
        }
        for (int i = 0; i < indexes; i++) {
            attributes.add(stringAttribute("g" + i));
            gsis.add(GlobalSecondaryIndex.builder()
                    .indexName("gsi" + i)
                    .keySchema(keyElement("g" + i, KeyType.HASH), keyElement("sk", KeyType.RANGE))
                    .projection(p -> p.projectionType(ProjectionType.ALL))
                    .build());
        }
        CreateTableRequest.Builder request = CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(attributes)
                .keySchema(keyElement("pk", KeyType.HASH), keyElement("sk", KeyType.RANGE));
        if (!gsis.isEmpty()) {
            request.globalSecondaryIndexes(gsis);
        }
        return request.build();
    }

    private static AttributeDefinition stringAttribute(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }

    private static KeySchemaElement keyElement(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    static Map<String, AttributeValue> item(String pk, String sk) {
        return Map.of(
                "pk", s(pk),
                "sk", s(sk),
                "g0", s("a"),
                "g1", s("b"),
                "n", n(5),
                "m", AttributeValue.fromM(Map.of("x", n(1))),
                "list", AttributeValue.fromL(List.of(s("a"))),
                "ss", AttributeValue.fromSs(List.of("u", "v")));
    }

    private static Map<String, AttributeValue> key(String pk, String sk) {
        return Map.of("pk", s(pk), "sk", s(sk));
    }

    private static AttributeValue s(String value) {
        return AttributeValue.fromS(value);
    }

    private static AttributeValue n(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }
}
