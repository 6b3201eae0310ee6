package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.aws.AccessRole;
import io.threatengine.onboarding.aws.Arns;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.infrastructure.Doctor;
import io.threatengine.onboarding.infrastructure.IamPolicies;
import io.threatengine.onboarding.infrastructure.RoleChecks;
import io.threatengine.onboarding.setup.Finding;
import io.threatengine.onboarding.setup.Finding.Result;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoleChecksTest {
    private static final IamPolicies POLICIES =
            IamPolicies.of(OnboardingSettings.defaults(), new Arns("aws", "ap-south-1", "123456789012"));

    /** As the guide has it that operators have followed until now. */
    private static final String OF_THE_GUIDE = """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["dynamodb:PutItem", "dynamodb:GetItem",
             "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:Query", "dynamodb:Scan"], "Resource": "*"}}""";

    private static List<Finding> run(IamStub iam, AccessRole role) {
        return RoleChecks.using(iam.client(), POLICIES).run(role, IamStub.ROLE);
    }

    @Test
    void allPoliciesOfARoleCountTogether() {
        var iam = new IamStub()
                .attach("arn:aws:iam::123456789012:policy/one", POLICIES.json(AccessRole.SCHEDULER))
                .attach("arn:aws:iam::123456789012:policy/two", POLICIES.json(AccessRole.READER))
                .inline("three", POLICIES.json(AccessRole.WRITER));

        for (AccessRole role : List.of(AccessRole.READER, AccessRole.WRITER, AccessRole.SCHEDULER)) {
            assertThat(run(iam, role))
                    .extracting(finding -> finding.check().id(), Finding::result)
                    .containsExactly(
                            tuple("role-policies", Result.PASSED),
                            tuple("policy-incomplete", Result.PASSED),
                            tuple("policy-wildcard", Result.PASSED));
        }
    }

    @Test
    void whatIsMissingIsNamed() {
        List<Finding> findings = run(new IamStub().inline("guide", OF_THE_GUIDE), AccessRole.WRITER);

        assertThat(findings).filteredOn(Finding::isProblem).singleElement().satisfies(finding -> {
            assertThat(finding.check().id()).isEqualTo("policy-incomplete");
            assertThat(finding.resource()).isEqualTo(IamStub.ROLE);
            assertThat(finding.saw())
                    .contains("dynamodb:ConditionCheckItem", "dynamodb:BatchGetItem", "secretsmanager:GetSecretValue")
                    .doesNotContain("dynamodb:PutItem");
        });
    }

    @Test
    void wildcardsAreNamed() {
        List<Finding> findings = run(
                new IamStub()
                        .attach(
                                "arn:aws:iam::aws:policy/AdministratorAccess",
                                "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}]}"),
                AccessRole.ADMINISTRATOR);

        assertThat(findings).filteredOn(Finding::isProblem).singleElement().satisfies(finding -> {
            assertThat(finding.check().id()).isEqualTo("policy-wildcard");
            assertThat(finding.saw()).isEqualTo("*");
        });
    }

    @Test
    void aRoleWithoutPoliciesLacksEverything() {
        assertThat(run(new IamStub(), AccessRole.READER))
                .filteredOn(Finding::isProblem)
                .extracting(finding -> finding.check().id())
                .containsExactly("policy-incomplete");
    }

    @Test
    void aRoleThatIsNotThereIsAFinding() {
        assertThat(RoleChecks.using(new IamStub().client(), POLICIES).run(AccessRole.READER, "other"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.check().id()).isEqualTo("role-policies");
                    assertThat(finding.isProblem()).isTrue();
                });
    }

    @Test
    void whatMayNotBeSeenIsNotCheckableAndNamesTheAction() {
        var iam = new IamStub().attach("arn:aws:iam::123456789012:policy/one", OF_THE_GUIDE);
        for (String operation :
                List.of("ListAttachedRolePolicies", "GetPolicy", "GetPolicyVersion", "ListRolePolicies")) {
            assertThat(run(iam.deny(operation), AccessRole.READER))
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.result()).isEqualTo(Result.NOT_CHECKABLE);
                        assertThat(finding.saw()).contains("iam:" + operation);
                    });
        }
    }

    @Test
    void whereIamCannotBeAskedNobodyCanTell() {
        assertThat(run(new IamStub().fail("ListRolePolicies"), AccessRole.READER))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.check().id()).isEqualTo("role-policies");
                    assertThat(finding.result()).isEqualTo(Result.NOT_CHECKABLE);
                });
    }

    @Test
    void whatIsNoPolicyIsSaid() {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> run(new IamStub().inline("broken", "yes"), AccessRole.READER));
    }

    /** It has one endpoint for all regions. */
    @Test
    void iamIsAskedWhereItIs() {
        var iam = new IamStub();

        run(iam, AccessRole.READER);

        assertThat(iam.host()).isEqualTo("iam.amazonaws.com");
    }

    @Test
    void itsChecksAreInTheManual() {
        assertThat(Doctor.checks()).containsAll(RoleChecks.checks());
    }

    /** Within what the administrator's policy grants, and IamPoliciesTest holds that it grants no more. */
    @Test
    void anAdministratorMayLook() {
        var guard = new IamGuard(
                IamPolicies.of(OnboardingSettings.defaults(), new Arns("aws", "ap-south-1", "000000000000"))
                        .json(AccessRole.ADMINISTRATOR));
        var iam = new IamStub()
                .attach("arn:aws:iam::aws:policy/one", OF_THE_GUIDE)
                .inline("two", OF_THE_GUIDE);

        RoleChecks.using(iam.client(guard), POLICIES).run(AccessRole.READER, IamStub.ROLE);

        assertThat(guard.actions())
                .containsExactlyInAnyOrder(
                        "iam:ListAttachedRolePolicies",
                        "iam:GetPolicy",
                        "iam:GetPolicyVersion",
                        "iam:ListRolePolicies",
                        "iam:GetRolePolicy");
    }
}
