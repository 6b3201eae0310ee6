package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotSetUpException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/** Calls to DynamoDB, whose failures come out as our errors, but for the conditions that the caller has to judge. */
final class Calls {
    private Calls() {}

    /**
     * @throws ConditionalCheckFailedException as it is
     * @throws TransactionCanceledException as it is
     * @throws TransactionConflictException as it is
     */
    static <R> R call(Operation operation, String table, Supplier<R> call) {
        try {
            return call.get();
        } catch (ConditionalCheckFailedException | TransactionCanceledException | TransactionConflictException e) {
            throw e;
        } catch (SdkException e) {
            throw translate(e, operation.qualified(), table);
        }
    }

    static boolean isItemTooLarge(@Nullable String message) {
        return message != null && message.contains("Item size");
    }

    /** The row holds attributes of other engines, which only the service has seen. */
    static InvalidValueException itemTooLarge(String table) {
        return new InvalidValueException("item in " + table, ItemSize.RULE, "larger with what is stored already");
    }

    private static OnboardingException translate(SdkException e, String operation, String table) {
        if (e instanceof ResourceNotFoundException) {
            return new NotSetUpException(operation, table, "the table or its index does not exist in this region", e);
        }
        if (e instanceof TransactionInProgressException) {
            // an earlier try of ours, whose answer was lost, is still at it
            return new ServiceUnavailableException(operation, table, e);
        }
        if (e instanceof DynamoDbException && isItemTooLarge(e.getMessage())) {
            return itemTooLarge(table);
        }
        return SdkFailures.translate(e, operation, table);
    }
}
