package io.threatengine.onboarding.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

@Command(
        name = "generate-completion",
        description = {
            "Writes a completion script for bash and zsh.",
            "To use it in this shell, with an alias or a script named onboarding: source <(onboarding generate-completion)"
        })
final class CompletionCommand extends CliCommand {
    @Override
    ExitCode run() {
        output().text(AutoComplete.bash(OnboardingCli.NAME, commandLine().getParent()));
        return ExitCode.OK;
    }
}
