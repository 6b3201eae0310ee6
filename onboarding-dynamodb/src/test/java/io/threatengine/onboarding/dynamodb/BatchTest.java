package io.threatengine.onboarding.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.threatengine.onboarding.error.AccessDeniedException;
import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.error.ThrottledException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DeleteRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** What a service leaves undone, which no stand-in does on request. */
class BatchTest {
    private final DynamoDbClient client = mock(DynamoDbClient.class);
    private final Batch batch = new Batch(client, "rows", "id");

    @Test
    void whatWasLeftUnreadIsAskedForAgain() {
        when(client.batchGetItem(any(BatchGetItemRequest.class)))
                .thenReturn(
                        read(List.of("a"), List.of("b", "c")),
                        read(List.of("c"), List.of("b")),
                        read(List.of(), List.of()));

        Batch.Read read = batch.read(List.of("a", "b", "c"), false);

        assertThat(read.items()).containsOnlyKeys("a", "c");
        assertThat(read.failures()).isEmpty();
        verify(client, times(3)).batchGetItem(any(BatchGetItemRequest.class));
    }

    @Test
    void whatWasLeftUndeletedIsSentAgainAndThrottledInTheEnd() {
        when(client.batchWriteItem(any(BatchWriteItemRequest.class))).thenReturn(left("b"));

        var failures = batch.delete(List.of("a", "b"));

        assertThat(failures).containsOnlyKeys("b");
        assertThat(failures.get("b")).isInstanceOf(ThrottledException.class);
        // once with both, then as often as nothing may get done
        verify(client, times(11)).batchWriteItem(any(BatchWriteItemRequest.class));
    }

    @Test
    void whatIsDoneBeforeAFailureStaysDone() {
        when(client.batchWriteItem(any(BatchWriteItemRequest.class)))
                .thenReturn(left("b"))
                .thenThrow(DynamoDbException.builder().message("no").build());
        when(client.batchGetItem(any(BatchGetItemRequest.class)))
                .thenReturn(read(List.of("a"), List.of("b")))
                .thenThrow(DynamoDbException.builder().message("no").build());

        assertThat(batch.delete(List.of("a", "b")))
                .containsOnlyKeys("b")
                .allSatisfy((id, failure) -> assertThat(failure)
                        .isInstanceOf(ServiceException.class)
                        .isNotInstanceOf(AccessDeniedException.class));
        Batch.Read read = batch.read(List.of("a", "b"), true);
        assertThat(read.items()).containsOnlyKeys("a");
        assertThat(read.failures()).containsOnlyKeys("b");
    }

    @Test
    void ofRowsThatAreCreatedTogetherOneThatIsRefusedDoesNotStopTheOthers() {
        when(client.transactWriteItems(any(TransactWriteItemsRequest.class)))
                .thenThrow(
                        canceled("None", "ConditionalCheckFailed", "ConditionalCheckFailed", "ValidationError", "None"))
                .thenThrow(canceled("None", "TransactionConflict"))
                .thenReturn(TransactWriteItemsResponse.builder().build());

        var failures = batch.create(
                items("a", "ours", "taken", "odd", "b"),
                (id, stored) -> id.equals("ours") ? null : new AlreadyExistsException("row", "id", id, id));

        assertThat(failures).containsOnlyKeys("taken", "odd");
        assertThat(failures.get("taken")).isInstanceOf(AlreadyExistsException.class);
        assertThat(failures.get("odd"))
                .isExactlyInstanceOf(ServiceException.class)
                .hasMessageContaining("ValidationError");
        verify(client, times(3)).transactWriteItems(any(TransactWriteItemsRequest.class));
    }

    @Test
    void rowsThatAreTooLargeForOneTransactionAreCreatedInSeveralWhoseFailuresAreTheirOwn() {
        Map<String, Map<String, AttributeValue>> large =
                items("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");
        large.replaceAll((id, item) ->
                Map.of("id", AttributeValue.fromS(id), "text", AttributeValue.fromS("x".repeat(390 * 1024))));
        when(client.transactWriteItems(any(TransactWriteItemsRequest.class)))
                .thenReturn(TransactWriteItemsResponse.builder().build())
                .thenThrow(DynamoDbException.builder().message("no").build());

        assertThat(batch.create(large, (id, stored) -> null)).containsOnlyKeys("k", "l");
        verify(client, times(2)).transactWriteItems(any(TransactWriteItemsRequest.class));
    }

    private static Map<String, Map<String, AttributeValue>> items(String... ids) {
        var items = new LinkedHashMap<String, Map<String, AttributeValue>>();
        List.of(ids).forEach(id -> items.put(id, key(id)));
        return items;
    }

    private static TransactionCanceledException canceled(String... codes) {
        return TransactionCanceledException.builder()
                .cancellationReasons(Stream.of(codes)
                        .map(code -> CancellationReason.builder().code(code).build())
                        .toList())
                .build();
    }

    private static BatchGetItemResponse read(List<String> found, List<String> left) {
        var response = BatchGetItemResponse.builder()
                .responses(Map.of("rows", found.stream().map(BatchTest::key).toList()));
        return left.isEmpty()
                ? response.unprocessedKeys(Map.of()).build()
                : response.unprocessedKeys(Map.of(
                                "rows",
                                KeysAndAttributes.builder()
                                        .keys(left.stream().map(BatchTest::key).toList())
                                        .build()))
                        .build();
    }

    private static BatchWriteItemResponse left(String id) {
        return BatchWriteItemResponse.builder()
                .unprocessedItems(Map.of("rows", List.of(deletion(id))))
                .build();
    }

    private static WriteRequest deletion(String id) {
        return WriteRequest.builder()
                .deleteRequest(DeleteRequest.builder().key(key(id)).build())
                .build();
    }

    private static Map<String, AttributeValue> key(String id) {
        return Map.of("id", AttributeValue.fromS(id));
    }
}
