package io.threatengine.onboarding.error;

import org.jspecify.annotations.Nullable;

/** A table or key that the library needs does not exist, or has another shape. Run the set-up. */
public final class NotSetUpException extends ServiceException {
    private static final long serialVersionUID = 1L;

    public NotSetUpException(String operation, String resource, String problem, @Nullable Throwable cause) {
        super(
                operation,
                resource,
                problem
                        + ". Create what is missing (DynamoDbStorage.createTables), and check the region and the names in the"
                        + " settings.",
                cause);
    }
}
