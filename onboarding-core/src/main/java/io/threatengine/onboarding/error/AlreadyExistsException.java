package io.threatengine.onboarding.error;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value that must be unique is taken: a tenant's name, an account's number. Nothing was written. */
public final class AlreadyExistsException extends OnboardingException {
    private static final long serialVersionUID = 1L;

    private final String kind;
    private final String field;
    private final String value;
    private final @Nullable String existingId;

    /**
     * Says what is taken, and by whom.
     *
     * @param kind what exists: {@code "account"}
     * @param field what must be unique: {@code "name"}
     * @param value the value that is taken
     * @param existingId the id of the one that has it, where known
     */
    public AlreadyExistsException(String kind, String field, String value, @Nullable String existingId) {
        this(kind, field, value, existingId, "Choose another, or use the one that exists.");
    }

    /**
     * Says what is taken, by whom, and what to do.
     *
     * @param remedy a sentence
     */
    public AlreadyExistsException(String kind, String field, String value, @Nullable String existingId, String remedy) {
        super("The " + kind + " " + field + " \"" + value + "\" is taken"
                + (existingId == null ? "" : " by " + kind + " " + existingId)
                + ". " + remedy);
        this.kind = kind;
        this.field = field;
        this.value = value;
        this.existingId = existingId;
    }

    public String kind() {
        return kind;
    }

    public String field() {
        return field;
    }

    public String value() {
        return value;
    }

    /** The id of the one that holds the value, where the storage could tell. */
    public Optional<String> existingId() {
        return Optional.ofNullable(existingId);
    }
}
