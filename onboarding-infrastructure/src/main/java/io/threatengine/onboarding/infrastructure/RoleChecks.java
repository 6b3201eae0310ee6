package io.threatengine.onboarding.infrastructure;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.aws.AccessRole;
import io.threatengine.onboarding.aws.ClientOptions;
import io.threatengine.onboarding.aws.SdkClients;
import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.setup.Check;
import io.threatengine.onboarding.setup.Finding;
import io.threatengine.onboarding.setup.Severity;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.GetPolicyRequest;
import software.amazon.awssdk.services.iam.model.GetPolicyVersionRequest;
import software.amazon.awssdk.services.iam.model.GetRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.ListAttachedRolePoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListRolePoliciesRequest;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;

/**
 * Checks the policies that an IAM role has: which actions they lack for what the role does, and where they have wildcards. All of its
 * policies count together, the attached and the inline ones; what an organization, a permissions boundary or a denial takes away
 * is not looked at. Thread-safe.
 *
 * <pre>{@code
 * try (var roles = RoleChecks.open(settings, policies)) {
 *     roles.run(AccessRole.WRITER, "threat-engine-platform-role").forEach(System.out::println);
 * }
 * }</pre>
 */
public final class RoleChecks implements AutoCloseable {
    private static final Check READABLE = new Check(
            "role-policies",
            Severity.ERROR,
            "The role exists, and its policies can be read",
            "Who runs under a role that is not there is refused whatever it does.",
            "Make the role, or give its name, without path and ARN; allow the action that is named.");

    private final IamClient client;
    private final boolean ownsClient;
    private final PolicyChecks checks;

    private RoleChecks(IamClient client, boolean ownsClient, IamPolicies policies) {
        this.client = Objects.requireNonNull(client, "client");
        this.ownsClient = ownsClient;
        this.checks = PolicyChecks.of(policies);
    }

    /** Opens a client of its own: the SDK's default credentials, the default options. */
    public static RoleChecks open(OnboardingSettings settings, IamPolicies policies) {
        return open(settings, policies, ClientOptions.defaults());
    }

    /** Opens a client of its own, with these options. */
    public static RoleChecks open(OnboardingSettings settings, IamPolicies policies, ClientOptions options) {
        return new RoleChecks(SdkClients.open(IamClient.builder(), settings, options), true, policies);
    }

    /** Uses the caller's client. */
    public static RoleChecks using(IamClient client, IamPolicies policies) {
        return new RoleChecks(client, false, policies);
    }

    /** What is checked here beside {@link PolicyChecks}. */
    public static List<Check> checks() {
        return List.of(READABLE);
    }

    /**
     * Checks one role.
     *
     * @param role what it is for
     * @param name of the IAM role, without its path
     * @return also where IAM cannot be asked: then nobody can tell
     */
    public List<Finding> run(AccessRole role, String name) {
        var findings = new ArrayList<Finding>();
        try {
            List<String> documents = documents(name);
            findings.add(READABLE.passed(name, documents.size() + " policies"));
            findings.addAll(checks.run(role, name, documents));
        } catch (NoSuchEntityException e) {
            findings.add(READABLE.failed(name, "there is no such role, or a policy was removed at this moment"));
        } catch (ServiceException e) {
            findings.add(READABLE.notCheckable(name, String.valueOf(e.getMessage())));
        }
        return findings;
    }

    private List<String> documents(String role) {
        var documents = new ArrayList<String>();
        List<AttachedPolicy> attached = call(
                RoleOperation.LIST_ATTACHED_ROLE_POLICIES,
                role,
                () -> client
                        .listAttachedRolePoliciesPaginator(ListAttachedRolePoliciesRequest.builder()
                                .roleName(role)
                                .build())
                        .attachedPolicies()
                        .stream()
                        .toList());
        attached.forEach(policy -> documents.add(attached(policy.policyArn())));
        List<String> inline = call(
                RoleOperation.LIST_ROLE_POLICIES,
                role,
                () -> client
                        .listRolePoliciesPaginator(
                                ListRolePoliciesRequest.builder().roleName(role).build())
                        .policyNames()
                        .stream()
                        .toList());
        inline.forEach(policy -> documents.add(decoded(call(
                        RoleOperation.GET_ROLE_POLICY,
                        role,
                        () -> client.getRolePolicy(GetRolePolicyRequest.builder()
                                .roleName(role)
                                .policyName(policy)
                                .build()))
                .policyDocument())));
        return documents;
    }

    private String attached(String arn) {
        String version = call(
                        RoleOperation.GET_POLICY,
                        arn,
                        () -> client.getPolicy(
                                GetPolicyRequest.builder().policyArn(arn).build()))
                .policy()
                .defaultVersionId();
        return decoded(call(
                        RoleOperation.GET_POLICY_VERSION,
                        arn,
                        () -> client.getPolicyVersion(GetPolicyVersionRequest.builder()
                                .policyArn(arn)
                                .versionId(version)
                                .build()))
                .policyVersion()
                .document());
    }

    /** Documents come URL-encoded (IAM API reference, "GetPolicyVersion"). */
    private static String decoded(String document) {
        return URLDecoder.decode(document, StandardCharsets.UTF_8);
    }

    private static <R> R call(RoleOperation operation, String resource, Supplier<R> call) {
        try {
            return call.get();
        } catch (NoSuchEntityException e) {
            throw e;
        } catch (SdkException e) {
            throw SdkFailures.translate(e, operation.qualified(), resource);
        }
    }

    @Override
    public void close() {
        if (ownsClient) {
            client.close();
        }
    }
}
