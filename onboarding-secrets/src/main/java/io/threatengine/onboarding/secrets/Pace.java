package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.error.OperationInterruptedException;
import java.util.concurrent.TimeUnit;

/** Lets callers through one after the other, so far apart. Thread-safe. */
final class Pace {
    private final long nanosApart;
    private long next = System.nanoTime();

    Pace(long nanosApart) {
        this.nanosApart = nanosApart;
    }

    /** @throws OperationInterruptedException if the thread is interrupted, with its flag set again */
    void await() {
        try {
            TimeUnit.NANOSECONDS.sleep(reserve(System.nanoTime()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException(Operation.BATCH_GET_SECRET_VALUE.qualified(), e);
        }
    }

    /** Takes the next free time, and says how long it is until then. */
    synchronized long reserve(long now) {
        long mine = next - now > 0 ? next : now;
        next = mine + nanosApart;
        return mine - now;
    }
}
