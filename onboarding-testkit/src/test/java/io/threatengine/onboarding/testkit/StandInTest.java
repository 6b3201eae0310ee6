package io.threatengine.onboarding.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.threatengine.onboarding.testkit.endpoint.EmbeddedAwsEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandInTest {
    private HttpServer server;
    private URI uri;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void whatSaysThatItIsMotoIsMotoEvenInPlaceOfLocalStack() {
        answer(Map.of("/_localstack/health", "{\"edition\": \"moto\", \"version\": \"5.2.1\"}"));

        assertThat(StandIn.at(uri)).isEqualTo(new StandIn("moto 5.2.1", Deviation.OF_MOTO));
    }

    @Test
    void localStackSaysItsVersion() {
        answer(Map.of(
                "/_localstack/health", "{\"services\": {}, \"edition\": \"community\", \"version\": \"4.14.0\"}"));

        assertThat(StandIn.at(uri).name()).isEqualTo("LocalStack 4.14.0 (community)");
    }

    @Test
    void motosOwnServerIsKnownByItsPage() {
        answer(Map.of("/moto-api/", "<html>"));

        assertThat(StandIn.at(uri)).isEqualTo(new StandIn("moto", Deviation.OF_MOTO));
    }

    @Test
    void ourOwnServicesAreKnown() {
        try (var endpoint = EmbeddedAwsEndpoint.start()) {
            assertThat(StandIn.at(endpoint.uri()))
                    .isEqualTo(new StandIn("the test kit's embedded services", Deviation.OF_DYNAMODB_LOCAL));
        }
    }

    @Test
    void whatSaysNothingIsNotTakenForAnything() {
        answer(Map.of("/_localstack/health", "welcome"));

        assertThat(StandIn.at(uri).name()).isEqualTo("an endpoint that does not say what it is");
    }

    @Test
    void nobodyThereIsSaidWithTheAddress() {
        server.stop(0);

        assertThatThrownBy(() -> Backend.endpoint(uri))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessage("nothing answers at " + uri + ": start what should, or correct the address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///tmp", "ftp://127.0.0.1/", "localhost:4566", "http://127.0.0.1:99999"})
    void anAddressThatCannotBeOneIsRefusedAsSuch(URI wrong) {
        assertThatThrownBy(() -> Backend.endpoint(wrong))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining(wrong + " is not the address of a service")
                .hasMessageContaining("http://127.0.0.1:4566");
    }

    private void answer(Map<String, String> pages) {
        server.createContext("/", exchange -> {
            try (exchange) {
                String page = pages.get(exchange.getRequestURI().getPath());
                byte[] body = (page == null ? "" : page).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(page == null ? 404 : 200, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        });
    }
}
