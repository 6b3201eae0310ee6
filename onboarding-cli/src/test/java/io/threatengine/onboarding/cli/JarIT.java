package io.threatengine.onboarding.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.aws.ClientOptions;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.secrets.SecretsManagerVault;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar that is shipped, run as users run it. */
class JarIT {
    private static final String JAR = System.getProperty("cli.jar", "");

    @TempDir
    private Path folder;

    // ---- what is in it

    @Test
    void itContainsNothingOfDynamoDbLocalAndNothingForTests() throws IOException {
        try (var jar = new JarFile(JAR)) {
            List<String> names = jar.stream().map(ZipEntry::getName).toList();

            assertThat(names)
                    .contains("picocli/CommandLine.class", "io/threatengine/onboarding/cli/OnboardingCli.class")
                    .noneMatch(name -> name.startsWith("com/amazonaws/"))
                    .noneMatch(name -> name.startsWith("software/amazon/dynamodb/"))
                    .noneMatch(name -> name.contains("sqlite"))
                    .noneMatch(name -> name.contains("dynamodblocal"))
                    .noneMatch(name -> name.startsWith("org/eclipse/jetty/"))
                    .noneMatch(name -> name.startsWith("org/junit/") || name.startsWith("org/assertj/"))
                    .noneMatch(name -> name.contains("org.junit."))
                    .noneMatch(name -> name.startsWith("io/threatengine/onboarding/testkit/contract/"))
                    .noneMatch(name -> name.matches("META-INF/.*\\.(SF|DSA|RSA)"))
                    .noneMatch(name -> name.endsWith("module-info.class"))
                    .doesNotHaveDuplicates();
            assertThat(Files.size(Path.of(JAR))).isLessThan(25_000_000);
        }
    }

    @Test
    void whatIsFoundAtRunTimeIsThereAndSoAreTheLicences() throws IOException {
        try (var jar = new JarFile(JAR)) {
            assertThat(text(jar, "META-INF/services/io.threatengine.onboarding.schedule.CronCalendar"))
                    .contains("io.threatengine.onboarding.cron");
            assertThat(text(jar, "META-INF/services/software.amazon.awssdk.http.SdkHttpService"))
                    .contains("apache5");
            assertThat(text(jar, "META-INF/services/org.slf4j.spi.SLF4JServiceProvider"))
                    .contains("simple");
            assertThat(text(jar, "META-INF/LICENSE")).contains("Apache License");
            assertThat(text(jar, "META-INF/LICENSE.txt")).contains("QOS.ch");
            assertThat(text(jar, "META-INF/NOTICE")).contains("HttpClient", "Jackson");
            assertThat(text(jar, "META-INF/NOTICE.txt")).contains("AWS SDK for Java");
            assertThat(jar.getManifest().getMainAttributes().getValue("Multi-Release"))
                    .isEqualTo("true");
        }
    }

