package io.threatengine.onboarding.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.cli.Run.Desk;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.schedule.NewSchedule;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@OnboardingTest
class ListCommandsTest {
    /** Rows of 100 kB, of which ten are a page. */
    private static final int MORE_THAN_A_PAGE = 25;

    private final EmbeddedAws aws;
    private final Installation installation;
    private final Desk desk;
    private final TableNames tables;

    ListCommandsTest(EmbeddedAws aws) {
        this.aws = aws;
        this.installation = Installation.on(aws);
        this.desk = installation.desk();
        this.tables = desk.settings().tables();
    }

    @Test
    void listsAreCompleteOverSeveralPages() {
        var tenants = new ArrayList<String>();
        for (int i = 0; i < MORE_THAN_A_PAGE; i++) {
            Tenant tenant = installation.tenant();
            installation.enlarge(tables.tenants(), "tenant_id", tenant.id());
            tenants.add(tenant.id().value());
        }

        Run run = desk.run("tenants", "list");
        JsonNode json = desk.json("tenants", "list");

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines().skip(1).map(line -> line.split(" ", 2)[0]))
                .containsExactlyInAnyOrderElementsOf(tenants);
        assertThat(json.path("tenants"))
                .extracting(tenant -> tenant.path("tenant_id").asText())
                .containsExactlyInAnyOrderElementsOf(tenants);
        assertThat(json.path("count").asInt()).isEqualTo(MORE_THAN_A_PAGE);
    }

    @Test
    void aLimitEndsTheList() {
        for (int i = 0; i < 3; i++) {
            assertThat(installation.tenant()).isNotNull();
        }

        assertThat(desk.run("tenants", "list", "--limit", "2").out().lines()).hasSize(3);
        assertThat(desk.json("tenants", "list", "--limit=2").path("tenants")).hasSize(2);
        assertThat(desk.run("tenants", "list", "--limit=0").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void accountsAreOfOneTenantAndOfOneStatus() {
        Tenant tenant = installation.tenant();
        Account pending = installation.account(tenant, "first", "secret-1");
        Account gone = installation.account(tenant, "second", "secret-2");
        Account foreign = installation.account(installation.tenant(), "third", "secret-3");
        installation.onboarding().offboardAccount(gone.id());
        String id = tenant.id().value();

        assertThat(accounts("accounts", "list", "--tenant", id))
                .containsExactlyInAnyOrder(pending.id().value(), gone.id().value())
                .doesNotContain(foreign.id().value());
        assertThat(accounts("accounts", "list", "--tenant", id, "--status", "deleted"))
                .containsExactly(gone.id().value());
        assertThat(desk.run("accounts", "list", "--tenant", id).out())
                .contains("ONBOARDING", "deployed", "first")
                .doesNotContain("secret-");
    }

    private List<String> accounts(String... arguments) {
        var ids = new ArrayList<String>();
        desk.json(arguments)
                .path("accounts")
                .forEach(account -> ids.add(account.path("account_id").asText()));
        return ids;
    }

    @Test
    void schedulesAreOfATenantOrOfAnAccount() {
        Tenant tenant = installation.tenant();
        Account account = installation.account(tenant, "production", "secret-1");
        Schedule nightly = installation
                .onboarding()
                .schedules()
                .create(NewSchedule.of(
                        account,
                        ProviderType.IBM,
                        "nightly",
                        Recurrence.cron("0 2 * * *", ZoneId.of("Europe/Berlin"))));
        Schedule often = installation
                .onboarding()
                .schedules()
                .create(NewSchedule.of(account, ProviderType.IBM, "often", Recurrence.every(Duration.ofHours(6))));

        Run ofTenant = desk.run("schedules", "list", "--tenant", tenant.id().value());
        JsonNode ofAccount =
                desk.json("schedules", "list", "--account", account.id().value());

        assertThat(ofTenant.out())
                .contains(
                        nightly.id().value(),
                        "0 2 * * * Europe/Berlin",
                        "every PT6H",
                        often.id().value());
        assertThat(ofAccount.path("schedules")).hasSize(2);
        assertThat(desk.run("schedules", "list").code()).isEqualTo(ExitCode.USAGE);
        assertThat(desk.run("schedules", "list", "--tenant=a", "--account=b").code())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void theDocumentsHaveTheFieldsThatAreDocumented() {
        Tenant tenant = installation.tenant();
        Account account = installation.account(tenant, "production", "secret-1");
        assertThat(installation
                        .onboarding()
                        .schedules()
                        .create(NewSchedule.of(
                                account, ProviderType.IBM, "often", Recurrence.every(Duration.ofHours(6)))))
                .isNotNull();
        String id = tenant.id().value();

        JsonNode tenants = desk.json("tenants", "list");

        assertThat(Run.namesOf(tenants)).containsExactly("tenants", "count", "unreadable_count", "unreadable");
        assertThat(Run.namesOf(tenants.path("tenants").path(0)))
                .containsExactly("tenant_id", "name", "description", "status", "created_at", "updated_at");
        assertThat(Run.namesOf(desk.json("accounts", "list", "--tenant", id)
                        .path("accounts")
                        .path(0)))
                .containsExactly(
                        "account_id",
                        "tenant_id",
                        "provider_id",
                        "name",
                        "number",
                        "status",
                        "onboarding_status",
                        "credential_status",
                        "credential_ref",
                        "credential_version_id",
                        "last_validated_at",
                        "validation_error",
                        "created_at",
                        "updated_at");
        assertThat(Run.namesOf(desk.json("schedules", "list", "--tenant", id)
                        .path("schedules")
                        .path(0)))
                .containsExactly(
                        "schedule_id",
                        "tenant_id",
                        "account_id",
                        "name",
                        "status",
                        "enabled",
                        "schedule_type",
                        "cron_expression",
                        "interval_seconds",
                        "timezone",
                        "next_run_at",
                        "last_run_at",
                        "run_count",
                        "success_count",
                        "failure_count",
                        "created_at",
                        "updated_at");
    }

    @Test
    void aRowThatCannotBeReadIsToldOfAndTheOthersAreListed() {
        Tenant well = installation.tenant();
        Tenant ill = installation.tenant();
        installation.set(tables.tenants(), "tenant_id", ill.id(), "created_at", "yesterday");

        Run run = desk.run("tenants", "list");
        Run json = desk.run("tenants", "list", "--json");
        JsonNode document = Run.parse(json.out());

        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out())
                .contains(well.id().value())
                .doesNotContain(ill.id().value());
        assertThat(run.err()).startsWith("left out: ").contains(ill.id().value());
        assertThat(json.code()).isEqualTo(ExitCode.FAILED);
        assertThat(json.err()).isEmpty();
        assertThat(document.path("count").asInt()).isEqualTo(1);
        assertThat(document.path("unreadable_count").asInt()).isEqualTo(1);
        assertThat(document.path("unreadable").path(0).asText())
                .contains(ill.id().value());
    }

    @Test
    void aNameThatOthersHaveWrittenMovesNoCursor() {
        Tenant tenant = installation.tenant();
        installation.set(tables.tenants(), "tenant_id", tenant.id(), "tenant_name", "a\u001b[2Jb");

        assertThat(desk.run("tenants", "list").out()).doesNotContain("\u001b").contains("a\\u001b[2Jb");
    }

    @Test
    void theListEndsWhereNobodyReadsOn() {
        for (int i = 0; i < MORE_THAN_A_PAGE; i++) {
            installation.enlarge(
                    tables.tenants(), "tenant_id", installation.tenant().id());
        }
        var head = new Head();
        var err = new ByteArrayOutputStream();

        int code = OnboardingCli.run(desk.shell(head, err), desk.arguments("tenants", "list"));

        assertThat(code).isEqualTo(ExitCode.OK.number());
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(head.lines).isEqualTo(3);
        assertThat(head.writesAfterwards).isEqualTo(1);
    }

    /** Reads three lines and goes. */
    private static final class Head extends OutputStream {
        private int lines;
        private int writesAfterwards;

        @Override
        public void write(int b) throws IOException {
            if (lines == 3) {
                writesAfterwards++;
                throw new IOException("Broken pipe");
            }
            if (b == '\n') {
                lines++;
            }
        }
    }

    @Test
    void withoutTablesItSaysWhatIsMissing() {
        Desk elsewhere = Desk.of(aws);

        for (String json : List.of("--json", "--no-color")) {
            Run run = elsewhere.run("accounts", "list", "--tenant=x", json);

            assertThat(run.code()).isEqualTo(ExitCode.CONFLICT);
            assertThat(run.err()).contains(elsewhere.settings().tables().accounts());
        }
        assertThat(elsewhere.run("accounts", "list", "--tenant=x", "--json").out())
                .isEmpty();
    }
}
