package io.threatengine.onboarding.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.threatengine.onboarding.testkit.endpoint.EmbeddedAwsEndpoint;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * What answers at an address, by its own account and not by the name of an image: moto says that it is moto, also where it stands
 * in for LocalStack.
 */
record StandIn(String name, Set<Deviation> deviations) {
    private static final int MILLIS = 5_000;
    private static final int LAST_PORT = 65_535;
    private static final Set<String> SCHEMES = Set.of("http", "https");

    /** @throws BackendUnavailableException if that is no address of a service, or nothing answers there */
    static StandIn at(URI uri) {
        if (!SCHEMES.contains(String.valueOf(uri.getScheme())) || uri.getHost() == null || uri.getPort() > LAST_PORT) {
            throw new BackendUnavailableException(
                    uri + " is not the address of a service: write it like http://127.0.0.1:4566");
        }
        try {
            Optional<JsonNode> health = get(uri.resolve("/_localstack/health")).flatMap(StandIn::json);
            if (health.isPresent()) {
                return of(
                        health.get().path("edition").asText(),
                        health.get().path("version").asText());
            }
            if (get(uri.resolve("/moto-api/")).isPresent()) {
                return new StandIn("moto", Deviation.OF_MOTO);
            }
            return isOurs(uri.resolve("/"))
                    ? new StandIn("the test kit's embedded services", Deviation.OF_DYNAMODB_LOCAL)
                    : new StandIn("an endpoint that does not say what it is", Set.of());

        } catch (IOException e) {
            throw new BackendUnavailableException(
                    "nothing answers at " + uri + ": start what should, or correct the address", e);
        }
    }

    private static StandIn of(String edition, String version) {
        return edition.equals("moto")
                ? new StandIn("moto " + version, Deviation.OF_MOTO)
                : new StandIn("LocalStack " + version + " (" + edition + ")", Set.of());
    }

    private static boolean isOurs(URI page) throws IOException {
        HttpURLConnection connection = connection(page);
        try {
            return EmbeddedAwsEndpoint.SERVER.equals(connection.getHeaderField("Server"));
        } finally {
            connection.disconnect();
        }
    }

    private static HttpURLConnection connection(URI uri) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout(MILLIS);
        connection.setReadTimeout(MILLIS);
        return connection;
    }

    /** The body of an answer of status 200. */
    private static Optional<byte[]> get(URI uri) throws IOException {
        HttpURLConnection connection = connection(uri);
        try {
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                return Optional.empty();
            }
            try (var in = connection.getInputStream()) {
                return Optional.of(in.readAllBytes());
            }
        } finally {
            connection.disconnect();
        }
    }

    private static Optional<JsonNode> json(byte[] body) {
        try {
            return Optional.of(new ObjectMapper().readTree(body)).filter(JsonNode::isObject);
        } catch (IOException e) {
            return Optional.empty(); // whatever it is, it is not LocalStack's page
        }
    }
}
