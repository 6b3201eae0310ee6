package io.threatengine.onboarding.error;

/**
 * The row was changed by somebody else since it was read; nothing was written. Read it again and repeat the change, or
 * let {@code update(id, change)} do both.
 *
 * <p>The two versions are equal when the other writer is one that does not count versions (the Python engines): then the
 * row's {@code updated_at} gave it away.
 */
public final class VersionConflictException extends OnboardingException {
    private static final long serialVersionUID = 1L;

    private final String kind;
    private final String id;
    private final long expectedVersion;
    private final long actualVersion;

    public VersionConflictException(String kind, String id, long expectedVersion, long actualVersion) {
        super("The " + kind + " " + id + " was changed meanwhile: version " + expectedVersion + " was read, "
                + (expectedVersion == actualVersion
                        ? "and a writer that keeps no version has changed it since"
                        : "version " + actualVersion + " is stored")
                + ". Read it again and repeat the change, or use update(id, change).");
        this.kind = kind;
        this.id = id;
        this.expectedVersion = expectedVersion;
        this.actualVersion = actualVersion;
    }

    public String kind() {
        return kind;
    }

    public String id() {
        return id;
    }

    /** The version that the caller had read. */
    public long expectedVersion() {
        return expectedVersion;
    }

    /** The version that is stored now. */
    public long actualVersion() {
        return actualVersion;
    }
}
