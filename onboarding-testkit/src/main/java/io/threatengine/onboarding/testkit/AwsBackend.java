package io.threatengine.onboarding.testkit;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.secrets.CacheOptions;
import io.threatengine.onboarding.secrets.CachingVault;
import io.threatengine.onboarding.secrets.SecretsManagerVault;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Storage and vault on whatever answers as AWS does. */
final class AwsBackend implements Backend {
    private final String where;
    private final TestAws aws;
    private final Runnable closing;

    /**
     * @param where before the name of what answers
     * @param closing what to end when this is closed
     */
    AwsBackend(String where, TestAws aws, Runnable closing) {
        this.where = where;
        this.aws = aws;
        this.closing = closing;
    }

    @Override
    public String description() {
        return where + aws.description();
    }

    @Override
    public Set<Deviation> deviations() {
        return aws.deviations();
    }

    @Override
    public Optional<TestAws> aws() {
        return Optional.of(aws);
    }

    @Override
    public Workspace newWorkspace(UnaryOperator<OnboardingSettings> change) {
        String name = "test-" + UUID.randomUUID();
        OnboardingSettings settings = change.apply(OnboardingSettings.builder()
                .tables(TableNames.withPrefix(name + "-"))
                .secretsPrefix(name)
                .build());
        var threads = new LibraryThreads();
        var clock = SettableClock.atPresent();
        InstantSource time = threads.watching(clock);
        var faults = new Faults();
        var calls = new CallRecorder();
        Clients clients = aws.clients().observed(faults, calls);
        Runnable ending = () -> {
            clients.close();
            Residue.remove(aws, settings);
        };
        try {
            var storage = DynamoDbStorage.using(clients.dynamoDb(), settings, time);
            storage.createTables();
            calls.clear();
            var vault = CachingVault.over(
                    SecretsManagerVault.using(clients.secretsManager(), settings, time), CacheOptions.defaults(), time);
            var pythonRows = new PythonRows(aws, settings, clock);
            return new Workspace(settings, storage, vault, clock, faults, calls, pythonRows, threads, ending);
        } catch (RuntimeException e) {
            try {
                ending.run();
            } catch (RuntimeException another) {
                e.addSuppressed(another);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        closing.run();
    }
}
