package io.threatengine.onboarding.error;

import org.jspecify.annotations.Nullable;

/** A table or key that the library needs does not exist, or has another shape. Run the set-up. */
public final class NotSetUpException extends ServiceException {
    private static final long serialVersionUID = 1L;

    public NotSetUpException(String operation, String resource, String problem, @Nullable Throwable cause) {
        this(
                problem,
                ". Create what is missing (DynamoDbStorage.createTables), and check the region and the names in the settings.",
                operation,
                resource,
                cause);
    }

    private NotSetUpException(
            String problem, String remedy, String operation, String resource, @Nullable Throwable cause) {
        super(operation, resource, problem + remedy, cause);
    }

    /** For what exists in another shape, which the set-up does not change: something would be lost. */
    public static NotSetUpException inTheWay(String operation, String resource, String conflicts) {
        return new NotSetUpException(
                conflicts,
                "; nothing of this service was changed. Mend it by hand, or give other names in the settings.",
                operation,
                resource,
                null);
    }
}
