package io.threatengine.onboarding.infrastructure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.threatengine.onboarding.aws.AccessRole;
import io.threatengine.onboarding.aws.Permission;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.setup.Check;
import io.threatengine.onboarding.setup.Finding;
import io.threatengine.onboarding.setup.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Checks a policy that somebody wrote: which actions of a role it lacks, and where it has wildcards. Actions are compared; resources and
 * conditions are not. Thread-safe.
 *
 * <pre>{@code
 * PolicyChecks.of(policies).run(AccessRole.WRITER, "engines", Files.readString(path)).forEach(System.out::println);
 * }</pre>
 */
public final class PolicyChecks {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Check COMPLETE = new Check(
            "policy-incomplete",
            Severity.ERROR,
            "The policy allows all that the role does",
            "A call that needs what is missing is refused (AccessDeniedException).",
            "Add the actions that are named, or use the policy that IamPolicies writes.");
    private static final Check PRECISE = new Check(
            "policy-wildcard",
            Severity.ADVICE,
            "No action of the policy is a wildcard",
            "A wildcard also allows what the role never does, deleting tables for one.",
            "Name the actions, or use the policy that IamPolicies writes.");

    private final IamPolicies policies;

    private PolicyChecks(IamPolicies policies) {
        this.policies = policies;
    }

    /** Against these policies. */
    public static PolicyChecks of(IamPolicies policies) {
        return new PolicyChecks(Objects.requireNonNull(policies, "policies"));
    }

    /** All that is checked here. */
    public static List<Check> checks() {
        return List.of(COMPLETE, PRECISE);
    }

    /**
     * Checks one policy.
     *
     * @param role what it is for
     * @param name of the policy, for the findings
     * @param policy an IAM policy document
     * @throws InvalidValueException if it is no JSON
     */
    public List<Finding> run(AccessRole role, String name, String policy) {
        return run(role, name, List.of(policy));
    }

    /** The same for policies that count together, as those of one role do. */
    public List<Finding> run(AccessRole role, String name, Collection<String> policies) {
        var allowed = new ArrayList<String>();
        policies.forEach(policy -> statements(policy).stream()
                .filter(statement -> statement.path("Effect").asText().equals("Allow"))
                .forEach(statement -> {
                    oneOrMany(statement.path("Action")).forEach(action -> allowed.add(action.asText()));
                    if (statement.has("NotAction")) {
                        allowed.add("*");
                    }
                }));

        var missing = new TreeSet<String>();
        this.policies.permissions(role).stream()
                .map(Permission::action)
                .filter(action -> allowed.stream().noneMatch(pattern -> matches(pattern, action)))
                .forEach(missing::add);
        var wildcards = new TreeSet<String>();
        allowed.stream()
                .filter(action -> action.contains("*") || action.contains("?"))
                .forEach(wildcards::add);
        return List.of(
                missing.isEmpty()
                        ? COMPLETE.passed(
                                name, "all actions of a " + role.name().toLowerCase(Locale.ROOT))
                        : COMPLETE.failed(name, "without " + String.join(", ", missing)),
                wildcards.isEmpty()
                        ? PRECISE.passed(name, allowed.size() + " actions by name")
                        : PRECISE.failed(name, String.join(", ", wildcards)));
    }

    private static List<JsonNode> statements(String policy) {
        try {
            return oneOrMany(JSON.readTree(policy).path("Statement"));
        } catch (JsonProcessingException e) {
            throw new InvalidValueException("policy", "must be an IAM policy document in JSON", "something else");
        }
    }

    /** The policy language writes a list of one as the element itself. */
    private static List<JsonNode> oneOrMany(JsonNode node) {
        var nodes = new ArrayList<JsonNode>();
        if (node.isArray()) {
            node.forEach(nodes::add);
        } else if (!node.isMissingNode()) {
            nodes.add(node);
        }
        return nodes;
    }

    private static boolean matches(String pattern, String action) {
        String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE).matcher(action).matches();
    }
}
