package io.threatengine.onboarding.testkit.contract;

import io.threatengine.onboarding.credential.CredentialVault;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/** Lets somebody else act at one moment of a use case: before or after the first call of one method of the vault. */
final class Crossing {
    private Crossing() {}

    static CredentialVault before(String method, CredentialVault vault, Runnable somebodyElse) {
        return crossed(method, vault, somebodyElse, () -> {});
    }

    static CredentialVault after(String method, CredentialVault vault, Runnable somebodyElse) {
        return crossed(method, vault, () -> {}, somebodyElse);
    }

    private static CredentialVault crossed(String name, CredentialVault vault, Runnable before, Runnable after) {
        var met = new AtomicBoolean();
        Class<?>[] port = {CredentialVault.class};
        return (CredentialVault) Proxy.newProxyInstance(port[0].getClassLoader(), port, (proxy, method, args) -> {
            boolean here = method.getName().equals(name) && met.compareAndSet(false, true);
            if (here) {
                before.run();
            }
            try {
                Object result = method.invoke(vault, args);
                if (here) {
                    after.run();
                }
                return result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }
}
