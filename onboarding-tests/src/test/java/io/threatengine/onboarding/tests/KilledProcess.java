package io.threatengine.onboarding.tests;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.claim.Claim;
import io.threatengine.onboarding.claim.ClaimOptions;
import io.threatengine.onboarding.claim.RunnerOptions;
import io.threatengine.onboarding.claim.ScheduleRunner;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.schedule.DueIndex;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What is killed: a process with several runners, which stops when its input ends, unless it is killed before. */
final class KilledProcess {
    private static final int RUNNERS = 4;
    private static final int RUNS_AT_ONCE = 8;
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration BEAT = Duration.ofMillis(500);

    /** How long a run takes, so that some are under way when the process is killed. */
    private static final Duration WORK = Duration.ofMillis(30);

    private static final FileOutputStream OUTPUT = new FileOutputStream(FileDescriptor.out);

    private KilledProcess() {}

    /**
     * Runs until the input ends.
     *
     * @param arguments the endpoint, the tenants' table, the due index, and a name for the workers
     */
    public static void main(String[] arguments) throws IOException {
        OnboardingSettings settings = OnboardingSettings.builder()
                .tables(TableNames.withPrefix(arguments[1].substring(0, arguments[1].length() - "tenants".length())))
                .dueIndex(DueIndex.parse("due index", arguments[2]))
                .build();
        var beats = Executors.newSingleThreadScheduledExecutor();
        try (DynamoDbClient client = client(URI.create(arguments[0]), settings);
                var storage = DynamoDbStorage.using(client, settings)) {
            List<ScheduleRunner> runners = IntStream.rangeClosed(1, RUNNERS)
                    .mapToObj(number -> ScheduleRunner.start(
                            storage.claims(), options(arguments[3] + "-" + number), KilledProcess::run))
                    .toList();
            var beat = beats.scheduleAtFixedRate(() -> tell("beat"), 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
            while (System.in.read() >= 0) {
                // until it is told to stop, by the end of its input
            }
            beat.cancel(false);
            runners.forEach(ScheduleRunner::close);
            tell("lost "
                    + runners.stream()
                            .mapToLong(runner -> runner.counts().leasesLost())
                            .sum());
        } finally {
            beats.shutdownNow();
        }
    }

    private static RunnerOptions options(String worker) {
        return RunnerOptions.of(ClaimOptions.of(worker, LEASE, RUNS_AT_ONCE).withAttempts(100))
                .withPollInterval(POLL);
    }

    private static Checks run(Claim claim) throws InterruptedException {
        tell("begin " + claim.executionId() + " " + claim.attempt());
        Thread.sleep(WORK.toMillis());
        tell("end " + claim.executionId());
        return Checks.of(1, 1, 0);
    }

    /** A line in one write, which reaches the pipe whole or not at all. */
    private static void tell(String line) {
        try {
            OUTPUT.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DynamoDbClient client(URI endpoint, OnboardingSettings settings) {
        return DynamoDbClient.builder()
                .region(Region.of(settings.region()))
                .endpointOverride(endpoint)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("embedded", "embedded")))
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .addExecutionInterceptor(new Teller())
                        .build())
                .build();
    }

    /** Tells of every request, retries too. */
    private static final class Teller implements ExecutionInterceptor {
        @Override
        public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
            tell("call " + attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME));
        }
    }
}
