package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.OnboardingStatus;
import io.threatengine.onboarding.credential.AwsIamRole;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.Fixtures;
import io.threatengine.onboarding.testkit.PythonRows;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.On;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FixturesTest {

    @Nested
    @OnboardingTest(On.MEMORY)
    class Random {
        @Test
        void anAccountInOneLineIsOneThatWasOnboarded(Onboarding onboarding, Fixtures fixtures) {
            for (Account account : List.of(fixtures.aws(), fixtures.azure(), fixtures.gcp())) {
                assertThat(account.onboardingStatus()).isEqualTo(OnboardingStatus.DEPLOYED);
                assertThat(onboarding.vault().get(account.credentialKey()).accountNumber())
                        .isIn(Optional.empty(), Optional.of(account.number()));
            }
        }

        @Test
        void aFleetHasAccountsOfAllProviders(Onboarding onboarding, Fixtures fixtures) {
            List<Account> fleet = fixtures.fleet(2, 7);

            assertThat(fleet).hasSize(14);
            assertThat(fleet.stream().map(Account::tenantId).distinct()).hasSize(2);
            assertThat(onboarding.providers().ofTenant(fleet.get(0).tenantId()).stream())
                    .hasSize(7);
            assertThat(onboarding.accounts().ofTenant(fleet.get(0).tenantId()).stream())
                    .hasSize(7);
        }

        @Test
        void theSameSeedGivesTheSameValues(Onboarding onboarding) {
            Fixtures one = Fixtures.of(onboarding, 7);
            Fixtures another = Fixtures.of(onboarding, 7);

            for (ProviderType type : List.of(ProviderType.AWS, ProviderType.OCI, ProviderType.KUBERNETES)) {
                String number = one.accountNumber(type);
                Credential credential = one.credential(type, number);
                assertThat(another.accountNumber(type)).isEqualTo(number);
                assertThat(another.credential(type, number)).isEqualTo(credential);
            }
            assertThat(Fixtures.of(onboarding, 8).accountNumber(ProviderType.AWS))
                    .isNotEqualTo(Fixtures.of(onboarding, 7).accountNumber(ProviderType.AWS));
        }

        @Test
        void ofAnUnknownProviderNothingIsMadeUp(Fixtures fixtures) {
            assertThatThrownBy(() -> fixtures.onboarded(new ProviderType("elsewhere")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("elsewhere");
        }

        @Test
        void fakesHaveNoRows(Workspace workspace) {
            assertThatThrownBy(workspace::pythonRows).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Nested
    @OnboardingTest
    class OfPythonEngines {
        private static final String ROLE = "{\"role_arn\": \"arn:aws:iam::123456789012:role/Scanner\","
                + " \"external_id\": \"threat-engine-0123456789abcdef\", \"account_number\": \"123456789012\"}";

        @Test
        void areReadByTheLibrary(Onboarding onboarding, PythonRows rows) {
            var tenant = rows.tenant("acme");
            var id = rows.account(tenant, rows.provider(tenant, "aws"), "production", "123456789012");
            rows.secret(id, AwsIamRole.TYPE, ROLE);

            Account account = onboarding.accounts().get(id);

            assertThat(account.tenantId()).isEqualTo(tenant);
            assertThat(onboarding.tenants().get(tenant).name()).isEqualTo("acme");
            assertThat(onboarding.vault().get(account.credentialKey())).isInstanceOf(AwsIamRole.class);
        }

        @Test
        void schedulesRunsAndScansAreReadToo(Onboarding onboarding, OnboardingStorage storage, PythonRows rows) {
            var tenant = rows.tenant("runs");
            var account = rows.account(tenant, rows.provider(tenant, "aws"), "production", "123456789012");
            var nightly = rows.schedule(tenant, account, "nightly", "0 2 * * *");
            var run = rows.execution(nightly, account);
            var scan = rows.scan(account, "aws");

            assertThat(onboarding.schedules().get(nightly)).satisfies(schedule -> {
                assertThat(schedule.name()).isEqualTo("nightly");
                assertThat(schedule.recurrence()).isEqualTo(Recurrence.cron("0 2 * * *", ZoneId.of("UTC")));
                assertThat(schedule.nextRunAt()).isEmpty();
            });
            assertThat(storage.executions().get(run).scheduleId()).isEqualTo(nightly);
            assertThat(storage.scanResults().get(scan).accountId()).isEqualTo(account);
        }

        @Test
        void nothingStaysOfAWorkspaceThatCouldNotBeMade(Backend backend) {
            var client = backend.aws().orElseThrow();
            List<String> before = client.dynamoDb().listTables().tableNames();
            System.setProperty("onboarding.test.seed", "no number");
            try {
                assertThatThrownBy(backend::newWorkspace)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("ONBOARDING_TEST_SEED must be a whole number");
            } finally {
                System.clearProperty("onboarding.test.seed");
            }

            assertThat(client.dynamoDb().listTables().tableNames()).isEqualTo(before);
        }

        @Test
        void areGoneWithTheWorkspaceAsAllElse(Backend backend) {
            var client = backend.aws().orElseThrow();
            Workspace workspace = backend.newWorkspace();
            Account account = workspace.fixtures().aws();
            workspace.onboarding().offboardAccount(account.id());
            workspace.fixtures().gcp();
            String prefix = workspace.settings().secretsPrefix();
            assertThat(client.dynamoDb().listTablesPaginator().tableNames()).anyMatch(name -> name.startsWith(prefix));

            workspace.close();

            assertThat(client.dynamoDb().listTablesPaginator().tableNames()).noneMatch(name -> name.startsWith(prefix));
            assertThat(client.secretsManager()
                            .listSecrets(request -> request.includePlannedDeletion(true))
                            .secretList())
                    .noneMatch(secret -> secret.name().startsWith(prefix));
        }
    }
}
