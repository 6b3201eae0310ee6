package io.threatengine.onboarding.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CustomCredential;
import io.threatengine.onboarding.credential.GcpServiceAccount;
import io.threatengine.onboarding.credential.Kubeconfig;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.error.InvalidValueException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/** What holds inside the texts that some credentials are made of. */
final class ContentRules {
    private static final List<String> KEY_FILE = List.of("type", "project_id", "private_key", "client_email");
    private static final String NO_PROGRAM =
            "must not make its reader run a program: take the exec entry or the auth provider's cmd-path out";

    /** A kubeconfig has six levels; the library that loads YAML has no bound of its own. */
    private static final int DEEPEST = 50;

    private ContentRules() {}

    /** @throws InvalidValueException naming field and rule, never the text */
    static void check(Credential credential) {
        if (credential instanceof GcpServiceAccount account) {
            checkKeyFile(account.serviceAccountJson());
        } else if (credential instanceof Kubeconfig config) {
            checkKubeconfig(config.kubeconfig());
        } else if (credential instanceof CustomCredential custom) {
            custom.jsonFields().forEach((name, text) -> {
                JsonNode json = Json.parse(text.reveal())
                        .orElseThrow(() -> InvalidValueException.ofSecret(name, "must be JSON that can be read"));
                if (isDeeperThan(json, DEEPEST)) {
                    throw InvalidValueException.ofSecret(name, "must not be nested deeper than " + DEEPEST);
                }
            });
        }
    }

    private static boolean isDeeperThan(JsonNode node, int levels) {
        if (!node.isContainerNode()) {
            return false;
        }
        return levels == 0 || node.valueStream().anyMatch(child -> isDeeperThan(child, levels - 1));
    }

    private static void checkKeyFile(Secret text) {
        String field = "service_account_json";
        JsonNode file = Json.parseObject(text.reveal())
                .orElseThrow(() -> InvalidValueException.ofSecret(field, "must be a JSON object, as in the key file"));
        for (String name : KEY_FILE) {
            if (!file.path(name).isTextual() || file.path(name).textValue().isBlank()) {
                throw InvalidValueException.ofSecret(field, "must have a text field \"" + name + "\"");
            }
        }
    }

    private static void checkKubeconfig(Secret text) {
        String field = "kubeconfig";
        if (text.reveal().codePoints().anyMatch(ContentRules::endsALineForSome)) {
            throw InvalidValueException.ofSecret(field, "must not have line breaks other than LF and CR");
        }
        LoadSettings settings = LoadSettings.builder()
                .setLabel(field)
                .setAllowNonScalarKeys(false)
                .build();
        Object document;
        try {
            checkShape(field, new Parse(settings).parseString(text.reveal()));
            document = new Load(settings).loadFromString(text.reveal());
        } catch (InvalidValueException e) {
            throw e;
        } catch (RuntimeException e) {
            // of whatever kind (an impossible escape is no YamlEngineException), and not as a cause: all quote what was
            // read
            throw InvalidValueException.ofSecret(field, "must be one YAML or JSON document");
        }
        if (!(document instanceof Map<?, ?>)) {
            throw InvalidValueException.ofSecret(field, "must be a YAML or JSON object");
        }
        refusePrograms(field, document, 0, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /** YAML 1.1 ends a line, and with it a comment, where YAML 1.2 does not: NEL, LS and PS. */
    private static boolean endsALineForSome(int codePoint) {
        return codePoint == 0x85 || codePoint == 0x2028 || codePoint == 0x2029;
    }

    /** Bounds the depth, and refuses explicit tags: by them one reader sees a list or a key where another sees none. */
    private static void checkShape(String field, Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            Optional<String> tag = Optional.empty();
            if (event instanceof CollectionStartEvent start) {
                tag = start.getTag();
                depth++;
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            } else if (event instanceof ScalarEvent scalar) {
                tag = scalar.getTag();
            }
            if (tag.isPresent()) {
                throw InvalidValueException.ofSecret(field, "must not have explicit YAML tags");
            }
            if (depth > DEEPEST) {
                throw tooDeep(field);
            }
        }
    }

    /**
     * Refuses a key {@code exec} or {@code cmd-path} with a value anywhere in the document: behind an alias or a merge key
     * too, and in any case, since readers differ in what they make of these.
     */
    private static void refusePrograms(String field, @Nullable Object node, int depth, Set<Object> seen) {
        if (depth > DEEPEST) {
            throw tooDeep(field); // by way of aliases
        }
        if (node instanceof Map<?, ?> map && seen.add(map)) {
            map.forEach((key, value) -> {
                if (value != null && isProgram(String.valueOf(key))) {
                    throw InvalidValueException.ofSecret(field, NO_PROGRAM);
                }
                refusePrograms(field, value, depth + 1, seen);
            });
        } else if (node instanceof List<?> list && seen.add(list)) {
            list.forEach(element -> refusePrograms(field, element, depth + 1, seen));
        }
    }

    private static InvalidValueException tooDeep(String field) {
        return InvalidValueException.ofSecret(field, "must not be nested deeper than " + DEEPEST);
    }

    private static boolean isProgram(String key) {
        return key.equalsIgnoreCase("exec") || key.equalsIgnoreCase("cmd-path");
    }
}
