package io.threatengine.onboarding.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.threatengine.onboarding.error.AccessDeniedException;
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
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
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
    void whatWasLeftUnwrittenIsSentAgainAndThrottledInTheEnd() {
        when(client.batchWriteItem(any(BatchWriteItemRequest.class))).thenReturn(left("b"));

        var failures = batch.write(puts("a", "b"));

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

        assertThat(batch.write(puts("a", "b")))
                .containsOnlyKeys("b")
                .allSatisfy((id, failure) -> assertThat(failure)
                        .isInstanceOf(ServiceException.class)
                        .isNotInstanceOf(AccessDeniedException.class));
        Batch.Read read = batch.read(List.of("a", "b"), true);
        assertThat(read.items()).containsOnlyKeys("a");
        assertThat(read.failures()).containsOnlyKeys("b");
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
                .unprocessedItems(Map.of("rows", List.of(put(id))))
                .build();
    }

    private static Map<String, WriteRequest> puts(String... ids) {
        var puts = new LinkedHashMap<String, WriteRequest>();
        Stream.of(ids).forEach(id -> puts.put(id, put(id)));
        return puts;
    }

    private static WriteRequest put(String id) {
        return WriteRequest.builder()
                .putRequest(PutRequest.builder().item(key(id)).build())
                .build();
    }

    private static Map<String, AttributeValue> key(String id) {
        return Map.of("id", AttributeValue.fromS(id));
    }
}
