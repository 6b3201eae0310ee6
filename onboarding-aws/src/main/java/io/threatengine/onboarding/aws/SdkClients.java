package io.threatengine.onboarding.aws;

import io.threatengine.onboarding.OnboardingSettings;
import java.time.Duration;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;

/** How the SDK clients that we open ourselves behave. A client that the caller passes in keeps the caller's behaviour. */
public final class SdkClients {
    /** Within a region a connection stands in milliseconds; one that takes longer is better tried anew. */
    private static final Duration CONNECT = Duration.ofSeconds(2);

    /** One try: far above the slowest healthy answer of DynamoDB and Secrets Manager, so that only a hung one is cut. */
    private static final Duration ATTEMPT = Duration.ofSeconds(5);

    /** All tries of a call together with the pauses between them. */
    private static final Duration CALL = Duration.ofSeconds(20);

    /** The first try and four more, with the SDK's exponential back-off and full jitter. */
    private static final int ATTEMPTS = 5;

    private static final int CONNECTIONS = 64;

    private SdkClients() {}

    /** Applies our defaults to a client's builder. */
    public static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C open(
            B builder, OnboardingSettings settings) {
        RetryStrategy retries = AwsRetryStrategy.standardRetryStrategy().toBuilder()
                .maxAttempts(ATTEMPTS)
                .build();
        return builder.region(Region.of(settings.region()))
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(CONNECTIONS)
                        .connectionTimeout(CONNECT)
                        .socketTimeout(ATTEMPT))
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .apiCallAttemptTimeout(ATTEMPT)
                        .apiCallTimeout(CALL)
                        .retryStrategy(retries)
                        .build())
                .build();
    }
}