    private static String text(JarFile jar, String name) throws IOException {
        ZipEntry entry = jar.getEntry(name);
        assertThat(entry).as(name).isNotNull();
        try (var in = jar.getInputStream(entry)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    // ---- how it runs

    @Test
    void itSaysItsVersionAndNothingElse() throws IOException {
        Run run = jar("", "--version");

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).matches("onboarding [0-9].*\\R");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void withoutCredentialsOfAwsItSaysSoInOneLine() throws IOException {
        Run run = run(List.of("-jar", JAR), Map.of("AWS_EC2_METADATA_DISABLED", "true"), "", "plan");

        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err().lines()).singleElement().asString().contains("no AWS credentials were found");
    }

    @Test
    void withoutDynamoDbLocalItServesTheOtherTwoAndSaysWhatIsMissing() throws IOException {
        try (var served = new Served(List.of("-jar", JAR), "serve", "--port=0", "--json")) {
            assertThat(served.document.path("services").toString()).isEqualTo("[\"kms\",\"secretsmanager\"]");
        }
        Run tables = jar("", "serve", "--port=0", "--create-tables");
        assertThat(tables.code()).isEqualTo(ExitCode.USAGE);
        assertThat(tables.err().lines())
                .singleElement()
                .asString()
                .contains("--create-tables needs DynamoDB Local on the class path");
    }

    @Test
    void itPrintsWhatAnEngineNeedsAndTheRegionByTheNameThatBoto3KnowsToo() throws IOException {
        Process process = process(List.of("-jar", JAR), Map.of("AWS_REGION", "eu-central-1"), "serve", "--port=0")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = process.inputReader(UTF_8)) {
            assertThat(out.lines().limit(4))
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("# "),
                            line -> assertThat(line).startsWith("export AWS_ENDPOINT_URL=http://127.0.0.1:"),
                            line -> assertThat(line)
                                    .isEqualTo("export AWS_REGION=eu-central-1 AWS_DEFAULT_REGION=eu-central-1"),
                            line -> assertThat(line)
                                    .isEqualTo("export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test"));
        } finally {
            process.destroy();
            process.onExit().join();
        }
    }

    @Test
    void withDynamoDbLocalOnTheClassPathAllThreeAreServedAtOneAddress() throws IOException {
        try (var served = new Served(withDynamoDbLocal(), "serve", "--port=0", "--create-tables", "--json")) {
            String endpoint = served.document.path("endpoint").asText();
            assertThat(served.document.path("services")).hasSize(3);

            Run before = jar("", "plan", "--endpoint", endpoint);
            Run apply = jar("", "apply", "--endpoint", endpoint);
            Run verify = jar("", "verify", "--endpoint", endpoint);
            Run after = jar("", "plan", "--endpoint", endpoint);

            assertThat(before.code()).isEqualTo(ExitCode.PENDING); // protection of the tables that createTables made
            assertThat(apply.code()).as(apply.err()).isEqualTo(ExitCode.OK);
            assertThat(verify.code()).as(verify.out() + verify.err()).isEqualTo(ExitCode.OK);
            assertThat(after.code()).isEqualTo(ExitCode.OK);
            assertThat(after.err()).isEmpty();
        }
    }

    @Test
    void whatItLogsShowsCallsButNothingOfWhatTheyCarry() throws IOException {
        String credential =
                "{\"credential_type\": \"ibm_api_key\", \"credentials\": {\"api_key\": \"planted-secret\"}}";
        try (var served = new Served(withDynamoDbLocal(), "serve", "--port=0", "--create-tables", "--json")) {
            String endpoint = served.document.path("endpoint").asText();
            var onboarded = new OnboardedElsewhere(endpoint);

            Run quiet = jar(credential, "credential", "rotate", onboarded.id, "--yes", "--endpoint", endpoint);
            Run verbose = jar(
                    credential.replace("planted-secret", "planted-secret-2"),
                    "credential",
                    "rotate",
                    onboarded.id,
                    "--yes",
                    "--verbose",
                    "--endpoint",
                    endpoint);

            assertThat(quiet.code()).as(quiet.err()).isEqualTo(ExitCode.OK);
            assertThat(quiet.err()).isEmpty();
            assertThat(verbose.code()).as(verbose.err()).isEqualTo(ExitCode.OK);
            assertThat(verbose.err())
                    .contains("Sending Request", "X-Amz-Target")
                    .doesNotContain("planted");
            assertThat(verbose.out()).hasLineCount(1).doesNotContain("planted");
        }
    }

    /** An account in an installation that runs in another process. */
    private static final class OnboardedElsewhere {
        private final String id;

        OnboardedElsewhere(String endpoint) {
            var settings = OnboardingSettings.defaults();
            var options = ClientOptions.builder().endpoint(URI.create(endpoint)).build();
            try (var storage = DynamoDbStorage.open(settings, options);
                    var vault = SecretsManagerVault.open(settings, options)) {
                var onboarding = Onboarding.of(storage, vault);
                var tenant = onboarding.tenants().create("acme");
                id = onboarding
                        .onboardAccount(
                                NewAccount.of(tenant.id(), ProviderType.IBM, "production", "1".repeat(32)),
                                new IbmApiKey(Secret.of("planted-first")))
                        .id()
                        .value();
            }
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (var served = new Served(List.of("-jar", JAR), "serve", "--port=0", "--json")) {
            String port = served.document.path("endpoint").asText().replaceAll(".*:", "");

            Run run = jar("", "serve", "--port", port);

            assertThat(run.code()).isEqualTo(ExitCode.FAILED);
            assertThat(run.err()).contains(port, "choose another port");
        }
    }

    // ---- processes

    /** As documented: the jar first, then what DynamoDB Local needs. */
    private static List<String> withDynamoDbLocal() {
        String others = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !Path.of(entry).startsWith(Path.of(JAR).getParent()))
                .collect(Collectors.joining(File.pathSeparator));
        return List.of("-cp", JAR + File.pathSeparator + others, OnboardingCli.class.getName());
    }

    private Run jar(String in, String... arguments) throws IOException {
        return run(
                List.of("-jar", JAR),
                Map.of("AWS_ACCESS_KEY_ID", "test", "AWS_SECRET_ACCESS_KEY", "test"),
                in,
                arguments);
    }

    private ProcessBuilder process(List<String> java, Map<String, String> environment, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Duser.home=" + folder); // no profiles of this machine
        command.addAll(java);
        command.addAll(Arrays.asList(arguments));
        var process = new ProcessBuilder(command);
        process.environment().clear();
        process.environment().putAll(environment);
        process.environment().put("HOME", folder.toString());
        return process;
    }

    private Run run(List<String> java, Map<String, String> environment, String in, String... arguments)
            throws IOException {
        Process process = process(java, environment, arguments).start();
        CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> readAll(process.errorReader(UTF_8)));
        try (var writer = process.outputWriter(UTF_8)) {
            writer.write(in);
        }
        String out = readAll(process.inputReader(UTF_8));
        return new Run(Run.code(process.onExit().join().exitValue()), out, err.join());
    }

    private static String readAll(BufferedReader reader) {
        var text = new StringBuilder();
        try {
            for (int c = reader.read(); c >= 0; c = reader.read()) {
                text.append((char) c);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** A server that has said where it is. */
    private final class Served implements AutoCloseable {
        private final Process process;
        private final JsonNode document;

        Served(List<String> java, String... arguments) throws IOException {
            process = process(java, Map.of(), arguments)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var text = new StringBuilder();
            BufferedReader out = process.inputReader(UTF_8);
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                text.append(line).append('\n');
                if (line.equals("}")) {
                    break;
                }
            }
            document = Run.parse(text.toString());
        }

        @Override
        public void close() {
            process.destroy();
            assertThat(process.onExit().join().isAlive()).isFalse();
        }
    }
}
