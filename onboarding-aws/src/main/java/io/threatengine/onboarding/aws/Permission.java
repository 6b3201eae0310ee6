package io.threatengine.onboarding.aws;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * An IAM action on some resources, for one role. Declared beside the call that needs it. Immutable.
 *
 * @param role who needs it
 * @param action {@code dynamodb:GetItem}; never a wildcard
 * @param resources ARNs; {@code *} only for actions that know no resource
 * @param conditions by operator, key and value; empty for none
 */
public record Permission(
        AccessRole role, String action, List<String> resources, Map<String, Map<String, String>> conditions) {
    public Permission {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(action, "action");
        resources = List.copyOf(resources);
        conditions = Collections.unmodifiableMap(new TreeMap<>(conditions));
    }

    /** Without conditions. */
    public static Permission of(AccessRole role, String action, List<String> resources) {
        return new Permission(role, action, resources, Map.of());
    }
}
