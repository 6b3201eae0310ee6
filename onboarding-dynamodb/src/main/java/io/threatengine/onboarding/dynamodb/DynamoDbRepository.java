package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.error.VersionConflictException;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.storage.Bulk;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.Entity;
import io.threatengine.onboarding.storage.EntityRepository;
import io.threatengine.onboarding.storage.Revision;
import io.threatengine.onboarding.storage.UniqueKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.Key;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactDeleteItemEnhancedRequest;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactPutItemEnhancedRequest;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactUpdateItemEnhancedRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * What every repository does: conditional writes of known attributes, with the guard rows of the unique keys.
 *
 * <p>A write is conditional on the row's {@code version}, and on its {@code updated_at}, by which the changes of the Python
 * engines show. An update that touches no unique key is one {@code UpdateItem}; the condition says so, and where it does
 * not hold, the row that stood in the way tells what the old keys were, and row and guards are written in one transaction.
 */
abstract class DynamoDbRepository<I, T extends Entity<I, T>> implements EntityRepository<I, T> {
    /** How often {@link #update(Object, UnaryOperator)} and {@link #delete} begin anew. */
    private static final int TRIES = 20;

    private static final ReturnValuesOnConditionCheckFailure ALL_OLD = ReturnValuesOnConditionCheckFailure.ALL_OLD;

    private final Tables tables;
    private final EntityMapping<T> mapping;
    private final DynamoDbTable<T> table;
    private final RowLists<T> lists;
    private final ManyRows<I, T> manyRows;

    DynamoDbRepository(Tables tables, EntityMapping<T> mapping) {
        this.tables = tables;
        this.mapping = mapping;
        this.table = tables.of(mapping);
        this.lists = new RowLists<>(tables.client(), table.tableName(), mapping);
        this.manyRows = new ManyRows<>(
                new Batch(tables.client(), table.tableName(), mapping.table().partitionKey()), mapping);
    }

    @Override
    public Optional<T> find(I id) {
        return Optional.ofNullable(call(
                Operation.GET_ITEM,
                () -> table.getItem(request -> request.key(key(id)).consistentRead(true))));
    }

    @Override
    public T get(I id) {
        return find(id).orElseThrow(() -> notFound(id));
    }

    @Override
    public T update(T entity) {
        Conditions condition = unchanged(entity.revision());
        Map<String, AttributeValue> item = mapping.item(entity);
        mapping.comparedAttributes().forEach(name -> condition.andText(name, textOf(item.get(name))));
        if (mapping.hasUniqueKeys()) {
            if (entity.uniqueKeys().isEmpty()) {
                condition.andEqual(Row.STATUS, Row.DELETED);
            } else {
                condition.andNotEqual(Row.STATUS, Row.DELETED);
            }
        }

        T next = entity.written(now());
        return write(RowUpdate.all(mapping, next), entity, next, condition.build(), stored -> replace(stored, entity));
    }

    @Override
    public T update(I id, UnaryOperator<T> change) {
        return repeatedly(() -> {
            T before = get(id);
            T after = change.apply(before);
            if (!after.id().equals(id)) {
                throw new IllegalArgumentException(
                        "the change of " + mapping.kind() + " " + id + " returned another one: " + after.id());
            }
            return after.equals(before) ? before : replace(before, after);
        });
    }

    @Override
    public void delete(I id) {
        repeatedly(() -> {
            T entity = get(id);
            var transaction = tables.transaction(mapping.table());
            var delete = TransactDeleteItemEnhancedRequest.builder()
                    .key(key(id))
                    .conditionExpression(unchanged(entity.revision()).build())
                    .returnValuesOnConditionCheckFailure(ALL_OLD)
                    .build();
            transaction.step(request -> request.addDeleteItem(table, delete), row -> refused(row, entity));
            entity.uniqueKeys().forEach(key -> tables.guards().release(transaction, key, ownerOf(entity)));
            transaction.run();
            return entity;
        });
    }

