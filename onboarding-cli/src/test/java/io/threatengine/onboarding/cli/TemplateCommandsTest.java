package io.threatengine.onboarding.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.aws.AccessRole;
import io.threatengine.onboarding.aws.Arns;
import io.threatengine.onboarding.cli.Run.Desk;
import io.threatengine.onboarding.infrastructure.IamPolicies;
import io.threatengine.onboarding.infrastructure.Templates;
import io.threatengine.onboarding.setup.SetupOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TemplateCommandsTest {
    private static final OnboardingSettings SETTINGS = OnboardingSettings.builder()
            .kmsKeyId("alias/threat-engine")
            .platformAwsAccountId("123456789012")
            .build();
    private static final Desk DESK = Desk.alone().with(SETTINGS);

    @Test
    void areWhatTheLibraryWrites() {
        SetupOptions options = SetupOptions.builder()
                .engineRoles(List.of("arn:aws:iam::123456789012:role/engines"))
                .build();
        String role = "--engine-role=arn:aws:iam::123456789012:role/engines";

        assertThat(DESK.run("template", "cloudformation", role).out())
                .isEqualTo(Templates.cloudFormation(SETTINGS, options));
        assertThat(DESK.run("template", "terraform", role).out()).isEqualTo(Templates.terraform(SETTINGS, options));
        assertThat(DESK.run("template", "customer-role").out()).isEqualTo(Templates.customerRole(SETTINGS));
        assertThat(DESK.run("template", "configmap", "--name=x").out()).isEqualTo(Templates.configMap(SETTINGS, "x"));
    }

    @ParameterizedTest
    @EnumSource
    void thePolicyOfEachRoleIsThere(AccessRole role) {
        Run run = DESK.run(
                "template", "iam", "--role", role.name().toLowerCase(Locale.ROOT), "--account-id=123456789012");

        assertThat(run.out())
                .isEqualTo(IamPolicies.of(SETTINGS, new Arns("aws", SETTINGS.region(), "123456789012"))
                        .json(role));
    }

    @Test
    void aPolicyNeedsRoleAndAccount() {
        assertThat(DESK.run("template", "iam", "--role=reader").code()).isEqualTo(ExitCode.USAGE);
        assertThat(DESK.run("template", "iam", "--account-id=123456789012").code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(DESK.run("template", "iam", "--role=reader", "--account-id=12345")
                        .err())
                .contains("12 digits");
        assertThat(DESK.run("template", "iam", "--role=king", "--account-id=123456789012")
                        .code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(DESK.run("template").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void theVariablesComeAsJsonToo() {
        assertThat(DESK.json("template", "configmap")
                        .path("PLATFORM_AWS_ACCOUNT_ID")
                        .asText())
                .isEqualTo("123456789012");
        assertThat(Run.namesOf(DESK.json("template", "configmap")))
                .containsExactlyElementsOf(Templates.environment(SETTINGS).keySet());
    }

    @Test
    void aFileIsNotReplacedUnlessItIsMeant(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("policy.json");

        Run first = DESK.run("template", "customer-role", "--out", file.toString());
        Files.writeString(file, "mine");
        Run again = DESK.run("template", "customer-role", "--out", file.toString());

        assertThat(first.code()).isEqualTo(ExitCode.OK);
        assertThat(first.out()).isEmpty();
        assertThat(again.code()).isEqualTo(ExitCode.FAILED);
        assertThat(again.err()).contains("exists; --force replaces it");
        assertThat(file).hasContent("mine");
        assertThat(DESK.run("template", "customer-role", "--force", "--out", file.toString())
                        .code())
                .isEqualTo(ExitCode.OK);
        assertThat(file).content().isEqualTo(Templates.customerRole(SETTINGS));
        assertThat(DESK.run(
                                "template",
                                "customer-role",
                                "--out",
                                folder.resolve("no/such").toString())
                        .err())
                .contains("cannot be written: there is no such file or folder");
    }
}
