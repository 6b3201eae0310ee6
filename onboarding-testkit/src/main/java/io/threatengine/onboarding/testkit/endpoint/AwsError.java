package io.threatengine.onboarding.testkit.endpoint;

import org.jspecify.annotations.Nullable;

/** A call that the service refuses. The message is what the caller reads; it never contains a secret value. */
final class AwsError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String type;
    private final int status;

    /** An error with status 400, which these two services use for all that is the caller's fault. */
    AwsError(String type, @Nullable String message) {
        this(type, message, 400);
    }

    AwsError(String type, @Nullable String message, int status) {
        super(message, null, false, false); // an answer, not a fault: nobody reads its stack trace
        this.type = type;
        this.status = status;
    }

    String type() {
        return type;
    }

    int status() {
        return status;
    }

    static AwsError unknownOperation() {
        return new AwsError("UnknownOperationException", null);
    }

    static AwsError validation(String message) {
        return new AwsError("ValidationException", message);
    }

    /** The service's own wording for a member that breaks its modelled constraint, such as a length. */
    static AwsError constraint(String subject, String member, String constraint) {
        String name = Character.toLowerCase(member.charAt(0)) + member.substring(1);
        return validation("1 validation error detected: " + subject + " at '" + name
                + "' failed to satisfy constraint: Member must " + constraint);
    }
}
