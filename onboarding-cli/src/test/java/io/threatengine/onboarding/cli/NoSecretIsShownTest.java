package io.threatengine.onboarding.cli;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.cli.Run.Desk;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every command, as text, as JSON and with stack traces, where all is well and where nothing is. */
@OnboardingTest
class NoSecretIsShownTest {
    private static final String PLANTED = "planted-secret";
    private static final String NEXT =
            "{\"credential_type\": \"ibm_api_key\", \"credentials\": {\"api_key\": \"" + PLANTED + "-2\"}}";

    @TempDir
    private Path folder;

    private final EmbeddedAws aws;
    private final Installation installation;
    private final Account account;

    NoSecretIsShownTest(EmbeddedAws aws) {
        this.aws = aws;
        this.installation = Installation.on(aws);
        this.account = installation.account(installation.tenant(), "production", PLANTED + "-1");
    }

    /** How each command is called; {@code serve} calls nothing and does not end. */
    private Map<String, List<String>> commands() {
        String tenant = account.tenantId().value();
        String id = account.id().value();
        var commands = new TreeMap<String, List<String>>();
        commands.put("plan", List.of());
        commands.put("apply", List.of());
        commands.put("verify", List.of("--all"));
        commands.put("checks", List.of());
        commands.put("backfill", List.of());
        commands.put("cost", List.of("--accounts=1", "--runs=1", "--reads=1"));
        commands.put("template cloudformation", List.of());
        commands.put("template terraform", List.of());
        commands.put("template iam", List.of("--role=reader", "--account-id=123456789012"));
        commands.put("template configmap", List.of());
        commands.put("template customer-role", List.of("--out=" + folder.resolve("role"), "--force"));
        commands.put("tenants list", List.of());
        commands.put("accounts list", List.of("--tenant=" + tenant));
        commands.put("schedules list", List.of("--account=" + id));
        commands.put("credential describe", List.of(id));
        commands.put("credential rotate", List.of(id, "--yes"));
        commands.put("credential rollback", List.of(id, "--yes"));
        commands.put("generate-completion", List.of());
        return commands;
    }

    @Test
    void everyCommandIsTried() {
        var all = new TreeSet<>(commands().keySet());
        all.add("serve");
        CommandLine line = OnboardingCli.commandLine(
                Desk.alone().shell(OutputStream.nullOutputStream(), OutputStream.nullOutputStream()));

        assertThat(leaves("", line)).isEqualTo(all);
    }

    private static Set<String> leaves(String prefix, CommandLine line) {
        return line.getSubcommands().entrySet().stream()
                .flatMap(entry -> {
                    String name = prefix + entry.getKey();
                    return entry.getValue().getSubcommands().isEmpty()
                            ? List.of(name).stream()
                            : leaves(name + " ", entry.getValue()).stream();
                })
                .collect(toCollection(TreeSet::new));
    }

    @Test
    void whereAllIsWell() {
        assertThat(codes()).doesNotContain(ExitCode.USAGE, ExitCode.UNAVAILABLE, ExitCode.DENIED);
    }

    @Test
    void whereWhatIsStoredIsNoCredential() {
        aws.secretsManager()
                .putSecretValue(request -> request.secretId(
                                account.credentialReference().orElseThrow())
                        .secretString("{\"credential_type\": \"" + PLANTED + "\", \"credentials\": \"" + PLANTED));

        assertThat(codes()).contains(ExitCode.OK);
    }

    @Test
    void whereTheKeyIsDisabled() {
        aws.kms()
                .disableKey(request -> request.keyId(aws.kms()
                        .describeKey(key -> key.keyId(
                                installation.desk().settings().kmsKeyId().orElseThrow()))
                        .keyMetadata()
                        .keyId()));

        assertThat(codes()).contains(ExitCode.CONFLICT, ExitCode.FAILED);
    }

    /** One will do: each goes on until its retries are spent. */
    @Test
    void whereNobodyAnswers() {
        Run run = Desk.alone()
                .typing(NEXT)
                .run("credential", "rotate", account.id().value(), "--yes", "--debug", "--endpoint=http://127.0.0.1:1");

        assertThat(run.code()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(run.out() + run.err())
                .contains("ServiceUnavailableException")
                .doesNotContain(PLANTED);
    }

    @Test
    void whereNoArgumentIsRight() {
        assertThat(codes("--unknown=" + PLANTED, PLANTED + "=" + PLANTED)).doesNotContain(ExitCode.OK);
    }

    private List<ExitCode> codes(String... more) {
        var codes = new ArrayList<ExitCode>();
        commands().forEach((name, options) -> {
            for (List<String> form : List.of(List.of("--debug"), List.of("--json", "--debug"))) {
                var arguments = new ArrayList<>(List.of(name.split(" ", -1)));
                arguments.addAll(options);
                arguments.addAll(form);
                arguments.addAll(List.of(more));
                Run run = installation.desk().typing(NEXT).run(arguments.toArray(String[]::new));

                assertThat(run.out() + run.err()).as(name).doesNotContain(PLANTED);
                if (form.contains("--json")
                        && run.code() != ExitCode.OK
                        && run.out().isEmpty()) {
                    assertThat(Run.namesOf(run.error())).as(name).contains("type", "message", "exit_code");
                }
                codes.add(run.code());
            }
        });
        return codes;
    }
}
