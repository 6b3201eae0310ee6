package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.storage.Entity;
import java.time.InstantSource;
import java.util.List;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What the repositories of one storage share: client, settings, guards and clock. */
final class Tables {
    private final DynamoDbClient client;
    private final DynamoDbEnhancedClient enhanced;
    private final OnboardingSettings settings;
    private final Guards guards;
    private final InstantSource clock;

    Tables(DynamoDbClient client, OnboardingSettings settings, InstantSource clock) {
        this.client = client;
        this.enhanced = DynamoDbEnhancedClient.builder()
                .dynamoDbClient(client)
                .extensions(List.of())
                .build();
        this.settings = settings;
        this.guards = new Guards(client, enhanced, Table.UNIQUE_KEYS.in(settings.tables()));
        this.clock = clock;
    }

    <T extends Entity<?, T>> DynamoDbTable<T> of(EntityMapping<T> mapping) {
        return enhanced.table(mapping.table().in(settings.tables()), mapping.schema());
    }

    Transaction transaction(Table table) {
        return new Transaction(enhanced, table.in(settings.tables()));
    }

    OnboardingSettings settings() {
        return settings;
    }

    DynamoDbClient client() {
        return client;
    }

    Guards guards() {
        return guards;
    }

    InstantSource clock() {
        return clock;
    }
}
