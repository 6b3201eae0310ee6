package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.dynamodb.DynamoDbSetup;
import io.threatengine.onboarding.secrets.KeySetup;
import io.threatengine.onboarding.setup.PlannedChange;
import io.threatengine.onboarding.setup.PlannedChange.Kind;
import io.threatengine.onboarding.setup.Setup;
import io.threatengine.onboarding.setup.SetupOptions;
import io.threatengine.onboarding.setup.SetupPlan;
import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Mixin;

/** A command over the set-up of tables and key. */
@Command
abstract class SetupCommand extends CliCommand {
    private static final int RESOURCE_WIDTH = 32;
    private static final int KIND_WIDTH = 14;

    @Mixin
    private SetupFlags flags = new SetupFlags();

    @Override
    final OnboardingSettings settings() {
        return flags.over(super.settings());
    }

    @Override
    final ExitCode run() {
        OnboardingSettings settings = settings();
        SetupOptions options = flags.options();
        try (var tables = DynamoDbSetup.open(settings, options, cli().clientOptions());
                var key = KeySetup.open(settings, options, cli().clientOptions())) {
            return run(settings, Setup.of(tables, key));
        }
    }

    abstract ExitCode run(OnboardingSettings settings, Setup setup);

    // ---- a plan, for people and as JSON

    final void show(SetupPlan plan) {
        for (PlannedChange item : plan.items()) {
            if (item.kind() != Kind.NONE) {
                String subject = Output.padded(Output.shown(item.resource()), RESOURCE_WIDTH) + "  ";
                output().line(kind(item.kind()) + "  " + subject + Output.shown(item.aspect()) + detail(item));
            }
        }
    }

    private String kind(Kind kind) {
        String text = Output.padded(word(kind), KIND_WIDTH);
        return switch (kind) {
            case CREATE -> output().coloured(text, Style.fg_green);
            case CHANGE -> output().coloured(text, Style.fg_yellow);
            case CONFLICT -> output().coloured(text, Style.fg_red);
            case NONE, NOT_CHECKABLE -> text;
        };
    }

    private static String detail(PlannedChange item) {
        String found = Output.shown(item.found());
        String wanted = Output.shown(item.wanted());
        return switch (item.kind()) {
            case NONE, NOT_CHECKABLE -> ": " + found;
            case CREATE -> ": " + wanted;
            case CHANGE, CONFLICT -> ": " + found + " -> " + wanted;
        };
    }

    static String word(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static void write(PlannedChange item, Output.Fields fields) throws IOException {
        fields.text("resource", item.resource())
                .text("aspect", item.aspect())
                .text("kind", item.kind().name().toLowerCase(Locale.ROOT))
                .text("found", item.found())
                .text("wanted", item.wanted());
    }
}
