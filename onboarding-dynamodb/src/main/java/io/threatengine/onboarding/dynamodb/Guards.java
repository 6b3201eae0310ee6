package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.storage.UniqueKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.enhanced.dynamodb.AttributeConverterProvider;
import software.amazon.awssdk.enhanced.dynamodb.AttributeValueType;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.TableMetadata;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.document.EnhancedDocument;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactDeleteItemEnhancedRequest;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactPutItemEnhancedRequest;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** The guard rows: one for each unique key in use, naming its owner, written together with the owner's row. */
final class Guards {
    private static final String OWNER = "owner_id";

    private final DynamoDbTable<EnhancedDocument> table;
    private final Batch batch;

    Guards(DynamoDbClient plain, DynamoDbEnhancedClient client, String tableName) {
        this.batch = new Batch(plain, tableName, Table.UNIQUE_KEYS.partitionKey());
        this.table = client.table(
                tableName,
                TableSchema.documentSchemaBuilder()
                        .addIndexPartitionKey(
                                TableMetadata.primaryIndexName(),
                                Table.UNIQUE_KEYS.partitionKey(),
                                AttributeValueType.S)
                        .attributeConverterProviders(AttributeConverterProvider.defaultProvider())
                        .build());
    }

    /**
     * Takes the key for the owner; refused when another has it.
     *
     * @param staleOwner one that has the guard but holds the key no longer; null for none
     */
    void take(Transaction transaction, UniqueKey key, String ownerId, @Nullable String staleOwner) {
        var guard = EnhancedDocument.builder()
                .attributeConverterProviders(AttributeConverterProvider.defaultProvider())
                .putString(Table.UNIQUE_KEYS.partitionKey(), key.text())
                .putString(OWNER, ownerId)
                .build();
        var put = TransactPutItemEnhancedRequest.builder(EnhancedDocument.class)
                .item(guard)
                .conditionExpression(freeOrOwnedBy(staleOwner == null ? ownerId : staleOwner))
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
        transaction.step(
                request -> request.addPutItem(table, put),
                taken -> new AlreadyExistsException(key.kind(), key.field(), key.value(), ownerOf(taken)));
    }

    /** Releases the key; a guard that another owns stays (of duplicates that other engines wrote, one has it). */
    void release(Transaction transaction, UniqueKey key, String ownerId) {
        var delete = TransactDeleteItemEnhancedRequest.builder()
                .key(k -> k.partitionValue(key.text()))
                .conditionExpression(freeOrOwnedBy(ownerId))
                .build();
        transaction.optionalStep(request -> request.addDeleteItem(table, delete));
    }

    /**
     * Who holds the keys, by their guards; those that nobody holds are missing.
     *
     * @param keys different ones, at most {@link Batch#MOST_READ}
     */
    Map<UniqueKey, String> owners(Collection<UniqueKey> keys) {
        Batch.Read read =
                batch.read(keys.stream().map(UniqueKey::text).distinct().toList(), false);
        read.failures().values().stream().findFirst().ifPresent(failure -> {
            throw failure;
        });
        var owners = new HashMap<UniqueKey, String>();
        for (UniqueKey key : keys) {
            String owner = ownerOf(read.items().getOrDefault(key.text(), Map.of()));
            if (owner != null) {
                owners.put(key, owner);
            }
        }
        return owners;
    }

    private static Expression freeOrOwnedBy(String ownerId) {
        return Conditions.missing(Table.UNIQUE_KEYS.partitionKey())
                .orEqual(OWNER, AttributeValue.fromS(ownerId))
                .build();
    }

    private static @Nullable String ownerOf(Map<String, AttributeValue> guard) {
        AttributeValue owner = guard.get(OWNER);
        return owner == null ? null : owner.s();
    }
}
