package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountStatus;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.tenant.TenantId;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "accounts", description = "Looks at accounts.", subcommands = AccountsCommand.ListAll.class)
final class AccountsCommand {

    @Command(name = "list", description = "Lists a tenant's accounts, by status.")
    static final class ListAll extends ListCommand<Account> {
        @Option(names = "--tenant", required = true, paramLabel = "ID", description = "The tenant's id.")
        private @Nullable String tenant;

        @Option(
                names = "--status",
                paramLabel = "STATUS",
                description = "Those in one status: pending, active, inactive or deleted.")
        private @Nullable String status;

        @Override
        String name() {
            return "accounts";
        }

        @Override
        Listing<Account> listing(OnboardingStorage storage) {
            TenantId id = read("--tenant", TenantId::of, Objects.requireNonNull(tenant, "tenant"));
            return status == null
                    ? storage.accounts().ofTenant(id)
                    : storage.accounts().ofTenant(id, read("--status", AccountStatus::new, status));
        }

        @Override
        String header() {
            return columns(
                    ID, "ACCOUNT", WORD, "STATUS", WORD, "ONBOARDING", WORD, "CREDENTIAL", ID, "NUMBER", 0, "NAME");
        }

        @Override
        String row(Account account) {
            return columns(
                    ID,
                    account.id(),
                    WORD,
                    account.status(),
                    WORD,
                    account.onboardingStatus(),
                    WORD,
                    account.credentialStatus(),
                    ID,
                    account.number(),
                    0,
                    account.name());
        }

        @Override
        void write(Account account, Output.Fields fields) throws IOException {
            fields.text("account_id", account.id().value())
                    .text("tenant_id", account.tenantId().value())
                    .text("provider_id", account.providerId().value())
                    .text("name", account.name())
                    .text("number", account.number())
                    .text("status", account.status().value())
                    .text("onboarding_status", account.onboardingStatus().value())
                    .text("credential_status", account.credentialStatus().value())
                    .text("credential_ref", account.credentialReference())
                    .text("credential_version_id", account.credentialVersionId())
                    .time("last_validated_at", account.lastValidatedAt().orElse(null))
                    .text("validation_error", account.validationError())
                    .time("created_at", account.createdAt())
                    .time("updated_at", account.updatedAt());
        }
    }
}
