package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.storage.Entity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * What an update writes to a row: all that an entity has, or what was changed of it.
 *
 * @param set what the attributes become
 * @param setOnce what they become where the row has none yet
 * @param remove attributes that go
 */
record RowUpdate(Map<String, AttributeValue> set, Map<String, AttributeValue> setOnce, Set<String> remove) {

    /** All of an entity. Where the status is its stamp, what it has no value for is left alone. */
    static <T extends Entity<?, T>> RowUpdate all(EntityMapping<T> mapping, T next) {
        Map<String, AttributeValue> item = written(mapping, next);
        Set<String> remove = new HashSet<>();
        if (mapping.stamp() == EntityMapping.Stamp.UPDATED_AT) {
            remove.addAll(mapping.schema().attributeNames());
            remove.remove(mapping.table().partitionKey());
            remove.removeAll(item.keySet());
        } else if (item.containsKey(Row.TOTAL_CHECKS) && !item.containsKey(Row.ERROR_CHECKS)) {
            // the counts stand together: old errors must not stay beside new ones
            remove.add(Row.ERROR_CHECKS);
        }
        Map<String, AttributeValue> setOnce = new HashMap<>(item);
        setOnce.keySet().retainAll(mapping.writtenOnce());
        item.keySet().removeAll(mapping.writtenOnce());
        return new RowUpdate(item, setOnce, remove);
    }

    /**
     * What was changed of an entity, beside what every update writes. Where the status is the stamp, another engine may have
     * changed the rest since it was read, and nothing would tell.
     */
    static <T extends Entity<?, T>> RowUpdate between(EntityMapping<T> mapping, T before, T next) {
        if (mapping.stamp() == EntityMapping.Stamp.UPDATED_AT) {
            return all(mapping, next);
        }
        Map<String, AttributeValue> old = written(mapping, before);
        Map<String, AttributeValue> item = written(mapping, next);
        Set<String> remove = new HashSet<>(old.keySet());
        remove.removeAll(item.keySet());
        remove.removeAll(mapping.writtenOnce());
        Set<String> always = new HashSet<>(List.of(Row.VERSION, mapping.stamp().attribute()));
        if (mapping.table().expiryAttribute() != null) {
            always.add(mapping.table().expiryAttribute());
        }
        item.entrySet()
                .removeIf(attribute -> !always.contains(attribute.getKey())
                        && attribute.getValue().equals(old.get(attribute.getKey())));
        item.keySet().removeAll(mapping.writtenOnce());
        return new RowUpdate(item, Map.of(), remove);
    }

    private static <T extends Entity<?, T>> Map<String, AttributeValue> written(EntityMapping<T> mapping, T entity) {
        Map<String, AttributeValue> item = new HashMap<>(mapping.item(entity));
        item.remove(mapping.table().partitionKey());
        return item;
    }

    /** The call, whose answer has the whole row. */
    UpdateItemRequest of(String table, Map<String, AttributeValue> key, Expression condition) {
        return UpdateItemRequest.builder()
                .tableName(table)
                .key(key)
                .updateExpression(expression())
                .conditionExpression(condition.expression())
                .expressionAttributeNames(names(condition))
                .expressionAttributeValues(values(condition))
                .returnValues(ReturnValue.ALL_NEW)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
    }

    /** The same as a step of a transaction. */
    Update asStep(String table, Map<String, AttributeValue> key, Expression condition) {
        return Update.builder()
                .tableName(table)
                .key(key)
                .updateExpression(expression())
                .conditionExpression(condition.expression())
                .expressionAttributeNames(names(condition))
                .expressionAttributeValues(values(condition))
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
    }

    private String expression() {
        List<String> sets = new ArrayList<>();
        set.keySet().forEach(name -> sets.add("#" + name + " = :next_" + name));
        setOnce.keySet().forEach(name -> sets.add("#" + name + " = if_not_exists(#" + name + ", :next_" + name + ")"));
        String removals = remove.stream().map(name -> "#" + name).collect(Collectors.joining(", "));
        return "SET " + String.join(", ", sets) + (removals.isEmpty() ? "" : " REMOVE " + removals);
    }

    private Map<String, String> names(Expression condition) {
        Map<String, String> names = new HashMap<>(condition.expressionNames());
        Stream.of(set.keySet(), setOnce.keySet(), remove)
                .flatMap(Set::stream)
                .forEach(name -> names.put("#" + name, name));
        return names;
    }

    private Map<String, AttributeValue> values(Expression condition) {
        Map<String, AttributeValue> values = new HashMap<>(condition.expressionValues());
        set.forEach((name, value) -> values.put(":next_" + name, value));
        setOnce.forEach((name, value) -> values.put(":next_" + name, value));
        return values;
    }
}
