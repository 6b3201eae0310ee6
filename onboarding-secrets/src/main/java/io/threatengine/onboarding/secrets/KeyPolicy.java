package io.threatengine.onboarding.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.threatengine.onboarding.setup.SetupOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The policy of the key. The account's root may do all, without which nobody could mend the policy (KMS Developer Guide,
 * "Default key policy"); the engines may use the key through Secrets Manager alone.
 */
final class KeyPolicy {
    static final String ADMINISTRATION = "OnboardingAdministration";
    static final String ADMINISTRATORS = "OnboardingAdministrators";
    static final String ENGINES = "OnboardingEnginesThroughSecretsManager";
    static final String DIAGNOSIS = "OnboardingEnginesAskForTheKeysState";

    /** All that administers a key and none of what uses it. */
    private static final List<String> ADMINISTER = List.of(
            "kms:CancelKeyDeletion",
            "kms:CreateAlias",
            "kms:DeleteAlias",
            "kms:DescribeKey",
            "kms:DisableKey",
            "kms:DisableKeyRotation",
            "kms:EnableKey",
            "kms:EnableKeyRotation",
            "kms:GetKeyPolicy",
            "kms:GetKeyRotationStatus",
            "kms:ListResourceTags",
            "kms:PutKeyPolicy",
            "kms:ScheduleKeyDeletion",
            "kms:TagResource",
            "kms:UntagResource",
            "kms:UpdateAlias");

    /** The id of a role or user that was deleted (IAM User Guide, "IAM identifiers"). */
    private static final Pattern GONE = Pattern.compile("(AROA|AIDA)[A-Z0-9]+");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<String, ObjectNode> statements;

    private KeyPolicy(Map<String, ObjectNode> statements) {
        this.statements = statements;
    }

    static KeyPolicy of(String partition, String region, String account, SetupOptions options) {
        var statements = new LinkedHashMap<String, ObjectNode>();
        ObjectNode root =
                statement(ADMINISTRATION, List.of("arn:" + partition + ":iam::" + account + ":root"), List.of("kms:*"));
        statements.put(ADMINISTRATION, root);
        if (!options.administrators().isEmpty()) {
            statements.put(ADMINISTRATORS, statement(ADMINISTRATORS, options.administrators(), ADMINISTER));
        }
        if (!options.engineRoles().isEmpty()) {
            ObjectNode engines =
                    statement(ENGINES, options.engineRoles(), List.of("kms:Decrypt", "kms:GenerateDataKey"));
            engines.putObject("Condition")
                    .putObject("StringEquals")
                    .put("kms:CallerAccount", account)
                    .put("kms:ViaService", "secretsmanager." + region + ".amazonaws.com");
            statements.put(ENGINES, engines);
            statements.put(DIAGNOSIS, statement(DIAGNOSIS, options.engineRoles(), List.of("kms:DescribeKey")));
        }
        return new KeyPolicy(statements);
    }

    private static ObjectNode statement(String id, Collection<String> principals, Collection<String> actions) {
        ObjectNode statement = JSON.objectNode().put("Sid", id).put("Effect", "Allow");
        statement.putObject("Principal").set("AWS", texts(principals));
        statement.set("Action", texts(actions));
        return statement.put("Resource", "*");
    }

    /** The policy language writes a list of one as the element itself. */
    private static JsonNode texts(Collection<String> texts) {
        if (texts.size() == 1) {
            return JSON.textNode(texts.iterator().next());
        }
        ArrayNode array = JSON.arrayNode();
        texts.forEach(array::add);
        return array;
    }

    String text() {
        return document(statements.values());
    }

    private static String document(Collection<? extends JsonNode> statements) {
        ObjectNode document = JSON.objectNode().put("Version", "2012-10-17");
        document.putArray("Statement").addAll(statements);
        return Json.write(document);
    }

    /** The statements that a key's policy lacks; empty if it is no policy. */
    Optional<List<String>> missingIn(String policy) {
        return statementsOf(policy).map(found -> {
            List<Object> present = found.stream().map(KeyPolicy::meaning).toList();
            return statements.entrySet().stream()
                    .filter(wanted -> !present.contains(meaning(wanted.getValue())))
                    .map(Map.Entry::getKey)
                    .toList();
        });
    }

    /** The key's policy with the missing statements added; what others, or an earlier set-up, granted stays. */
    Optional<String> addedTo(String policy) {
        return statementsOf(policy).map(found -> {
            List<Object> ours =
                    statements.values().stream().map(KeyPolicy::meaning).toList();
            var all = new ArrayList<JsonNode>();
            found.stream()
                    .filter(statement -> !ours.contains(meaning(statement)))
                    .flatMap(statement -> kept(statement).stream())
                    .forEach(all::add);
            all.addAll(statements.values());
            return document(all);
        });
    }

    /**
     * One that has an id of ours and says something else, as that of an earlier set-up with other roles does, stays without its
     * id, which has to be unique. Of its principals those that are gone are left out: they are shown by an id in place of the
     * ARN, and KMS takes no policy that names one (KMS Developer Guide, "Key policies").
     */
    private Optional<JsonNode> kept(JsonNode statement) {
        if (!statements.containsKey(statement.path("Sid").asText()) || !(statement instanceof ObjectNode object)) {
            return Optional.of(statement);
        }
        ObjectNode kept = object.deepCopy();
        kept.remove("Sid");
        JsonNode principals = kept.path("Principal").path("AWS");
        if (principals.isMissingNode()) {
            return Optional.of(kept);
        }
        var living = new ArrayList<String>();
        (principals.isArray() ? principals : JSON.arrayNode().add(principals)).forEach(principal -> {
            if (!GONE.matcher(principal.asText()).matches()) {
                living.add(principal.asText());
            }
        });
        kept.withObjectProperty("Principal").set("AWS", texts(living));
        return living.isEmpty() ? Optional.empty() : Optional.of(kept);
    }

    private static Optional<List<JsonNode>> statementsOf(String policy) {
        return Json.parseObject(policy).map(document -> {
            JsonNode statements = document.path("Statement");
            var list = new ArrayList<JsonNode>();
            if (statements.isArray()) {
                statements.forEach(list::add);
            } else if (statements.isObject()) {
                list.add(statements);
            }
            return list;
        });
    }

    /** What a statement says, apart from its id and the order of its lists. */
    private static Object meaning(JsonNode node) {
        if (node.isArray()) {
            var texts = new TreeSet<String>();
            node.forEach(element -> texts.add(element.isTextual() ? element.textValue() : element.toString()));
            return texts;
        }
        if (node.isObject()) {
            var members = new TreeMap<String, Object>();
            node.properties().stream()
                    .filter(member -> !member.getKey().equals("Sid"))
                    .forEach(member -> members.put(member.getKey(), meaning(member.getValue())));
            return members;
        }
        return new TreeSet<>(List.of(node.asText()));
    }
}
