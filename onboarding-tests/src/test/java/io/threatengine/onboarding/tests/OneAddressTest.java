package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.TestAws;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** DynamoDB, Secrets Manager and KMS at the one address that other processes are told. */
@OnboardingTest
class OneAddressTest {

    @Test
    void storageAndVaultWorkThere(EmbeddedAws aws) {
        try (Backend there = Backend.endpoint(aws.uri());
                Workspace workspace = there.newWorkspace()) {
            Onboarding onboarding = workspace.onboarding();
            var account = workspace.fixtures().aws();

            assertThat(onboarding.accounts().get(account.id())).isEqualTo(account);
            assertThat(onboarding.vault().get(account.credentialKey())).isNotNull();
            assertThat(there.aws().map(TestAws::uri)).contains(aws.uri());
        }
    }

    @Test
    void bothWaysLeadToOneDynamoDb(EmbeddedAws aws, Workspace workspace) {
        try (DynamoDbClient dynamoDb = dynamoDb(aws.uri())) {
            var tenants = workspace.settings().tables().tenants();

            assertThat(dynamoDb.describeTable(table -> table.tableName(tenants)).table())
                    .isEqualTo(aws.dynamoDb()
                            .describeTable(table -> table.tableName(tenants))
                            .table());
        }
    }

    @Test
    void errorsOfDynamoDbArriveAsTheyAre(EmbeddedAws aws) {
        try (DynamoDbClient dynamoDb = dynamoDb(aws.uri())) {
            assertThatExceptionOfType(ResourceNotFoundException.class)
                    .isThrownBy(() -> dynamoDb.describeTable(table -> table.tableName("none")));
            assertThatExceptionOfType(DynamoDbException.class)
                    .isThrownBy(() -> dynamoDb.listBackups(any -> {}))
                    .satisfies(unknown ->
                            assertThat(unknown.awsErrorDetails().errorCode()).isEqualTo("UnknownOperationException"));
        }
    }

    @Test
    void portMayBeKnownInAdvanceAndIsFreeAgainAfterwards() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        URI uri;
        try (EmbeddedAws first = EmbeddedAws.start()) {
            uri = first.uri();
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> EmbeddedAws.start(first.uri().getPort()))
                    .withMessageContaining("choose another port");
        }
        HttpRequest health = HttpRequest.newBuilder(uri).build();
        assertThatThrownBy(() -> http.send(health, BodyHandlers.discarding()))
                .isInstanceOf(java.net.ConnectException.class);

        try (EmbeddedAws second = EmbeddedAws.start(uri.getPort());
                DynamoDbClient dynamoDb = dynamoDb(second.uri())) {
            assertThat(second.uri()).isEqualTo(uri);
            assertThat(http.send(health, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);
            assertThat(dynamoDb.listTables().tableNames()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536})
    void whatIsNoPortIsRefusedAndLeavesNothingRunning(int port) throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> EmbeddedAws.start(port))
                .withMessageContaining("port must be from 0 to 65535, but is " + port);

        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!before.contains(thread) && thread.getName().startsWith("dynamodb-local")) {
                thread.join(5_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    private static DynamoDbClient dynamoDb(URI uri) {
        return DynamoDbClient.builder()
                .endpointOverride(uri)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
    }
}
