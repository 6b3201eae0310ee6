package io.threatengine.onboarding.tests;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

    /** What a Python engine does to a row that does not say when it was changed. */
    void set(Object id, Map<String, AttributeValue> attributes) {
        Map<String, AttributeValue> item = new LinkedHashMap<>(get(id));
        item.putAll(attributes);
        put(item);
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

    static AttributeValue bool(boolean value) {
        return AttributeValue.fromBool(value);
    }

    static AttributeValue texts(String... values) {
        return AttributeValue.fromL(Stream.of(values).map(Items::text).toList());
    }

    /** An attribute that is there and says nothing. */
    static AttributeValue nothing() {
        return AttributeValue.fromNul(true);
    }

    /** A copy of an item with other attributes in place of its own, or beside them. */
    static Map<String, AttributeValue> with(Map<String, AttributeValue> item, Map<String, AttributeValue> attributes) {
        var copy = new LinkedHashMap<>(item);
        copy.putAll(attributes);
        return copy;
    }

    /** A copy of an item without some of its attributes. */
    static Map<String, AttributeValue> without(Map<String, AttributeValue> item, String... names) {
        var copy = new LinkedHashMap<>(item);
        List.of(names).forEach(copy::remove);
        return copy;
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
