package io.threatengine.onboarding.infrastructure;

import io.threatengine.onboarding.OnboardingStorage;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.AccountStatus;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.dynamodb.DynamoDbSetup;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.provider.Provider;
import io.threatengine.onboarding.secrets.KeySetup;
import io.threatengine.onboarding.secrets.SecretChecks;
import io.threatengine.onboarding.setup.Check;
import io.threatengine.onboarding.setup.Finding;
import io.threatengine.onboarding.setup.Setup;
import io.threatengine.onboarding.setup.Severity;
import io.threatengine.onboarding.storage.Entity;
import io.threatengine.onboarding.storage.UniqueKey;
import io.threatengine.onboarding.tenant.Tenant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All checks of an installation: tables and key, rows, secrets, and a round trip of a row and of a secret, which are removed again.
 * Thread-safe. It reads every tenant, provider and account once.
 *
 * <pre>{@code
 * Doctor doctor = Doctor.of(Setup.of(tables, key), storage, secretChecks);
 * doctor.verify().stream().filter(Finding::isProblem).forEach(System.out::println);
 * }</pre>
 *
 * <p>The caller needs what an administrator and a writer may do; what is refused is a finding that names the action.
 */
public final class Doctor {
    private static final Check READABLE = new Check(
            "rows-readable",
            Severity.ERROR,
            "All tenants, providers and accounts can be read",
            "What cannot be read cannot be listed, changed or scanned.",
            "Mend the row that is named, or allow the action that is named.");
    private static final Check UNIQUE = new Check(
            "rows-duplicate",
            Severity.WARNING,
            "No name and no number is taken twice",
            "Other engines write no guards and may give a name or number twice; whoever looks it up gets one of the two.",
            "Rename or remove all but one, and reserve what is left (backfill, DynamoDbStorage.backfillUniqueKeys).");
    private static final Check LISTED = new Check(
            "rows-listed",
            Severity.WARNING,
            "Every account is found under its tenant",
            "Its credential is needed, but no list shows the account.",
            "Write the tenant's row again, or mark the account as deleted. An account that was made during the check is none.");
    private static final Check ROUND_TRIP = new Check(
            "row-round-trip",
            Severity.ERROR,
            "A row can be written, read and removed",
            "It is what every engine does.",
            "Do what the message says: most often a table or an action is missing.");

    private static final int TOLD = 100;

    private final Setup setup;

    private final OnboardingStorage storage;
    private final SecretChecks secrets;

    private Doctor(Setup setup, OnboardingStorage storage, SecretChecks secrets) {
        this.setup = Objects.requireNonNull(setup, "setup");
        this.storage = Objects.requireNonNull(storage, "storage");
        this.secrets = Objects.requireNonNull(secrets, "secrets");
    }

    /** Over these parts, which stay the caller's to close. */
    public static Doctor of(Setup setup, OnboardingStorage storage, SecretChecks secrets) {
        return new Doctor(setup, storage, secrets);
    }

    /** All checks that there are, for a manual. */
    public static List<Check> checks() {
        return Stream.of(
                        DynamoDbSetup.checks(),
                        KeySetup.checks(),
                        List.of(READABLE, UNIQUE, LISTED, ROUND_TRIP),
                        SecretChecks.checks(),
                        RoleChecks.checks(),
                        PolicyChecks.checks())
                .flatMap(List::stream)
                .toList();
    }

    /** Runs them all, but for those of roles and policies, which the caller has to name: {@link RoleChecks}, {@link PolicyChecks}. */
    public List<Finding> verify() {
        return verify(step -> {});
    }

    /**
     * The same.
     *
     * @param progress told in a line what comes next, and after every {@value #TOLD} tenants how many rows were read
     */
    public List<Finding> verify(Consumer<? super String> progress) {
        Objects.requireNonNull(progress, "progress");
        progress.accept("Looking at tables and key");
        List<Finding> findings = new ArrayList<>(setup.verify());
        progress.accept("Reading tenants, providers and accounts");
        var living = new ArrayList<CredentialKey>();
        boolean complete = rows(findings, living, progress);
        progress.accept("Looking at the secrets of " + living.size() + " accounts");
        Set<AccountId> listed = living.stream().map(CredentialKey::accountId).collect(Collectors.toSet());
        findings.addAll(
                secrets.run(living, complete, account -> !listed.contains(account) && lives(account, findings)));

        progress.accept("Writing, reading and removing a row and a secret");
        findings.add(roundTrip());
        findings.add(secrets.roundTrip());
        return findings;
    }

