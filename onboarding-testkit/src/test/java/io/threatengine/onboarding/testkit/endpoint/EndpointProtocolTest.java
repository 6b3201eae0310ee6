package io.threatengine.onboarding.testkit.endpoint;

import static io.threatengine.onboarding.testkit.endpoint.EndpointFixture.assertRefused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** What the protocol answers to callers that are not well-behaved SDK clients, and the endpoint's own life. */
class EndpointProtocolTest {
    private static final String SIGNED = "AWS4-HMAC-SHA256 Credential=test/20260301/eu-west-1/%s/aws4_request, "
            + "SignedHeaders=host;x-amz-date, Signature=00";
    private static final String SECRETS_SIGNED = SIGNED.formatted("secretsmanager");

    private final EndpointFixture aws = new EndpointFixture();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        aws.close();
    }

    private HttpResponse<String> post(String target, String authorization, String body) throws Exception {
        return post(aws.endpoint, target, authorization, body);
    }

    private HttpResponse<String> post(EmbeddedAwsEndpoint endpoint, String target, String authorization, String body)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.uri())
                .header("Content-Type", "application/x-amz-json-1.1")
                .header("X-Amz-Date", "20260301T101530Z")
                .POST(BodyPublishers.ofString(body));
        if (!target.isEmpty()) {
            request.header("X-Amz-Target", target);
        }
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode assertError(HttpResponse<String> response, String type) throws IOException {
        assertThat(response.headers().firstValue("content-type")).contains("application/x-amz-json-1.1");
        assertThat(response.headers().firstValue("x-amzn-errortype")).contains(type);
        return assertAnyError(response, type);
    }

    /** DynamoDB's errors are named in full, in version 1.0 of the protocol. */
    private static JsonNode assertDynamoDbError(HttpResponse<String> response, String type) throws IOException {
        assertThat(response.headers().firstValue("content-type")).contains("application/x-amz-json-1.0");
        return assertAnyError(response, "com.amazon.coral.service#" + type);
    }

    private static JsonNode assertAnyError(HttpResponse<String> response, String type) throws IOException {
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("x-amzn-requestid")).isPresent();
        JsonNode error = new ObjectMapper().readTree(response.body());
        assertThat(error.path("__type").asText()).isEqualTo(type);
        return error;
    }

    @Test
    void callWithoutSignatureIsRefused() throws Exception {
        JsonNode error =
                assertError(post("secretsmanager.ListSecrets", "", "{}"), "MissingAuthenticationTokenException");

        assertThat(error.path("message").asText()).isEqualTo("Request is missing Authentication Token");
        assertError(post("secretsmanager.ListSecrets", "Bearer x", "{}"), "MissingAuthenticationTokenException");
        assertError(post("secretsmanager.ListSecrets", SIGNED.formatted("kms"), "{}"), "InvalidSignatureException");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AWS4-HMAC-SHA256 Signature=00, SignedHeaders=host | requires 'Credential' parameter",
                "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host | requires 'Signature' parameter",
                "AWS4-HMAC-SHA256 Credential=a, Signature=00 | requires 'SignedHeaders' parameter",
                "AWS4-HMAC-SHA256 Credential=a, Signature=00, SignedHeaders=host | exactly 5 slash-delimited elements",
            })
    void incompleteSignatureIsRefused(String authorization, String message) throws Exception {
        JsonNode error =
                assertError(post("secretsmanager.ListSecrets", authorization, "{}"), "IncompleteSignatureException");

        assertThat(error.path("message").asText()).contains(message);
    }

    @Test
    void callWithoutADateIsRefused() throws Exception {
        HttpRequest undated = HttpRequest.newBuilder(aws.endpoint.uri())
                .header("X-Amz-Target", "secretsmanager.ListSecrets")
                .header("Authorization", SECRETS_SIGNED)
                .POST(BodyPublishers.ofString("{}"))
                .build();

        JsonNode error = assertError(http.send(undated, BodyHandlers.ofString()), "IncompleteSignatureException");

        assertThat(error.path("message").asText()).contains("either a 'X-Amz-Date' or a 'Date' header");
    }

    @Test
    void signatureIsForARegion() throws Exception {
        JsonNode error = assertError(
                post("secretsmanager.ListSecrets", SECRETS_SIGNED.replace("eu-west-1", "nowhere"), "{}"),
                "InvalidSignatureException");

        assertThat(error.path("message").asText())
                .isEqualTo("Credential should be scoped to a valid region, not 'nowhere'.");
    }

    @Test
    void whoeverAsksFindsItHealthy() throws Exception {
        HttpRequest.Builder health = HttpRequest.newBuilder(aws.endpoint.uri());

        HttpResponse<String> page = http.send(health.GET().build(), BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .isEqualTo("healthy: 127.0.0.1:" + aws.endpoint.uri().getPort() + " ");
        assertThat(http.send(health.method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
        assertThat(http.send(
                                HttpRequest.newBuilder(aws.endpoint.uri().resolve("/other"))
                                        .build(),
                                BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void whereThereIsNoDynamoDbItsOperationsAreUnknown() throws Exception {
        JsonNode error = assertDynamoDbError(
                post("DynamoDB_20120810.ListTables", SIGNED.formatted("dynamodb"), "{}"), "UnknownOperationException");

        assertThat(error.has("message")).isFalse();
    }

    @Test
    void dynamoDbIsPassedThroughAsItIs() throws Exception {
        byte[] answer = {0, 1, (byte) 0xff, '{'};
        BlockingQueue<HttpExchange> asked = new LinkedBlockingQueue<>();
        BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
        HttpServer service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", exchange -> {
            try (exchange) {
                bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                asked.add(exchange);
                exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
                exchange.getResponseHeaders().set("x-amz-crc32", "42");
                exchange.sendResponseHeaders(418, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        service.start();
        URI uri = URI.create("http://127.0.0.1:" + service.getAddress().getPort());
        try (EmbeddedAwsEndpoint all = EmbeddedAwsEndpoint.start(0, uri)) {
            HttpRequest request = HttpRequest.newBuilder(all.uri())
                    .header("X-Amz-Target", "DynamoDBStreams_20120810.ListStreams")
                    .header("X-Amz-Date", "20260301T101530Z")
                    .header("Authorization", SIGNED.formatted("dynamodb"))
                    .header("X-Of-The-Caller", "a, b")
                    .POST(BodyPublishers.ofString("{ \"Limit\": 1 }"))
                    .build();

            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());

            assertThat(response.statusCode()).isEqualTo(418);
            assertThat(response.body()).isEqualTo(answer);
            assertThat(response.headers().allValues("x-amz-crc32")).containsExactly("42");
            assertThat(response.headers().allValues("content-type")).containsExactly("application/x-amz-json-1.0");
            assertThat(bodies.take()).isEqualTo("{ \"Limit\": 1 }");
            Headers first = asked.element().getRequestHeaders();
            assertThat(first.getFirst("X-Amz-Target")).isEqualTo("DynamoDBStreams_20120810.ListStreams");
            assertThat(first.getFirst("Authorization")).isEqualTo(SIGNED.formatted("dynamodb"));
            assertThat(first.getFirst("X-Of-The-Caller")).isEqualTo("a, b");

            http.send(request, BodyHandlers.discarding());
            assertThat(asked.stream().map(HttpExchange::getRemoteAddress).distinct())
                    .as("connections")
                    .hasSize(1);

            assertDynamoDbError(
                    post(all, "DynamoDB_20120810.ListTables", "", "{}"), "MissingAuthenticationTokenException");
            assertDynamoDbError(
                    post(all, "DynamoDB_20120810.ListTables", SECRETS_SIGNED, "{}"), "InvalidSignatureException");
            assertThat(post(all, "secretsmanager.ListSecrets", SECRETS_SIGNED, "{}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(asked).as("what was passed on").hasSize(2);
        } finally {
            service.stop(0);
        }
    }

    @Test
    void dynamoDbThatDoesNotAnswerIsAnInternalError() throws Exception {
        try (EmbeddedAwsEndpoint all = EmbeddedAwsEndpoint.start(0, URI.create("http://127.0.0.1:1"))) {
            HttpResponse<String> response =
                    post(all, "DynamoDB_20120810.ListTables", SIGNED.formatted("dynamodb"), "{}");

            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body()).contains("InternalServerError", "does not answer at http://127.0.0.1:1");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "secretsmanager.Nonsense, secretsmanager",
        "TrentService.Nonsense, kms",
        "AmazonSQS.SendMessage, sqs",
        "TrentService, kms",
        "garbage, kms",
        "'', kms"
    })
    void unknownTargetIsAnUnknownOperation(String target, String service) throws Exception {
        assertError(post(target, SIGNED.formatted(service), "{}"), "UnknownOperationException");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"SecretId\": \"hunter2",
                "[]",
                "hunter2",
                "{\"SecretId\": 5}",
                "{\"SecretId\": [\"hunter2\"]}",
            })
    void malformedJsonIsASerializationError(String body) throws Exception {
        HttpResponse<String> response = post("secretsmanager.GetSecretValue", SECRETS_SIGNED, body);

        assertError(response, "SerializationException");
        assertThat(response.body()).doesNotContain("hunter2");
    }

    @Test
    void missingParameterIsAValidationError() throws Exception {
        JsonNode error =
                assertError(post("secretsmanager.GetSecretValue", SECRETS_SIGNED, "{}"), "ValidationException");

        assertThat(error.path("message").asText())
                .isEqualTo("1 validation error detected: Value null at 'secretId' failed to satisfy constraint: "
                        + "Member must not be null");
    }

    @Test
    void rawWriteNeedsAToken() throws Exception {
        JsonNode error = assertError(
                post("secretsmanager.CreateSecret", SECRETS_SIGNED, "{\"Name\":\"a\",\"SecretString\":\"v\"}"),
                "InvalidRequestException");

        assertThat(error.path("message").asText())
                .isEqualTo("You must provide a ClientRequestToken value. We recommend a UUID-type value.");
    }

    @Test
    void datesAreEpochSecondsAndEmptyMembersAbsent() throws Exception {
        try (SecretsManagerClient secrets = aws.secrets(Region.EU_WEST_1)) {
            secrets.createSecret(r -> r.name("dated"));
        }
        HttpResponse<String> response =
                post("secretsmanager.DescribeSecret", SECRETS_SIGNED, "{\"SecretId\":\"dated\"}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .contains("\"CreatedDate\":1772360130.123")
                .contains("arn:aws:secretsmanager:eu-west-1:000000000000:secret:dated-")
                .doesNotContain("DeletedDate", "VersionIdsToStages", "null");
    }

    @Test
    void regionsAreSeparate() {
        aws.secrets.createSecret(r -> r.name("here").secretString("v"));
        try (SecretsManagerClient elsewhere = aws.secrets(Region.US_WEST_2)) {
            assertRefused("ResourceNotFoundException", () -> elsewhere.describeSecret(r -> r.secretId("here")));
            assertThat(elsewhere.createSecret(r -> r.name("here")).arn())
                    .startsWith("arn:aws:secretsmanager:us-west-2:000000000000:secret:here-");
        }
    }

    @Test
    void concurrentWritersOfOneNameHaveOneWinner() throws Exception {
        int writers = 16;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            List<Callable<Boolean>> writes = IntStream.range(0, writers)
                    .<Callable<Boolean>>mapToObj(i -> () -> {
                        try {
                            aws.secrets.createSecret(r -> r.name("contended").secretString("v" + i));
                            return true;
                        } catch (software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException e) {
                            return false;
                        }
                    })
                    .toList();
            int winners = 0;
            for (Future<Boolean> won : threads.invokeAll(writes)) {
                winners += won.get() ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void closeEndsThePortAndTheThreads() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        EmbeddedAwsEndpoint endpoint = EmbeddedAwsEndpoint.start();
        HttpRequest call = HttpRequest.newBuilder(endpoint.uri())
                .POST(BodyPublishers.ofString("{}"))
                .build();
        assertThat(http.send(call, BodyHandlers.discarding()).statusCode()).isEqualTo(400);
        List<Thread> own = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .filter(thread -> thread.getName().startsWith("embedded-aws-endpoint")
                        || thread.getName().startsWith("HTTP-Dispatcher"))
                .toList();
        assertThat(own).hasSizeGreaterThanOrEqualTo(2).allMatch(Thread::isDaemon);

        endpoint.close();

        for (Thread thread : own) {
            thread.join(5_000);
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
        assertThatThrownBy(() -> http.send(call, BodyHandlers.discarding())).isInstanceOf(ConnectException.class);
        endpoint.close(); // harmless
    }

    @Test
    void portCanBeChosenAndATakenOneIsReported() {
        int port;
        try (EmbeddedAwsEndpoint first = EmbeddedAwsEndpoint.start()) {
            port = first.uri().getPort();
            assertThatThrownBy(() -> EmbeddedAwsEndpoint.start(port))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("127.0.0.1:" + port);
        }
        try (EmbeddedAwsEndpoint second = EmbeddedAwsEndpoint.start(port)) {
            assertThat(second.uri().getPort()).isEqualTo(port);
        }
    }
}
