package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.setup.Setup;
import io.threatengine.onboarding.setup.SetupPlan;
import picocli.CommandLine.Command;

@Command(
        name = "apply",
        description = {
            "Makes and changes what `plan` shows, and waits until it can be used. Deletes, disables and weakens nothing.",
            "May be repeated: after a failure the next one goes on. Progress is on standard error, a line for each step."
        })
final class ApplyCommand extends SetupCommand {
    @Override
    ExitCode run(OnboardingSettings settings, Setup setup) {
        SetupPlan done = setup.apply(step -> output().progress(step.toString()));
        if (output().isJson()) {
            output().document(document -> document.number(
                            "changed", done.changes().size())
                    .number("not_checkable", done.notCheckable().size())
                    .objects("items", done.items(), SetupCommand::write));
        } else {
            output().line(
                            done.changes().isEmpty()
                                    ? "Nothing to do: all " + done.items().size() + " are as wanted."
                                    : done.changes().size() + " done of "
                                            + done.items().size() + " looked at. To check it: onboarding verify");
        }
        return ExitCode.OK;
    }
}
