package io.threatengine.onboarding.tests;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Clients of Secrets Manager with somebody between them and the service. */
final class Interposed {
    private Interposed() {}

    /** What a process that dies would not even throw. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash(String at) {
            super("crashed at " + at);
        }
    }

    /** Dies at the n-th call: before it takes effect, or after. */
    static SecretsManagerClient crashing(SecretsManagerClient client, int step, boolean afterEffect) {
        var calls = new AtomicInteger();
        return between(client, (method, call) -> {
            boolean here = calls.incrementAndGet() == step;
            if (here && !afterEffect) {
                throw new Crash("call " + step + ", before " + method);
            }
            Object answer = call.make();
            if (here) {
                throw new Crash("call " + step + ", after " + method);
            }
            return answer;
        });
    }

    /** Lets somebody else act right before the n-th call of one operation. */
    static SecretsManagerClient before(SecretsManagerClient client, String operation, int time, Runnable action) {
        var met = new AtomicInteger();
        return between(client, (method, call) -> {
            if (method.equals(operation) && met.incrementAndGet() == time) {
                action.run();
            }
            return call.make();
        });
    }

    /** Lets something happen to the answers of one operation, after it took effect. */
    static SecretsManagerClient afterwards(SecretsManagerClient client, String operation, Runnable action) {
        return between(client, (method, call) -> {
            Object answer = call.make();
            if (method.equals(operation)) {
                action.run();
            }
            return answer;
        });
    }

    /** Makes each call of one operation twice, as if its first answer were lost, and gives the second answer. */
    static SecretsManagerClient losingAnswers(SecretsManagerClient client, String operation) {
        return between(client, (method, call) -> {
            if (method.equals(operation)) {
                call.make();
            }
            return call.make();
        });
    }

    private interface Call {
        Object make() throws Throwable;
    }

    private interface Between {
        Object call(String operation, Call call) throws Throwable;
    }

    private static SecretsManagerClient between(SecretsManagerClient client, Between between) {
        Class<?>[] type = {SecretsManagerClient.class};
        return (SecretsManagerClient) Proxy.newProxyInstance(
                Interposed.class.getClassLoader(),
                type,
                (proxy, method, args) -> between.call(method.getName(), () -> invoke(client, method, args)));
    }

    private static Object invoke(SecretsManagerClient client, Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(client, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
