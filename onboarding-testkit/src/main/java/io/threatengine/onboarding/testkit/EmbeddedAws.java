package io.threatengine.onboarding.testkit;

import io.threatengine.onboarding.testkit.endpoint.EmbeddedAwsEndpoint;
import io.threatengine.onboarding.testkit.spi.DynamoDbEngine;
import java.net.URI;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * DynamoDB, Secrets Manager and KMS in this JVM, at one loopback address, with SDK clients for them. Everything is in memory
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
 * <p>Other processes, in whatever language, use {@link #uri()} as the endpoint of all three services, with any credentials; a port
 * that is known in advance makes it easy to tell them:
 *
 * <pre>{@code
 * try (var aws = EmbeddedAws.start(4566)) { // AWS_ENDPOINT_URL=http://127.0.0.1:4566 python3 worker.py
 *     …
 * }
 * }</pre>
 *
 * <p>DynamoDB is answered by an engine that the user's build adds in test scope: {@code
 * io.threatengine:onboarding-testkit-dynamodb-local}, which brings Amazon's DynamoDB Local under Amazon's own licence.
 * Secrets Manager and KMS are answered by {@link EmbeddedAwsEndpoint}.
 */
public final class EmbeddedAws extends TestAws {
    /** Nothing is called there. */
    private static final URI NOWHERE = URI.create("http://127.0.0.1:1");

    private final DynamoDbEngine engine;
    private final DynamoDbEngine.Running running;
    private final EmbeddedAwsEndpoint endpoint;
    private final Clients clients;

    private EmbeddedAws(DynamoDbEngine engine, DynamoDbEngine.Running running, EmbeddedAwsEndpoint endpoint) {
        this.engine = engine;
        this.running = running;
        this.endpoint = endpoint;
        // The clients of this JVM need no detour to DynamoDB.
        this.clients = Clients.inThisJvm(running.endpoint(), endpoint.uri());
    }

    /**
     * Starts all three on a free port.
     *
     * @throws BackendUnavailableException if no DynamoDB engine is on the class path; it says what to add
     */
    public static EmbeddedAws start() {
        return start(0);
    }

    /**
     * Starts all three on this port of the loopback interface; when something answers there, all do.
     *
     * @param port the TCP port, or 0 for a free one
     * @throws BackendUnavailableException if no DynamoDB engine is on the class path; it says what to add
     * @throws java.io.UncheckedIOException if the port is in use
     * @throws IllegalArgumentException if there is no such port
     */
    public static EmbeddedAws start(int port) {
        DynamoDbEngine engine = engine().orElseThrow(() -> new BackendUnavailableException(
                "No DynamoDB for tests is on the class path. Add io.threatengine:onboarding-testkit-dynamodb-local"
                        + " in test scope: it brings Amazon's DynamoDB Local, whose licence is Amazon's own."));
        // A start is the loading of classes, DynamoDB's and the SDK's: two cores do it at the same time.
        CompletableFuture<DynamoDbEngine.Running> starting = CompletableFuture.supplyAsync(engine::start);
        try (var warmUp = Clients.inThisJvm(NOWHERE, NOWHERE)) {
            warmUp.dynamoDb();
        }
        DynamoDbEngine.Running running = started(engine, starting);
        try {
            return new EmbeddedAws(engine, running, EmbeddedAwsEndpoint.start(port, running.endpoint()));
        } catch (RuntimeException e) {
            running.close();
            throw e;
        }
    }

    static Optional<DynamoDbEngine> engine() {
        return ServiceLoader.load(DynamoDbEngine.class).findFirst();
    }

    private static DynamoDbEngine.Running started(
            DynamoDbEngine engine, CompletableFuture<DynamoDbEngine.Running> starting) {
        try {
            return starting.join();
        } catch (CompletionException e) {
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
    public URI uri() {
        return endpoint.uri();
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
