package io.threatengine.onboarding.testkit.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.CreateKeyRequest;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** An endpoint whose time stands still until a test moves it, and SDK clients for it. */
final class EndpointFixture implements AutoCloseable, InstantSource {
    static final Instant START = Instant.parse("2026-03-01T10:15:30.123Z");

    private volatile Instant now = START;
    final EmbeddedAwsEndpoint endpoint = EmbeddedAwsEndpoint.start(this);
    final SecretsManagerClient secrets = secrets(Region.EU_CENTRAL_1);
    final KmsClient kms = kms(Region.EU_CENTRAL_1);

    SecretsManagerClient secrets(Region region) {
        return configure(SecretsManagerClient.builder(), region).build();
    }

    KmsClient kms(Region region) {
        return configure(KmsClient.builder(), region).build();
    }

    private <B extends AwsClientBuilder<B, ?>> B configure(B builder, Region region) {
        return builder.endpointOverride(endpoint.uri())
                .region(region)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")));
    }

    @Override
    public Instant instant() {
        return now;
    }

    void advance(Duration duration) {
        now = now.plus(duration);
    }

    String newKey() {
        return newKey(r -> {});
    }

    String newKey(Consumer<CreateKeyRequest.Builder> options) {
        return kms.createKey(options).keyMetadata().keyId();
    }

    /** The call must fail with status 400 and this error code; gives the error for further looks. */
    static AwsServiceException assertRefused(String errorCode, ThrowingCallable call) {
        AwsServiceException refusal = catchThrowableOfType(AwsServiceException.class, call);
        assertThat(refusal).as("the call should fail with %s", errorCode).isNotNull();
        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(errorCode);
        assertThat(refusal.statusCode()).isEqualTo(400);
        assertThat(refusal.requestId()).isNotBlank();
        return refusal;
    }

    static void assertRefused(String errorCode, String message, ThrowingCallable call) {
        assertThat(assertRefused(errorCode, call).awsErrorDetails().errorMessage())
                .isEqualTo(message);
    }

    @Override
    public void close() {
        secrets.close();
        kms.close();
        endpoint.close();
    }
}
