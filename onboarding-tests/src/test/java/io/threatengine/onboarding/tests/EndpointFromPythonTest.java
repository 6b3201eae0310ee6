package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.nio.file.Files;
import java.nio.file.Path;
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
        assumeTrue(Python.run("-c", "import boto3").succeeded(), "python3 with boto3 is not on this machine");
        Path script = Files.write(
                directory.resolve("endpoint_from_python.py"),
                Objects.requireNonNull(EndpointFromPythonTest.class.getResourceAsStream("endpoint_from_python.py"))
                        .readAllBytes());

        Python.Ran result = Python.run(script.toString(), aws.uri().toString());

        assertThat(result.exit()).as(result.output()).isZero();
        assertThat(result.output()).containsPattern("Ran [1-9][0-9]* tests").endsWith("OK\n");
    }
}
