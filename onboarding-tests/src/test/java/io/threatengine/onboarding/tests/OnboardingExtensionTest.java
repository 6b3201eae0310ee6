package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.account.AccountRepository;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.provider.ProviderRepository;
import io.threatengine.onboarding.tenant.TenantRepository;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.Isolation;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.On;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

class OnboardingExtensionTest {

    @Nested
    @OnboardingTest
    class OnEmbeddedServices {
        @Test
        void givesEveryPart(
                Workspace workspace,
                Onboarding onboarding,
                OnboardingSettings settings,
                OnboardingStorage storage,
                TenantRepository tenants,
                ProviderRepository providers,
                AccountRepository accounts,
                CredentialVault vault,
                SettableClock clock) {
            assertThat(workspace.onboarding()).isSameAs(onboarding);
            assertThat(workspace.settings()).isSameAs(settings);
            assertThat(workspace.storage()).isSameAs(storage);
            assertThat(workspace.vault()).isSameAs(vault);
            assertThat(workspace.clock()).isSameAs(clock);
            assertThat(onboarding.tenants()).isSameAs(tenants);
            assertThat(onboarding.providers()).isSameAs(providers);
            assertThat(onboarding.accounts()).isSameAs(accounts);
            assertThat(settings.tables().tenants()).startsWith(settings.secretsPrefix());
        }
    }

    @Nested
    @OnboardingTest(On.MEMORY)
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    class ByClass {
        @Test
        @Order(1)
        void writes(Onboarding onboarding) {
            onboarding.tenants().create("shared");
        }

        @Test
        @Order(2)
        void seesWhatAnotherMethodOfTheClassWrote(Onboarding onboarding) {
            assertThat(onboarding.tenants().named("shared")).hasSize(1);
        }
    }

    @Nested
    @OnboardingTest(value = On.MEMORY, isolation = Isolation.METHOD)
    class ByMethod {
        @Test
        void has(Onboarding onboarding) {
            onboarding.tenants().create("alone");
        }

        @Test
        void itsOwn(Onboarding onboarding) {
            onboarding.tenants().create("alone");
        }
    }

    @Nested
    @OnboardingTest(value = On.MEMORY, isolation = Isolation.METHOD)
    class ByMethodInTheConstructor {
        private final Onboarding onboarding;

        ByMethodInTheConstructor(Onboarding onboarding) {
            this.onboarding = onboarding;
        }

        @Test
        void has(Onboarding sameMethod) {
            assertThat(sameMethod).isSameAs(onboarding);
            onboarding.tenants().create("alone");
        }

        @Test
        void itsOwn() {
            onboarding.tenants().create("alone");
        }
    }

    @Nested
    @OnboardingTest(On.MEMORY)
    class InStaticMethods {
        @BeforeAll
        static void too(Workspace workspace) {
            workspace.onboarding().tenants().create("before all");
        }

        @Test
        void theClassHasOneWorkspace(Onboarding onboarding) {
            assertThat(onboarding.tenants().named("before all")).hasSize(1);
        }
    }
}