    /** Adds the keys of the accounts that live; false if not all rows could be read. */
    private boolean rows(List<Finding> findings, List<CredentialKey> living, Consumer<? super String> progress) {

        Map<UniqueKey, List<String>> owners = new LinkedHashMap<>();
        int before = findings.size();
        Consumer<OnboardingException> unreadable =
                problem -> findings.add(READABLE.failed("rows", String.valueOf(problem.getMessage())));
        long rows = 0;
        long tenants = 0;
        try {
            for (Tenant tenant : storage.tenants().all().reporting(unreadable::accept)) {
                rows += note(tenant, owners);
                for (Provider provider :
                        storage.providers().ofTenant(tenant.id()).reporting(unreadable::accept)) {
                    rows += note(provider, owners);
                }
                for (Account account : storage.accounts().ofTenant(tenant.id()).reporting(unreadable::accept)) {
                    rows += note(account, owners);
                    if (!account.status().equals(AccountStatus.DELETED)) {
                        living.add(account.credentialKey());
                    }
                }
                if (++tenants % TOLD == 0) {
                    progress.accept(rows + " rows of " + tenants + " tenants read");
                }
            }
        } catch (OperationInterruptedException e) {
            throw e;
        } catch (OnboardingException e) {
            unreadable.accept(e);
        }
        boolean complete = findings.size() == before;
        if (complete) {
            findings.add(READABLE.passed("rows", rows + " read"));
        }
        duplicates(owners, complete, findings);
        return complete;
    }

    /** An account that no list has shown: its secret is needed, or, where its row cannot be read, may be. */
    private boolean lives(AccountId id, List<Finding> findings) {
        try {
            Optional<Account> account =
                    storage.accounts().find(id).filter(row -> !row.status().equals(AccountStatus.DELETED));
            account.ifPresent(row -> findings.add(
                    LISTED.failed("account " + id, "it lives, but the tenant " + row.tenantId() + " was not read")));
            return account.isPresent();
        } catch (OperationInterruptedException e) {
            throw e;
        } catch (OnboardingException e) {
            findings.add(READABLE.failed("rows", String.valueOf(e.getMessage())));
            return true;
        }
    }

    private static void duplicates(Map<UniqueKey, List<String>> owners, boolean complete, List<Finding> findings) {
        int before = findings.size();
        owners.forEach((key, ids) -> {
            if (ids.size() > 1) {
                findings.add(UNIQUE.failed(
                        key.kind() + " " + key.field() + " " + key.value(), "held by " + String.join(", ", ids)));
            }
        });
        if (findings.size() == before) {
            String saw = owners.size() + " names and numbers, each held once";
            findings.add(
                    complete
                            ? UNIQUE.passed("rows", saw)
                            : UNIQUE.notCheckable("rows", saw + "; but not all rows could be read"));
        }
    }

    private static long note(Entity<?, ?> entity, Map<UniqueKey, List<String>> owners) {
        entity.uniqueKeys()
                .forEach(key ->
                        owners.computeIfAbsent(key, unused -> new ArrayList<>()).add(String.valueOf(entity.id())));
        return 1;
    }

    private Finding roundTrip() {
        String name = "probe-" + UUID.randomUUID();
        Tenant probe;
        try {
            probe = storage.tenants().create(name);
        } catch (OperationInterruptedException e) {
            throw e;
        } catch (ServiceUnavailableException e) {
            return ROUND_TRIP.failed("tenants", e.getMessage() + " If it did, the tenant " + name + " is left behind.");
        } catch (OnboardingException e) {
            return ROUND_TRIP.failed("tenants", String.valueOf(e.getMessage()));
        }
        String saw;
        try {
            saw = storage.tenants().get(probe.id()).equals(probe) ? "" : "another row was read than was written";
        } catch (OperationInterruptedException e) {
            throw e;
        } catch (OnboardingException e) {
            saw = String.valueOf(e.getMessage());
        }
        try {
            storage.tenants().delete(probe.id());
        } catch (OperationInterruptedException e) {
            throw e;
        } catch (OnboardingException e) {
            return ROUND_TRIP.failed(
                    "tenants", "the probe, tenant " + probe.id() + ", is left behind: " + e.getMessage());
        }
        return saw.isEmpty()
                ? ROUND_TRIP.passed("tenants", "written, read and removed")
                : ROUND_TRIP.failed("tenants", saw);
    }
}
