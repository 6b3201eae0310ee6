package io.threatengine.onboarding.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.threatengine.onboarding.error.InvalidValueException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;

class ClientOptionsTest {

    @Test
    void hasTheDefaultsThatItStates() {
        ClientOptions defaults = ClientOptions.defaults();

        assertThat(defaults.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(defaults.attemptTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(defaults.callTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(defaults.attempts()).isEqualTo(5);
        assertThat(defaults.firstDelay()).isEqualTo(Duration.ofMillis(100));
        assertThat(defaults.firstDelayWhenThrottled()).isEqualTo(Duration.ofSeconds(1));
        assertThat(defaults.longestDelay()).isEqualTo(Duration.ofSeconds(20));
        assertThat(defaults.connections()).isEqualTo(64);
        assertThat(defaults.httpClient()).isEmpty();
        assertThat(defaults.endpoint()).isEmpty();
        assertThat(defaults.profile()).isEmpty();
    }

    @Test
    void keepsWhatItIsGiven() {
        try (SdkHttpClient http = Apache5HttpClient.create()) {
            ClientOptions options = ClientOptions.builder()
                    .connectTimeout(Duration.ofMillis(10))
                    .attemptTimeout(Duration.ofMillis(20))
                    .callTimeout(Duration.ofDays(1))
                    .attempts(20)
                    .firstDelay(Duration.ofMillis(1))
                    .firstDelayWhenThrottled(Duration.ofMillis(2))
                    .longestDelay(Duration.ofMillis(2))
                    .connections(10_000)
                    .httpClient(http)
                    .endpoint(URI.create("http://127.0.0.1:4566"))
                    .profile("operator")
                    .build();

            assertThat(options.connectTimeout()).isEqualTo(Duration.ofMillis(10));
            assertThat(options.attemptTimeout()).isEqualTo(Duration.ofMillis(20));
            assertThat(options.callTimeout()).isEqualTo(Duration.ofDays(1));
            assertThat(options.attempts()).isEqualTo(20);
            assertThat(options.firstDelay()).isEqualTo(Duration.ofMillis(1));
            assertThat(options.firstDelayWhenThrottled()).isEqualTo(Duration.ofMillis(2));
            assertThat(options.longestDelay()).isEqualTo(Duration.ofMillis(2));
            assertThat(options.connections()).isEqualTo(10_000);
            assertThat(options.httpClient()).containsSame(http);
            assertThat(options.endpoint()).contains(URI.create("http://127.0.0.1:4566"));
            assertThat(options.profile()).contains("operator");
            assertThat(options.toBuilder().build()).isEqualTo(options);
            assertThat(options.toBuilder().httpClient(null).build().httpClient())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:4566", "/a/path", "ftp://127.0.0.1", "http:///path", "file:/etc"})
    void refusesAnEndpointThatIsNoWebAddress(String endpoint) {
        ClientOptions.Builder builder = ClientOptions.builder().endpoint(URI.create(endpoint));

        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(builder::build)
                .withMessageStartingWith("endpoint must be an http or https address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://me:pass@host", "https://host/?token=pass", "http://host/#pass"})
    void neverShowsWhatAnEndpointMayHold(String endpoint) {
        ClientOptions.Builder builder = ClientOptions.builder().endpoint(URI.create(endpoint));

        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(builder::build)
                .satisfies(e -> assertThat(e.toString()).doesNotContain("pass"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " x", "a\nb"})
    void refusesAProfileThatCanBeNone(String profile) {
        ClientOptions.Builder builder = ClientOptions.builder().profile(profile);

        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(builder::build)
                .withMessageStartingWith("profile must be");
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesWhatIsOutOfBounds(
            String field, String rule, UnaryOperator<ClientOptions.Builder> change, String valueShown) {
        ClientOptions.Builder builder = change.apply(ClientOptions.builder());

        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(builder::build)
                .satisfies(e -> {
                    assertThat(e.field()).isEqualTo(field);
                    assertThat(e.rule()).isEqualTo(rule);
                    assertThat(e.value()).isEqualTo(valueShown);
                });
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                        durations(
                                "connect time-out",
                                "must be 10 ms to 1 day",
                                ClientOptions.Builder::connectTimeout,
                                10),
                        durations(
                                "attempt time-out",
                                "must be 10 ms to 1 day",
                                ClientOptions.Builder::attemptTimeout,
                                10),
                        durations("call time-out", "must be 10 ms to 1 day", ClientOptions.Builder::callTimeout, 10),
                        durations("first delay", "must be 1 ms to 1 day", ClientOptions.Builder::firstDelay, 1),
                        durations(
                                "first delay when throttled",
                                "must be 1 ms to 1 day",
                                ClientOptions.Builder::firstDelayWhenThrottled,
                                1),
                        durations("longest delay", "must be 1 ms to 1 day", ClientOptions.Builder::longestDelay, 1),
                        List.of(
                                refused("attempts", "must be 1 to 20", b -> b.attempts(0), "0"),
                                refused("attempts", "must be 1 to 20", b -> b.attempts(21), "21"),
                                refused("connections", "must be 1 to 10000", b -> b.connections(0), "0"),
                                refused("connections", "must be 1 to 10000", b -> b.connections(10_001), "10001"),
                                refused(
                                        "connect time-out",
                                        "must not exceed the attempt time-out of PT5S",
                                        b -> b.connectTimeout(Duration.ofSeconds(6)),
                                        "PT6S"),
                                refused(
                                        "attempt time-out",
                                        "must not exceed the call time-out of PT20S",
                                        b -> b.attemptTimeout(Duration.ofSeconds(21)),
                                        "PT21S"),
                                refused(
                                        "first delay",
                                        "must not exceed the longest delay of PT20S",
                                        b -> b.firstDelay(Duration.ofSeconds(21)),
                                        "PT21S"),
                                refused(
                                        "first delay when throttled",
                                        "must not exceed the longest delay of PT20S",
                                        b -> b.firstDelayWhenThrottled(Duration.ofSeconds(21)),
                                        "PT21S")))
                .flatMap(List::stream);
    }

    /** Nothing, less than nothing, too short by a nanosecond, too long by one, and longer than milliseconds can count. */
    private static List<Arguments> durations(String field, String rule, Setting setting, long shortestMillis) {
        return Stream.of(
                        Duration.ZERO,
                        Duration.ofSeconds(-1),
                        Duration.ofMillis(shortestMillis).minusNanos(1),
                        Duration.ofDays(1).plusNanos(1),
                        Duration.ofSeconds(Long.MAX_VALUE))
                .map(value -> refused(field, rule, builder -> setting.set(builder, value), value.toString()))
                .toList();
    }

    private static Arguments refused(
            String field, String rule, UnaryOperator<ClientOptions.Builder> change, String value) {
        return arguments(field, rule, change, '"' + value + '"');
    }

    private interface Setting {
        ClientOptions.Builder set(ClientOptions.Builder builder, Duration value);
    }
}
