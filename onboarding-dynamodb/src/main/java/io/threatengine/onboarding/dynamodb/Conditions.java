package io.threatengine.onboarding.dynamodb;

import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A condition expression in the making: parts that must all hold. */
final class Conditions {
    private final StringBuilder expression = new StringBuilder();
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, AttributeValue> values = new HashMap<>();

    static Conditions exists(String attribute) {
        return new Conditions().and("attribute_exists(%s)", attribute);
    }

    static Conditions missing(String attribute) {
        return new Conditions().and("attribute_not_exists(%s)", attribute);
    }

    Conditions andMissing(String attribute) {
        return and("attribute_not_exists(%s)", attribute);
    }

    Conditions andEqual(String attribute, AttributeValue value) {
        return and("%s = " + value(attribute, value), attribute);
    }

    Conditions andNotEqual(String attribute, AttributeValue value) {
        return and("(attribute_not_exists(%1$s) OR %1$s <> " + value(attribute, value) + ")", attribute);
    }

    Conditions orEqual(String attribute, AttributeValue value) {
        expression.append(" OR ").append(name(attribute)).append(" = ").append(value(attribute, value));
        return this;
    }

    Expression build() {
        var built = Expression.builder().expression(expression.toString()).expressionNames(names);
        return values.isEmpty() ? built.build() : built.expressionValues(values).build();
    }

    private Conditions and(String part, String attribute) {
        expression.append(expression.isEmpty() ? "" : " AND ").append(String.format(part, name(attribute)));
        return this;
    }

    private String name(String attribute) {
        names.put("#" + attribute, attribute);
        return "#" + attribute;
    }

    private String value(String attribute, AttributeValue value) {
        values.put(":" + attribute, value);
        return ":" + attribute;
    }
}