    /**
     * Writes a new row with its guards.
     *
     * @param first further steps, ahead of the row's own: that what it belongs to exists
     */
    final T create(T entity, Consumer<Transaction> first) {
        ItemSize.check(mapping.kind(), mapping.item(entity));
        var put = TransactPutItemEnhancedRequest.builder(type())
                .item(entity)
                .conditionExpression(
                        Conditions.missing(mapping.table().partitionKey()).build())
                .returnValuesOnConditionCheckFailure(ALL_OLD)
                .build();
        commit(entity, entity.uniqueKeys(), transaction -> {
            first.accept(transaction);
            transaction.step(request -> request.addPutItem(table, put), row -> refused(row, entity));
        });
        return entity;
    }

    /** A step of another row's creation: that the row it belongs to exists, is not deleted, and belongs where it should. */
    final void mustExist(Transaction transaction, I id, Map<String, String> belonging) {
        Conditions there = Conditions.exists(mapping.table().partitionKey()).andNotEqual(Row.STATUS, Row.DELETED);
        belonging.forEach(there::andText);
        Expression condition = there.build();
        transaction.step(
                request -> request.addConditionCheck(
                        table, check -> check.key(key(id)).conditionExpression(condition)),
                row -> notFound(id));
    }

    /** Takes unique keys of a row for it, where the row still has them. */
    final void reserve(I id, List<UniqueKey> keys) {
        repeatedly(() -> {
            T row = get(id);
            Expression unchanged = unchanged(row.revision()).build();
            List<UniqueKey> held =
                    keys.stream().filter(row.uniqueKeys()::contains).toList();
            if (held.isEmpty()) {
                return row;
            }

            commit(
                    row,
                    held,
                    transaction -> transaction.step(
                            request -> request.addConditionCheck(
                                    table,
                                    check -> check.key(key(id))
                                            .conditionExpression(unchanged)
                                            .returnValuesOnConditionCheckFailure(ALL_OLD)),
                            stored -> refused(stored, row)));
            return row;
        });
    }

    /** A write of the row as it is to be, if it is still as it was read; null for a row that was not there. */
    final TransactWriteItem step(@Nullable T read, T next) {
        ItemSize.check(mapping.kind(), mapping.item(next));
        var step = TransactWriteItem.builder();
        if (read == null) {
            Expression missing =
                    Conditions.missing(mapping.table().partitionKey()).build();
            return step.put(Put.builder()
                            .tableName(table.tableName())
                            .item(mapping.item(next))
                            .conditionExpression(missing.expression())
                            .expressionAttributeNames(missing.expressionNames())
                            .returnValuesOnConditionCheckFailure(ALL_OLD)
                            .build())
                    .build();
        }
        Map<String, AttributeValue> key = Map.of(
                mapping.table().partitionKey(), AttributeValue.fromS(next.id().toString()));
        Expression unchanged = unchanged(read.revision()).build();
        return step.update(RowUpdate.between(mapping, read, next).asStep(table.tableName(), key, unchanged))
                .build();
    }

    /** The row as a refused step has found it; as it was read, where it was not that step's. */
    final @Nullable T found(CancellationReason reason, @Nullable T read) {
        if (!Transaction.CONDITION.equals(reason.code())) {
            return read;
        }
        return reason.hasItem() && !reason.item().isEmpty() ? mapping.schema().mapToItem(reason.item()) : null;
    }

    /** When a new row is made. */
    final Instant now() {
        return WireTime.now(tables.clock());
    }

    // ---- many rows

    @Override
    public BulkResult<I, T> getAll(Collection<I> ids, BulkOptions options) {
        return manyRows.getAll(ids, options);
    }

    @Override
    public BulkResult<I, I> deleteAll(Collection<I> ids, BulkOptions options) {
        if (!mapping.hasUniqueKeys()) {
            return manyRows.deleteAll(ids, options);
        }
        return Bulk.inOrderOf(ids, Bulk.each(new LinkedHashSet<>(ids), options, id -> {
            delete(id);
            return id;
        }));
    }

    final EntityMapping<T> mapping() {
        return mapping;
    }

    /** The lists of the table. */
    final RowLists<T> lists() {
        return lists;
    }

    /** Work on many of its rows. */
    final ManyRows<I, T> manyRows() {
        return manyRows;
    }

