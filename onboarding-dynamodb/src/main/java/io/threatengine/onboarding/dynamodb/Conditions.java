package io.threatengine.onboarding.dynamodb;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

    static Conditions equal(String attribute, AttributeValue value) {
        return new Conditions().andEqual(attribute, value);
    }

    Conditions andEqual(String attribute, AttributeValue value) {
        return and("%s = " + value(attribute, value), attribute);
    }

    Conditions andNotEqual(String attribute, AttributeValue value) {
        return and("(attribute_not_exists(%1$s) OR %1$s <> " + value(attribute, value) + ")", attribute);
    }

    /** A row's version, as a number or, as others may have written it, as text; 0 also where it says nothing. */
    Conditions andVersion(String attribute, long version) {
        String digits = Long.toString(version);
        String equal = "%1$s = " + value(attribute, AttributeValue.fromN(digits)) + " OR %1$s = "
                + value(attribute + "_text", AttributeValue.fromS(digits));
        return and(version == 0 ? "(" + equal + " OR " + saysNothing(attribute) + ")" : "(" + equal + ")", attribute);
    }

    /** A number, to which can be added, or nothing at all, from which an addition begins. */
    Conditions andNumberOrMissing(String attribute) {
        return and(
                "(attribute_not_exists(%1$s) OR attribute_type(%1$s, "
                        + value(attribute + "_number", AttributeValue.fromS("N")) + "))",
                attribute);
    }

    /** Text to the letter; null where the attribute says nothing. */
    Conditions andText(String attribute, @Nullable String text) {
        return text == null
                ? and("(" + saysNothing(attribute) + ")", attribute)
                : andEqual(attribute, AttributeValue.fromS(text));
    }

    /** Text before this one, as DynamoDB compares it; also where the attribute says nothing. */
    Conditions andBefore(String attribute, String text) {
        return and(
                "(" + saysNothing(attribute) + " OR %1$s < " + value(attribute, AttributeValue.fromS(text)) + ")",
                attribute);
    }

    /** This text or one after it, as DynamoDB compares it. */
    Conditions andNotBefore(String attribute, String text) {
        return and("%s >= " + value(attribute, AttributeValue.fromS(text)), attribute);
    }

    /** Text from the one to the other, both included, as DynamoDB compares it: byte by byte. */
    Conditions andBetween(String attribute, String from, String to) {
        return and(
                "%s BETWEEN " + value(attribute + "_from", AttributeValue.fromS(from)) + " AND "
                        + value(attribute + "_to", AttributeValue.fromS(to)),
                attribute);
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

    /** Missing, NULL or empty: what a row is read as having none of. */
    private String saysNothing(String attribute) {
        return "attribute_not_exists(%1$s) OR attribute_type(%1$s, "
                + value(attribute + "_null", AttributeValue.fromS("NULL")) + ") OR %1$s = "
                + value(attribute + "_empty", AttributeValue.fromS(""));
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
