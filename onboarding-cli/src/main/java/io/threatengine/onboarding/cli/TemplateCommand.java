package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.aws.AccessRole;
import io.threatengine.onboarding.aws.Arns;
import io.threatengine.onboarding.infrastructure.IamPolicies;
import io.threatengine.onboarding.infrastructure.Templates;
import io.threatengine.onboarding.setup.SetupOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Templates of what {@code apply} makes, and of what is around it. */
@Command(
        name = "template",
        description = "Writes a template of what `apply` makes, for who sets AWS up by other means. Calls nothing.",
        subcommands = {
            TemplateCommand.CloudFormation.class,
            TemplateCommand.Terraform.class,
            TemplateCommand.Iam.class,
            TemplateCommand.ConfigMap.class,
            TemplateCommand.CustomerRole.class
        })
final class TemplateCommand {

    /** One of them. */
    @Command
    abstract static class Template extends CliCommand {
        @Option(names = "--out", paramLabel = "FILE", description = "Write it there. Without: to standard output.")
        private @Nullable Path file;

        @Option(names = "--force", description = "Replace the file where it exists.")
        private boolean force;

        @Override
        ExitCode run() {
            String text = text();
            Path target = file;
            if (target == null) {
                output().text(text);
            } else {
                TextFiles.write(target, text, force);
                output().progress("Written: " + target);
            }
            return ExitCode.OK;
        }

        abstract String text();
    }

    /** One that is made of the set-up's options, too. */
    @Command
    abstract static class OfSetup extends Template {
        @Mixin
        private SetupFlags flags = new SetupFlags();

        @Override
        final String text() {
            return text(flags.over(settings()), flags.options());
        }

        abstract String text(OnboardingSettings settings, SetupOptions options);
    }

    @Command(
            name = "cloudformation",
            description = "Tables, key and alias, the roles' policies and alarms, for CloudFormation, in JSON.")
    static final class CloudFormation extends OfSetup {
        @Override
        String text(OnboardingSettings settings, SetupOptions options) {
            return Templates.cloudFormation(settings, options);
        }
    }

    @Command(name = "terraform", description = "The same for Terraform, in JSON: a file that ends in .tf.json.")
    static final class Terraform extends OfSetup {
        @Override
        String text(OnboardingSettings settings, SetupOptions options) {
            return Templates.terraform(settings, options);
        }
    }

    @Command(name = "iam", description = "The IAM policy of a role, least privilege.")
    static final class Iam extends Template {
        private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

        @Option(
                names = "--role",
                required = true,
                paramLabel = "ROLE",
                description = "One of: ${COMPLETION-CANDIDATES}; in small letters, too.")
        private @Nullable AccessRole role;

        @Option(
                names = "--account-id",
                required = true,
                paramLabel = "ID",
                description = "The AWS account of tables, secrets and key: 12 digits.")
        private @Nullable String account;

        @Option(
                names = "--partition",
                paramLabel = "PARTITION",
                defaultValue = "aws",
                description = "Like aws-cn. Default: ${DEFAULT-VALUE}.")
        private @Nullable String partition;

        @Override
        String text() {
            String id = Objects.requireNonNull(account, "account");
            if (!ACCOUNT.matcher(id).matches()) {
                throw usage("--account-id must be exactly 12 digits");
            }
            var arns = new Arns(
                    Objects.requireNonNull(partition, "partition"), settings().region(), id);
            return IamPolicies.of(settings(), arns).json(Objects.requireNonNull(role, "role"));
        }
    }

    @Command(
            name = "configmap",
            description = {
                "A Kubernetes ConfigMap of the settings' environment variables, in YAML.",
                "With --json: the variables and their values."
            })
    static final class ConfigMap extends Template {
        @Option(
                names = "--name",
                paramLabel = "NAME",
                defaultValue = "threat-engine-onboarding",
                description = "Of the ConfigMap. Default: ${DEFAULT-VALUE}.")
        private @Nullable String name;

        @Override
        String text() {
            return output().isJson()
                    ? Output.textOf(document -> {
                        for (Map.Entry<String, String> variable :
                                Templates.environment(settings()).entrySet()) {
                            document.text(variable.getKey(), variable.getValue());
                        }
                    })
                    : Templates.configMap(settings(), Objects.requireNonNull(name, "name"));
        }
    }

    @Command(
            name = "customer-role",
            description = {
                "The CloudFormation template that a customer runs in the account to be scanned.",
                "PLATFORM_AWS_ACCOUNT_ID is the account that it trusts."
            })
    static final class CustomerRole extends Template {
        @Override
        String text() {
            return Templates.customerRole(settings());
        }
    }
}
