package io.threatengine.onboarding.testkit.localstack;

import io.threatengine.onboarding.testkit.spi.ContainerEngine;
import java.net.URI;
import java.util.Optional;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.TestcontainersConfiguration;

/**
 * Containers of LocalStack, with DynamoDB, Secrets Manager and KMS, by Testcontainers. Thread-safe.
 *
 * <p>Testcontainers finds the engine (Docker, Podman, …) as it always does: by its properties, {@code DOCKER_HOST}, or the usual
 * sockets. It would wait two minutes for an image that cannot be pulled, so that images are looked for first: the one that is asked
 * for, and that of Testcontainers' own reaper unless {@code TESTCONTAINERS_RYUK_DISABLED} is {@code true}.
 */
public final class LocalStackEngine implements ContainerEngine {
    private static final String TOKEN = "LOCALSTACK_AUTH_TOKEN";

    /** Used by {@link java.util.ServiceLoader}. */
    public LocalStackEngine() {}

    @Override
    public Optional<String> obstacle(String image, boolean mayPull) {
        try (Docker docker = Docker.connect()) {
            if (!docker.answers()) {
                return Optional.of("no container engine answers");
            }
            if (mayPull || docker.hasImage(image)) {
                return mayPull || withoutReaper() ? Optional.empty() : reaperObstacle(docker);
            }
            return Optional.of(
                    "the image " + image + " is not on this machine: docker pull it, or set ONBOARDING_TEST_PULL=true");
        } catch (IllegalStateException e) {
            return Optional.of("no container engine was found");
        }
    }

    @SuppressWarnings("deprecation") // for removal from what users set, not from what is asked
    private static Optional<String> reaperObstacle(Docker docker) {
        String reaper = TestcontainersConfiguration.getInstance().getRyukImage();
        return docker.hasImage(reaper)
                ? Optional.empty()
                : Optional.of("Testcontainers' image " + reaper
                        + " is not on this machine: docker pull it, or set TESTCONTAINERS_RYUK_DISABLED=true");
    }

    private static boolean withoutReaper() {
        return Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED"))
                || Boolean.parseBoolean(
                        TestcontainersConfiguration.getInstance().getEnvVarOrProperty("ryuk.disabled", "false"));
    }

    @Override
    @SuppressWarnings("resource") // closed with what is returned
    public Running start(String image) {
        var container = new LocalStackContainer(
                        DockerImageName.parse(image).asCompatibleSubstituteFor("localstack/localstack"))
                .withServices("dynamodb", "secretsmanager", "kms");
        String token = System.getenv(TOKEN);
        if (token != null && !token.isBlank()) {
            container.withEnv(TOKEN, token);
        }
        try {
            container.start();
        } catch (RuntimeException e) {
            container.stop();
            throw new IllegalStateException("a container of " + image + " did not start", e);
        }
        return new Started(container);
    }

    private record Started(LocalStackContainer container) implements Running {
        @Override
        public URI endpoint() {
            return container.getEndpoint();
        }

        @Override
        public void close() {
            container.stop();
        }
    }
}
