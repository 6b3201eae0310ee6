package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.schedule.Recurrence;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.tenant.TenantId;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "schedules", description = "Looks at schedules.", subcommands = SchedulesCommand.ListAll.class)
final class SchedulesCommand {

    /** Whose. */
    static final class Owner {
        @Option(names = "--tenant", required = true, paramLabel = "ID", description = "Those of a tenant.")
        private @Nullable String tenant;

        @Option(names = "--account", required = true, paramLabel = "ID", description = "Those of an account.")
        private @Nullable String account;
    }

    @Command(name = "list", description = "Lists the schedules of a tenant or of an account, by id.")
    static final class ListAll extends ListCommand<Schedule> {
        @ArgGroup(multiplicity = "1")
        private @Nullable Owner owner;

        @Override
        String name() {
            return "schedules";
        }

        @Override
        Listing<Schedule> listing(OnboardingStorage storage) {
            Owner of = Objects.requireNonNull(owner, "owner");
            return of.tenant != null
                    ? storage.schedules().ofTenant(read("--tenant", TenantId::of, of.tenant))
                    : storage.schedules()
                            .ofAccount(read("--account", AccountId::of, Objects.requireNonNull(of.account, "account")));
        }

        @Override
        String header() {
            return columns(
                    ID, "SCHEDULE", ID, "ACCOUNT", WORD, "STATUS", TIME, "NEXT RUN", ID, "RECURRENCE", 0, "NAME");
        }

        @Override
        String row(Schedule schedule) {
            return columns(
                    ID,
                    schedule.id(),
                    ID,
                    schedule.accountId(),
                    WORD,
                    schedule.status(),
                    TIME,
                    schedule.nextRunAt().map(ListCommand::time).orElse("-"),
                    ID,
                    words(schedule.recurrence()),
                    0,
                    schedule.name());
        }

        private static String words(Recurrence recurrence) {
            if (recurrence instanceof Recurrence.Cron cron) {
                return cron.expression() + " " + cron.timeZone();
            }
            return recurrence instanceof Recurrence.Interval interval
                    ? "every " + interval.every()
                    : recurrence.type().value();
        }

        @Override
        void write(Schedule schedule, Output.Fields fields) throws IOException {
            fields.text("schedule_id", schedule.id().value())
                    .text("tenant_id", schedule.tenantId().value())
                    .text("account_id", schedule.accountId().value())
                    .text("name", schedule.name())
                    .text("status", schedule.status().value())
                    .flag("enabled", schedule.enabled())
                    .text("schedule_type", schedule.type().value())
                    .text("cron_expression", schedule.cronExpression())
                    .number("interval_seconds", schedule.intervalSeconds())
                    .text("timezone", schedule.timeZone())
                    .time("next_run_at", schedule.nextRunAt().orElse(null))
                    .time("last_run_at", schedule.lastRunAt().orElse(null))
                    .number("run_count", schedule.runCount())
                    .number("success_count", schedule.successCount())
                    .number("failure_count", schedule.failureCount())
                    .time("created_at", schedule.createdAt())
                    .time("updated_at", schedule.updatedAt());
        }
    }
}
