package io.threatengine.onboarding.testkit.localstack;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.dockerclient.TransportConfig;

/** Questions to the container engine that start nothing; Testcontainers' own client would first start its reaper. */
final class Docker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final DockerHttpClient client;

    private Docker(DockerHttpClient client) {
        this.client = client;
    }

    /** @throws IllegalStateException if Testcontainers finds no engine */
    static Docker connect() {
        TransportConfig config = DockerClientFactory.instance().getTransportConfig();
        return new Docker(new ZerodepDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .sslConfig(config.getSslConfig())
                .connectionTimeout(PATIENCE)
                .responseTimeout(PATIENCE)
                .build());
    }

    boolean answers() {
        return status("/_ping") == 200;
    }

    boolean hasImage(String name) {
        return status("/images/" + name + "/json") == 200;
    }

    private int status(String path) {
        var request = DockerHttpClient.Request.builder()
                .method(DockerHttpClient.Request.Method.GET)
                .path(path)
                .build();
        try (DockerHttpClient.Response response = client.execute(request)) {
            return response.getStatusCode();
        } catch (RuntimeException e) {
            return 0; // nobody there
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the connection to the container engine did not close", e);
        }
    }
}
