package io.threatengine.onboarding.aws;

import io.threatengine.onboarding.error.AccessDeniedException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.error.ThrottledException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.retries.api.BackoffStrategy;

/** How an SDK failure becomes one of our errors, after the SDK's own retries are spent. */
public final class SdkFailures {
    /** The common errors of the services' API references, and what STS says of a web identity. */
    private static final Set<String> DENIED = Set.of(
            "AccessDenied",
            "AccessDeniedException",
            "ExpiredToken",
            "ExpiredTokenException",
            "IDPRejectedClaim",
            "IncompleteSignature",
            "IncompleteSignatureException",
            "InvalidClientTokenId",
            "InvalidIdentityToken",
            "InvalidSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "NotAuthorized",
            "OptInRequired",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException");

    /** That the service could not do its part, said with a status below 500. */
    private static final Set<String> UNAVAILABLE = Set.of(
            "IDPCommunicationError",
            "InternalError",
            "PriorRequestNotComplete",
            "RequestTimeout",
            "RequestTimeoutException");

    private static final Set<String> CLOCK = Set.of("RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed");

    /** May be said of a wrong clock too; then the SDK, which compares the answer's date, calls it a clock's failure. */
    private static final Set<String> PERHAPS_CLOCK = Set.of("InvalidSignatureException", "SignatureDoesNotMatch");

    /** Between tries of our own, above the SDK's: exponential, with full jitter. */
    private static final BackoffStrategy BACKOFF =
            BackoffStrategy.exponentialDelay(Duration.ofMillis(20), Duration.ofSeconds(1));

    /** The same after throttling: longer, since the service asks for time. */
    private static final BackoffStrategy BACKOFF_WHEN_THROTTLED =
            BackoffStrategy.exponentialDelay(Duration.ofMillis(100), Duration.ofSeconds(2));

    private SdkFailures() {}

    /**
     * The error to throw for a failure that the caller gives no meaning of its own.
     *
     * @param failure what the SDK threw
     * @param operation in the form of an IAM action: {@code dynamodb:GetItem}
     * @param resource the table, secret or key
     */
    public static OnboardingException translate(SdkException failure, String operation, String resource) {
        if (isInterruption(failure)) {
            Thread.currentThread().interrupt();
            return new OperationInterruptedException(operation, failure);
        }
        if (failure instanceof SdkServiceException refusal) {
            return translateRefusal(refusal, operation, resource);
        }
        if (cameToNoAnswer(failure)) {
            return new ServiceUnavailableException(operation, resource, failure);
        }
        String problem = String.valueOf(failure.getMessage());
        return new ServiceException(
                operation,
                resource,
                saysThatCredentialsAreMissing(problem)
                        ? "no AWS credentials were found; set them up as the AWS SDK for Java expects"
                        : problem,
                failure);
    }

    /**
     * Waits before a try of our own, longer each time.
     *
     * @param attempt the number of the try that failed, from 1
     * @throws OperationInterruptedException if the thread is interrupted, with its flag set again
     */
    public static void backOff(int attempt, String operation) {
        pause(BACKOFF, attempt, operation);
    }

    /** {@link #backOff} after throttling that the SDK does not see as such, and so has not waited for. */
    public static void backOffWhenThrottled(int attempt, String operation) {
        pause(BACKOFF_WHEN_THROTTLED, attempt, operation);
    }

    private static void pause(BackoffStrategy strategy, int attempt, String operation) {
        try {
            Thread.sleep(strategy.computeDelay(attempt + 1).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException(operation, e);
        }
    }

    private static OnboardingException translateRefusal(
            SdkServiceException refusal, String operation, String resource) {
        if (refusal.isThrottlingException()) {
            return new ThrottledException(operation, resource, refusal);
        }
        String code = refusal instanceof AwsServiceException aws ? errorCode(aws) : "";
        if (CLOCK.contains(code) || (PERHAPS_CLOCK.contains(code) && refusal.isClockSkewException())) {
            return new ServiceException(
                    operation,
                    resource,
                    "the request's time is not the service's; set the clock of this machine",
                    refusal);
        }
        if (DENIED.contains(code) || refusal.statusCode() == 401 || refusal.statusCode() == 403) {
            return new AccessDeniedException(operation, resource, refusal);
        }
        if (refusal.statusCode() >= 500 || refusal.isRetryableException() || UNAVAILABLE.contains(code)) {
            return new ServiceUnavailableException(operation, resource, refusal);
        }
        return new ServiceException(operation, resource, String.valueOf(refusal.getMessage()), refusal);
    }

    /** The code that the service gave, or an empty text. */
    public static String errorCode(AwsServiceException refusal) {
        return refusal.awsErrorDetails() == null
                ? ""
                : String.valueOf(refusal.awsErrorDetails().errorCode());
    }

    /** Also a wait that was cut with the thread's flag set: the last attempt of a call has no pause that would see it. */
    private static boolean isInterruption(SdkException failure) {
        return failure instanceof AbortedException
                || hasCause(failure, InterruptedException.class)
                || (hasCause(failure, IOException.class)
                        && Thread.currentThread().isInterrupted());
    }

    private static boolean cameToNoAnswer(SdkException failure) {
        return failure instanceof ApiCallTimeoutException
                || failure instanceof ApiCallAttemptTimeoutException
                || failure.retryable() // the answer was damaged on its way
                || hasCause(failure, IOException.class);
    }

    /** The chain of providers says the first, one that is asked alone says one of the others. */
    private static boolean saysThatCredentialsAreMissing(String problem) {
        return problem.startsWith("Unable to load credentials")
                || problem.startsWith("Failed to load credentials")
                || problem.startsWith("Profile file contained no credentials")
                || problem.startsWith("Cannot fetch credentials");
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
