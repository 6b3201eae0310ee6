package io.threatengine.onboarding.testkit;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.aws.SdkClients;
import io.threatengine.onboarding.testkit.endpoint.EmbeddedAwsEndpoint;
import io.threatengine.onboarding.testkit.spi.DynamoDbEngine;
import java.net.URI;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * DynamoDB, Secrets Manager and KMS in this JVM, on free loopback ports, with SDK clients for them. Everything is in memory
 * and gone when it is closed. Thread-safe.
 *
 * <pre>{@code
 * var settings = OnboardingSettings.defaults();
 * try (var aws = EmbeddedAws.start();
 *         var storage = DynamoDbStorage.using(aws.dynamoDb(), settings);
 *         var vault = SecretsManagerVault.using(aws.secretsManager(), settings)) {
 *     storage.createTables();
 *     var onboarding = Onboarding.of(storage, vault);
 * }
 * }</pre>
 *
 * <p>DynamoDB is answered by an engine that the user's build adds in test scope: {@code
 * io.threatengine:onboarding-testkit-dynamodb-local}, which brings Amazon's DynamoDB Local under Amazon's own licence.
 * Secrets Manager and KMS are answered by {@link EmbeddedAwsEndpoint}.
 */
public final class EmbeddedAws implements AutoCloseable {
    private final DynamoDbEngine engine;
    private final DynamoDbEngine.Running running;
    private final EmbeddedAwsEndpoint endpoint;
    private final DynamoDbClient dynamoDb;
    private final Later<SecretsManagerClient> secretsManager;
    private final Later<KmsClient> kms;

    private EmbeddedAws(DynamoDbEngine engine) {
        this.engine = engine;
        this.endpoint = EmbeddedAwsEndpoint.start();
        // A start is the loading of classes, DynamoDB's and the SDK's: two cores do it at the same time.
        CompletableFuture<DynamoDbEngine.Running> starting = CompletableFuture.supplyAsync(engine::start);
        client(DynamoDbClient.builder(), endpoint.uri()).close();
        this.running = started(starting);
        this.dynamoDb = client(DynamoDbClient.builder(), running.endpoint());
        this.secretsManager = new Later<>(() -> client(SecretsManagerClient.builder(), endpoint.uri()));
        this.kms = new Later<>(() -> client(KmsClient.builder(), endpoint.uri()));
    }

    /**
     * Starts all three.
     *
     * @throws IllegalStateException if no DynamoDB engine is on the class path; it says what to add
     */
    public static EmbeddedAws start() {
        return new EmbeddedAws(
                ServiceLoader.load(DynamoDbEngine.class)
                        .findFirst()
                        .orElseThrow(
                                () -> new IllegalStateException(
                                        "No DynamoDB for tests is on the class path. Add io.threatengine:onboarding-testkit-dynamodb-local"
                                                + " in test scope: it brings Amazon's DynamoDB Local, whose licence is Amazon's own.")));
    }

    private DynamoDbEngine.Running started(CompletableFuture<DynamoDbEngine.Running> starting) {
        try {
            return starting.join();
        } catch (CompletionException e) {
            endpoint.close();
            throw new IllegalStateException(engine.description() + " did not start", e.getCause());
        }
    }

    /** What answers, with versions. */
    public String description() {
        return engine.description() + " and the test kit's own Secrets Manager and KMS";
    }

    /** A client for the embedded DynamoDB; closed with this. */
    public DynamoDbClient dynamoDb() {
        return dynamoDb;
    }

    /** A client for the embedded Secrets Manager; closed with this. */
    public SecretsManagerClient secretsManager() {
        return secretsManager.get();
    }

    /** A client for the embedded KMS; closed with this. */
    public KmsClient kms() {
        return kms.get();
    }

    @Override
    public void close() {
        kms.close();
        secretsManager.close();
        dynamoDb.close();
        endpoint.close();
        running.close();
    }

    private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(B builder, URI uri) {
        return SdkClients.open(
                builder.endpointOverride(uri)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("embedded", "embedded"))),
                OnboardingSettings.defaults());
    }

    /** A client that is opened when it is first asked for: tests that need only one service start sooner. */
    private static final class Later<C extends SdkClient> {
        private final Supplier<C> opening;
        private @Nullable C opened;

        Later(Supplier<C> opening) {
            this.opening = opening;
        }

        synchronized C get() {
            C client = opened == null ? opening.get() : opened;
            opened = client;
            return client;
        }

        synchronized void close() {
            if (opened != null) {
                opened.close();
            }
        }
    }
}
