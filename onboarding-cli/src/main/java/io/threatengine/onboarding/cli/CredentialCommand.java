package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.credential.CredentialDescription;
import io.threatengine.onboarding.credential.CredentialStage;
import io.threatengine.onboarding.credential.CustomCredential;
import io.threatengine.onboarding.credential.VersionDescription;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.secrets.AutomaticRotation;
import io.threatengine.onboarding.secrets.CredentialDocument;
import io.threatengine.onboarding.secrets.SecretAdministration;
import io.threatengine.onboarding.secrets.SecretEncryption;
import io.threatengine.onboarding.secrets.SecretsManagerVault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "credential",
        description = "Looks at an account's credential and changes it. Never shows it.",
        subcommands = {
            CredentialCommand.Describe.class,
            CredentialCommand.Rotate.class,
            CredentialCommand.Rollback.class
        })
final class CredentialCommand {

    /** Of one account. */
    @Command
    abstract static class OfAccount extends CliCommand {
        @Parameters(paramLabel = "ACCOUNT_ID", description = "The account's id in its row; not its number.")
        private @Nullable String account;

        final AccountId id() {
            return read("ACCOUNT_ID", AccountId::of, Objects.requireNonNull(account, "account"));
        }

        @Override
        ExitCode run() {
            OnboardingSettings settings = settings();
            AccountId id = id();
            try (var storage = DynamoDbStorage.open(settings, cli().clientOptions());
                    var vault = SecretsManagerVault.open(settings, cli().clientOptions())) {
                return run(settings, Onboarding.of(storage, vault), id);
            }
        }

        abstract ExitCode run(OnboardingSettings settings, Onboarding onboarding, AccountId id);
    }

    /** What changes a credential, and asks before. */
    @Command
    abstract static class Change extends OfAccount {
        @Option(names = "--yes", description = "Do not ask.")
        private boolean yes;

        /** Before anything is read or called. */
        final void requireAnswerable(boolean canAsk) {
            if (!yes && !(canAsk && cli().shell().confirm() != null)) {
                throw usage("--yes is needed where nobody can be asked");
            }
        }

        final boolean isConfirmed(String question) {
            Predicate<String> confirm = cli().shell().confirm();
            if (yes || (confirm != null && confirm.test(question))) {
                return true;
            }
            output().progress("Nothing was changed.");
            return false;
        }

        final void tell(Account account, String done) {
            if (output().isJson()) {
                output().document(document -> document.text(
                                "account_id", account.id().value())
                        .text("secret", account.credentialReference())
                        .text("version_id", account.credentialVersionId())
                        .text("credential_status", account.credentialStatus().value()));
            } else {
                output().line(done + " Current version: "
                        + account.credentialVersionId().orElse("-") + "; the credential is "
                        + account.credentialStatus() + " until somebody has tried it.");
            }
        }

        static String named(Account account) {
            return Output.shown(account.name()) + " (" + account.id() + ")";
        }
    }

    @Command(
            name = "rotate",
            description = {
                "Stores an account's next credential, untried: readers get it at once, the one before can be brought back.",
                "It is read from standard input, or from a file, as"
                        + " {\"credential_type\": \"…\", \"credentials\": {…}, \"expires_at\": \"…\"}; the last may be left out."
            })
    static final class Rotate extends Change {
        @Option(names = "--file", paramLabel = "FILE", description = "Read it there. Without: from standard input.")
        private @Nullable Path file;

        @Option(
                names = "--custom-type",
                description =
                        "Also store a credential_type that is none of the library's; else it counts as a typing error.")
        private boolean custom;

        @Override
        ExitCode run() {
            requireAnswerable(file != null); // standard input holds the credential, and no answer
            return super.run();
        }

        @Override
        ExitCode run(OnboardingSettings settings, Onboarding onboarding, AccountId id) {
            CredentialDocument next = parsed(file == null ? standardInput() : TextFiles.read(file));
            Account account = onboarding.accounts().get(id);
            String type = next.credential().type();
            if (!isConfirmed("Replace the credential of " + named(account) + " by the new " + type + "?")) {
                return ExitCode.FAILED;
            }
            tell(onboarding.rotateCredential(id, next.credential(), next.expiresAt()), "Rotated.");
            return ExitCode.OK;
        }

        private CredentialDocument parsed(String text) {
            CredentialDocument document;
            try {
                document = CredentialDocument.parse("new credential", text);
            } catch (MalformedDataException e) {
                throw usage("the new credential cannot be used: " + e.problem());
            }
            if (document.credential() instanceof CustomCredential && !custom) {
                throw usage("the new credential cannot be used: its credential_type is none of the library's"
                        + " (--custom-type stores it all the same)");
            }
            return document;
        }

        private String standardInput() {
            try {
                byte[] bytes = cli().shell().in().readNBytes(CredentialDocument.LARGEST + 1);
                if (bytes.length > CredentialDocument.LARGEST) {
                    throw usage("the new credential must not have more than " + CredentialDocument.LARGEST + " bytes");
                }
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                throw usage("the new credential must be UTF-8");
            } catch (IOException e) {
                throw new UncheckedIOException("standard input cannot be read", e);
            }
        }
    }

