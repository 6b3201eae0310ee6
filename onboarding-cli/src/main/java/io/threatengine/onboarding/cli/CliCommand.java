package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.error.InvalidValueException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that does something. A new one extends this and is named among the subcommands of its parent. */
@Command
abstract class CliCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public final Integer call() {
        return run().number();
    }

    /** Does it; what it throws is shown by {@link OnboardingCli}. */
    abstract ExitCode run();

    final OnboardingCli cli() {
        return (OnboardingCli) spec().root().userObject();
    }

    final Output output() {
        return cli().output();
    }

    OnboardingSettings settings() {
        return cli().settings();
    }

    /** To be thrown where the arguments do not fit each other. */
    final ParameterException usage(String message) {
        return new ParameterException(commandLine(), message);
    }

    /** Reads an argument; one that breaks a rule is not shown: it may be a secret in the wrong place. */
    final <T> T read(String argument, Function<String, T> reader, String value) {
        try {
            return reader.apply(value);
        } catch (InvalidValueException e) {
            throw usage(argument + " " + e.rule());
        }
    }

    final CommandLine commandLine() {
        return spec().commandLine();
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "spec");
    }
}
