package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.tenant.Tenant;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(name = "tenants", description = "Looks at tenants.", subcommands = TenantsCommand.ListAll.class)
final class TenantsCommand {

    @Command(name = "list", description = "Lists all tenants, in no order, by a scan of their table.")
    static final class ListAll extends ListCommand<Tenant> {
        @Override
        String name() {
            return "tenants";
        }

        @Override
        Listing<Tenant> listing(OnboardingStorage storage) {
            return storage.tenants().all();
        }

        @Override
        String header() {
            return columns(ID, "TENANT", WORD, "STATUS", TIME, "CREATED", 0, "NAME");
        }

        @Override
        String row(Tenant tenant) {
            return columns(ID, tenant.id(), WORD, tenant.status(), TIME, time(tenant.createdAt()), 0, tenant.name());
        }

        @Override
        void write(Tenant tenant, Output.Fields fields) throws IOException {
            fields.text("tenant_id", tenant.id().value())
                    .text("name", tenant.name())
                    .text("description", tenant.description())
                    .text("status", tenant.status().value())
                    .time("created_at", tenant.createdAt())
                    .time("updated_at", tenant.updatedAt());
        }
    }
}
