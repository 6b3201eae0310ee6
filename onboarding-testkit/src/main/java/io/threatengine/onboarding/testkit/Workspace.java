package io.threatengine.onboarding.testkit;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.credential.CredentialVault;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One test's own storage and vault. Closing it releases what it has opened, and deletes its tables and secrets. Thread-safe.
 *
 * <pre>{@code
 * try (Workspace workspace = backend.newWorkspace()) {
 *     workspace.faults().on("GetSecretValue").next(1, Fault.throttled());
 *     workspace.onboarding().vault().get(account.credentialKey());
 *     workspace.calls().assertCalls("1 GetSecretValue");
 * }
 * }</pre>
 */
public final class Workspace implements AutoCloseable {
    private final OnboardingSettings settings;
    private final OnboardingStorage storage;
    private final CredentialVault vault;
    private final Onboarding onboarding;
    private final SettableClock clock;
    private final Faults faults;
    private final CallRecorder calls;
    private final Fixtures fixtures;
    private final @Nullable PythonRows pythonRows;
    private final LibraryThreads threads;
    private final Runnable closing;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param pythonRows null where there are no tables to write rows to */
    Workspace(
            OnboardingSettings settings,
            OnboardingStorage storage,
            CredentialVault vault,
            SettableClock clock,
            Faults faults,
            CallRecorder calls,
            @Nullable PythonRows pythonRows,
            LibraryThreads threads,
            Runnable closing) {
        this.settings = settings;
        this.storage = storage;
        this.vault = vault;
        this.onboarding = Onboarding.of(storage, vault);
        this.clock = clock;
        this.faults = faults;
        this.calls = calls;
        this.fixtures = Fixtures.of(onboarding);
        this.pythonRows = pythonRows;
        this.threads = threads;
        this.closing = closing;
    }

    /** The names of its tables and the prefix of its secrets. */
    public OnboardingSettings settings() {
        return settings;
    }

    /** Its repositories, with the tables made. */
    public OnboardingStorage storage() {
        return storage;
    }

    /** Its vault, cached. */
    public CredentialVault vault() {
        return vault;
    }

    /** The use cases over both. */
    public Onboarding onboarding() {
        return onboarding;
    }

    /** The clock of storage, vault and cache: leases, expiry and refreshes go by it. */
    public SettableClock clock() {
        return clock;
    }

    /** Lets the calls of its storage and vault go wrong. Behind SDK clients they try again as usual, but with short pauses. */
    public Faults faults() {
        return faults;
    }

    /** What its storage and vault call, from the moment on when its tables were there. */
    public CallRecorder calls() {
        return calls;
    }

    /** Tenants and accounts with random values. */
    public Fixtures fixtures() {
        return fixtures;
    }

    /**
     * Rows and secrets as the Python engines write them.
     *
     * @throws UnsupportedOperationException on the fakes, which have no tables
     */
    public PythonRows pythonRows() {
        if (pythonRows == null) {
            throw new UnsupportedOperationException(
                    "the fakes in memory have no tables that other engines could write to: use another backend");
        }
        return pythonRows;
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return closed.get();
    }

    /**
     * What a test has started over this workspace and not closed, in words; empty if there is nothing. To be asked after {@link
     * #close()}; it may take a moment to say that something is still there.
     *
     * <p>Seen are the threads of the library that have used this workspace: those of a {@code ScheduleRunner} and of a {@code
     * CachingVault} of the test's own. Not seen are a runner on executors of the test's own, and SDK clients that the test has opened.
     */
    public List<String> leftOpen() {
        return threads.owners();
    }

    /** Does all of it even if a part fails. The second call does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        faults.clear();
        try {
            vault.close();
        } finally {
            try {
                storage.close();
            } finally {
                closing.run();
            }
        }
    }
}
