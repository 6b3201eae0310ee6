package io.threatengine.onboarding.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.aws.ClientOptions;
import io.threatengine.onboarding.tenant.TenantId;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/** A storage that opens its client itself, on the caller's HTTP client: nothing leaves the JVM. */
class DynamoDbStorageTest {
    private static final TenantId ID = TenantId.of("t1");

    private final EmptyTables http = new EmptyTables();
    private final OnboardingSettings settings =
            OnboardingSettings.builder().region("eu-central-1").build();
    private final ClientOptions options =
            ClientOptions.builder().httpClient(http).build();

    // Where the SDK looks for credentials first.

    @BeforeEach
    void setCredentials() {
        System.setProperty(SdkSystemSetting.AWS_ACCESS_KEY_ID.property(), "id");
        System.setProperty(SdkSystemSetting.AWS_SECRET_ACCESS_KEY.property(), "key");
    }

    @AfterEach
    void clearCredentials() {
        System.clearProperty(SdkSystemSetting.AWS_ACCESS_KEY_ID.property());
        System.clearProperty(SdkSystemSetting.AWS_SECRET_ACCESS_KEY.property());
    }

    @Test
    void opensAClientWithTheOptions() {
        try (var storage = DynamoDbStorage.open(settings, options)) {
            assertThat(storage.tenants().find(ID)).isEmpty();
        }

        assertThat(http.hosts).containsExactly("dynamodb.eu-central-1.amazonaws.com");
        assertThat(http.closed).isFalse();
    }

    @Test
    void saysThatItIsClosed() {
        var storage = DynamoDbStorage.open(settings, options);

        storage.close();

        assertThatIllegalStateException().isThrownBy(() -> storage.tenants().find(ID));
        assertThat(http.hosts).isEmpty();
    }

    @Test
    void saysThatItIsClosedWithAClientOfItsOwnToo() {
        var storage = DynamoDbStorage.open(settings);

        storage.close();

        assertThatIllegalStateException().isThrownBy(() -> storage.tenants().find(ID));
        assertThatIllegalStateException().isThrownBy(storage::createTables);
    }

    private static final class EmptyTables implements SdkHttpClient {
        private final List<String> hosts = new ArrayList<>();
        private boolean closed;

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            hosts.add(request.httpRequest().host());
            return new ExecutableHttpRequest() {
                @Override
                public HttpExecuteResponse call() {
                    return HttpExecuteResponse.builder()
                            .response(SdkHttpResponse.builder().statusCode(200).build())
                            .responseBody(AbortableInputStream.create(new ByteArrayInputStream("{}".getBytes(UTF_8))))
                            .build();
                }

                @Override
                public void abort() {}
            };
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
