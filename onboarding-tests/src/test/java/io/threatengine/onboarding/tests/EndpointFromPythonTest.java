package io.threatengine.onboarding.tests;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The embedded services as boto3 sees them, which the Python engines use: {@code endpoint_from_python.py}. Where there is no boto3,
 * it is skipped.
 */
@OnboardingTest
class EndpointFromPythonTest {
    @TempDir
    private Path directory;

    @Test
    void boto3FindsAwsThere(EmbeddedAws aws) throws Exception {
        assumeTrue(run("-c", "import boto3").exit() == 0, "python3 with boto3 is not on this machine");
        Path script = Files.write(
                directory.resolve("endpoint_from_python.py"),
                Objects.requireNonNull(EndpointFromPythonTest.class.getResourceAsStream("endpoint_from_python.py"))
                        .readAllBytes());

        Result result = run(script.toString(), aws.uri().toString());

        assertThat(result.exit()).as(result.output()).isZero();
        assertThat(result.output()).containsPattern("Ran [1-9][0-9]* tests").endsWith("OK\n");
    }

    private Result run(String... arguments) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        var python = new ProcessBuilder(new ArrayList<>(List.of("python3")))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        python.command().addAll(List.of(arguments));
        // Nothing of the machine's own settings for AWS, and no call but to the loopback interface.
        python.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        python.environment().put("AWS_CONFIG_FILE", "/dev/null");
        python.environment().put("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
        python.environment().put("AWS_EC2_METADATA_DISABLED", "true");
        Process process;
        try {
            process = python.start();
        } catch (IOException e) {
            return new Result(127, "there is no python3");
        }
        if (!process.waitFor(2, MINUTES)) {
            process.destroyForcibly().waitFor();
        }
        return new Result(process.exitValue(), Files.readString(output));
    }

    private record Result(int exit, String output) {}
}
