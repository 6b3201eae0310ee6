package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.storage.Entity;
import java.time.InstantSource;
import java.util.List;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What the repositories of one storage share: client, table names, guards and clock. */
final class Tables {
    private final DynamoDbClient client;
    private final DynamoDbEnhancedClient enhanced;
    private final TableNames names;
    private final Guards guards;
    private final InstantSource clock;

    Tables(DynamoDbClient client, TableNames names, InstantSource clock) {
        this.client = client;
        this.enhanced = DynamoDbEnhancedClient.builder()
                .dynamoDbClient(client)
                .extensions(List.of())
                .build();
        this.names = names;
        this.guards = new Guards(enhanced, Table.UNIQUE_KEYS.in(names));
        this.clock = clock;
    }

    <T extends Entity<?, T>> DynamoDbTable<T> of(EntityMapping<T> mapping) {
        return enhanced.table(mapping.table().in(names), mapping.schema());
    }

    Transaction transaction(Table table) {
        return new Transaction(enhanced, table.in(names));
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
