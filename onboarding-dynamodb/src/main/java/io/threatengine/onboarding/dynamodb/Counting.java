package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.internal.WireTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * One more on counters of a row, by atomic additions, and a new version of it. It is written as a transaction: its client
 * token lets a retry after a lost answer count once, which an addition by itself would not.
 *
 * @param counters whole numbers; a row without one begins at 0
 * @param set texts that are set beside them
 * @param remove attributes that are removed
 * @param where adds what else must hold of the row
 */
record Counting(List<String> counters, Map<String, String> set, List<String> remove, UnaryOperator<Conditions> where) {

    TransactWriteItem of(String table, String key, String id, Instant now) {
        var names = new HashMap<String, String>();
        var values = new HashMap<String, AttributeValue>();
        var sets = new ArrayList<String>();
        var additions = new ArrayList<String>();
        Map<String, String> texts = new HashMap<>(set);
        texts.put(Row.UPDATED_AT, WireTime.write(now));
        texts.forEach((name, text) -> {
            names.put("#" + name, name);
            values.put(":" + name, AttributeValue.fromS(text));
            sets.add("#" + name + " = :" + name);
        });
        values.put(":one", AttributeValue.fromN("1"));
        remove.forEach(name -> names.put("#" + name, name));
        Conditions countable = where.apply(Conditions.exists(key));
        Stream.concat(counters.stream(), Stream.of(Row.VERSION)).forEach(name -> {
            names.put("#" + name, name);
            additions.add("#" + name + " :one");
            // asked for, since AWS and its stand-ins do not agree on how they refuse to add to a text
            countable.andNumberOrMissing(name);
        });
        Expression condition = countable.build();
        names.putAll(condition.expressionNames());
        values.putAll(condition.expressionValues());
        return TransactWriteItem.builder()
                .update(Update.builder()
                        .tableName(table)
                        .key(Map.of(key, AttributeValue.fromS(id)))
                        .updateExpression("SET " + String.join(", ", sets) + " ADD " + String.join(", ", additions)
                                + (remove.isEmpty() ? "" : " REMOVE #" + String.join(", #", remove)))
                        .conditionExpression(condition.expression())
                        .expressionAttributeNames(names)
                        .expressionAttributeValues(values)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                        .build())
                .build();
    }

    /** Whether the refusal is that there is no such row. */
    static boolean foundNoRow(CancellationReason refusal) {
        return refusal.item().isEmpty();
    }
}
