package io.threatengine.onboarding.testkit;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.account.AccountRepository;
import io.threatengine.onboarding.claim.RunRows;
import io.threatengine.onboarding.claim.RunStore;
import io.threatengine.onboarding.claim.ScheduleClaims;
import io.threatengine.onboarding.credential.CredentialRotation;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.execution.ExecutionRepository;
import io.threatengine.onboarding.provider.ProviderRepository;
import io.threatengine.onboarding.scan.ScanResultRepository;
import io.threatengine.onboarding.schedule.ScheduleRepository;
import io.threatengine.onboarding.tenant.TenantRepository;
import io.threatengine.onboarding.testkit.memory.InMemoryStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stands before the fakes, records their calls and lets them go wrong; what SDK clients and the network do elsewhere. */
final class ObservedPorts {
    private final Faults faults;
    private final CallRecorder recorder;

    ObservedPorts(Faults faults, CallRecorder recorder) {
        this.faults = faults;
        this.recorder = recorder;
    }

    CredentialVault in(CredentialVault vault) {
        return in(CredentialVault.class, vault);
    }

    OnboardingStorage in(InMemoryStorage storage) {
        TenantRepository tenants = in(TenantRepository.class, storage.tenants());
        ProviderRepository providers = in(ProviderRepository.class, storage.providers());
        AccountRepository accounts = in(AccountRepository.class, storage.accounts());
        ScheduleRepository schedules = in(ScheduleRepository.class, storage.schedules());
        ExecutionRepository executions = in(ExecutionRepository.class, storage.executions());
        ScanResultRepository scanResults = in(ScanResultRepository.class, storage.scanResults());
        var claims = ScheduleClaims.of(in(storage.runs(), schedules, executions));
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
                return schedules;
            }

            @Override
            public ExecutionRepository executions() {
                return executions;
            }

            @Override
            public ScanResultRepository scanResults() {
                return scanResults;
            }

            @Override
            public ScheduleClaims claims() {
                return claims;
            }

            @Override
            public void close() {
                storage.close();
            }
        };
    }

    /** Claims look by way of the repositories, as they do elsewhere. */
    private RunStore in(RunStore runs, ScheduleRepository schedules, ExecutionRepository executions) {
        RunStore writes = in(RunStore.class, runs);
        return new RunStore() {
            @Override
            public ScheduleRepository schedules() {
                return schedules;
            }

            @Override
            public ExecutionRepository executions() {
                return executions;
            }

            @Override
            public InstantSource clock() {
                return runs.clock();
            }

            @Override
            public Written write(RunRows before, RunRows after) {
                return writes.write(before, after);
            }
        };
    }

    @SuppressWarnings("ReferenceEquality") // a port is itself, and nothing else
    private <T> T in(Class<T> port, T fake) {
        Class<?>[] types = {port};
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), types, (proxy, method, arguments) -> {
            if (method.getName().equals("equals")) {
                return arguments != null && proxy == arguments[0];
            }
            if (method.getDeclaringClass() == Object.class || method.getName().equals("close")) {
                return invoke(fake, method, arguments);
            }
            if (method.getReturnType() == CredentialRotation.class) {
                return in(CredentialRotation.class, ((CredentialVault) fake).rotation());
            }
            return call(port.getSimpleName() + "." + method.getName(), () -> invoke(fake, method, arguments));
        }));
    }

    private @Nullable Object call(String operation, Fault.Call call) throws Throwable {
        Optional<Fault> fault = faults.next(operation);
        try {
            Object answer = fault.isPresent() ? fault.get().inMemory(operation, call) : call.make();
            record(operation, null);
            return answer;
        } catch (Throwable e) {
            record(operation, e.getClass().getSimpleName());
            throw e;
        }
    }

    private void record(String operation, @Nullable String error) {
        recorder.add(new RecordedCall("Memory", operation, null, Set.of(), error));
    }

    private static @Nullable Object invoke(Object fake, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(fake, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
