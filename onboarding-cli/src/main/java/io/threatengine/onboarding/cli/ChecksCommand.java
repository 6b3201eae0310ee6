package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.infrastructure.Doctor;
import io.threatengine.onboarding.setup.Check;
import io.threatengine.onboarding.setup.Severity;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "checks", description = "Lists all checks of `verify`. Calls nothing.")
final class ChecksCommand extends CliCommand {
    private static final int ID_WIDTH = 28;
    private static final int SEVERITY_WIDTH = 9;

    @Option(names = "--markdown", description = "As the page docs/troubleshooting.md, with reasons and remedies.")
    private boolean markdown;

    @Override
    ExitCode run() {
        List<Check> checks = Doctor.checks();
        if (markdown) {
            output().text(TroubleshootingPage.text());
        } else if (output().isJson()) {
            output().document(document -> document.objects("checks", checks, ChecksCommand::write));
        } else {
            output().line(Output.padded("ID", ID_WIDTH) + "  " + Output.padded("SEVERITY", SEVERITY_WIDTH)
                    + "  WHAT SHOULD BE SO");
            checks.forEach(check -> output().line(Output.padded(check.id(), ID_WIDTH) + "  "
                    + Output.padded(word(check.severity()), SEVERITY_WIDTH) + "  " + check.title()));
        }
        return ExitCode.OK;
    }

    static String word(Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }

    static void write(Check check, Output.Fields fields) throws IOException {
        fields.text("id", check.id())
                .text("severity", word(check.severity()))
                .text("title", check.title())
                .text("why", check.why())
                .text("remedy", check.remedy());
    }
}
