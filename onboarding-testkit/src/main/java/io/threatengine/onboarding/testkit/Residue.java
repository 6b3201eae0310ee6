package io.threatengine.onboarding.testkit;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DeleteTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.Filter;
import software.amazon.awssdk.services.secretsmanager.model.FilterNameStringType;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsRequest;

/** Removes what a workspace has left: its tables, and all secrets under its prefix. */
final class Residue {
    private Residue() {}

    static void remove(TestAws aws, OnboardingSettings settings) {
        for (String table : tables(settings.tables())) {
            try {
                delete(aws.dynamoDb(), table);
            } catch (ResourceNotFoundException e) {
                // the test has deleted it
            }
        }
        SecretsManagerClient secrets = aws.secretsManager();
        var ofThis = ListSecretsRequest.builder()
                .includePlannedDeletion(true)
                .filters(Filter.builder()
                        .key(FilterNameStringType.NAME)
                        .values(settings.secretsPrefix() + "/")
                        .build())
                .build();
        // collected first: what is deleted while pages are read would shift them
        List<String> names = secrets.listSecretsPaginator(ofThis).stream()
                .flatMap(page -> page.secretList().stream())
                .map(secret -> secret.arn())
                .toList();
        names.forEach(name -> secrets.deleteSecret(DeleteSecretRequest.builder()
                .secretId(name)
                .forceDeleteWithoutRecovery(true)
                .build()));
    }

    private static void delete(DynamoDbClient dynamoDb, String table) {
        var deletion = DeleteTableRequest.builder().tableName(table).build();
        try {
            dynamoDb.deleteTable(deletion);
        } catch (ResourceNotFoundException e) {
            throw e;
        } catch (DynamoDbException e) {
            // the test has protected it
            dynamoDb.updateTable(UpdateTableRequest.builder()
                    .tableName(table)
                    .deletionProtectionEnabled(false)
                    .build());
            dynamoDb.deleteTable(deletion);
        }
    }

    private static List<String> tables(TableNames names) {
        return List.of(
                names.tenants(),
                names.providers(),
                names.accounts(),
                names.schedules(),
                names.executions(),
                names.scanResults(),
                names.uniqueKeys());
    }
}
