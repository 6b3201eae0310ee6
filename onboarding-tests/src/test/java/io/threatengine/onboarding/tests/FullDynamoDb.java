package io.threatengine.onboarding.tests;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsDescription;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsStatus;
import software.amazon.awssdk.services.dynamodb.model.DescribeContinuousBackupsRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeContinuousBackupsResponse;
import software.amazon.awssdk.services.dynamodb.model.ListTagsOfResourceRequest;
import software.amazon.awssdk.services.dynamodb.model.ListTagsOfResourceResponse;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryDescription;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryStatus;
import software.amazon.awssdk.services.dynamodb.model.Tag;
import software.amazon.awssdk.services.dynamodb.model.TagResourceRequest;
import software.amazon.awssdk.services.dynamodb.model.TagResourceResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateContinuousBackupsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateContinuousBackupsResponse;

/** DynamoDB Local, and beside it the calls that it lacks: continuous backups and tags. */
final class FullDynamoDb {
    private final Set<String> recoverable = ConcurrentHashMap.newKeySet();
    private final Map<String, Map<String, String>> tags = new ConcurrentHashMap<>();

    DynamoDbClient over(DynamoDbClient client) {
        return (DynamoDbClient) Proxy.newProxyInstance(
                FullDynamoDb.class.getClassLoader(), new Class<?>[] {DynamoDbClient.class}, (proxy, method, args) -> {
                    Object request = args == null || args.length == 0 ? "" : args[0];
                    if (request instanceof DescribeContinuousBackupsRequest describe) {
                        return describe(describe);
                    }
                    if (request instanceof UpdateContinuousBackupsRequest update) {
                        recoverable.add(update.tableName());
                        return UpdateContinuousBackupsResponse.builder().build();
                    }
                    if (request instanceof ListTagsOfResourceRequest list) {
                        return list(list);
                    }
                    if (request instanceof TagResourceRequest tag) {
                        return tag(tag);
                    }
                    try {
                        return method.invoke(client, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private DescribeContinuousBackupsResponse describe(DescribeContinuousBackupsRequest request) {
        var status = recoverable.contains(request.tableName())
                ? PointInTimeRecoveryStatus.ENABLED
                : PointInTimeRecoveryStatus.DISABLED;
        return DescribeContinuousBackupsResponse.builder()
                .continuousBackupsDescription(ContinuousBackupsDescription.builder()
                        .continuousBackupsStatus(ContinuousBackupsStatus.ENABLED)
                        .pointInTimeRecoveryDescription(PointInTimeRecoveryDescription.builder()
                                .pointInTimeRecoveryStatus(status)
                                .build())
                        .build())
                .build();
    }

    /** One a page. */
    private ListTagsOfResourceResponse list(ListTagsOfResourceRequest request) {
        var all = tags.getOrDefault(request.resourceArn(), Map.of()).entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
        int from = request.nextToken() == null ? 0 : Integer.parseInt(request.nextToken());
        int to = Math.min(from + 1, all.size());
        return ListTagsOfResourceResponse.builder()
                .tags(all.subList(from, to))
                .nextToken(to < all.size() ? Integer.toString(to) : null)
                .build();
    }

    private TagResourceResponse tag(TagResourceRequest request) {
        var added = tags.computeIfAbsent(request.resourceArn(), arn -> new TreeMap<>());
        request.tags().forEach(tag -> added.put(tag.key(), tag.value()));
        return TagResourceResponse.builder().build();
    }
}
