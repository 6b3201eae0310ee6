package io.threatengine.onboarding.testkit.spi;

import java.net.URI;
import java.util.Optional;

/**
 * Starts a container that answers as AWS does. Found by {@link java.util.ServiceLoader}; the artifact {@code
 * onboarding-testkit-localstack} brings one. Implementations are thread-safe.
 */
public interface ContainerEngine {

    /**
     * Why a container of this image cannot be started here, in a sentence that says what to do; empty if it can. Starts and
     * pulls nothing, and answers within seconds.
     *
     * @param image the image's name with its tag
     * @param mayPull whether an image that is not here may be pulled, which takes minutes
     */
    Optional<String> obstacle(String image, boolean mayPull);

    /**
     * Starts a container of the image and waits until it answers.
     *
     * @param image the image's name with its tag
     * @throws IllegalStateException if it does not start
     */
    Running start(String image);

    /** A started container. */
    interface Running extends AutoCloseable {

        /** Where all of its services answer. */
        URI endpoint();

        /** Stops and removes the container. */
        @Override
        void close();
    }
}
