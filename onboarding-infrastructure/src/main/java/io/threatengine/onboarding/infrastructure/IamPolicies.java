package io.threatengine.onboarding.infrastructure;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.aws.AccessRole;
import io.threatengine.onboarding.aws.Arns;
import io.threatengine.onboarding.aws.Permission;
import io.threatengine.onboarding.dynamodb.DynamoDbSetup;
import io.threatengine.onboarding.secrets.KeySetup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The IAM policy of each role: the actions that the library's own code declares, on the tables, secrets and key of the settings, and no
 * others. No action is a wildcard. Immutable, thread-safe.
 *
 * <pre>{@code
 * var policies = IamPolicies.of(settings, new Arns("aws", settings.region(), "123456789012"));
 * System.out.print(policies.json(AccessRole.READER));
 * }</pre>
 *
 * <p>{@code BatchGetSecretValue} and what lists or makes keys know no resource, hence {@code *} (Service Authorization
 * Reference); the values that a batch brings need {@code GetSecretValue} on each secret besides. A secret that a {@code
 * credential_ref} names outside the prefix needs a statement of its own.
 */
public final class IamPolicies {
    private final List<Permission> permissions;

    private IamPolicies(List<Permission> permissions) {
        this.permissions = permissions;
    }

    /** The policies for an installation. */
    public static IamPolicies of(OnboardingSettings settings, Arns arns) {
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(arns, "arns");
        return new IamPolicies(Stream.of(
                        DynamoDbSetup.permissions(settings, arns),
                        KeySetup.permissions(settings, arns),
                        RoleOperation.permissions(arns))
                .flatMap(List::stream)
                .toList());
    }

    /** What a role may do. */
    public List<Permission> permissions(AccessRole role) {
        return permissions.stream()
                .filter(permission -> permission.role() == role)
                .toList();
    }

    /** The policy of a role, as an IAM policy document. */
    public String json(AccessRole role) {
        return Documents.text(document(role));
    }

    ObjectNode document(AccessRole role) {
        ObjectNode document = Documents.object().put("Version", "2012-10-17");
        ArrayNode statements = document.putArray("Statement");
        // what has the same resources and conditions is one statement, in the order in which the code declares it
        var groups = permissions(role).stream()
                .collect(Collectors.groupingBy(
                        permission -> new Scope(permission.resources(), permission.conditions()),
                        LinkedHashMap::new,
                        Collectors.mapping(Permission::action, Collectors.toCollection(TreeSet::new))));
        groups.forEach((scope, actions) -> {
            ObjectNode statement = statements.addObject().put("Effect", "Allow");
            statement.set("Action", Documents.array(actions));
            statement.set("Resource", Documents.array(scope.resources()));
            if (!scope.conditions().isEmpty()) {
                ObjectNode conditions = statement.putObject("Condition");
                scope.conditions().forEach((operator, keys) -> {
                    ObjectNode condition = conditions.putObject(operator);
                    new TreeMap<>(keys).forEach(condition::put);
                });
            }
        });
        return document;
    }

    private record Scope(List<String> resources, Map<String, Map<String, String>> conditions) {}
}
