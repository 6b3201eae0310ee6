package io.threatengine.onboarding.testkit;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.secrets.CacheOptions;
import io.threatengine.onboarding.secrets.CachingVault;
import io.threatengine.onboarding.secrets.SecretsManagerVault;
import java.util.UUID;

final class EmbeddedBackend implements Backend {
    private final EmbeddedAws aws;

    EmbeddedBackend(EmbeddedAws aws) {
        this.aws = aws;
    }

    @Override
    public String description() {
        return "embedded: " + aws.description();
    }

    @Override
    public Workspace newWorkspace() {
        String name = "test-" + UUID.randomUUID();
        var settings = OnboardingSettings.builder()
                .tables(TableNames.withPrefix(name + "-"))
                .secretsPrefix(name)
                .build();
        var clock = SettableClock.atPresent();
        var storage = DynamoDbStorage.using(aws.dynamoDb(), settings, clock);
        storage.createTables();
        var vault = CachingVault.over(
                SecretsManagerVault.using(aws.secretsManager(), settings, clock), CacheOptions.defaults(), clock);
        return Workspace.of(settings, storage, vault, clock);
    }
}
