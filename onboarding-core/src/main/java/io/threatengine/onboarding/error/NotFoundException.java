package io.threatengine.onboarding.error;

import org.jspecify.annotations.Nullable;

/** What was asked for does not exist, or belongs to another tenant: the two are told apart nowhere, on purpose. */
public final class NotFoundException extends OnboardingException {
    private static final long serialVersionUID = 1L;

    private final String kind;
    private final String id;

    /**
     * Says what was not found.
     *
     * @param kind what was looked for: {@code "tenant"}, {@code "account"}, {@code "credential"}
     * @param id the id that was asked for
     */
    public NotFoundException(String kind, String id) {
        this(kind, id, null);
    }

    public NotFoundException(String kind, String id, @Nullable Throwable cause) {
        this(
                kind,
                id,
                "No " + kind + " has the id " + id + ". Check the id, and that it was read in the same region.",
                cause);
    }

    private NotFoundException(String kind, String id, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.id = id;
    }

    /** For a credential that has never been another one. */
    public static NotFoundException ofPreviousVersion(String credential) {
        return new NotFoundException(
                "previous version of the credential",
                credential,
                "The credential " + credential
                        + " has no previous version to go back to. Store the one that is wanted.",
                null);
    }

    public String kind() {
        return kind;
    }

    public String id() {
        return id;
    }
}
