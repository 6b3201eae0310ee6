package io.threatengine.onboarding.testkit;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.aws.ClientOptions;
import io.threatengine.onboarding.aws.SdkClients;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPlugin;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** SDK clients of a stand-in, each opened when it is first asked for: tests that need one service start sooner. */
final class Clients implements AutoCloseable {
    private static final int CONNECTIONS = 256;
    private static final Duration SHORT = Duration.ofMillis(2);

    /** For who pauses for seconds now and then, and does a transaction twice that is repeated: moto. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Later<DynamoDbClient> dynamoDb;
    private final Later<SecretsManagerClient> secretsManager;
    private final Later<KmsClient> kms;

    private final URI dynamoDbUri;
    private final URI uri;
    private final SdkHttpClient network;
    private final ClientOptions options;
    private final Runnable closing;

    /** For what answers in this JVM: DynamoDB at one address, the others at another. */
    static Clients inThisJvm(URI dynamoDbUri, URI uri) {
        return new Clients(dynamoDbUri, uri, ClientOptions.defaults());
    }

    /** For what answers elsewhere, all at one address. They wait longer for an answer than the library does by default. */
    static Clients elsewhere(URI uri) {
        return new Clients(
                uri,
                uri,
                ClientOptions.builder()
                        .attemptTimeout(PATIENCE)
                        .callTimeout(PATIENCE.multipliedBy(2))
                        .build());
    }

    private Clients(URI dynamoDbUri, URI uri, ClientOptions options) {
        this(
                dynamoDbUri,
                uri,
                Apache5HttpClient.builder().maxConnections(CONNECTIONS).build(),
                options,
                SdkHttpClient::close,
                config -> {});
    }

    private Clients(
            URI dynamoDbUri,
            URI uri,
            SdkHttpClient network,
            ClientOptions options,
            Consumer<SdkHttpClient> closing,
            SdkPlugin plugin) {
        this.dynamoDbUri = dynamoDbUri;
        this.uri = uri;
        this.network = network;
        this.closing = () -> closing.accept(network);
        this.options = options;
        ClientOptions all = options.toBuilder().httpClient(network).build();
        this.dynamoDb = new Later<>(() -> open(DynamoDbClient.builder().addPlugin(plugin), dynamoDbUri, all));
        this.secretsManager =
                new Later<>(() -> open(SecretsManagerClient.builder().addPlugin(plugin), uri, all));
        this.kms = new Later<>(() -> open(KmsClient.builder().addPlugin(plugin), uri, all));
    }

    /** Other clients of the same services, over the same connections, that are recorded and may go wrong. */
    Clients observed(Faults faults, CallRecorder calls) {
        // A test of retries has no reason to wait for them.
        ClientOptions hasty = options.toBuilder()
                .firstDelay(SHORT)
                .firstDelayWhenThrottled(SHORT)
                .longestDelay(SHORT)
                .build();
        SdkPlugin recording = config -> config.overrideConfiguration(config.overrideConfiguration().toBuilder()
                .addExecutionInterceptor(calls.interceptor())
                .build());
        return new Clients(dynamoDbUri, uri, new FaultyHttpClient(network, faults), hasty, faulty -> {}, recording);
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
        closing.run();
    }

    static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C open(
            B builder, URI uri, ClientOptions options) {
        return SdkClients.open(
                builder.endpointOverride(uri)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"))),
                OnboardingSettings.defaults(),
                options);
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
