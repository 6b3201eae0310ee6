package io.threatengine.onboarding.testkit.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.BackendUnavailableException;
import io.threatengine.onboarding.testkit.ContainerOptions;
import io.threatengine.onboarding.testkit.spi.ContainerEngine;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class LocalStackEngineTest {
    private static final String NOWHERE = "localhost/no-such-image:0";

    @Test
    void isFoundByTheTestKit() {
        assertThat(ServiceLoader.load(ContainerEngine.class)).singleElement().isInstanceOf(LocalStackEngine.class);
    }

    /** True with an engine and without: a missing image is never waited for. */
    @Test
    void saysWhatIsMissingAndWhatToDo() {
        assertThat(new LocalStackEngine().obstacle(NOWHERE, false))
                .hasValueSatisfying(why -> assertThat(why)
                        .matches("no container engine (answers|was found)|the image " + NOWHERE
                                + " is not on this machine: docker pull it, or set ONBOARDING_TEST_PULL=true"));
    }

    @Test
    void theBackendSaysItToo() {
        assertThatThrownBy(() -> Backend.container(ContainerOptions.defaults().withImage(NOWHERE)))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageMatching("no container engine .*|the image .* is not on this machine.*");
    }
}
