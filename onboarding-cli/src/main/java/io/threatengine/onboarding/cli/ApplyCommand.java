package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.setup.Setup;
import io.threatengine.onboarding.setup.SetupPlan;
import io.threatengine.onboarding.setup.SetupProgress.State;
import java.util.EnumMap;
import java.util.Map;
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
        Map<State, Integer> steps = new EnumMap<>(State.class);
        SetupPlan plan = setup.apply(step -> {
            steps.merge(step.state(), 1, Integer::sum);
            output().progress(step.toString());
        });
        int changed = steps.getOrDefault(State.DONE, 0);
        int skipped = steps.getOrDefault(State.SKIPPED, 0);
        if (output().isJson()) {
            output().document(document -> document.number("changed", changed)
                    .number("skipped", skipped)
                    .number("not_checkable", plan.notCheckable().size())
                    .objects("items", plan.items(), SetupCommand::write));
        } else {
            String looked = plan.items().size() + " looked at";
            String unknown = skipped == 0 ? "" : ", " + skipped + " skipped, which the service does not know";
            output().line(
                            plan.changes().isEmpty()
                                    ? "Nothing to do: " + looked + "."
                                    : changed + " done" + unknown + ", " + looked + ". To check it: onboarding verify");
        }
        return ExitCode.OK;
    }
}
