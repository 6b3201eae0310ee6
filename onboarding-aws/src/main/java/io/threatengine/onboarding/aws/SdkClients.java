package io.threatengine.onboarding.aws;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.error.InvalidValueException;
import java.util.concurrent.RejectedExecutionException;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;

/** Opens the SDK clients that are ours. For this project's own modules, not for users. */
public final class SdkClients {
    private SdkClients() {}

    /** With the default options. */
    public static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C open(
            B builder, OnboardingSettings settings) {
        return open(builder, settings, ClientOptions.defaults());
    }

    /**
     * Applies the settings and the options to a client's builder, and builds it.
     *
     * @throws InvalidValueException if the options name a profile that there is not
     */
    public static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C open(
            B builder, OnboardingSettings settings, ClientOptions options) {
        ClientOverrideConfiguration.Builder override = ClientOverrideConfiguration.builder()
                .apiCallAttemptTimeout(options.attemptTimeout())
                .apiCallTimeout(options.callTimeout())
                .retryStrategy(retries(options))
                .addExecutionInterceptor(new ClosedClient());
        B configured = builder.region(Region.of(settings.region()));
        options.endpoint().ifPresent(configured::endpointOverride);
        options.profile().ifPresent(profile -> {
            override.defaultProfileName(profile);
            configured.credentialsProvider(credentialsOf(profile));
        });
        configured.overrideConfiguration(override.build());
        SdkHttpClient callers = options.nullableHttpClient();
        // A client that the builder is given as such is not closed with the SDK client; one that it makes itself is.
        return callers != null
                ? configured.httpClient(callers).build()
                : configured.httpClientBuilder(apache(options)).build();
    }

    /** Of that profile and nothing else: the default chain would ask the environment first. */
    private static ProfileCredentialsProvider credentialsOf(String profile) {
        if (ProfileFile.defaultProfileFile().profile(profile).isEmpty()) {
            throw new InvalidValueException(
                    "profile", "must be in the AWS config file or credentials file of this user", profile);
        }
        return ProfileCredentialsProvider.create(profile);
    }

    /** The standard strategy's conditions and token bucket; each call makes a bucket, so that clients share none. */
    private static RetryStrategy retries(ClientOptions options) {
        return AwsRetryStrategy.standardRetryStrategy().toBuilder()
                .maxAttempts(options.attempts())
                .backoffStrategy(BackoffStrategy.exponentialDelay(options.firstDelay(), options.longestDelay()))
                .throttlingBackoffStrategy(
                        BackoffStrategy.exponentialDelay(options.firstDelayWhenThrottled(), options.longestDelay()))
                .build();
    }

    private static SdkHttpClient.Builder<?> apache(ClientOptions options) {
        return Apache5HttpClient.builder()
                .maxConnections(options.connections())
                .connectionTimeout(options.connectTimeout())
                .connectionAcquisitionTimeout(options.attemptTimeout())
                .socketTimeout(options.readTimeout());
    }

    /** A closed client says that its timer refuses the call's time-out, which tells the caller nothing. */
    private static final class ClosedClient implements ExecutionInterceptor {
        @Override
        public Throwable modifyException(Context.FailedExecution failed, ExecutionAttributes attributes) {
            if (failed.exception() instanceof RejectedExecutionException) {
                // Thrown, since the SDK takes back only an exception of the class that it handed out.
                throw new IllegalStateException("the client is closed", failed.exception());
            }
            return failed.exception();
        }
    }
}
