package io.threatengine.onboarding.error;

/** A life cycle does not lead from the present state to the wanted one. Nothing was changed. */
public final class IllegalTransitionException extends OnboardingException {
    private static final long serialVersionUID = 1L;

    private final String kind;
    private final String id;
    private final String from;
    private final String to;

    /**
     * Says which step is impossible.
     *
     * @param kind whose state: {@code "account"}
     * @param id whose state, by id
     * @param from the present state
     * @param to the wanted state
     */
    public IllegalTransitionException(String kind, String id, String from, String to) {
        super("The " + kind + " " + id + " is " + from + " and cannot become " + to + ".");
        this.kind = kind;
        this.id = id;
        this.from = from;
        this.to = to;
    }

    public String kind() {
        return kind;
    }

    public String id() {
        return id;
    }

    public String from() {
        return from;
    }

    public String to() {
        return to;
    }
}
