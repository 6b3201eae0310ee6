package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.error.ThrottledException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactWriteItemsEnhancedRequest;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Writes that happen together or not at all. Each step says what its refusal means. The SDK sends the same client token
 * with every retry, so that a try whose answer was lost is not done twice.
 */
final class Transaction {
    static final int TRIES = 10;
    private static final String OPERATION = Operation.TRANSACT_WRITE_ITEMS.qualified();
    static final String CONDITION = "ConditionalCheckFailed";
    private static final String CROSSED = "TransactionConflict";
    private static final Set<String> THROTTLED = Set.of("ThrottlingError", "ProvisionedThroughputExceeded");

    /** What the refusal of a step means, given the row that stood in the way. */
    @FunctionalInterface
    interface Refusal extends Function<Map<String, AttributeValue>, OnboardingException> {}

    private record Step(
            Consumer<TransactWriteItemsEnhancedRequest.Builder> write,
            @Nullable Refusal refusal) {}

    private final DynamoDbEnhancedClient client;
    private final String table;
    private final List<Step> steps = new ArrayList<>();

    /** @param table what the transaction is mainly about, for errors */
    Transaction(DynamoDbEnhancedClient client, String table) {
        this.client = client;
        this.table = table;
    }

    Transaction step(Consumer<TransactWriteItemsEnhancedRequest.Builder> write, Refusal refusal) {
        steps.add(new Step(write, refusal));
        return this;
    }

    /** A step that is left out when its condition does not hold. */
    Transaction optionalStep(Consumer<TransactWriteItemsEnhancedRequest.Builder> write) {
        steps.add(new Step(write, null));
        return this;
    }

    /** Runs it; tries again when it crossed another transaction or was throttled. */
    void run() {
        List<Step> present = new ArrayList<>(steps);
        for (int attempt = 1; ; attempt++) {
            try {
                write(present);
                return;
            } catch (TransactionCanceledException e) {
                if (withoutRefusedOptions(present, e)) {
                    continue;
                }
                pauseBeforeRetry(attempt, e, table);
            }
        }
    }

    /**
     * Runs plain writes, all of them or none. Tries again as {@link #run} does.
     *
     * @return none where it was done; where a condition did not hold, the reason of each write, the refused ones with the row
     *     that stood in the way
     */
    static List<CancellationReason> together(DynamoDbClient client, String table, List<TransactWriteItem> writes) {
        for (int attempt = 1; ; attempt++) {
            try {
                return write(client, table, writes);
            } catch (TransactionCanceledException e) {
                pauseBeforeRetry(attempt, e, table);
            }
        }
    }

    /** As {@link #together}, but empty as soon as it crosses another one. */
    static Optional<List<CancellationReason>> togetherOrNotAtAll(
            DynamoDbClient client, String table, List<TransactWriteItem> writes) {
        for (int attempt = 1; ; attempt++) {
            try {
                return Optional.of(write(client, table, writes));
            } catch (TransactionCanceledException e) {
                if (crossed(e)) {
                    return Optional.empty();
                }
                pauseBeforeRetry(attempt, e, table);
            }
        }
    }

    private static List<CancellationReason> write(DynamoDbClient client, String table, List<TransactWriteItem> writes) {
        var request = TransactWriteItemsRequest.builder().transactItems(writes).build();
        try {
            Calls.call(Operation.TRANSACT_WRITE_ITEMS, table, () -> client.transactWriteItems(request));
            return List.of();
        } catch (TransactionCanceledException e) {
            if (isRefused(e)) {
                return e.cancellationReasons();
            }
            throw e;
        }
    }

    private static boolean isRefused(TransactionCanceledException e) {
        return e.cancellationReasons().stream().anyMatch(reason -> CONDITION.equals(reason.code()));
    }

    /**
     * Runs a transaction of one plain write, as {@link #separately} does.
     *
     * @return the refusal, where its condition did not hold; empty where it was done
     */
    static Optional<CancellationReason> one(DynamoDbClient client, String table, TransactWriteItem write) {
        CancellationReason refused = separately(client, table, List.of(write)).get(0);
        if (refused != null && !CONDITION.equals(refused.code())) {
            throw meaningOf(refused, table);
        }
        return Optional.ofNullable(refused);
    }

