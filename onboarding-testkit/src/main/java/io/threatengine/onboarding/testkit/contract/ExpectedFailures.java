package io.threatengine.onboarding.testkit.contract;

import static org.junit.jupiter.api.Assumptions.abort;

import io.threatengine.onboarding.testkit.Deviation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Behind {@link FailsWith}: holds a test to what it says of itself. */
final class ExpectedFailures implements InvocationInterceptor {

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        Optional<Deviation> met = met(method);
        if (met.isEmpty()) {
            test.proceed();
            return;
        }
        Deviation deviation = met.get();
        if (deviation.isRace()) {
            test.skip();
        } else if (passes(test)) {
            throw new AssertionError(
                    "passes in spite of " + deviation.sentence() + ". Either that is so no more, and is"
                            + " to be taken out of the backend's deviations, or this test does not fail with it");
        }
        abort(deviation.sentence());
    }

    private static boolean passes(Invocation<@Nullable Void> test) throws Throwable {
        try {
            test.proceed();
            return true;
        } catch (Exception | AssertionError e) {
            return false;
        }
    }

    private static Optional<Deviation> met(ReflectiveInvocationContext<Method> method) {
        Set<Deviation> here =
                method.getTarget().orElseThrow() instanceof Contract contract ? contract.deviations() : Set.of();
        return Arrays.stream(
                        method.getExecutable().getAnnotation(FailsWith.class).value())
                .filter(here::contains)
                .findFirst();
    }
}
