package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.claim.ScheduleClaims;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.schedule.ScheduleRepository;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The claims of a storage whose service fails, or takes its time, when the test says so. Thread-safe. */
final class FailingService {
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicReference<Runnable> waiting = new AtomicReference<>(() -> {});
    private final ScheduleClaims claims;

    FailingService(OnboardingStorage storage) {
        this.claims = storage.claims().within(failing(storage.schedules()), storage.executions(), schedule -> {
            failIfToldTo();
            return true;
        });
    }

    ScheduleClaims claims() {
        return claims;
    }

    /** Lets the next calls of the schedules and the next writes of a schedule with its execution fail. */
    void failNext(int calls) {
        failures.set(calls);
    }

    /**
     * Lets the next call wait.
     *
     * @param answer what it waits for
     * @return what tells that it waits
     */
    CountDownLatch waitNext(CountDownLatch answer) {
        var asked = new CountDownLatch(1);
        waiting.set(() -> {
            asked.countDown();
            try {
                answer.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        return asked;
    }

    private void failIfToldTo() {
        waiting.getAndSet(() -> {}).run();
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new ServiceUnavailableException("dynamodb:Any", "schedules", null);
        }
    }

    private ScheduleRepository failing(ScheduleRepository schedules) {
        return (ScheduleRepository) Proxy.newProxyInstance(
                ScheduleRepository.class.getClassLoader(),
                new Class<?>[] {ScheduleRepository.class},
                (proxy, method, arguments) -> {
                    failIfToldTo();
                    try {
                        return method.invoke(schedules, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
