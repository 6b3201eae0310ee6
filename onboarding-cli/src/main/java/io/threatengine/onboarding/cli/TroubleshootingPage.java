package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.infrastructure.Doctor;
import io.threatengine.onboarding.setup.Check;
import io.threatengine.onboarding.setup.Severity;
import java.util.List;

/** The page of the checks and the exit codes, in Markdown, as it is in {@code docs}. */
final class TroubleshootingPage {
    private TroubleshootingPage() {}

    static String text() {
        var page = new StringBuilder("""
                # Troubleshooting

                `onboarding verify` runs these checks and says of each that fails what it saw, why it matters and what to do. `onboarding checks
                --markdown` writes this page: change the checks in the code, not here.

                """);
        section(page, "Errors: something fails now", Severity.ERROR);
        section(page, "Warnings: something works less well than it should, or will fail one day", Severity.WARNING);
        section(page, "Advice: nothing fails without it", Severity.ADVICE);
        page.append("""
                ## Errors of calls

                What the command ends with, and the library's errors behind it. What each error means, and what to do, is in the
                [README](../README.md#errors); an error that is not here ends with 1.

                | exit code | meaning | errors |
                |---|---|---|
                """);
        for (ExitCode code : ExitCode.values()) {
            List<String> errors = code.errors().stream()
                    .filter(error -> error.getPackageName().startsWith("io.threatengine"))
                    .map(error -> "`" + error.getSimpleName() + "`")
                    .toList();
            page.append("| ")
                    .append(code.number())
                    .append(" | ")
                    .append(code.meaning())
                    .append(" | ")
                    .append(String.join(", ", errors))
                    .append(" |\n");
        }
        return page.toString();
    }

    private static void section(StringBuilder page, String title, Severity severity) {
        page.append("## ").append(title).append("\n\n");
        for (Check check : Doctor.checks()) {
            if (check.severity() == severity) {
                page.append("### ")
                        .append(check.id())
                        .append("\n\n")
                        .append(check.title())
                        .append(". ")
                        .append(check.why())
                        .append("\n\n**Remedy:** ")
                        .append(check.remedy())
                        .append("\n\n");
            }
        }
    }
}
