package io.threatengine.onboarding.testkit;

import java.net.URI;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * DynamoDB, Secrets Manager and KMS for tests, wherever they answer, with SDK clients for them. The clients belong to it and are
 * closed with it. Thread-safe.
 */
public abstract sealed class TestAws implements AutoCloseable permits EmbeddedAws, EndpointAws {

    TestAws() {}

    abstract Clients clients();

    /** What answers, with versions, for reports. */
    public abstract String description();

    /** The address at which all three services answer, for SDK clients of one's own, in whatever language. */
    public abstract URI uri();

    /** In what it is known to differ from AWS. */
    public abstract Set<Deviation> deviations();

    /** A client for DynamoDB. */
    public final DynamoDbClient dynamoDb() {
        return clients().dynamoDb();
    }

    /** A client for Secrets Manager. */
    public final SecretsManagerClient secretsManager() {
        return clients().secretsManager();
    }

    /** A client for KMS. */
    public final KmsClient kms() {
        return clients().kms();
    }

    @Override
    public abstract void close();
}
