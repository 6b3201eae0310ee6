package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.secrets.SecretsManagerVault;
import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.Deviation;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.contract.AccountRepositoryContract;
import io.threatengine.onboarding.testkit.contract.Contract;
import io.threatengine.onboarding.testkit.contract.CredentialRotationContract;
import io.threatengine.onboarding.testkit.contract.CredentialVaultContract;
import io.threatengine.onboarding.testkit.contract.ExecutionRepositoryContract;
import io.threatengine.onboarding.testkit.contract.OnboardingContract;
import io.threatengine.onboarding.testkit.contract.ProviderRepositoryContract;
import io.threatengine.onboarding.testkit.contract.ScanResultRepositoryContract;
import io.threatengine.onboarding.testkit.contract.ScheduleClaimsContract;
import io.threatengine.onboarding.testkit.contract.ScheduleRepositoryContract;
import io.threatengine.onboarding.testkit.contract.TenantOnboardingContract;
import io.threatengine.onboarding.testkit.contract.TenantRepositoryContract;
import io.threatengine.onboarding.testkit.memory.InMemoryVault;
import java.util.Set;
import org.junit.jupiter.api.Nested;

/** Every contract, on the backend that a subclass names. */
abstract class Contracts {
    /**
     * What the contracts are tried on.
     *
     * @param vault cached
     * @param uncached the vault behind that cache, or one like it
     * @param backend what is behind all of them, for reports
     */
    record Scene(
            OnboardingStorage storage,
            CredentialVault vault,
            CredentialVault uncached,
            SettableClock clock,
            String backend,
            Set<Deviation> deviations) {

        private static Scene of(Workspace workspace, Backend backend) {
            SettableClock clock = workspace.clock();
            CredentialVault uncached = backend.aws()
                    .map(aws -> (CredentialVault)
                            SecretsManagerVault.using(aws.secretsManager(), workspace.settings(), clock))
                    .orElseGet(() -> new InMemoryVault(clock));
            return new Scene(
                    workspace.storage(),
                    workspace.vault(),
                    uncached,
                    clock,
                    backend.description(),
                    backend.deviations());
        }
    }

    private final Scene scene;

    Contracts(Workspace workspace, Backend backend) {
        this(Scene.of(workspace, backend));
    }

    Contracts(Scene scene) {
        this.scene = scene;
    }

    String backend() {
        return scene.backend();
    }

    /** A contract on this backend. */
    abstract class Here implements Contract {
        @Override
        public Set<Deviation> deviations() {
            return scene.deviations();
        }
    }

    @Nested
    class Tenants extends Here implements TenantRepositoryContract {
        @Override
        public OnboardingStorage storage() {
            return scene.storage();
        }
    }

    @Nested
    class Providers extends Here implements ProviderRepositoryContract {
        @Override
        public OnboardingStorage storage() {
            return scene.storage();
        }
    }

    @Nested
    class Accounts extends Here implements AccountRepositoryContract {
        @Override
        public OnboardingStorage storage() {
            return scene.storage();
        }
    }

    @Nested
    class Schedules extends Here implements ScheduleRepositoryContract {
        @Override
        public OnboardingStorage storage() {
            return scene.storage();
        }
    }

    @Nested
    class Claims extends Here implements ScheduleClaimsContract {
        @Override
        public OnboardingStorage storage() {
            return scene.storage();
        }

        @Override
        public CredentialVault vault() {
            return scene.vault();
        }

        @Override
        public SettableClock clock() {
            return scene.clock();
        }
    }

    @Nested
    class Executions extends Here implements ExecutionRepositoryContract {
        @Override
        public OnboardingStorage storage() {
            return scene.storage();
        }
    }

    @Nested
    class Scans extends Here implements ScanResultRepositoryContract {
        @Override
        public OnboardingStorage storage() {
            return scene.storage();
        }
    }

    @Nested
    class CachedVault extends Here implements CredentialVaultContract {
        @Override
        public CredentialVault vault() {
            return scene.vault();
        }

        @Override
        public SettableClock clock() {
            return scene.clock();
        }
    }

    @Nested
    class UncachedVault extends Here implements CredentialVaultContract {
        @Override
        public CredentialVault vault() {
            return scene.uncached();
        }

        @Override
        public SettableClock clock() {
            return scene.clock();
        }
    }

    @Nested
    class CachedRotation extends Here implements CredentialRotationContract {
        @Override
        public CredentialVault vault() {
            return scene.vault();
        }

        @Override
        public SettableClock clock() {
            return scene.clock();
        }
    }

    @Nested
    class UncachedRotation extends Here implements CredentialRotationContract {
        @Override
        public CredentialVault vault() {
            return scene.uncached();
        }

        @Override
        public SettableClock clock() {
            return scene.clock();
        }
    }

    @Nested
    class OfOneTenant extends Here implements TenantOnboardingContract {
        @Override
        public OnboardingStorage storage() {
            return scene.storage();
        }

        @Override
        public CredentialVault vault() {
            return scene.vault();
        }
    }

    @Nested
    class UseCases extends Here implements OnboardingContract {
        @Override
        public OnboardingStorage storage() {
            return scene.storage();
        }

        @Override
        public CredentialVault vault() {
            return scene.vault();
        }
    }
}