    @Command(
            name = "rollback",
            description = {
                "Makes the credential current again that was so before. May be repeated after a crash;",
                "after it has succeeded, another rollback goes back to where it came from."
            })
    static final class Rollback extends Change {
        @Override
        ExitCode run() {
            requireAnswerable(true);
            return super.run();
        }

        @Override
        ExitCode run(OnboardingSettings settings, Onboarding onboarding, AccountId id) {
            Account account = onboarding.accounts().get(id);
            if (!isConfirmed("Bring the credential of " + named(account) + " back that was current before?")) {
                return ExitCode.FAILED;
            }
            tell(onboarding.rollbackCredential(id), "Rolled back.");
            return ExitCode.OK;
        }
    }

    @Command(
            name = "describe",
            description = {
                "Shows where the credential is, its versions and their stages, which key encrypts it, and how it is rotated.",
                "Opens no secret under its tenant's name."
            })
    static final class Describe extends OfAccount {
        @Override
        ExitCode run(OnboardingSettings settings, Onboarding onboarding, AccountId id) {
            Account account = onboarding.accounts().get(id);
            CredentialKey key = account.credentialKey();
            CredentialDescription description = onboarding.vault().describe(key);
            List<VersionDescription> versions = onboarding.vault().rotation().versions(key);
            try (var administration = SecretAdministration.open(settings, cli().clientOptions())) {
                var all = new All(
                        account,
                        description,
                        versions,
                        administration.encryption(key),
                        administration.automaticRotation(key));
                if (output().isJson()) {
                    output().document(all::write);
                } else {
                    all.lines().forEach(line -> output().line(Output.shown(line)));
                }
            }
            return ExitCode.OK;
        }
    }

    private record All(
            Account account,
            CredentialDescription description,
            List<VersionDescription> versions,
            SecretEncryption encryption,
            Optional<AutomaticRotation> rotation) {

        private boolean pending() {
            return versions.stream()
                    .anyMatch(version -> version.is(CredentialStage.PENDING) && !version.is(CredentialStage.CURRENT));
        }

        List<String> lines() {
            var lines = new ArrayList<String>();
            lines.add("account     " + account.id() + " " + account.name() + ", " + account.status() + ", of tenant "
                    + account.tenantId());
            lines.add("credential  " + account.credentialStatus());
            lines.add("secret      " + description.version().reference());
            lines.add("arn         " + description.arn());
            if (description.owner() != null && !description.owner().equals(account.id())) {
                lines.add("shared      the secret is that of account " + description.owner());
            }
            if (description.deletionDate() != null) {
                lines.add("deletion    on " + description.deletionDate());
            }
            lines.add("key         " + encryption.keyArn() + ", " + encryption.keyState()
                    + (encryption.isAsSet() ? ", as set" : ", NOT as set: " + encryption.settingsKeyArn()));
            lines.add("rotation    " + (pending() ? "a version is pending; " : "")
                    + rotation.map(All::words).orElse("AWS does none"));
            for (VersionDescription version : versions) {
                lines.add("version     " + version.version().versionId() + "  " + version.createdAt() + "  "
                        + String.join(", ", stages(version)));
            }
            return lines;
        }

        private static String words(AutomaticRotation rotation) {
            return "by AWS " + (rotation.enabled() ? "on" : "off") + ", last " + word(rotation) + ", next "
                    + (rotation.nextAt() == null ? "-" : rotation.nextAt());
        }

        private static String word(AutomaticRotation rotation) {
            return rotation.lastResult().name().toLowerCase(Locale.ROOT);
        }

        private static List<String> stages(VersionDescription version) {
            return version.stages().stream()
                    .map(CredentialStage::value)
                    .sorted()
                    .toList();
        }

        void write(Output.Fields document) throws IOException {
            document.text("account_id", account.id().value())
                    .text("tenant_id", account.tenantId().value())
                    .text("account_name", account.name())
                    .text("account_status", account.status().value())
                    .text("credential_status", account.credentialStatus().value())
                    .text("secret", description.version().reference())
                    .text("arn", description.arn())
                    .text("owner", Optional.ofNullable(description.owner()).map(AccountId::value))
                    .time("created_at", description.createdAt())
                    .time("last_changed_at", description.lastChangedAt())
                    .time("deletion_date", description.deletionDate())
                    .object(
                            "encryption",
                            fields -> fields.text("key", encryption.keyArn())
                                    .text("state", encryption.keyState())
                                    .text("wanted_key", encryption.settingsKeyArn())
                                    .flag("as_set", encryption.isAsSet()))
                    .flag("pending", pending())
                    .objects(
                            "versions",
                            versions,
                            (version, fields) -> fields.text(
                                            "version_id", version.version().versionId())
                                    .texts("stages", stages(version))
                                    .time("created_at", version.createdAt())
                                    .text("key", version.kmsKeyId()))
                    .object("rotation", fields -> {
                        fields.flag(
                                "enabled",
                                rotation.filter(AutomaticRotation::enabled).isPresent());
                        if (rotation.isPresent()) {
                            AutomaticRotation by = rotation.get();
                            fields.text("function", by.functionArn())
                                    .text(
                                            "schedule",
                                            by.schedule() == null
                                                    ? null
                                                    : by.schedule().expression())
                                    .time("next_at", by.nextAt())
                                    .time("last_at", by.lastAt())
                                    .text("last_result", word(by));
                        }
                    });
        }
    }
}
