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
    private static final Set<String> DENIED = Set.of(
            "AccessDenied",
            "AccessDeniedException",
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "ExpiredToken",
            "ExpiredTokenException",
            "NotAuthorized");

    /** Between tries of our own, above the SDK's: exponential, with full jitter. */
    private static final BackoffStrategy BACKOFF =
            BackoffStrategy.exponentialDelay(Duration.ofMillis(20), Duration.ofSeconds(1));

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
        if (failure instanceof ApiCallTimeoutException || failure instanceof ApiCallAttemptTimeoutException) {
            return new ServiceUnavailableException(operation, resource, failure);
        }
        if (failure instanceof SdkServiceException refusal) {
            return translateRefusal(refusal, operation, resource);
        }
        if (hasCause(failure, IOException.class)) {
            return new ServiceUnavailableException(operation, resource, failure);
        }
        String problem = String.valueOf(failure.getMessage());
        return new ServiceException(
                operation,
                resource,
                problem.startsWith("Unable to load credentials")
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
        try {
            Thread.sleep(BACKOFF.computeDelay(attempt + 1).toMillis());
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
        if (refusal instanceof AwsServiceException aws && DENIED.contains(errorCode(aws))) {
            return new AccessDeniedException(operation, resource, refusal);
        }
        if (refusal.statusCode() >= 500) {
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

    private static boolean isInterruption(SdkException failure) {
        return failure instanceof AbortedException || hasCause(failure, InterruptedException.class);
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
