package io.threatengine.onboarding.aws;

import static io.threatengine.onboarding.aws.ScriptedService.CUT;
import static io.threatengine.onboarding.aws.ScriptedService.CUT_HALFWAY;
import static io.threatengine.onboarding.aws.ScriptedService.OK;
import static io.threatengine.onboarding.aws.ScriptedService.SILENCE;
import static io.threatengine.onboarding.aws.ScriptedService.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.net.httpserver.HttpExchange;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.aws.ScriptedService.Answer;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.error.ThrottledException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A real SDK client and real connections, to a service that fails on request. */
class SdkClientsTest {
    private static final Answer THROTTLED = refusal(400, "ThrottlingException");
    private static final Answer BROKEN = refusal(500, "InternalServerError");

    /** Pauses of next to nothing; a call that goes wrong ends all the same. */
    private static final ClientOptions QUICK = ClientOptions.builder()
            .attempts(3)
            .firstDelay(Duration.ofMillis(1))
            .firstDelayWhenThrottled(Duration.ofMillis(1))
            .longestDelay(Duration.ofMillis(2))
            .build();

    /** Almost surely longer than any call; what is drawn from it must not come. */
    private static final Duration ENDLESS = Duration.ofDays(1);

    @AfterEach
    void leavesNoInterruptBehind() {
        assertThat(Thread.interrupted()).isFalse();
    }

