package io.threatengine.onboarding.testkit.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The parameters of a call, or a structure among them: typed reading, and the checks that AWS makes before it acts. */
final class Request {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode members;

    private Request(JsonNode members) {
        this.members = members;
    }

    static Request parse(byte[] body) {
        try {
            JsonNode root = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
            if (root instanceof ObjectNode) {
                return new Request(root);
            }
        } catch (IOException e) {
            // Malformed. The parser's message quotes the body, which may hold a secret: dropped.
        }
        throw new AwsError("SerializationException", null);
    }

    boolean has(String name) {
        return member(name) != null;
    }

    /** For what AWS can do and this endpoint cannot: refused rather than silently ignored. */
    void refuse(String... names) {
        for (String name : names) {
            if (has(name)) {
                throw AwsError.validation("The embedded endpoint does not support '" + name + "'");
            }
        }
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(member(name)).map(node -> asText(node));
    }

    /** Lengths in characters. */
    Optional<String> text(String name, int min, int max) {
        Optional<String> text = text(name);
        text.ifPresent(value -> checkLength(name, value.length(), min, max));
        return text;
    }

    String requiredText(String name, int min, int max) {
        return text(name, min, max).orElseThrow(() -> missing(name));
    }

    Optional<byte[]> bytes(String name, int min, int max) {
        Optional<byte[]> bytes = text(name).map(Request::decode);
        bytes.ifPresent(value -> checkLength(name, value.length, min, max));
        return bytes;
    }

    byte[] requiredBytes(String name, int min, int max) {
        return bytes(name, min, max).orElseThrow(() -> missing(name));
    }

    Optional<Integer> integer(String name, int min, int max) {
        Optional<Integer> number = integer(name);
        number.ifPresent(value -> {
            if (value < min || value > max) {
                String bound = value < min ? "greater than or equal to " + min : "less than or equal to " + max;
                throw AwsError.constraint("Value '" + value + "'", name, "have value " + bound);
            }
        });
        return number;
    }

    /** Without a modelled range: the operation checks it, in words of its own. */
    Optional<Integer> integer(String name) {
        return Optional.ofNullable(member(name)).map(node -> {
            if (!node.canConvertToInt() || !node.isIntegralNumber()) {
                throw unconvertible(node, "an Integer");
            }
            return node.intValue();
        });
    }

    boolean flag(String name) {
        return flag(name, false);
    }

    boolean flag(String name, boolean otherwise) {
        JsonNode node = member(name);
        if (node != null && !node.isBoolean()) {
            throw unconvertible(node, "a Boolean");
        }
        return node == null ? otherwise : node.booleanValue();
    }

    List<String> texts(String name) {
        return elements(name).stream().map(Request::asText).toList();
    }

    List<Request> structures(String name) {
        return elements(name).stream()
                .map(node -> {
                    if (!node.isObject()) {
                        throw unconvertible(node, "a structure");
                    }
                    return new Request(node);
                })
                .toList();
    }

    Optional<Request> structure(String name) {
        JsonNode node = member(name);
        if (node != null && !node.isObject()) {
            throw unconvertible(node, "a structure");
        }
        return Optional.ofNullable(node).map(Request::new);
    }

    /** Sorted by key. */
    Map<String, String> textMap(String name) {
        Map<String, String> map = new TreeMap<>();
        structure(name)
                .ifPresent(structure -> structure
                        .members
                        .properties()
                        .forEach(entry -> map.put(entry.getKey(), asText(entry.getValue()))));
        return map;
    }

    private @Nullable JsonNode member(String name) {
        JsonNode node = members.get(name);
        return node == null || node.isNull() ? null : node;
    }

    private List<JsonNode> elements(String name) {
        List<JsonNode> elements = new ArrayList<>();
        JsonNode node = member(name);
        if (node != null) {
            if (!node.isArray()) {
                throw unconvertible(node, "a list");
            }
            node.forEach(elements::add);
        }
        return elements;
    }

    private static String asText(JsonNode node) {
        if (!node.isTextual()) {
            throw unconvertible(node, "a String");
        }
        return node.textValue();
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new AwsError("SerializationException", null);
        }
    }

    static void checkLength(String name, int length, int min, int max) {
        if (length < min || length > max) {
            String bound = length < min ? "greater than or equal to " + min : "less than or equal to " + max;
            throw AwsError.constraint("Value", name, "have length " + bound);
        }
    }

    private static AwsError missing(String name) {
        return AwsError.constraint("Value null", name, "not be null");
    }

    private static AwsError unconvertible(JsonNode node, String wanted) {
        return new AwsError("SerializationException", node.getNodeType() + "_VALUE can not be converted to " + wanted);
    }
}
