package io.threatengine.onboarding.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On this module's class path there is neither a container engine nor a DynamoDB. */
class BackendsTest {
    private static final String ENDPOINT = "onboarding.test.endpoint";
    private static final List<String> PROPERTIES = List.of(ENDPOINT, "onboarding.test.image", "onboarding.test.pull");

    /** Whatever the environment says. */
    @BeforeEach
    void hide() {
        PROPERTIES.forEach(property -> System.setProperty(property, ""));
    }

    @AfterEach
    void clear() {
        PROPERTIES.forEach(System::clearProperty);
    }

    @Test
    void autoSaysInOneLineWhatItChoseAndWhy() {
        var lines = new ArrayList<String>();
        try (Backend chosen = Backend.auto(lines::add)) {
            assertThat(chosen.description()).isEqualTo("in memory");
        }

        assertThat(lines)
                .containsExactly(
                        "Tests run on in memory, since io.threatengine:onboarding-testkit-localstack is not on the class"
                                + " path: add it in test scope, and onboarding-testkit-dynamodb-local is not on the class path");
    }

    @Test
    void anEndpointThatIsNamedIsNeverReplacedByAnotherBackend() {
        System.setProperty(ENDPOINT, "http://127.0.0.1:1");
        assertThatThrownBy(Backend::auto)
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("http://127.0.0.1:1");

        System.setProperty(ENDPOINT, "not an address");
        assertThatThrownBy(Backend::auto)
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("ONBOARDING_TEST_ENDPOINT");
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(Backend::embedded)
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("io.threatengine:onboarding-testkit-dynamodb-local");
        assertThatThrownBy(Backend::container)
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("io.threatengine:onboarding-testkit-localstack");
        assertThatThrownBy(Backend::endpoint)
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("ONBOARDING_TEST_ENDPOINT");
    }

    @Test
    void imagesArePulledOnlyWhereThatWasAllowed() {
        assertThat(ContainerOptions.defaults()).isEqualTo(new ContainerOptions("localstack/localstack:4.14.0", false));
        System.setProperty("onboarding.test.image", "other:1");
        System.setProperty("onboarding.test.pull", "true");
        assertThat(ContainerOptions.fromEnvironment()).isEqualTo(new ContainerOptions("other:1", true));
        assertThat(ContainerOptions.defaults().withImage("other:1").withPull())
                .isEqualTo(ContainerOptions.fromEnvironment());
    }
}
