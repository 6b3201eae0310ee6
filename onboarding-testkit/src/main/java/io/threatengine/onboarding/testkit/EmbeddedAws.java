package io.threatengine.onboarding.testkit;

import io.threatengine.onboarding.testkit.endpoint.EmbeddedAwsEndpoint;
import io.threatengine.onboarding.testkit.spi.DynamoDbEngine;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

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
public final class EmbeddedAws extends TestAws {
    private final DynamoDbEngine engine;
    private final DynamoDbEngine.Running running;
    private final EmbeddedAwsEndpoint endpoint;
    private final Clients clients;

    private EmbeddedAws(DynamoDbEngine engine) {
        this.engine = engine;
        this.endpoint = EmbeddedAwsEndpoint.start();
        // A start is the loading of classes, DynamoDB's and the SDK's: two cores do it at the same time.
        CompletableFuture<DynamoDbEngine.Running> starting = CompletableFuture.supplyAsync(engine::start);
        try (var warmUp = new Clients(endpoint.uri(), endpoint.uri())) {
            warmUp.dynamoDb();
        }
        this.running = started(starting);
        this.clients = new Clients(running.endpoint(), endpoint.uri());
    }

    /**
     * Starts all three.
     *
     * @throws BackendUnavailableException if no DynamoDB engine is on the class path; it says what to add
     */
    public static EmbeddedAws start() {
        return new EmbeddedAws(engine().orElseThrow(() -> new BackendUnavailableException(
                "No DynamoDB for tests is on the class path. Add io.threatengine:onboarding-testkit-dynamodb-local"
                        + " in test scope: it brings Amazon's DynamoDB Local, whose licence is Amazon's own.")));
    }

    static Optional<DynamoDbEngine> engine() {
        return ServiceLoader.load(DynamoDbEngine.class).findFirst();
    }

    private DynamoDbEngine.Running started(CompletableFuture<DynamoDbEngine.Running> starting) {
        try {
            return starting.join();
        } catch (CompletionException e) {
            endpoint.close();
            throw new IllegalStateException(engine.description() + " did not start", e.getCause());
        }
    }

    @Override
    Clients clients() {
        return clients;
    }

    @Override
    public String description() {
        return engine.description() + " and the test kit's own Secrets Manager and KMS";
    }

    @Override
    public Set<Deviation> deviations() {
        return Deviation.OF_DYNAMODB_LOCAL;
    }

    @Override
    public void close() {
        clients.close();
        endpoint.close();
        running.close();
    }
}
