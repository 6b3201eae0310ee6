package io.threatengine.onboarding.error;

import org.jspecify.annotations.Nullable;

/** Something stored cannot be understood: a row without its key facts, a secret that is no credential document. */
public class MalformedDataException extends OnboardingException {
    private static final long serialVersionUID = 1L;

    /** The longest name of a secret (Secrets Manager API Reference, CreateSecret). */
    private static final int LONGEST_SHOWN = 512;

    private final String where;
    private final String problem;

    /**
     * Says what cannot be read, and why. The message shows both shortened, with invisible characters escaped.
     *
     * @param where the table and key, or the secret's name
     * @param problem what is wrong with it, never quoting a secret
     */
    public MalformedDataException(String where, String problem) {
        this(where, problem, null);
    }

    public MalformedDataException(String where, String problem, @Nullable Throwable cause) {
        super(
                "What is stored at " + Shown.plain(where, LONGEST_SHOWN) + " cannot be read: "
                        + Shown.plain(problem, LONGEST_SHOWN) + ". It was left as it is.",
                cause);
        this.where = where;
        this.problem = problem;
    }

    public String where() {
        return where;
    }

    public String problem() {
        return problem;
    }
}
