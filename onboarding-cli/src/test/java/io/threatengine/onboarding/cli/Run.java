package io.threatengine.onboarding.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.infrastructure.Templates;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** A command that was run in this JVM, and what came of it. */
record Run(ExitCode code, String out, String err) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** What a user's shell is: where commands are run. */
    record Desk(
            @Nullable EmbeddedAws aws,
            OnboardingSettings settings,
            String in,
            Ansi ansi,
            @Nullable Predicate<String> confirm) {

        /** With tables, secrets and key of its own. */
        static Desk of(EmbeddedAws aws) {
            String name = "cli-" + UUID.randomUUID();
            return new Desk(
                    aws,
                    OnboardingSettings.builder()
                            .tables(TableNames.withPrefix(name + "-"))
                            .secretsPrefix(name)
                            .kmsKeyId("alias/" + name)
                            .build(),
                    "",
                    Ansi.OFF,
                    null);
        }

        /** Where nothing is called. */
        static Desk alone() {
            return new Desk(null, OnboardingSettings.defaults(), "", Ansi.OFF, null);
        }

        Desk typing(String input) {
            return new Desk(aws, settings, input, ansi, confirm);
        }

        Desk coloured() {
            return new Desk(aws, settings, in, Ansi.ON, confirm);
        }

        Desk answering(Predicate<String> answer) {
            return new Desk(aws, settings, in, ansi, answer);
        }

        Desk with(OnboardingSettings others) {
            return new Desk(aws, others, in, ansi, confirm);
        }

        Shell shell(OutputStream out, OutputStream err) {
            Map<String, String> environment = Templates.environment(settings);
            return new Shell(environment, new ByteArrayInputStream(in.getBytes(UTF_8)), out, err, ansi, confirm);
        }

        String[] arguments(String... arguments) {
            var all = new ArrayList<>(List.of(arguments));
            if (aws != null && !all.contains("--endpoint")) {
                all.addAll(List.of("--endpoint", aws.uri().toString()));
            }
            return all.toArray(String[]::new);
        }

        Run run(String... arguments) {
            var out = new ByteArrayOutputStream();
            var err = new ByteArrayOutputStream();
            int code = OnboardingCli.run(shell(out, err), arguments(arguments));
            return new Run(code(code), out.toString(UTF_8), err.toString(UTF_8));
        }

        /** Runs it with {@code --json}; it must succeed in the sense of having a result. */
        JsonNode json(String... arguments) {
            var all = new ArrayList<>(List.of(arguments));
            all.add("--json");
            Run run = run(all.toArray(String[]::new));
            assertThat(run.err()).isEmpty();
            return Run.parse(run.out());
        }
    }

    static ExitCode code(int number) {
        for (ExitCode code : ExitCode.values()) {
            if (code.number() == number) {
                return code;
            }
        }
        throw new AssertionError("no exit code has the number " + number);
    }

    /** The error that it ended with, as a document. */
    JsonNode error() {
        return parse(err).path("error");
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    static List<String> namesOf(JsonNode node) {
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
