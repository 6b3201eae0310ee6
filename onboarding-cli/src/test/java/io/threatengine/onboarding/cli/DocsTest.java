package io.threatengine.onboarding.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.cli.Run.Desk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The pages that are generated, and the part of one, are what the code writes. */
class DocsTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Path WRITTEN = Path.of("target", "docs");
    private static final String HINT = "to bring it up to date: cp onboarding-cli/target/docs/* docs/";

    /** The options of every command, which are shown once. */
    private static final String COMMON = "      --region=REGION";

    @Test
    void thePageOfTheChecksIsWhatTheCommandWrites() throws IOException {
        String page = Desk.alone().run("checks", "--markdown").out();
        Files.createDirectories(WRITTEN);
        Files.writeString(WRITTEN.resolve("troubleshooting.md"), page);

        assertThat(DOCS.resolve("troubleshooting.md")).as(HINT).content().isEqualTo(page);
    }

    @Test
    void theReferenceIsWhatTheHelpSays() throws IOException {
        String before = Files.readString(DOCS.resolve("cli.md"));
        String begin = "## Reference\n";
        assertThat(before).contains(begin);
        CommandLine line = OnboardingCli.commandLine(
                Desk.alone().shell(OutputStream.nullOutputStream(), OutputStream.nullOutputStream()));
        var page = new StringBuilder(before.substring(0, before.indexOf(begin) + begin.length()));
        page.append("\nWhat `--help` prints; the options that all commands have stand at the first one only.\n");
        reference(line, page);
        Files.createDirectories(WRITTEN);
        Files.writeString(WRITTEN.resolve("cli.md"), page);

        assertThat(before).as(HINT).isEqualTo(page.toString());
    }

    private static void reference(CommandLine line, StringBuilder page) {
        boolean root = line.getParent() == null;
        if (root || line.getSubcommands().isEmpty()) {
            String help = line.getUsageMessage(Ansi.OFF);
            int common = help.indexOf(COMMON);
            String shown = root ? help : help.substring(0, common).replaceFirst("\nOptions:\n$", "");
            page.append("\n### ")
                    .append(line.getCommandSpec().qualifiedName())
                    .append("\n\n```text\n")
                    .append(shown.stripTrailing()
                            .lines()
                            .map(String::stripTrailing)
                            .reduce("", (a, b) -> a + b + "\n"))
                    .append("```\n");
        }
        line.getSubcommands().values().forEach(subcommand -> reference(subcommand, page));
    }

    @Test
    void everyCommandThatThePagesNameExists() throws IOException {
        CommandLine line = OnboardingCli.commandLine(
                Desk.alone().shell(OutputStream.nullOutputStream(), OutputStream.nullOutputStream()));

        for (String page : new String[] {"set-up.md", "cli.md"}) {
            var named = Files.readString(DOCS.resolve(page))
                    .lines()
                    .map(String::strip)
                    .filter(text -> text.startsWith("onboarding "))
                    .map(text -> text.split("\\s+", -1)[1])
                    .filter(word -> word.matches("[a-z-]+") && !word.startsWith("-"))
                    .toList();
            assertThat(named).as(page).isNotEmpty().allMatch(line.getSubcommands()::containsKey);
        }
    }
}
