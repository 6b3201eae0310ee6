package io.threatengine.onboarding.testkit.contract;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.account.AccountRepository;
import io.threatengine.onboarding.claim.ScheduleClaims;
import io.threatengine.onboarding.credential.CredentialRotation;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.execution.ExecutionRepository;
import io.threatengine.onboarding.provider.ProviderRepository;
import io.threatengine.onboarding.scan.ScanResultRepository;
import io.threatengine.onboarding.schedule.ScheduleRepository;
import io.threatengine.onboarding.tenant.TenantRepository;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets a use case die at one of its steps: at the n-th call of a port, before it takes effect or after. */
final class CrashPoint {
    /** What the dying process would not even throw. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Crash(String at) {
            super("crashed at " + at);
        }
    }

    private final int step;
    private final boolean afterEffect;
    private final AtomicInteger calls = new AtomicInteger();

    CrashPoint(int step, boolean afterEffect) {
        this.step = step;
        this.afterEffect = afterEffect;
    }

    /** The same step, of another use case. */
    CrashPoint again() {
        return new CrashPoint(step, afterEffect);
    }

    OnboardingStorage in(OnboardingStorage storage) {
        TenantRepository tenants = in(TenantRepository.class, storage.tenants());
        ProviderRepository providers = in(ProviderRepository.class, storage.providers());
        AccountRepository accounts = in(AccountRepository.class, storage.accounts());
        return new OnboardingStorage() {
            @Override
            public TenantRepository tenants() {
                return tenants;
            }

            @Override
            public ProviderRepository providers() {
                return providers;
            }

            @Override
            public AccountRepository accounts() {
                return accounts;
            }

            @Override
            public ScheduleRepository schedules() {
                return storage.schedules();
            }

            @Override
            public ExecutionRepository executions() {
                return storage.executions();
            }

            @Override
            public ScanResultRepository scanResults() {
                return storage.scanResults();
            }

            @Override
            public ScheduleClaims claims() {
                return storage.claims();
            }

            @Override
            public void close() {
                // the storage is the caller's
            }
        };
    }

    CredentialVault in(CredentialVault vault) {
        return in(CredentialVault.class, vault);
    }

    private <P> P in(Class<P> port, P target) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (proxy, method, args) -> {
            if (target instanceof CredentialVault vault && method.getName().equals("rotation")) {
                return in(CredentialRotation.class, vault.rotation());
            }
            boolean here = calls.incrementAndGet() == step;
            if (here && !afterEffect) {
                throw new Crash("call " + step + ", before " + method.getName());
            }
            try {
                Object result = method.invoke(target, args);
                if (here) {
                    throw new Crash("call " + step + ", after " + method.getName());
                }
                return result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    @Override
    public String toString() {
        return "call " + step + (afterEffect ? ", after its effect" : ", before its effect");
    }
}
