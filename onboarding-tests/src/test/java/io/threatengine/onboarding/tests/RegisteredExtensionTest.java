package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.schedule.DueIndex;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingExtension;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.Isolation;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.On;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The extension in a field, in each place that a field may have. */
class RegisteredExtensionTest {

    @Nested
    class OfTheClass {
        @RegisterExtension
        static final OnboardingExtension ONBOARDING = OnboardingExtension.on(On.EMBEDDED)
                .withSettings(settings ->
                        settings.toBuilder().dueIndex(DueIndex.sharded(4)).build());

        private final Workspace workspace;

        OfTheClass(Workspace workspace) {
            this.workspace = workspace;
        }

        @BeforeAll
        static void inStaticMethods(Onboarding onboarding) {
            onboarding.tenants().create("before all");
        }

        @Test
        void hasOneWorkspaceWithItsSettings(Onboarding onboarding, OnboardingSettings settings) {
            assertThat(workspace.onboarding()).isSameAs(onboarding);
            assertThat(onboarding.tenants().named("before all")).hasSize(1);
            assertThat(settings.dueIndex()).isEqualTo(DueIndex.sharded(4));
            assertThat(settings.tables().tenants()).startsWith(settings.secretsPrefix());
        }

        @Nested
        class WithClassesInside {
            @Test
            void theyShareIt(Workspace same) {
                assertThat(same).isSameAs(workspace);
            }
        }
    }

    @Nested
    class OfTheMethod {
        @RegisterExtension
        static final OnboardingExtension ONBOARDING =
                OnboardingExtension.on(On.MEMORY).isolatedBy(Isolation.METHOD);

        @RepeatedTest(2)
        void hasItsOwn(Onboarding onboarding) {
            onboarding.tenants().create("alone");
        }
    }

    @Nested
    class OfAnInstance {
        @RegisterExtension
        final OnboardingExtension onboardings = OnboardingExtension.on(On.MEMORY);

        @RepeatedTest(2)
        void isOfAMethod(Onboarding onboarding) {
            onboarding.tenants().create("alone");
        }
    }

    @Nested
    @TestInstance(Lifecycle.PER_CLASS)
    class OfTheInstanceOfAClass {
        @RegisterExtension
        final OnboardingExtension onboardings = OnboardingExtension.on(On.MEMORY);

        private final Set<Workspace> seen = new HashSet<>();

        @RepeatedTest(2)
        void isOfTheClass(Workspace workspace) {
            seen.add(workspace);

            assertThat(seen).hasSize(1);
        }
    }

    @Nested
    class ChangesOfSettings {
        @RegisterExtension
        static final OnboardingExtension ONBOARDING = OnboardingExtension.on(On.MEMORY)
                .withSettings(
                        settings -> settings.toBuilder().region("eu-west-1").build())
                .withSettings(settings ->
                        settings.toBuilder().secretsPrefix(settings.region()).build());

        @Test
        void comeOneAfterTheOther(OnboardingSettings settings) {
            assertThat(settings.secretsPrefix()).isEqualTo("eu-west-1");
        }
    }
}
