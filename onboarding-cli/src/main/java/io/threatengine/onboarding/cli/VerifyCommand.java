package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.aws.AccessRole;
import io.threatengine.onboarding.aws.Arns;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.infrastructure.Doctor;
import io.threatengine.onboarding.infrastructure.IamPolicies;
import io.threatengine.onboarding.infrastructure.PolicyChecks;
import io.threatengine.onboarding.infrastructure.RoleChecks;
import io.threatengine.onboarding.secrets.SecretChecks;
import io.threatengine.onboarding.setup.Check;
import io.threatengine.onboarding.setup.Finding;
import io.threatengine.onboarding.setup.Finding.Result;
import io.threatengine.onboarding.setup.Setup;
import io.threatengine.onboarding.setup.Severity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "verify",
        description = {
            "Runs all checks: tables, key, rows, secrets, and a round trip of a row and of a secret, which are removed again.",
            "Ends with 0 where nothing is worse than advice, with 3 where there are warnings, with 1 where there are errors."
        })
final class VerifyCommand extends SetupCommand {
    /** Actions are compared, not resources: no account is needed. */
    private static final String ANY_ACCOUNT = "000000000000";

    private static final List<Severity> WORST_FIRST = List.of(Severity.ERROR, Severity.WARNING, Severity.ADVICE);

    @Option(
            names = "--policy",
            paramLabel = "ROLE=FILE",
            converter = OfRole.Reader.class,
            description =
                    "Also check the IAM policy document in FILE, of a role: reader, writer, scheduler or administrator."
                            + " May be repeated.")
    private List<OfRole> policies = new ArrayList<>();

    @Option(
            names = "--role",
            paramLabel = "ROLE=NAME",
            converter = OfRole.Reader.class,
            description = "Also check the policies of the IAM role NAME, of a role as above. May be repeated.")
    private List<OfRole> roles = new ArrayList<>();

    @Option(names = "--all", description = "Show what is well, too.")
    private boolean all;

    /** What is to be checked against what a role does: a file, or a role of IAM. */
    record OfRole(AccessRole role, String subject) {

        /** Of {@code reader=engines}. */
        static final class Reader implements ITypeConverter<OfRole> {
            @Override
            public OfRole convert(String text) {
                String[] parts = text.split("=", 2);
                return Arrays.stream(AccessRole.values())
                        .filter(role -> parts.length == 2 && role.name().equalsIgnoreCase(parts[0]))
                        .findFirst()
                        .map(role -> new OfRole(role, parts[1]))
                        .orElseThrow(() -> new TypeConversionException(
                                "must begin with reader, writer, scheduler or administrator, and ="));
            }
        }
    }

    @Override
    ExitCode run(OnboardingSettings settings, Setup setup) {
        var findings = new ArrayList<Finding>();
        IamPolicies needed = IamPolicies.of(settings, new Arns("aws", settings.region(), ANY_ACCOUNT));
        PolicyChecks checks = PolicyChecks.of(needed);
        policies.forEach(policy -> findings.addAll(read(
                "--policy " + policy.subject(),
                document -> checks.run(policy.role(), policy.subject(), document),
                TextFiles.read(Path.of(policy.subject())))));
        if (!roles.isEmpty()) {
            try (var roleChecks = RoleChecks.open(settings, needed, cli().clientOptions())) {
                output().progress("Looking at the policies of roles…");
                roles.forEach(role -> findings.addAll(roleChecks.run(role.role(), role.subject())));
            }
        }

        try (var storage = DynamoDbStorage.open(settings, cli().clientOptions());
                var secrets = SecretChecks.open(settings, cli().clientOptions())) {
            findings.addAll(Doctor.of(setup, storage, secrets).verify(step -> output().progress(step + "…")));
        }
        if (output().isJson()) {
            output().document(document -> {
                for (Severity severity : WORST_FIRST) {
                    document.number(plural(severity), count(findings, severity));
                }
                document.number("not_checkable", count(findings, Result.NOT_CHECKABLE))
                        .number("passed", count(findings, Result.PASSED))
                        .objects("findings", findings, VerifyCommand::write);
            });
        } else {
            show(findings);
        }
        if (count(findings, Severity.ERROR) > 0) {
            return ExitCode.FAILED;
        }
        return count(findings, Severity.WARNING) > 0 ? ExitCode.PENDING : ExitCode.OK;
    }

    private void show(List<Finding> findings) {
        for (Severity severity : WORST_FIRST) {
            section(
                    plural(severity),
                    severity,
                    findings.stream()
                            .filter(finding ->
                                    finding.isProblem() && finding.check().severity() == severity)
                            .toList());
        }
        section("not checkable", Severity.ADVICE, of(findings, Result.NOT_CHECKABLE));
        if (all) {
            section("passed", Severity.ADVICE, of(findings, Result.PASSED));
        }
        output().line(count(findings, Severity.ERROR) + " errors, " + count(findings, Severity.WARNING) + " warnings, "
                + count(findings, Severity.ADVICE) + " advice, " + count(findings, Result.NOT_CHECKABLE)
                + " not checkable, " + count(findings, Result.PASSED) + " passed.");
    }

    private void section(String title, Severity severity, List<Finding> findings) {
        if (findings.isEmpty()) {
            return;
        }
        Style colour = switch (severity) {
            case ERROR -> Style.fg_red;
            case WARNING -> Style.fg_yellow;
            case ADVICE -> Style.fg_cyan;
        };
        output().line(output().coloured(title.toUpperCase(Locale.ROOT), Style.bold, colour));
        var byCheck = new LinkedHashMap<Check, List<Finding>>();
        findings.forEach(finding -> byCheck.computeIfAbsent(finding.check(), check -> new ArrayList<>())
                .add(finding));
        byCheck.forEach((check, of) -> {
            output().line("  " + output().coloured(check.id(), Style.bold) + ": " + check.title());
            of.forEach(finding ->
                    output().line("    " + Output.shown(finding.resource()) + ": " + Output.shown(finding.saw())));
            if (of.get(0).isProblem()) {
                output().line("    Why:    " + check.why());
                output().line("    Remedy: " + check.remedy());
            }
        });
        output().line("");
    }

    private static List<Finding> of(List<Finding> findings, Result result) {
        return findings.stream().filter(finding -> finding.result() == result).toList();
    }

    private static long count(List<Finding> findings, Result result) {
        return of(findings, result).size();
    }

    private static long count(List<Finding> findings, Severity severity) {
        return findings.stream()
                .filter(finding -> finding.isProblem() && finding.check().severity() == severity)
                .count();
    }

    private static String plural(Severity severity) {
        return switch (severity) {
            case ERROR -> "errors";
            case WARNING -> "warnings";
            case ADVICE -> "advice";
        };
    }

    private static void write(Finding finding, Output.Fields fields) throws IOException {
        ChecksCommand.write(finding.check(), fields);
        fields.text("result", finding.result().name().toLowerCase(Locale.ROOT))
                .text("resource", finding.resource())
                .text("saw", finding.saw());
    }
}