    // ---- what is tried again

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void waitsForAServiceThatThrottles(int times) {
        Answer[] answers = new Answer[times + 1];
        Arrays.fill(answers, THROTTLED);
        answers[times] = OK;

        try (var service = ScriptedService.answering(answers);
                var client = open(service, QUICK)) {
            call(client);

            assertThat(service.requests()).isEqualTo(times + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"})
    void saysThatItWasThrottledOnceTheAttemptsAreSpent(String code) {
        try (var service = ScriptedService.answering(refusal(400, code));
                var client = open(service, QUICK)) {
            assertThatExceptionOfType(ThrottledException.class).isThrownBy(() -> call(client));
            assertThat(service.requests()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void triesABrokenServiceAgain(int status) {
        try (var service = ScriptedService.answering(refusal(status, "InternalServerError"), OK);
                var client = open(service, QUICK)) {
            call(client);

            assertThat(service.requests()).isEqualTo(2);
        }
    }

    @Test
    void saysThatTheServiceIsBrokenOnceTheAttemptsAreSpent() {
        try (var service = ScriptedService.answering(BROKEN);
                var client = open(service, QUICK)) {
            assertThatExceptionOfType(ServiceUnavailableException.class).isThrownBy(() -> call(client));
            assertThat(service.requests()).isEqualTo(3);
        }
    }

    @Test
    void triesOnceOnlyIfToldSo() {
        try (var service = ScriptedService.answering(BROKEN);
                var client = open(service, QUICK.toBuilder().attempts(1).build())) {
            assertThatExceptionOfType(ServiceUnavailableException.class).isThrownBy(() -> call(client));
            assertThat(service.requests()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, AccessDeniedException, io.threatengine.onboarding.error.AccessDeniedException",
        "400, UnrecognizedClientException, io.threatengine.onboarding.error.AccessDeniedException",
        "400, ValidationException, io.threatengine.onboarding.error.ServiceException",
        "400, ConditionalCheckFailedException, io.threatengine.onboarding.error.ServiceException",
    })
    void neverTriesAgainWhatWouldFailAgain(int status, String code, Class<? extends ServiceException> expected) {
        try (var service = ScriptedService.answering(refusal(status, code), OK);
                var client = open(service, QUICK)) {
            assertThatExceptionOfType(ServiceException.class)
                    .isThrownBy(() -> call(client))
                    .isExactlyInstanceOf(expected);
            assertThat(service.requests()).isEqualTo(1);
        }
    }

    @Test
    void triesAgainWhenTheConnectionIsCut() {
        try (var service = ScriptedService.answering(CUT, CUT_HALFWAY, OK);
                var client = open(service, QUICK)) {
            call(client);

            assertThat(service.requests()).isEqualTo(3);
        }
    }

    @Test
    void saysThatTheServiceIsUnavailableWhenTheConnectionIsAlwaysCut() {
        try (var service = ScriptedService.answering(CUT, CUT_HALFWAY);
                var client = open(service, QUICK)) {
            assertThatExceptionOfType(ServiceUnavailableException.class).isThrownBy(() -> call(client));
            assertThat(service.requests()).isEqualTo(3);
        }
    }

    @Test
    void triesAgainWhenNobodyListens() {
        URI nobody;
        try (var service = ScriptedService.answering(OK)) {
            nobody = service.uri();
        }

        try (var client = open(nobody, QUICK)) {
            assertThatExceptionOfType(ServiceUnavailableException.class)
                    .isThrownBy(() -> call(client))
                    .satisfies(e -> assertThat(attemptsOf(e)).isEqualTo(3));
        }
    }

    // ---- pauses and budget

    @Test
    void pausesAfterThrottlingAsLongAsIsSaidForThrottling() {
        ClientOptions options =
                QUICK.toBuilder().firstDelay(ENDLESS).longestDelay(ENDLESS).build();

        try (var service = ScriptedService.answering(THROTTLED, OK);
                var client = open(service, options)) {
            call(client);

            assertThat(service.requests()).isEqualTo(2);
        }
    }

    @Test
    void pausesAfterAFailureAsLongAsIsSaidForFailures() {
        ClientOptions options = QUICK.toBuilder()
                .firstDelayWhenThrottled(ENDLESS)
                .longestDelay(ENDLESS)
                .build();

        try (var service = ScriptedService.answering(BROKEN, OK);
                var client = open(service, options)) {
            call(client);

            assertThat(service.requests()).isEqualTo(2);
        }
    }

    @Test
    void stopsTryingAgainWhenTheTokensAreSpent() {
        ClientOptions options = QUICK.toBuilder().attempts(20).build();

        try (var service = ScriptedService.answering(THROTTLED);
                var client = open(service, options);
                var another = open(service, options)) {
            for (int call = 0; call < 6; call++) {
                assertThatExceptionOfType(ThrottledException.class).isThrownBy(() -> call(client));
            }
            // six first attempts, and a retry for each 5 of 500 tokens
            assertThat(service.requests()).isEqualTo(6 + 100);

            assertThatExceptionOfType(ThrottledException.class).isThrownBy(() -> call(client));
            assertThat(service.requests()).isEqualTo(6 + 100 + 1);

            // of its own
            assertThatExceptionOfType(ThrottledException.class).isThrownBy(() -> call(another));
            assertThat(service.requests()).isEqualTo(6 + 100 + 1 + 20);
        }
    }

    @Test
    void endsEachAttemptThatGetsNoAnswer() {
        ClientOptions options = timeouts(Duration.ofMillis(250), Duration.ofSeconds(20));

        try (var service = ScriptedService.answering(SILENCE);
                var client = open(service, options)) {
            assertThatExceptionOfType(ServiceUnavailableException.class)
                    .isThrownBy(() -> call(client))
                    .satisfies(e -> assertThat(attemptsOf(e)).isEqualTo(3));
        }
    }

    @Test
    void endsTheCallWhenItsTimeIsSpent() {
        ClientOptions options = timeouts(Duration.ofMillis(250), Duration.ofMillis(400)).toBuilder()
                .attempts(20)
                .build();

        try (var service = ScriptedService.answering(SILENCE);
                var client = open(service, options)) {
            assertThatExceptionOfType(ServiceUnavailableException.class)
                    .isThrownBy(() -> call(client))
                    .withCauseInstanceOf(ApiCallTimeoutException.class);
        }
    }

    @Test
    void endsAPauseWhenTheCallsTimeIsSpent() {
        ClientOptions options = timeouts(Duration.ofMillis(250), Duration.ofMillis(250)).toBuilder()
                .firstDelayWhenThrottled(ENDLESS)
                .longestDelay(ENDLESS)
                .build();

        try (var service = ScriptedService.answering(THROTTLED);
                var client = open(service, options)) {
            assertThatExceptionOfType(ServiceUnavailableException.class)
                    .isThrownBy(() -> call(client))
                    .withCauseInstanceOf(ApiCallTimeoutException.class);
        }
    }

    @Test
    void hasNoMoreConnectionsThanIsSaid() {
        ClientOptions options = QUICK.toBuilder().attempts(1).connections(1).build();
        Thread waiting = Thread.currentThread();
        var came = new CountDownLatch(1);
        Answer onceTheOtherWaits = (exchange, service) -> {
            came.countDown();
            service.awaitPauseOf(waiting); // a second connection would read from its socket instead
            OK.to(exchange, service);
        };

        try (var service = ScriptedService.answering(onceTheOtherWaits, OK);
                var client = open(service, options)) {
            CompletableFuture<Void> first = CompletableFuture.runAsync(() -> call(client));
            await(came);

            call(client);

            first.join();
            assertThat(service.requests()).isEqualTo(2);
        }
    }

    // ---- interruption

    @Test
    void aThreadThatIsInterruptedAlreadyMakesNoRequest() {
        try (var service = ScriptedService.answering(OK);
                var client = open(service, QUICK)) {
            Thread.currentThread().interrupt();

            assertIsInterrupted(client);
            assertThat(service.requests()).isZero();
        }
    }

    @Test
    void interruptionEndsAPause() {
        ClientOptions options = QUICK.toBuilder()
                .firstDelayWhenThrottled(ENDLESS)
                .longestDelay(ENDLESS)
                .build();
        Thread pausing = Thread.currentThread();
        Answer throttledThenInterrupted = (exchange, service) -> {
            THROTTLED.to(exchange, service);
            service.awaitPauseOf(pausing);
            pausing.interrupt();
        };

        try (var service = ScriptedService.answering(throttledThenInterrupted);
                var client = open(service, options)) {
            assertIsInterrupted(client);
            assertThat(service.requests()).isEqualTo(1);
        }
    }

    @Test
    void interruptionEndsTheWaitForAConnection() throws IOException {
        ClientOptions options = QUICK.toBuilder().connections(1).build();
        Thread waiting = Thread.currentThread();
        var came = new CountDownLatch(1);
        var held = new AtomicReference<HttpExchange>();
        Answer interruptingTheOther = (exchange, service) -> {
            held.set(exchange);
            came.countDown();
            service.awaitPauseOf(waiting);
            waiting.interrupt();
        };

        try (var service = ScriptedService.answering(interruptingTheOther);
                var client = open(service, options)) {
            CompletableFuture<Void> first = CompletableFuture.runAsync(() -> call(client));
            await(came);

            assertIsInterrupted(client);
            assertThat(service.requests()).isEqualTo(1);

            OK.to(held.get(), service);
            first.join();
        }
    }

    @Test
    void interruptionIsSeenWhenTheAnswerComes() {
        Thread reading = Thread.currentThread();
        Answer interrupting = (exchange, service) -> {
            reading.interrupt();
            OK.to(exchange, service);
        };

        try (var service = ScriptedService.answering(interrupting);
                var client = open(service, QUICK)) {
            assertIsInterrupted(client);
            assertThat(service.requests()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void interruptionIsSeenWhenNoAnswerComes(int attempts) {
        ClientOptions options = timeouts(Duration.ofSeconds(1), Duration.ofSeconds(20)).toBuilder()
                .attempts(attempts)
                .build();
        Thread reading = Thread.currentThread();
        Answer interrupting = (exchange, service) -> reading.interrupt();

        try (var service = ScriptedService.answering(OK, interrupting);
                var client = open(service, options)) {
            call(client); // the classes are loaded, and the connection stands

            assertIsInterrupted(client);
            assertThat(service.requests()).isEqualTo(2);
        }
    }

    // ---- what the client is made of

    @Test
    void usesTheSettingsAndTheDefaults() {
        OnboardingSettings settings =
                OnboardingSettings.builder().region("eu-central-1").build();

        try (var client = SdkClients.open(DynamoDbClient.builder(), settings)) {
            var configuration = client.serviceClientConfiguration();
            var overrides = configuration.overrideConfiguration();

            assertThat(configuration.region()).isEqualTo(Region.EU_CENTRAL_1);
            assertThat(overrides.apiCallAttemptTimeout()).contains(Duration.ofSeconds(5));
            assertThat(overrides.apiCallTimeout()).contains(Duration.ofSeconds(20));
            assertThat(overrides.retryStrategy())
                    .hasValueSatisfying(
                            retries -> assertThat(retries.maxAttempts()).isEqualTo(5));
        }
    }

    @Test
    void callsTheEndpointOfTheOptionsWithTheCredentialsOfTheProfile(@TempDir Path files) throws IOException {
        withProfiles(files, "[operator]\naws_access_key_id = PROFILED\naws_secret_access_key = key\n", () -> {
            try (var service = ScriptedService.answering(OK)) {
                ClientOptions options = QUICK.toBuilder()
                        .endpoint(service.uri())
                        .profile("operator")
                        .build();
                try (var client = SdkClients.open(DynamoDbClient.builder(), OnboardingSettings.defaults(), options)) {
                    call(client);

                    assertThat(service.requests()).isEqualTo(1);
                    assertThat(client.serviceClientConfiguration()
                                    .credentialsProvider()
                                    .resolveIdentity()
                                    .join()
                                    .accessKeyId())
                            .isEqualTo("PROFILED");
                }
            }
        });
    }

    @Test
    void saysAtOnceThatThereIsNoSuchProfile(@TempDir Path files) throws IOException {
        withProfiles(files, "[operator]\naws_access_key_id = id\naws_secret_access_key = hidden\n", () -> {
            ClientOptions options = QUICK.toBuilder().profile("stranger").build();

            assertThatExceptionOfType(InvalidValueException.class)
                    .isThrownBy(() -> SdkClients.open(DynamoDbClient.builder(), OnboardingSettings.defaults(), options))
                    .withMessage("profile must be in the AWS config file or credentials file of this user, but is"
                            + " \"stranger\"");
        });
    }

    private static void withProfiles(Path files, String credentials, Runnable test) throws IOException {
        Path file = Files.writeString(files.resolve("credentials"), credentials);
        String credentialsFile = ProfileFileSystemSetting.AWS_SHARED_CREDENTIALS_FILE.property();
        String configFile = ProfileFileSystemSetting.AWS_CONFIG_FILE.property();
        System.setProperty(credentialsFile, file.toString());
        System.setProperty(configFile, files.resolve("none").toString());
        try {
            test.run();
        } finally {
            System.clearProperty(credentialsFile);
            System.clearProperty(configFile);
        }
    }

    @Test
    void closesTheHttpClientThatIsOurs() {
        var came = new CountDownLatch(1);
        var held = new AtomicReference<HttpExchange>();
        Answer holding = (exchange, service) -> {
            held.set(exchange);
            came.countDown();
        };

        try (var service = ScriptedService.answering(holding)) {
            DynamoDbClient client = open(service, QUICK);
            CompletableFuture<Void> call = CompletableFuture.runAsync(() -> call(client));
            await(came);

            client.close();
            try {
                OK.to(held.get(), service); // reaches nobody: the connection is closed
            } catch (IOException e) {
                // as it should be
            }

            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(call::join)
                    .withCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void saysThatItIsClosed() {
        try (var service = ScriptedService.answering(OK)) {
            DynamoDbClient client = open(service, QUICK);
            call(client);

            client.close();

            assertThatIllegalStateException().isThrownBy(() -> call(client)).withMessage("the client is closed");
            assertThat(service.requests()).isEqualTo(1);
        }
    }

    @Test
    void usesTheCallersHttpClientAndLeavesItOpen() {
        try (var service = ScriptedService.answering(OK);
                var http = new CountingHttpClient(Apache5HttpClient.create())) {
            ClientOptions options = QUICK.toBuilder().httpClient(http).build();
            for (int opened = 0; opened < 2; opened++) {
                try (var client = open(service, options)) {
                    call(client);
                }
            }

            assertThat(service.requests()).isEqualTo(2);
            assertThat(http.requests).isEqualTo(2);
            assertThat(http.closed).isFalse();
        }
    }

    @Test
    void theTimeOutsHoldForTheCallersHttpClientToo() {
        try (var service = ScriptedService.answering(SILENCE);
                var http = Apache5HttpClient.create()) { // reads for 30 s
            ClientOptions options = timeouts(Duration.ofMillis(250), Duration.ofSeconds(20)).toBuilder()
                    .httpClient(http)
                    .build();

            try (var client = open(service, options)) {
                assertThatExceptionOfType(ServiceUnavailableException.class)
                        .isThrownBy(() -> call(client))
                        .withCauseInstanceOf(ApiCallAttemptTimeoutException.class)
                        .satisfies(e -> assertThat(attemptsOf(e)).isEqualTo(3));
            }
        }
    }

    @Test
    void neitherChangesTheJvmNorObeysIt() {
        String attempts = SdkSystemSetting.AWS_MAX_ATTEMPTS.property();
        System.setProperty(attempts, "1");
        try (var service = ScriptedService.answering(BROKEN)) {
            Map<Object, Object> properties = Map.copyOf(System.getProperties());
            List<String> security = securityProperties();

            try (var client = open(service, QUICK)) {
                assertThatExceptionOfType(ServiceUnavailableException.class).isThrownBy(() -> call(client));

                assertThat(service.requests()).isEqualTo(3);
                assertThat(System.getProperties()).containsExactlyInAnyOrderEntriesOf(properties);
                assertThat(securityProperties()).isEqualTo(security);
            }
        } finally {
            System.clearProperty(attempts);
        }
    }

    // ---- help

    private static DynamoDbClient open(ScriptedService service, ClientOptions options) {
        return open(service.uri(), options);
    }

    private static DynamoDbClient open(URI uri, ClientOptions options) {
        return SdkClients.open(
                DynamoDbClient.builder()
                        .endpointOverride(uri)
                        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "key"))),
                OnboardingSettings.defaults(),
                options);
    }

    /** A call as the repositories make it. */
    private static void call(DynamoDbClient client) {
        try {
            client.listTables();
        } catch (SdkException e) {
            throw SdkFailures.translate(e, "dynamodb:ListTables", "the tables");
        }
    }

    private static ClientOptions timeouts(Duration attempt, Duration call) {
        return QUICK.toBuilder()
                .connectTimeout(attempt)
                .attemptTimeout(attempt)
                .callTimeout(call)
                .build();
    }

    private static void assertIsInterrupted(DynamoDbClient client) {
        assertThatExceptionOfType(OperationInterruptedException.class).isThrownBy(() -> call(client));
        assertThat(Thread.interrupted()).isTrue();
    }

    private static int attemptsOf(ServiceException e) {
        return ((SdkException) e.getCause()).numAttempts();
    }

    /** How long names are resolved from the cache, which tuning guides tell to change. */
    private static List<String> securityProperties() {
        return Stream.of("networkaddress.cache.ttl", "networkaddress.cache.negative.ttl")
                .map(name -> name + "=" + Security.getProperty(name))
                .toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static final class CountingHttpClient implements SdkHttpClient {
        private final SdkHttpClient delegate;
        private int requests;
        private boolean closed;

        CountingHttpClient(SdkHttpClient delegate) {
            this.delegate = delegate;
        }

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            requests++;
            return delegate.prepareRequest(request);
        }

        @Override
        public void close() {
            closed = true;
            delegate.close();
        }
    }
}
