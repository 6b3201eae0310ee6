package io.threatengine.onboarding.tests;

import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Rows as other engines see them: through the plain client, attribute by attribute. */
final class Items {
    private final DynamoDbClient client;
    private final String table;
    private final String key;

    Items(DynamoDbClient client, String table, String key) {
        this.client = client;
        this.table = table;
        this.key = key;
    }

    Map<String, AttributeValue> get(Object id) {
        return client.getItem(request -> request.tableName(table)
                        .key(Map.of(key, text(id.toString())))
                        .consistentRead(true))
                .item();
    }

    void put(Map<String, AttributeValue> item) {
        client.putItem(request -> request.tableName(table).item(item));
    }

    /** What a Python engine does to a row that it changes. */
    void change(Object id, String attribute, AttributeValue value, String updatedAt) {
        client.updateItem(request -> request.tableName(table)
                .key(Map.of(key, text(id.toString())))
                .updateExpression("SET #a = :a, updated_at = :u")
                .expressionAttributeNames(Map.of("#a", attribute))
                .expressionAttributeValues(Map.of(":a", value, ":u", text(updatedAt))));
    }

    void remove(Object id) {
        client.deleteItem(request -> request.tableName(table).key(Map.of(key, text(id.toString()))));
    }

    int count() {
        return client.scan(request -> request.tableName(table).consistentRead(true))
                .count();
    }

    static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    /** An item of text attributes, from names and values in turn. */
    static Map<String, AttributeValue> item(String... namesAndValues) {
        var item = new LinkedHashMap<String, AttributeValue>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            item.put(namesAndValues[i], text(namesAndValues[i + 1]));
        }
        return item;
    }
}
