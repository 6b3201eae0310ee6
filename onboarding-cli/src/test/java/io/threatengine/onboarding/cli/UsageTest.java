package io.threatengine.onboarding.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.threatengine.onboarding.cli.Run.Desk;
import io.threatengine.onboarding.infrastructure.Doctor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What needs no service: help, wrong arguments, wrong addresses, and streams that end. */
class UsageTest {
    private static final Desk DESK = Desk.alone();

    @Test
    void withoutACommandItSaysSo() {
        Run run = DESK.run();

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("Missing required subcommand", "onboarding --help");
    }

    @Test
    void helpIsOnStandardOutputAndSaysWhatTheExitCodesMean() {
        Run run = DESK.run("--help");

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.err()).isEmpty();
        for (ExitCode code : ExitCode.values()) {
            assertThat(run.out().replaceAll("\\s+", " ")).contains(" " + code.number() + " " + code.meaning());
        }
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void exitCodesAreOnesOfTheirOwn() {
        assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::number)).containsExactly(0, 1, 2, 3, 4, 5, 6);
    }

    @Test
    void versionIsOneLine() {
        Run run = DESK.run("--version");

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out().lines()).singleElement().asString().startsWith("onboarding ");
    }

    @Test
    void optionsOfAllCommandsMayStandBeforeTheCommandToo() {
        assertThat(DESK.run("--json", "checks").out()).startsWith("{");
        assertThat(DESK.run("checks", "--json").out()).startsWith("{");
    }

    @Test
    void wrongUsageIsOneLineOnStandardError() {
        Run run = DESK.run("plan", "--engin-role=x");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("error: unknown option --engin-role")
                .contains("did you mean", "--engine-role", "onboarding plan --help");
    }

    @Test
    void aMissingChoiceIsOneErrorToo() {
        assertThat(DESK.run("schedules", "list").err())
                .startsWith("error: Missing required argument")
                .contains("--tenant=ID", "--account=ID");
    }

    @Test
    void inJsonAnErrorIsADocumentOnStandardError() {
        JsonNode error = DESK.run("--json", "plan", "--nonsense").error();

        assertThat(Run.namesOf(error)).containsExactly("type", "message", "exit_code");
        assertThat(error.path("type").asText()).isEqualTo("Usage");
        assertThat(error.path("exit_code").asInt()).isEqualTo(ExitCode.USAGE.number());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--secret-key=hunter2-hunter2", "hunter2-hunter2", "{\"api_key\":\"hunter2-hunter2\"}"})
    void anArgumentInTheWrongPlaceIsNotRepeated(String argument) {
        for (String command : new String[] {"plan", "checks"}) {
            Run run = DESK.run(command, argument, "--debug");

            assertThat(run.code()).isEqualTo(ExitCode.USAGE);
            assertThat(run.out() + run.err()).doesNotContain("hunter2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "http://", "ftp://x", "http://a b", "http://me:hunter2@host"})
    void anEndpointThatIsNoneIsRefused(String endpoint) {
        Run run = DESK.run("plan", "--endpoint", endpoint, "--debug");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("endpoint must be").doesNotContain("hunter2");
    }

    @Test
    void anEndpointWhereNobodyAnswersIsUnavailable() {
        Run run = DESK.run("plan", "--endpoint", "http://127.0.0.1:1");

        assertThat(run.code()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).singleElement().asString().contains("dynamodb:DescribeTable");
    }

    @Test
    void aProfileThatThereIsNotIsNamed() {
        Run run = DESK.run("plan", "--profile", "stranger");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("\"stranger\"");
    }

    @Test
    void theStackTraceIsThereOnRequestOnly() {
        String[] plan = {"plan", "--endpoint", "ftp://x"};
        String[] debugged = {"plan", "--endpoint", "ftp://x", "--debug"};
        String[] both = {"plan", "--endpoint", "ftp://x", "--debug", "--json"};

        assertThat(DESK.run(plan).err()).doesNotContain("\tat ");
        assertThat(DESK.run(debugged).err()).contains("InvalidValueException", "\tat ");
        assertThat(DESK.run(both).error().path("stack_trace").asText()).contains("\tat ");
    }

    @Test
    void aReaderThatHasGoneEndsItQuietly() {
        Run run = onto("Broken pipe", "checks");

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.err()).isEmpty();
        assertThat(onto("Broken pipe", "checks", "--json").err()).isEmpty();
    }

    @Test
    void aDiskThatIsFullIsAnError() {
        for (String[] arguments : new String[][] {{"checks"}, {"checks", "--json"}, {"generate-completion"}}) {
            Run run = onto("No space left on device", arguments);

            assertThat(run.code()).isEqualTo(ExitCode.FAILED);
            assertThat(run.err()).contains("No space left on device");
        }
    }

    private static Run onto(String failure, String... arguments) {
        var out = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(failure);
            }
        };
        var err = new ByteArrayOutputStream();
        int code = OnboardingCli.run(DESK.shell(out, err), arguments);
        return new Run(Run.code(code), "", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theChecksAreListedInThreeForms() {
        assertThat(DESK.run("checks").out().lines()).hasSize(Doctor.checks().size() + 1);
        assertThat(DESK.json("checks").path("checks")).hasSameSizeAs(Doctor.checks());
        assertThat(Run.namesOf(DESK.json("checks").path("checks").path(0)))
                .containsExactly("id", "severity", "title", "why", "remedy");
        assertThat(DESK.run("checks", "--markdown").out()).startsWith("# Troubleshooting");
    }

    @Test
    void whatOthersHaveWrittenMovesNoCursor() {
        assertThat(Output.shown("a\u001b[2Jb\nc\u202ed")).isEqualTo("a\\u001b[2Jb\\u000ac\\u202ed");
        assertThat(Output.shown("Größe 本 🙂")).isEqualTo("Größe 本 🙂");
        assertThat(Output.padded("🙂", 3)).isEqualTo("🙂  ");
    }

    @Test
    void theCompletionScriptKnowsAllCommands() {
        Run run = DESK.run("generate-completion");

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).startsWith("#!").contains("plan", "apply", "verify", "--engine-role");
    }
}
