package io.threatengine.onboarding.secrets;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** A client that is made when it is asked for, which may never be. Thread-safe. */
final class LazyClient<C extends SdkAutoCloseable> implements Supplier<C>, AutoCloseable {
    private final Supplier<C> open;
    private @Nullable C client;
    private boolean closed;

    LazyClient(Supplier<C> open) {
        this.open = open;
    }

    /** @throws IllegalStateException after {@link #close} */
    @Override
    public synchronized C get() {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
        C present = client == null ? open.get() : client;
        client = present;
        return present;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.close();
        }
    }
}