    /**
     * Runs plain writes that do not need each other as a transaction, whose client token makes a retry harmless. A write that
     * is refused is left out, and the others are done without it. Tries again as {@link #run} does.
     *
     * @param writes of different rows, as many and as large as a transaction takes
     * @return the refusals, by the places of their writes
     */
    static Map<Integer, CancellationReason> separately(
            DynamoDbClient client, String table, List<TransactWriteItem> writes) {
        Map<Integer, TransactWriteItem> left = new TreeMap<>();
        writes.forEach(write -> left.put(left.size(), write));
        Map<Integer, CancellationReason> refused = new HashMap<>();
        for (int attempt = 1; !left.isEmpty(); attempt++) {
            var request = TransactWriteItemsRequest.builder()
                    .transactItems(left.values())
                    .build();
            try {
                Calls.call(Operation.TRANSACT_WRITE_ITEMS, table, () -> client.transactWriteItems(request));
                return refused;
            } catch (TransactionCanceledException e) {
                if (!moveRefused(left, refused, e.cancellationReasons())) {
                    pauseBeforeRetry(attempt, e, table);
                }
            }
        }
        return refused;
    }

    private static boolean moveRefused(
            Map<Integer, TransactWriteItem> left,
            Map<Integer, CancellationReason> refused,
            List<CancellationReason> reasons) {
        List<Integer> places = List.copyOf(left.keySet());
        for (int i = 0; i < places.size() && i < reasons.size(); i++) {
            if (isRefusal(reasons.get(i))) {
                refused.put(places.get(i), reasons.get(i));
            }
        }
        return left.keySet().removeAll(refused.keySet());
    }

    /** Whether it would be the same another time. */
    private static boolean isRefusal(CancellationReason reason) {
        String code = reason.code();
        return code != null && !code.equals("None") && !code.equals(CROSSED) && !THROTTLED.contains(code);
    }

    private void write(List<Step> present) {
        var request = TransactWriteItemsEnhancedRequest.builder();
        present.forEach(step -> step.write().accept(request));
        Calls.call(Operation.TRANSACT_WRITE_ITEMS, table, () -> client.transactWriteItems(request.build()));
    }

    /** Judges the refusals: the first step that must not be refused decides. */
    private boolean withoutRefusedOptions(List<Step> present, TransactionCanceledException e) {
        var refused = new ArrayList<Step>();
        for (int i = 0; i < present.size() && i < e.cancellationReasons().size(); i++) {
            CancellationReason reason = e.cancellationReasons().get(i);
            if (CONDITION.equals(reason.code())) {
                Refusal refusal = present.get(i).refusal();
                if (refusal != null) {
                    throw refusal.apply(reason.hasItem() ? reason.item() : Map.of());
                }
                refused.add(present.get(i));
            }
        }
        return present.removeAll(refused);
    }

    /** Waits for what passes by itself; throws what does not, or what has lasted too long. */
    private static void pauseBeforeRetry(int attempt, TransactionCanceledException e, String table) {
        boolean throttled = throttled(e);
        if (attempt >= TRIES || !(throttled || crossed(e))) {
            throw meaningOf(e, table);
        }
        if (throttled) {
            // the SDK never tries a cancelled transaction again, whatever the reason
            SdkFailures.backOffWhenThrottled(attempt, OPERATION);
        } else {
            SdkFailures.backOff(attempt, OPERATION);
        }
    }

    private static boolean crossed(TransactionCanceledException e) {
        return e.cancellationReasons().stream().anyMatch(reason -> CROSSED.equals(reason.code()));
    }

    private static boolean throttled(TransactionCanceledException e) {
        return e.cancellationReasons().stream().anyMatch(reason -> THROTTLED.contains(reason.code()));
    }

    private static OnboardingException meaningOf(TransactionCanceledException e, String table) {
        if (throttled(e)) {
            return new ThrottledException(OPERATION, table, e);
        }
        if (crossed(e)) {
            return new ServiceUnavailableException(OPERATION, table, e);
        }
        if (e.cancellationReasons().stream().anyMatch(reason -> Calls.isItemTooLarge(reason.message()))) {
            return Calls.itemTooLarge(table);
        }
        return new ServiceException(OPERATION, table, String.valueOf(e.getMessage()), e);
    }

    /** What a refusal means that is not of the write's condition. */
    static OnboardingException meaningOf(CancellationReason refusal, String table) {
        String problem = refusal.code() + ": " + refusal.message();
        return Calls.isItemTooLarge(refusal.message())
                ? Calls.itemTooLarge(table)
                : new ServiceException(OPERATION, table, problem, null);
    }
}
