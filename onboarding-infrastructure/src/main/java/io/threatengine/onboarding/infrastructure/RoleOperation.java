package io.threatengine.onboarding.infrastructure;

import io.threatengine.onboarding.aws.AccessRole;
import io.threatengine.onboarding.aws.Arns;
import io.threatengine.onboarding.aws.Permission;
import java.util.Arrays;
import java.util.List;

/** Every operation of IAM that this module calls: an administrator's, who looks at what roles may do. */
enum RoleOperation {
    LIST_ATTACHED_ROLE_POLICIES("iam:ListAttachedRolePolicies", "role/*"),
    LIST_ROLE_POLICIES("iam:ListRolePolicies", "role/*"),
    GET_ROLE_POLICY("iam:GetRolePolicy", "role/*"),
    GET_POLICY("iam:GetPolicy", "policy/*"),
    GET_POLICY_VERSION("iam:GetPolicyVersion", "policy/*");

    private final String action;
    private final String resource;

    RoleOperation(String action, String resource) {
        this.action = action;
        this.resource = resource;
    }

    /** In the form of an IAM action, for errors. */
    String qualified() {
        return action;
    }

    static List<Permission> permissions(Arns arns) {
        // IAM knows no region; a role may also have policies of AWS's own
        var account = new Arns(arns.partition(), "", arns.account());
        var amazon = new Arns(arns.partition(), "", "aws");
        return Arrays.stream(values())
                .map(operation -> Permission.of(
                        AccessRole.ADMINISTRATOR,
                        operation.action,
                        operation.resource.startsWith("policy")
                                ? List.of(account.of("iam", operation.resource), amazon.of("iam", operation.resource))
                                : List.of(account.of("iam", operation.resource))))
                .toList();
    }
}
