package io.threatengine.onboarding.error;

import org.jspecify.annotations.Nullable;

/**
 * The service behind a repository or vault refused or failed. Subclasses name the cases that a caller can act on; this
 * one is thrown for the rest. The cause is the SDK's exception.
 */
public class ServiceException extends OnboardingException {
    private static final long serialVersionUID = 1L;

    private final String operation;
    private final String resource;

    /**
     * Says which call failed, and how.
     *
     * @param operation the service and its operation: {@code "dynamodb:UpdateItem"}
     * @param resource the table, secret or key that it was about
     * @param problem what happened and what to do
     */
    public ServiceException(String operation, String resource, String problem, @Nullable Throwable cause) {
        super(operation + " on " + resource + " failed: " + problem, cause);
        this.operation = operation;
        this.resource = resource;
    }

    /** The service and its operation, in the form that an IAM policy uses: {@code dynamodb:UpdateItem}. */
    public String operation() {
        return operation;
    }

    /** The table, secret or key that the call was about. */
    public String resource() {
        return resource;
    }
}