    /**
     * Adds one to counters of a row.
     *
     * @return the row that was not as it must be, or has a counter that is no number; empty where it was counted
     * @throws NotFoundException if there is no such row
     */
    final Optional<Map<String, AttributeValue>> count(I id, Counting counting) {
        var write = counting.of(table.tableName(), mapping.table().partitionKey(), id.toString(), now());
        Optional<CancellationReason> refused = Transaction.one(tables.client(), table.tableName(), write);
        if (refused.filter(Counting::foundNoRow).isPresent()) {
            throw notFound(id);
        }
        return refused.map(CancellationReason::item);
    }

    // ---- writing

    /** Writes a changed entity over the one it was made from, moving the guards that differ. */
    private T replace(T before, T after) {
        if (!after.belongsTo().equals(before.belongsTo())) {
            throw new InvalidValueException(
                    "what the " + mapping.kind() + " belongs to",
                    "must stay " + before.belongsTo(),
                    after.belongsTo().toString());
        }
        List<UniqueKey> taken = new ArrayList<>(after.uniqueKeys());
        taken.removeAll(before.uniqueKeys());
        List<UniqueKey> released = new ArrayList<>(before.uniqueKeys());
        released.removeAll(after.uniqueKeys());
        Expression condition = unchanged(before.revision()).build();
        T next = after.written(now());
        if (taken.isEmpty() && released.isEmpty()) {
            return write(RowUpdate.between(mapping, before, next), before, next, condition, stored -> {
                throw conflict(before, stored);
            });
        }
        ItemSize.check(mapping.kind(), mapping.item(next));
        var update = TransactUpdateItemEnhancedRequest.builder(type())
                .item(next)
                .conditionExpression(condition)
                .returnValuesOnConditionCheckFailure(ALL_OLD)
                .build();
        commit(after, taken, transaction -> {
            transaction.step(request -> request.addUpdateItem(table, update), row -> refused(row, before));
            released.forEach(key -> tables.guards().release(transaction, key, ownerOf(after)));
        });
        return next;
    }

    /**
     * Runs a transaction that takes unique keys. A guard may be stale: its owner was removed, renamed or deleted by a
     * writer that keeps no guards. Then it is taken over, on condition that the owner stays as it was found.
     */
    private void commit(T entity, List<UniqueKey> taken, Consumer<Transaction> steps) {
        Map<UniqueKey, String> staleOwners = new HashMap<>();
        Map<String, Expression> ownersAsFound = new HashMap<>();
        for (int attempt = 1; ; ) {
            Transaction transaction = tables.transaction(mapping.table());
            steps.accept(transaction);
            taken.forEach(key -> tables.guards().take(transaction, key, ownerOf(entity), staleOwners.get(key)));
            ownersAsFound.forEach((owner, asFound) -> transaction.step(
                    request -> request.addConditionCheck(
                            table, check -> check.key(keyOf(owner)).conditionExpression(asFound)),
                    row -> new VersionConflictException(mapping.kind(), owner, 0, 0)));
            try {
                transaction.run();
                return;
            } catch (VersionConflictException e) {
                if (!ownersAsFound.containsKey(e.id()) || attempt == TRIES) {
                    throw e;
                }
                // an owner was changed since it was found: look again
                staleOwners.clear();
                ownersAsFound.clear();
                attempt++;
            } catch (AlreadyExistsException e) {
                UniqueKey key = taken.stream()
                        .filter(candidate -> candidate.field().equals(e.field()))
                        .findFirst()
                        .orElseThrow(() -> e);
                String owner = e.existingId().orElseThrow(() -> e);
                if (staleOwners.containsKey(key)) {
                    throw e;
                }
                ownersAsFound.putIfAbsent(owner, asFoundWithout(key, owner, e));
                staleOwners.put(key, owner);
            }
        }
    }

    /** The condition that the owner of a guard stays as it is now, which is without the key. */
    private Expression asFoundWithout(UniqueKey key, String owner, AlreadyExistsException taken) {
        T holder;
        try {
            holder = call(
                    Operation.GET_ITEM,
                    () -> table.getItem(request -> request.key(keyOf(owner)).consistentRead(true)));
        } catch (MalformedDataException e) {
            throw taken; // what cannot be read may well hold it
        }
        if (holder == null) {
            return Conditions.missing(mapping.table().partitionKey()).build();
        }
        if (holder.uniqueKeys().contains(key)) {
            throw taken;
        }
        return unchanged(holder.revision()).build();
    }

