package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.aws.ClientOptions;
import io.threatengine.onboarding.error.OnboardingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code onboarding}. One is made for each run. Not thread-safe. */
@Command(
        name = OnboardingCli.NAME,
        description = "Sets up, checks and looks into the onboarding storage of the Threat Engine on AWS.",
        footer = {
            "",
            "Table names, prefix, key and index come from the same environment variables as the library's settings;"
                    + " AWS credentials from where the AWS SDK finds them.",
        },
        versionProvider = OnboardingCli.Version.class,
        subcommands = {
            PlanCommand.class,
            ApplyCommand.class,
            VerifyCommand.class,
            ChecksCommand.class,
            BackfillCommand.class,
            TemplateCommand.class,
            CostCommand.class,
            TenantsCommand.class,
            AccountsCommand.class,
            SchedulesCommand.class,
            CredentialCommand.class,
            ServeCommand.class,
            CompletionCommand.class,
        })
@SuppressWarnings("UnusedVariable") // some options are looked for before anything is parsed, or by the parser itself
public final class OnboardingCli {
    static final String NAME = "onboarding";
    private static final int HELP_WIDTH = 100;

    /** What picocli begins some messages with; ours begin so anyway. */
    private static final String PARSERS_PREFIX = "Error: ";

    private final Shell shell;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--region",
            paramLabel = "REGION",
            scope = ScopeType.INHERIT,
            order = 100,
            description = "The AWS region; before AWS_REGION.")
    private @Nullable String region;

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            order = 101,
            description = "Where all services are called, in place of AWS: what `serve` prints, or LocalStack.")
    private @Nullable String endpoint;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            order = 102,
            description = "The profile of the AWS files whose credentials are used.")
    private @Nullable String profile;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            order = 103,
            description = "One JSON document on standard output; of an error, one on standard error.")
    private boolean json;

    @Option(
            names = "--no-color",
            scope = ScopeType.INHERIT,
            order = 104,
            description = "No colours, on a terminal neither. NO_COLOR does the same.")
    private boolean noColor;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            order = 105,
            description = "Log the calls to AWS on standard error; never what they carry.")
    private boolean verbose;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            order = 106,
            description = "Print the stack trace of an error.")
    private boolean debug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            order = 107,
            description = "Print this and end.")
    private boolean help;

    @Option(names = "--version", versionHelp = true, order = 108, description = "Print the version and end.")
    private boolean version;

    private @Nullable Output output;

    private OnboardingCli(Shell shell) {
        this.shell = shell;
    }

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        Logging.configure(args);
        System.exit(run(Shell.ofProcess(), args));
    }

    /** Runs a command; {@code docs/cli.md} says what it returns. */
    static int run(Shell shell, String... args) {
        return commandLine(shell, args).execute(args);
    }

    /** The parser, which knows all commands. */
    static CommandLine commandLine(Shell shell, String... args) {
        // asked for before anything is parsed: what goes wrong in parsing is to be shown as wanted, too
        List<String> given = Arrays.asList(args);
        var output = new Output(shell, given.contains("--json"), !given.contains("--no-color"));
        var root = new OnboardingCli(shell);
        root.output = output;
        CommandLine line = new CommandLine(root);
        line.setExpandAtFiles(false) // an argument is what it is
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(HELP_WIDTH)
                .setColorScheme(Help.defaultColorScheme(given.contains("--no-color") ? Help.Ansi.OFF : shell.ansi()))
                .setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((e, arguments) -> root.wrongUsage(e))
                .setExecutionExceptionHandler((e, failing, parsed) -> root.failed(e));
        line.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(ExitCode.help());
        everyCommand(line);
        return line;
    }

    private static void everyCommand(CommandLine line) {
        line.getCommandSpec()
                .usageMessage()
                .sortOptions(false)
                .abbreviateSynopsis(true)
                .optionListHeading("%nOptions:%n")
                .commandListHeading("%nCommands:%n");
        line.getSubcommands().values().forEach(OnboardingCli::everyCommand);
    }

    // ---- for the commands

    Shell shell() {
        return shell;
    }

    Output output() {
        return Objects.requireNonNull(output, "output");
    }

    /** Of the environment; the options go before. */
    OnboardingSettings settings() {
        OnboardingSettings settings = OnboardingSettings.from(shell.environment());
        return region == null ? settings : settings.toBuilder().region(region).build();
    }

    ClientOptions clientOptions() {
        return ClientOptions.builder()
                .endpoint(endpoint == null ? null : uri(endpoint))
                .profile(profile)
                .build();
    }

    private URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            // it may hold a password, and the exception quotes it
            throw usage("--endpoint must be an address like http://127.0.0.1:4566");
        }
    }

    /** To be thrown where the arguments do not fit each other. */
    ParameterException usage(String message) {
        return new ParameterException(Objects.requireNonNull(spec, "spec").commandLine(), message);
    }

    // ---- failures

    private int wrongUsage(ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        // no trace: the parser's own message repeats what was given
        output().failure("Usage", messageOf(e) + "; see " + command + " --help", ExitCode.USAGE, null);
        return ExitCode.USAGE.number();
    }

    /** Shows no argument that nobody asked for: it may be a secret in the wrong place. */
    private static String messageOf(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            String message = String.valueOf(e.getMessage());
            return message.startsWith(PARSERS_PREFIX) ? message.substring(PARSERS_PREFIX.length()) : message;
        }
        String argument = unmatched.getUnmatched().get(0);
        String message =
                unmatched.isUnknownOption() ? "unknown option " + argument.split("=", 2)[0] : "an argument too many";
        List<String> suggestions = unmatched.getSuggestions();
        return suggestions.isEmpty() ? message : message + "; did you mean " + String.join(" or ", suggestions) + "?";
    }

    private int failed(Exception failure) {
        if (failure.getCause() instanceof UnwritableException unwritable) {
            // who reads has seen enough; anything else, like a full disk, is a failure
            return unwritable.isClosedPipe()
                    ? ExitCode.OK.number()
                    : ended("Unexpected", String.valueOf(unwritable.getMessage()), ExitCode.FAILED, failure);
        }
        if (failure instanceof OnboardingException) {
            String message = String.valueOf(failure.getMessage());
            return ended(failure.getClass().getSimpleName(), message, ExitCode.of(failure), failure);
        }
        String message = failure instanceof UncheckedIOException || failure instanceof IOException
                ? String.valueOf(failure.getMessage())
                : "unexpected: " + failure + "; --debug shows where";
        return ended("Unexpected", message, ExitCode.FAILED, failure);
    }

    private int ended(String type, String message, ExitCode code, Exception failure) {
        output().failure(type, message, code, debug ? failure : null);
        return code.number();
    }

    /** From the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = OnboardingCli.class.getPackage().getImplementationVersion();
            return new String[] {"onboarding " + (version == null ? "(not packaged)" : version)};
        }
    }
}
