package io.threatengine.onboarding.schedule;

import io.threatengine.onboarding.internal.Rules;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * That a worker runs a schedule at present. While it stands, the schedule's {@code next_run_at} is its end: nobody else finds
 * the schedule due before, and everybody does after, so that the work of a worker that died comes back by itself.
 *
 * @param worker who runs it
 * @param dueAt the due time that is run for
 * @param until when it ends; null where the schedule was given another time meanwhile, which counts instead
 * @param attempt how often a run for this due time was begun, this one included; from 1 on
 */
public record Lease(String worker, Instant dueAt, @Nullable Instant until, int attempt) {
    public Lease {
        Rules.printable("worker", worker, 1, Rules.LONGEST_NAME);
        Objects.requireNonNull(dueAt, "dueAt");
    }

    Lease superseded() {
        return new Lease(worker, dueAt, null, attempt);
    }
}
