package io.threatengine.onboarding.testkit.spi;

import java.net.URI;

/**
 * Starts a DynamoDB that needs no Docker. Found by {@link java.util.ServiceLoader}; the artifact {@code
 * onboarding-testkit-dynamodb-local} brings one.
 */
public interface DynamoDbEngine {

    /** Name and version for reports, for example {@code DynamoDB Local 3.3.1}. */
    String description();

    /** Starts the engine, empty, on a free loopback port. */
    Running start();

    /** A started engine. */
    interface Running extends AutoCloseable {

        URI endpoint();

        @Override
        void close();
    }
}
