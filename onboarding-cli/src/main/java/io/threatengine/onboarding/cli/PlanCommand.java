package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.setup.Setup;
import io.threatengine.onboarding.setup.SetupPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;

@Command(
        name = "plan",
        description = {
            "Shows what exists, what differs, and what `apply` would change. Changes nothing.",
            "Ends with 0 where there is nothing to do, with 3 where there are changes, with 4 where there are conflicts."
        })
final class PlanCommand extends SetupCommand {
    @Override
    ExitCode run(OnboardingSettings settings, Setup setup) {
        SetupPlan plan = setup.plan();
        if (output().isJson()) {
            output().document(document -> document.number(
                            "changes", plan.changes().size())
                    .number("conflicts", plan.conflicts().size())
                    .number("not_checkable", plan.notCheckable().size())
                    .objects("items", plan.items(), SetupCommand::write));
        } else {
            show(plan);
            output().line(summary(plan));
        }
        if (!plan.conflicts().isEmpty()) {
            return ExitCode.CONFLICT;
        }
        return plan.isEmpty() ? ExitCode.OK : ExitCode.PENDING;
    }

    private String summary(SetupPlan plan) {
        String counts = plan.items().size() + " looked at, " + plan.changes().size() + " to do, "
                + plan.conflicts().size() + " in conflict, "
                + plan.notCheckable().size() + " not checkable.";
        if (!plan.conflicts().isEmpty()) {
            return counts + " "
                    + output().coloured("A conflict is yours to decide; nothing is applied before.", Style.bold);
        }
        return counts + " "
                + output().coloured(plan.isEmpty() ? "Nothing to do." : "To do it: onboarding apply", Style.bold);
    }
}
