package io.threatengine.onboarding.examples.quickstart;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountStatus;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.credential.AwsIamRole;
import io.threatengine.onboarding.credential.AzureServicePrincipal;
import io.threatengine.onboarding.credential.GcpServiceAccount;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.secrets.CachingVault;
import io.threatengine.onboarding.secrets.SecretsManagerVault;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import java.time.Instant;
import java.util.List;

/** Onboards a tenant with three clouds on AWS services that run inside this JVM. */
public final class Quickstart {
    private static final String SUBSCRIPTION = "0b1f6471-1bf0-4dda-aec3-cb9272f09590";
    private static final String KEY_FILE = """
            {"type": "service_account", "project_id": "acme-data", "private_key": "demo",
             "client_email": "scanner@acme-data.iam.gserviceaccount.com"}""";

    private Quickstart() {}

    public static void main(String[] args) {
        var settings = OnboardingSettings.defaults();
        try (var aws = EmbeddedAws.start();
                var storage = DynamoDbStorage.using(aws.dynamoDb(), settings);
                var vault = CachingVault.over(SecretsManagerVault.using(aws.secretsManager(), settings))) {
            System.out.println("Tables, on " + aws.description());
            storage.createTables(step -> System.out.println("  " + step));

            var onboarding = Onboarding.of(storage, vault);
            var tenant = onboarding.tenants().create("acme");
            Account production = onboarding.onboardAccount(
                    NewAccount.of(tenant.id(), ProviderType.AWS, "production", "123456789012"),
                    new AwsIamRole("arn:aws:iam::123456789012:role/Scanner", AwsIamRole.randomExternalId()));
            Account office = onboarding.onboardAccount(
                    NewAccount.of(tenant.id(), ProviderType.AZURE, "office", SUBSCRIPTION),
                    new AzureServicePrincipal("client", Secret.of("demo"), "directory", SUBSCRIPTION));
            Account data = onboarding.onboardAccount(
                    NewAccount.of(tenant.id(), ProviderType.GCP, "data", "acme-data"),
                    new GcpServiceAccount(Secret.of(KEY_FILE)));

            System.out.printf("%nTenant %s has onboarded; each credential is read twice%n", tenant.name());
            for (Account account : List.of(production, office, data)) {
                String first = answeredBy(vault, account);
                String second = answeredBy(vault, account);
                String type = vault.get(account.credentialKey()).type();
                System.out.printf(
                        "  %-10s  %-36s  %-23s  1st from the %s, 2nd from the %s%n",
                        account.name(), account.number(), type, first, second);
            }

            Account validated = onboarding.accounts().update(production.id(), a -> a.validated(Instant.now()));
            Account rotated = onboarding.rotateCredential(
                    validated.id(),
                    new AwsIamRole("arn:aws:iam::123456789012:role/Scanner-2", AwsIamRole.randomExternalId()));
            System.out.printf("%nRotated the credential of %s%n", rotated.name());
            System.out.println("  before  " + production.credentialVersionId().orElseThrow());
            System.out.println("  now     " + rotated.credentialVersionId().orElseThrow());
            System.out.println("  " + vault.get(rotated.credentialKey()));

            System.out.printf("%nAccounts by status%n");
            for (AccountStatus status : List.of(AccountStatus.ACTIVE, AccountStatus.PENDING, AccountStatus.DELETED)) {
                var names = onboarding.accounts().ofTenant(tenant.id(), status).stream()
                        .map(Account::name)
                        .sorted()
                        .toList();
                System.out.printf("  %-8s %s%n", status, names);
            }
        }
    }

    /** Reads a credential, and says what answered: the vault or its cache. */
    private static String answeredBy(CachingVault vault, Account account) {
        long hits = vault.statistics().hits();
        vault.get(account.credentialKey());
        return vault.statistics().hits() > hits ? "cache" : "vault";
    }
}
