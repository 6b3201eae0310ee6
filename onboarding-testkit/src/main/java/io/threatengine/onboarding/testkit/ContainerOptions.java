package io.threatengine.onboarding.testkit;

import java.util.Objects;

/**
 * Which image a container is made of. Immutable.
 *
 * <p>An image that is not on the machine is pulled only where that was allowed, since it takes minutes. LocalStack's later
 * images want a licence: the variable {@code LOCALSTACK_AUTH_TOKEN} is passed on to the container.
 *
 * @param image name and tag, such as {@value #DEFAULT_IMAGE}; or another image that answers as LocalStack does
 * @param mayPull whether an image that is missing may be pulled
 */
public record ContainerOptions(String image, boolean mayPull) {

    /** The last of LocalStack's images that starts without an account there. */
    public static final String DEFAULT_IMAGE = "localstack/localstack:4.14.0";

    public ContainerOptions {
        Objects.requireNonNull(image, "image");
    }

    /** {@value #DEFAULT_IMAGE}, if it is there. */
    public static ContainerOptions defaults() {
        return new ContainerOptions(DEFAULT_IMAGE, false);
    }

    /**
     * The image of the variable {@code ONBOARDING_TEST_IMAGE}, or {@value #DEFAULT_IMAGE}; pulled if {@code
     * ONBOARDING_TEST_PULL} is {@code true}. The system properties {@code onboarding.test.image} and {@code
     * onboarding.test.pull} go first.
     */
    public static ContainerOptions fromEnvironment() {
        return new ContainerOptions(
                Variables.find("ONBOARDING_TEST_IMAGE").orElse(DEFAULT_IMAGE),
                Variables.find("ONBOARDING_TEST_PULL").filter("true"::equals).isPresent());
    }

    /** Another image. */
    public ContainerOptions withImage(String other) {
        return new ContainerOptions(other, mayPull);
    }

    /** Lets a missing image be pulled, which takes minutes. */
    public ContainerOptions withPull() {
        return new ContainerOptions(image, true);
    }
}
