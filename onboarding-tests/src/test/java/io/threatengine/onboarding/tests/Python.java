package io.threatengine.onboarding.tests;

import static java.util.concurrent.TimeUnit.MINUTES;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** Python 3 in a process of its own, where the machine has it, without the machine's settings for AWS and without a proxy. */
final class Python {
    private Python() {}

    /**
     * What came of a run.
     *
     * @param exit 127 where there is no Python
     * @param output of both streams
     */
    record Ran(int exit, String output) {
        boolean succeeded() {
            return exit == 0;
        }
    }

    static Ran run(String... arguments) throws InterruptedException {
        var command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(name ->
                        name.startsWith("AWS_") || name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        builder.environment().put("AWS_CONFIG_FILE", "/dev/null");
        builder.environment().put("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
        builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new Ran(127, "there is no python3");
        }
        // read beside the wait: a process whose output nobody reads does not end
        CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> {
            try {
                return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        if (!process.waitFor(2, MINUTES)) {
            process.destroyForcibly().waitFor();
        }
        return new Ran(process.exitValue(), output.join());
    }
}
