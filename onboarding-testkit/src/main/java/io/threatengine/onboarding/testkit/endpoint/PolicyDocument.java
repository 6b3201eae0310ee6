package io.threatengine.onboarding.testkit.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A key's or a secret's policy: checked for its form and for the two questions that AWS asks when one is stored. */
final class PolicyDocument {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String text;
    private final List<JsonNode> statements;

    private PolicyDocument(String text, List<JsonNode> statements) {
        this.text = text;
        this.statements = statements;
    }

    /** @throws AwsError {@code MalformedPolicyDocumentException} unless it is JSON with well-formed statements */
    static PolicyDocument parse(String text) {
        List<JsonNode> statements = new ArrayList<>();
        try {
            statements.addAll(oneOrMany(JSON.readTree(text).path("Statement")));
        } catch (JsonProcessingException e) {
            throw malformed("This policy contains invalid Json");
        }
        boolean wellFormed = !statements.isEmpty()
                && statements.stream()
                        .allMatch(statement -> (has(statement, "Effect", "Allow") || has(statement, "Effect", "Deny"))
                                && (statement.has("Action") || statement.has("NotAction")));
        if (!wellFormed) {
            throw malformed("The policy needs statements, each with an effect and an action.");
        }
        return new PolicyDocument(text, statements);
    }

    /** Whether some statement allows this action to somebody; conditions and principals are not evaluated. */
    boolean allows(String action) {
        return statements.stream()
                .filter(statement -> has(statement, "Effect", "Allow"))
                .flatMap(statement -> oneOrMany(statement.path("Action")).stream())
                .anyMatch(pattern -> matches(pattern.asText(), action));
    }

    /** Whether some statement allows something to everybody, unconditionally. */
    boolean isPublic() {
        return statements.stream()
                .filter(statement -> has(statement, "Effect", "Allow") && !statement.has("Condition"))
                .anyMatch(statement -> has(statement, "Principal", "*")
                        || oneOrMany(statement.path("Principal").path("AWS")).stream()
                                .anyMatch(principal -> principal.asText().equals("*")));
    }

    String text() {
        return text;
    }

    private static boolean matches(String pattern, String action) {
        String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE).matcher(action).matches();
    }

    private static boolean has(JsonNode statement, String member, String value) {
        return statement.path(member).asText().equals(value);
    }

    /** The policy language writes a list of one as the element itself. */
    private static List<JsonNode> oneOrMany(JsonNode node) {
        List<JsonNode> nodes = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(nodes::add);
        } else if (!node.isMissingNode()) {
            nodes.add(node);
        }
        return nodes;
    }

    private static AwsError malformed(String message) {
        return new AwsError("MalformedPolicyDocumentException", message);
    }
}