    /**
     * Writes one row.
     *
     * @param unchangedRow what to do where it is refused though the row is as it was read
     */
    private T write(RowUpdate update, T before, T next, Expression condition, Function<T, T> unchangedRow) {
        ItemSize.check(mapping.kind(), mapping.item(next));
        UpdateItemRequest request =
                update.of(table.tableName(), key(next.id()).primaryKeyMap(mapping.schema()), condition);
        boolean perhapsDone = false;
        for (int attempt = 1; ; attempt++) {
            try {
                UpdateItemResponse answer =
                        call(Operation.UPDATE_ITEM, () -> tables.client().updateItem(request));
                return mapping.schema().mapToItem(answer.attributes());
            } catch (ConditionalCheckFailedException e) {
                return judge(e, perhapsDone || isRetry(e), update, before, next, unchangedRow);
            } catch (TransactionConflictException e) {
                // a transaction of somebody else has the row at this moment
                perhapsDone |= isRetry(e);
                if (attempt == Transaction.TRIES) {
                    throw new ServiceUnavailableException(Operation.UPDATE_ITEM.qualified(), table.tableName(), e);
                }
                SdkFailures.backOff(attempt, Operation.UPDATE_ITEM.qualified());
            }
        }
    }

    /** What a refused update means, which may have taken effect before, its answer having been lost. */
    private T judge(
            ConditionalCheckFailedException e,
            boolean perhapsDone,
            RowUpdate update,
            T entity,
            T next,
            Function<T, T> unchangedRow) {
        if (!e.hasItem() || e.item().isEmpty()) {
            throw notFound(entity.id());
        }
        T stored = mapping.schema().mapToItem(e.item());
        if (perhapsDone && shows(stored, update, next)) {
            return stored;
        }
        if (!stored.revision().equals(entity.revision())) {
            throw conflict(entity, stored);
        }
        return unchangedRow.apply(stored);
    }

    /** On a first try, a row like ours is the same change by somebody else: of two who begin a run, one must not win too. */
    private static boolean isRetry(AwsServiceException e) {
        Integer attempts = e.numAttempts();
        return attempts != null && attempts > 1;
    }

    /** Whether a row has what was written to it, whatever others have added since. */
    private boolean shows(T stored, RowUpdate update, T next) {
        Map<String, AttributeValue> found = mapping.item(stored);
        return stored.revision().equals(next.revision())
                && update.set().entrySet().stream()
                        .allMatch(attribute -> attribute.getValue().equals(found.get(attribute.getKey())));
    }

    private OnboardingException refused(Map<String, AttributeValue> row, T expected) {
        return row.isEmpty()
                ? notFound(expected.id())
                : conflict(expected, mapping.schema().mapToItem(row));
    }

    private Conditions unchanged(Revision revision) {
        return Conditions.exists(mapping.table().partitionKey())
                .andVersion(Row.VERSION, revision.version())
                .andText(mapping.stamp().attribute(), revision.stamp());
    }

    private T repeatedly(Supplier<T> attempt) {
        for (int count = 1; ; count++) {
            try {
                return attempt.get();
            } catch (VersionConflictException e) {
                if (count == TRIES) {
                    throw e;
                }
                SdkFailures.backOff(count, "update of a " + mapping.kind());
            }
        }
    }

    // ---- reading

    private static @Nullable String textOf(@Nullable AttributeValue value) {
        return value == null || value.s().isEmpty() ? null : value.s();
    }

    // ---- small things

    private Key key(I id) {
        return keyOf(id.toString());
    }

    private static Key keyOf(String id) {
        return Key.builder().partitionValue(id).build();
    }

    private Class<T> type() {
        return mapping.schema().itemType().rawClass();
    }

    private String ownerOf(T entity) {
        return String.valueOf(entity.id());
    }

    private <R> R call(Operation operation, Supplier<R> call) {
        return Calls.call(operation, table.tableName(), call);
    }

    private NotFoundException notFound(I id) {
        return mapping.notFound(id);
    }

    private VersionConflictException conflict(T expected, T stored) {
        return new VersionConflictException(
                mapping.kind(),
                String.valueOf(expected.id()),
                expected.revision().version(),
                stored.revision().version());
    }
}
