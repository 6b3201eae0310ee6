package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.cli.Run.Desk;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.secrets.SecretsManagerVault;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An installation that was set up by the command line, and what is in it. */
record Installation(EmbeddedAws aws, Desk desk, Onboarding onboarding) {

    static Installation on(EmbeddedAws aws) {
        Desk desk = Desk.of(aws);
        desk.run("apply");
        OnboardingSettings settings = desk.settings();
        return new Installation(
                aws,
                desk,
                Onboarding.of(
                        DynamoDbStorage.using(aws.dynamoDb(), settings),
                        SecretsManagerVault.using(aws.secretsManager(), settings)));
    }

    Tenant tenant() {
        return onboarding.tenants().create("tenant " + UUID.randomUUID());
    }

    /** With an API key of IBM as its credential. */
    Account account(Tenant tenant, String name, String secret) {
        return onboarding.onboardAccount(
                NewAccount.of(
                        tenant.id(),
                        ProviderType.IBM,
                        name,
                        UUID.randomUUID().toString().replace("-", "")),
                new IbmApiKey(Secret.of(secret)));
    }

    /** Makes a row so large that few of its kind are a page. */
    void enlarge(String table, String key, Object id) {
        set(table, key, id, "filler", "x".repeat(100_000));
    }

    void set(String table, String key, Object id, String attribute, String value) {
        aws.dynamoDb()
                .updateItem(request -> request.tableName(table)
                        .key(Map.of(key, AttributeValue.fromS(id.toString())))
                        .updateExpression("SET #a = :v")
                        .expressionAttributeNames(Map.of("#a", attribute))
                        .expressionAttributeValues(Map.of(":v", AttributeValue.fromS(value))));
    }
}
