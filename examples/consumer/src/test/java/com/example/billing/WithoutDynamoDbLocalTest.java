package com.example.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.BackendUnavailableException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Run without {@code onboarding-testkit-dynamodb-local}: the error says what to add, and the rest goes on. */
class WithoutDynamoDbLocalTest {

    @Test
    void errorNamesWhatToAdd() {
        assertThatExceptionOfType(BackendUnavailableException.class)
                .isThrownBy(Backend::embedded)
                .withMessageContaining("Add io.threatengine:onboarding-testkit-dynamodb-local in test scope")
                .withMessageContaining("licence is Amazon's own");
    }

    @Test
    void fakesNeedNothing() {
        try (Backend backend = Backend.inMemory();
                var workspace = backend.newWorkspace()) {
            assertThat(workspace.fixtures().aws().id()).isNotNull();
        }
    }

    @Test
    void automaticChoiceGoesOnWithoutIt() {
        List<String> said = new ArrayList<>();
        try (Backend backend = Backend.auto(said::add)) {
            assertThat(said).singleElement().asString().contains(backend.description());
        }
    }
}
