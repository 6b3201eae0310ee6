package io.threatengine.onboarding.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.aws.ClientOptions;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.tenant.TenantId;
import java.io.ByteArrayInputStream;
import java.time.Duration;
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

/** A vault that opens its client itself, on the caller's HTTP client: nothing leaves the JVM. */
class SecretsManagerVaultTest {
    private static final CredentialKey KEY = CredentialKey.of(TenantId.of("t1"), AccountId.of("a1"));
    private static final IbmApiKey CREDENTIAL = new IbmApiKey(Secret.of("key"));

    private final OneSecret http = new OneSecret();
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
    void opensACachedClientWithTheOptions() {
        try (var vault = SecretsManagerVault.open(settings, options)) {
            assertThat(vault.get(KEY)).isEqualTo(CREDENTIAL);
            assertThat(vault.get(KEY)).isEqualTo(CREDENTIAL);
        }

        assertThat(http.hosts).containsExactly("secretsmanager.eu-central-1.amazonaws.com");
        assertThat(http.closed).isFalse();
    }

    @Test
    void opensACacheWithTheOptions() {
        CacheOptions brief = CacheOptions.defaults().withTimeToLive(Duration.ofNanos(1));

        try (var vault = SecretsManagerVault.open(settings, options, brief)) {
            vault.get(KEY);
            long loaded = System.currentTimeMillis();
            while (System.currentTimeMillis() == loaded) {
                Thread.onSpinWait();
            }
            vault.get(KEY);
        }

        assertThat(http.hosts).hasSize(2);
    }

    @Test
    void saysThatItIsClosed() {
        var vault = SecretsManagerVault.open(settings);

        vault.close();

        assertThatIllegalStateException().isThrownBy(() -> vault.get(KEY));
    }

    private static final class OneSecret implements SdkHttpClient {
        private static final byte[] ANSWER = """
                {"VersionId": "v1",
                 "SecretString": "{\\"credential_type\\": \\"ibm_api_key\\", \\"credentials\\": {\\"api_key\\": \\"key\\"}}"}
                """.getBytes(UTF_8);

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
                            .responseBody(AbortableInputStream.create(new ByteArrayInputStream(ANSWER)))
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
