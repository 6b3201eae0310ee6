package io.threatengine.onboarding.infrastructure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.setup.SetupOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Templates of what {@code DynamoDbSetup} and {@code KeySetup} make, for who sets AWS up by other means. Made of the same manifest:
 * what comes of a template is what the set-up would have made, and its plan is then empty. Thread-safe.
 *
 * <pre>{@code
 * System.out.print(Templates.cloudFormation(settings, SetupOptions.defaults()));
 * }</pre>
 */
public final class Templates {
    private Templates() {}

    /**
     * Tables, key and alias, a managed policy for each role, and alarms, as a CloudFormation template in JSON. A key is made where
     * the settings name an alias. Tables and key outlive the stack.
     */
    public static String cloudFormation(OnboardingSettings settings, SetupOptions options) {
        return CloudFormation.of(Manifest.of(settings, options));
    }

    /** The same for Terraform, in its JSON syntax: a file that ends in {@code .tf.json}. */
    public static String terraform(OnboardingSettings settings, SetupOptions options) {
        return Terraform.of(Manifest.of(settings, options));
    }

    /**
     * The environment variables from which {@code OnboardingSettings.fromEnvironment} reads the same settings. Retentions are not among
     * them.
     */
    public static Map<String, String> environment(OnboardingSettings settings) {
        var variables = new LinkedHashMap<String, String>();
        variables.put("AWS_REGION", settings.region());
        variables.put("SECRETS_MANAGER_PREFIX", settings.secretsPrefix());
        settings.kmsKeyId().ifPresent(key -> variables.put("SECRETS_MANAGER_KMS_KEY_ID", key));
        variables.put("DYNAMODB_TENANTS_TABLE", settings.tables().tenants());
        variables.put("DYNAMODB_PROVIDERS_TABLE", settings.tables().providers());
        variables.put("DYNAMODB_ACCOUNTS_TABLE", settings.tables().accounts());
        variables.put("DYNAMODB_SCHEDULES_TABLE", settings.tables().schedules());
        variables.put("DYNAMODB_EXECUTIONS_TABLE", settings.tables().executions());
        variables.put("DYNAMODB_SCAN_RESULTS_TABLE", settings.tables().scanResults());
        variables.put("DYNAMODB_UNIQUE_KEYS_TABLE", settings.tables().uniqueKeys());
        variables.put("SCHEDULE_DUE_INDEX", settings.dueIndex().toString());
        settings.platformAwsAccountId().ifPresent(account -> variables.put("PLATFORM_AWS_ACCOUNT_ID", account));
        return variables;
    }

    /** A Kubernetes ConfigMap of the {@link #environment}, in YAML. */
    public static String configMap(OnboardingSettings settings, String name) {
        Objects.requireNonNull(name, "name");
        var yaml = new StringBuilder("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ")
                .append(TextNode.valueOf(name)) // a JSON text is a YAML text
                .append("\ndata:\n");
        environment(settings)
                .forEach((variable, value) -> yaml.append("  ")
                        .append(variable)
                        .append(": ")
                        .append(TextNode.valueOf(value))
                        .append('\n'));
        return yaml.toString();
    }

    /**
     * The CloudFormation template that a customer runs in the account to be scanned: a role that the platform's account may assume
     * with the customer's external id, and that may read what AWS's own read-only policies allow. It names no action but {@code
     * sts:AssumeRole}.
     */
    public static String customerRole(OnboardingSettings settings) {
        ObjectNode template = Documents.object()
                .put("AWSTemplateFormatVersion", "2010-09-09")
                .put("Description", "Lets the Threat Engine read this account");
        ObjectNode parameters = template.putObject("Parameters");
        ObjectNode platform = parameters
                .putObject("PlatformAccountId")
                .put("Type", "String")
                .put("AllowedPattern", "[0-9]{12}")
                .put("Description", "The AWS account of the Threat Engine");
        settings.platformAwsAccountId().ifPresent(account -> platform.put("Default", account));
        parameters
                .putObject("ExternalId")
                .put("Type", "String")
                .put("MinLength", 16)
                .put("MaxLength", 128)
                .put("AllowedPattern", "[A-Za-z0-9+=,.@:/_-]+")
                .put("Description", "As the Threat Engine shows it for this account");
        ObjectNode properties = template.putObject("Resources")
                .putObject("Role")
                .put("Type", "AWS::IAM::Role")
                .putObject("Properties");
        ObjectNode trust = properties.putObject("AssumeRolePolicyDocument").put("Version", "2012-10-17");
        ObjectNode statement = trust.putArray("Statement").addObject().put("Effect", "Allow");
        statement
                .putObject("Principal")
                .putObject("AWS")
                .put("Fn::Sub", "arn:${AWS::Partition}:iam::${PlatformAccountId}:root");
        statement.put("Action", "sts:AssumeRole");
        statement
                .putObject("Condition")
                .putObject("StringEquals")
                .putObject("sts:ExternalId")
                .put("Ref", "ExternalId");
        var policies = properties.putArray("ManagedPolicyArns");
        for (String policy : List.of("SecurityAudit", "job-function/ViewOnlyAccess")) {
            policies.addObject().put("Fn::Sub", "arn:${AWS::Partition}:iam::aws:policy/" + policy);
        }
        ObjectNode arn = template.putObject("Outputs").putObject("RoleArn");
        arn.put("Description", "To be given to the Threat Engine");
        arn.putObject("Value").putArray("Fn::GetAtt").add("Role").add("Arn");
        return Documents.text(template);
    }
}
