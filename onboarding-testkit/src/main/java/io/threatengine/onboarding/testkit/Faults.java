package io.threatengine.onboarding.testkit;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests of a {@link Workspace} go wrong. Thread-safe.
 *
 * <pre>{@code
 * workspace.faults().on("GetSecretValue").next(2, Fault.throttled());   // the SDK's third try gets through
 * workspace.faults().on("TransactWriteItems").next(1, Fault.cutAfter());
 * workspace.faults().onAny().every(10, Fault.serverError());
 * }</pre>
 *
 * <p>Operations are named as the backend's calls are: behind an SDK client by the API's operation, such as {@code GetItem}, and each try
 * counts as a request; on the fakes by the port and its method, such as {@code TenantRepository.create}, {@code
 * CredentialVault.load}, or {@code RunStore.write} for what claims write. Of several faults that meet, the one that was asked for first happens.
 */
public final class Faults {
    private static final Pattern OPERATION = Pattern.compile("[A-Z][A-Za-z]+(\\.[a-z][A-Za-z]+)?");

    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final AtomicInteger happened = new AtomicInteger();

    Faults() {}

    /**
     * Faults of one operation.
     *
     * @param operation such as {@code GetItem}, or on the fakes {@code TenantRepository.create}
     * @throws IllegalArgumentException if it cannot be the name of an operation
     */
    public On on(String operation) {
        if (!OPERATION.matcher(operation).matches()) {
            throw new IllegalArgumentException("'" + operation
                    + "' is no operation: write it like GetItem, or on the fakes like TenantRepository.create");
        }
        return new On(this, operation);
    }

    /** Faults of whatever is asked. */
    public On onAny() {
        return new On(this, null);
    }

    /** Lets everything go well from now on. */
    public void clear() {
        rules.clear();
    }

    /** How many faults have happened. */
    public int happened() {
        return happened.get();
    }

    /** What happens to the request that comes now; each request must ask once. */
    Optional<Fault> next(String operation) {
        Fault first = null;
        for (Rule rule : rules) {
            boolean happens = rule.matches(operation) && rule.when.test(rule.seen.incrementAndGet());
            if (happens && first == null) {
                first = rule.fault;
            }
        }
        if (first != null) {
            happened.incrementAndGet();
        }
        return Optional.ofNullable(first);
    }

    private record Rule(@Nullable String operation, IntPredicate when, Fault fault, AtomicInteger seen) {
        boolean matches(String asked) {
            return operation == null || operation.equals(asked);
        }
    }

    /** Which requests. Immutable. */
    public static final class On {
        private final Faults faults;
        private final @Nullable String operation;

        private On(Faults faults, @Nullable String operation) {
            this.faults = faults;
            this.operation = operation;
        }

        /** Lets that happen to the next n requests. */
        public void next(int n, Fault fault) {
            add("n", n, seen -> seen <= n, fault);
        }

        /** Lets that happen to every k-th request, from the k-th that comes; to each if k is 1. */
        public void every(int k, Fault fault) {
            add("k", k, seen -> seen % k == 0, fault);
        }

        private void add(String name, int number, IntPredicate when, Fault fault) {
            if (number < 1) {
                throw new IllegalArgumentException(name + " must be at least 1, but is " + number);
            }
            faults.rules.add(new Rule(operation, when, fault, new AtomicInteger()));
        }
    }
}
