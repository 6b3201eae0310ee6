package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.testkit.SettableClock;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.contract.AccountRepositoryContract;
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
import org.junit.jupiter.api.Nested;

/** Every contract, on the backend that a subclass names. */
abstract class Contracts {
    /**
     * What the contracts are tried on.
     *
     * @param vault cached
     */
    record Scene(OnboardingStorage storage, CredentialVault vault, SettableClock clock) {}

    private final Scene scene;
    private final CredentialVault uncached;

    /** @param uncached the vault behind the workspace's cache, or one like it */
    Contracts(Workspace workspace, CredentialVault uncached) {
        this(new Scene(workspace.storage(), workspace.vault(), workspace.clock()), uncached);
    }

    Contracts(Scene scene, CredentialVault uncached) {
        this.scene = scene;
        this.uncached = uncached;
    }

    @Nested
    class Tenants implements TenantRepositoryContract {
        @Override
        public OnboardingStorage storage() {
            return scene.storage();
        }
    }

    @Nested
    class Providers implements ProviderRepositoryContract {
        @Override
        public OnboardingStorage storage() {
            return scene.storage();
        }
    }

    @Nested
    class Accounts implements AccountRepositoryContract {
        @Override
        public OnboardingStorage storage() {
            return scene.storage();
        }
    }

    @Nested
    class Schedules implements ScheduleRepositoryContract {
        @Override
        public OnboardingStorage storage() {
            return scene.storage();
        }
    }

    @Nested
    class Claims implements ScheduleClaimsContract {
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
    class Executions implements ExecutionRepositoryContract {
        @Override
        public OnboardingStorage storage() {
            return scene.storage();
        }
    }

    @Nested
    class Scans implements ScanResultRepositoryContract {
        @Override
        public OnboardingStorage storage() {
            return scene.storage();
        }
    }

    @Nested
    class CachedVault implements CredentialVaultContract {
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
    class UncachedVault implements CredentialVaultContract {
        @Override
        public CredentialVault vault() {
            return uncached;
        }

        @Override
        public SettableClock clock() {
            return scene.clock();
        }
    }

    @Nested
    class CachedRotation implements CredentialRotationContract {
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
    class UncachedRotation implements CredentialRotationContract {
        @Override
        public CredentialVault vault() {
            return uncached;
        }

        @Override
        public SettableClock clock() {
            return scene.clock();
        }
    }

    @Nested
    class OfOneTenant implements TenantOnboardingContract {
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
    class UseCases implements OnboardingContract {
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
