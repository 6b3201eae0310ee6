package io.threatengine.onboarding.testkit;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.aws.ClientOptions;
import io.threatengine.onboarding.aws.SdkClients;
import java.net.URI;
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

/** SDK clients of a stand-in, each opened when it is first asked for: tests that need one service start sooner. */
final class Clients implements AutoCloseable {
    private final Later<DynamoDbClient> dynamoDb;
    private final Later<SecretsManagerClient> secretsManager;
    private final Later<KmsClient> kms;

    /**
     * @param dynamoDbUri where DynamoDB answers
     * @param uri where the others do
     */
    Clients(URI dynamoDbUri, URI uri) {
        this.dynamoDb = new Later<>(() -> open(DynamoDbClient.builder(), dynamoDbUri));
        this.secretsManager = new Later<>(() -> open(SecretsManagerClient.builder(), uri));
        this.kms = new Later<>(() -> open(KmsClient.builder(), uri));
    }

    DynamoDbClient dynamoDb() {
        return dynamoDb.get();
    }

    SecretsManagerClient secretsManager() {
        return secretsManager.get();
    }

    KmsClient kms() {
        return kms.get();
    }

    @Override
    public void close() {
        kms.close();
        secretsManager.close();
        dynamoDb.close();
    }

    static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C open(B builder, URI uri) {
        return SdkClients.open(
                builder.endpointOverride(uri)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"))),
                OnboardingSettings.defaults(),
                ClientOptions.defaults());
    }

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
