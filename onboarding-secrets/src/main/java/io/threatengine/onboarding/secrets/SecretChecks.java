package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.aws.ClientOptions;
import io.threatengine.onboarding.aws.SdkClients;
import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.setup.Check;
import io.threatengine.onboarding.setup.Finding;
import io.threatengine.onboarding.setup.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.Filter;
import software.amazon.awssdk.services.secretsmanager.model.FilterNameStringType;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;

/**
 * Checks the stored secrets without opening them: against the accounts that need them, and against the key of the settings.
 * Thread-safe. {@code Doctor} runs it with all others.
 *
 * <pre>{@code
 * try (var checks = SecretChecks.open(settings)) {
 *     checks.run(List.of(account.credentialKey())).forEach(System.out::println);
 *     System.out.println(checks.roundTrip());
 * }
 * }</pre>
 */
public final class SecretChecks implements AutoCloseable {
    private static final Check ACCESS = new Check(
            "secret-access",
            Severity.ERROR,
            "The caller may list and look at the secrets",
            "What may not be seen cannot be checked.",
            "Allow the action that is named, in the caller's policy.");
    private static final Check DANGLING = new Check(
            "secret-dangling-reference",
            Severity.ERROR,
            "The secret that an account's row refers to exists",
            "The account cannot be scanned.",
            "Restore the secret if it is scheduled for deletion, or store the account's credential anew.");
    private static final Check ORPHANED = new Check(
            "secret-orphaned",
            Severity.WARNING,
            "Every secret has an account that lives",
            "A credential that nobody needs can still leak, and each secret is billed.",
            "Make sure that no engine uses it, then delete it with a recovery window.");
    private static final Check KEY = new Check(
            "secret-other-key",
            Severity.WARNING,
            "The secret is encrypted with the key of the settings",
            "Who disables or deletes the other key locks the account out; roles that may use only the settings' key cannot read it.",
            "Encrypt it anew: SecretAdministration.encryptAsSet.");
    private static final Check ROTATION = new Check(
            "secret-rotation",
            Severity.ADVICE,
            "Secrets are rotated",
            "A credential that never changes stays good for whoever once saw it.",
            "Rotate them (Onboarding.rotateCredential), or let AWS do so (SecretAdministration.rotateAutomatically).");
    private static final Check ROUND_TRIP = new Check(
            "secret-round-trip",
            Severity.ERROR,
            "A secret can be stored, read and removed",
            "It is what each account needs.",
            "Do what the message says: most often an action is missing, or the key cannot be used.");

    private final SecretsManagerClient client;
    private final KeyCalls keys;
    private final SecretCalls calls;
    private final OnboardingSettings settings;
    private final Runnable close;

    private SecretChecks(SecretsManagerClient client, KmsClient kms, OnboardingSettings settings, Runnable close) {
        this.client = Objects.requireNonNull(client, "client");
        this.keys = new KeyCalls(kms);
        this.settings = Objects.requireNonNull(settings, "settings");
        this.calls = new SecretCalls(client, settings.kmsKeyId().orElse(null), new KeyDiagnosis(() -> kms));
        this.close = close;
    }

    /** Opens clients of its own: the SDK's default credentials, the settings' region, the default options. */
    public static SecretChecks open(OnboardingSettings settings) {
        return open(settings, ClientOptions.defaults());
    }

    /** Like {@link #open(OnboardingSettings)}, with these options of the clients. */
    public static SecretChecks open(OnboardingSettings settings, ClientOptions options) {
        SecretsManagerClient client = SdkClients.open(SecretsManagerClient.builder(), settings, options);
        KmsClient kms = SdkClients.open(KmsClient.builder(), settings, options);
        return new SecretChecks(client, kms, settings, () -> {
            client.close();
            kms.close();
        });
    }

    /** Uses the caller's clients, which stay the caller's to close. */
    public static SecretChecks using(SecretsManagerClient client, KmsClient kms, OnboardingSettings settings) {
        return new SecretChecks(client, kms, settings, () -> {});
    }

    /** All that is checked here. */
    public static List<Check> checks() {
        return List.of(ACCESS, DANGLING, ORPHANED, KEY, ROTATION, ROUND_TRIP);
    }

    /**
     * Compares the secrets under the prefix with the accounts. Changes nothing.
     *
     * @param accounts the keys of <em>all</em> accounts that live: a secret of any other counts as orphaned
     */
    public List<Finding> run(Collection<CredentialKey> accounts) {
        return run(accounts, true, account -> false);
    }

    /**
     * Like {@link #run(Collection)}, of what could be found out.
     *
     * @param complete whether these are all accounts that live; if not, nobody can tell which secrets are orphaned
     * @param lives asked of a secret that none of them needs, by the id at the end of its name: whether that account lives all the
     *     same
     */
    public List<Finding> run(Collection<CredentialKey> accounts, boolean complete, Predicate<? super AccountId> lives) {
        String prefix = settings.secretsPrefix() + "/account/";
        try {
            List<SecretListEntry> secrets = list(prefix);
            var findings = new ArrayList<Finding>();
            dangling(accounts, secrets, findings);
            if (complete) {
                orphaned(accounts, lives, secrets, findings);
            } else {
                findings.add(ORPHANED.notCheckable("secrets", "not all accounts could be read"));
            }
            underAnotherKey(secrets, findings);
            notRotated(prefix, secrets, findings);
            return findings;
        } catch (OperationInterruptedException e) {
            throw e;
        } catch (OnboardingException e) {
            return List.of(ACCESS.failed(prefix + "*", String.valueOf(e.getMessage())));
        }
    }

    private void dangling(Collection<CredentialKey> accounts, List<SecretListEntry> secrets, List<Finding> findings) {
        var known = new HashSet<String>();
        secrets.forEach(secret -> {
            known.add(secret.name());
            known.add(secret.arn());
        });
        int before = findings.size();
        for (CredentialKey account : accounts) {
            account.reference()
                    .filter(reference -> !known.contains(reference) && !exists(reference))
                    .ifPresent(reference -> findings.add(DANGLING.failed(
                            "account " + account.accountId(),
                            "no secret " + reference + ", or one that is being deleted")));
        }
        if (findings.size() == before) {
            findings.add(DANGLING.passed("accounts", accounts.size() + " looked at"));
        }
    }

    /** Outside the prefix, too. */
    private boolean exists(String reference) {
        try {
            return calls.describe(reference).deletedDate() == null;
        } catch (ResourceNotFoundException e) {
            return false;
        }
    }

    private void orphaned(
            Collection<CredentialKey> accounts,
            Predicate<? super AccountId> lives,
            List<SecretListEntry> secrets,
            List<Finding> findings) {
        var names = new SecretNames(settings.secretsPrefix());
        var needed = new HashSet<String>();
        accounts.forEach(account -> needed.addAll(names.of(account)));
        int before = findings.size();
        for (SecretListEntry secret : secrets) {
            boolean isNeeded = needed.contains(secret.name()) || needed.contains(secret.arn());
            if (!isNeeded && accountOf(secret).filter(lives).isEmpty()) {
                findings.add(ORPHANED.failed(secret.name(), "no account that lives refers to it"));
            }
        }
        if (findings.size() == before) {
            findings.add(ORPHANED.passed("secrets", secrets.size() + " looked at"));
        }
    }

    /** Of the account that the name names: both forms end with it. */
    private static Optional<AccountId> accountOf(SecretListEntry secret) {
        try {
            return Optional.of(
                    AccountId.of(secret.name().substring(secret.name().lastIndexOf('/') + 1)));
        } catch (InvalidValueException e) {
            return Optional.empty(); // a name of somebody else's
        }
    }

    private void underAnotherKey(List<SecretListEntry> secrets, List<Finding> findings) {
        Map<String, String> arns = new HashMap<>();
        String wanted = arnOf(settings.kmsKeyId().orElse(KeyDiagnosis.AWS_MANAGED), arns);
        int before = findings.size();
        for (SecretListEntry secret : secrets) {
            String key = secret.kmsKeyId() == null ? KeyDiagnosis.AWS_MANAGED : secret.kmsKeyId();
            if (!arnOf(key, arns).equals(wanted)) {
                findings.add(KEY.failed(secret.name(), "under " + key + ", not " + wanted));
            }
        }
        if (findings.size() == before) {
            findings.add(KEY.passed("secrets", secrets.size() + " looked at"));
        }
    }

    private String arnOf(String key, Map<String, String> arns) {
        return arns.computeIfAbsent(
                key, name -> keys.describe(name).map(KeyMetadata::arn).orElse(name));
    }

    /** One finding: whether a credential can be rotated at all depends on its cloud. */
    private static void notRotated(String prefix, List<SecretListEntry> secrets, List<Finding> findings) {
        long without = secrets.stream()
                .filter(secret -> !Boolean.TRUE.equals(secret.rotationEnabled()))
                .count();
        String saw = without + " of " + secrets.size() + " are not rotated by AWS";
        findings.add(without == 0 ? ROTATION.passed(prefix + "*", saw) : ROTATION.failed(prefix + "*", saw));
    }

    private List<SecretListEntry> list(String prefix) {
        var secrets = new ArrayList<SecretListEntry>();
        String token = null;
        do {
            String from = token;
            var filter = Filter.builder()
                    .key(FilterNameStringType.NAME)
                    .values(prefix)
                    .build();
            ListSecretsResponse page = call(
                    Operation.LIST_SECRETS,
                    prefix + "*",
                    () -> client.listSecrets(
                            request -> request.filters(List.of(filter)).nextToken(from)));
            page.secretList().stream()
                    .filter(secret -> secret.name().startsWith(prefix))
                    .forEach(secrets::add);
            token = page.nextToken();
        } while (token != null);
        return secrets;
    }

    /**
     * Stores a probe under the prefix, reads it and removes it without a recovery window; nothing is left, whatever fails, unless it
     * says so. Needs what a writer may do.
     */
    public Finding roundTrip() {
        String name = settings.secretsPrefix() + "/account/probe-" + UUID.randomUUID();
        String probe = UUID.randomUUID().toString();
        String saw;
        try {
            call(
                    Operation.CREATE_SECRET,
                    name,
                    () -> client.createSecret(request -> request.name(name)
                            .description("Probe of a check; may be deleted")
                            .kmsKeyId(settings.kmsKeyId().orElse(null))
                            .secretString(probe)));
            saw = read(name, probe);
        } catch (ServiceUnavailableException e) {
            saw = String.valueOf(e.getMessage()); // it may have been stored all the same
        } catch (OperationInterruptedException e) {
            throw e;
        } catch (OnboardingException e) {
            return ROUND_TRIP.failed(name, String.valueOf(e.getMessage()));
        }
        try {
            call(
                    Operation.DELETE_SECRET,
                    name,
                    () -> client.deleteSecret(request -> request.secretId(name).forceDeleteWithoutRecovery(true)));
        } catch (ResourceNotFoundException e) {
            // there is nothing to remove
        } catch (OperationInterruptedException e) {
            throw e;
        } catch (OnboardingException e) {
            return ROUND_TRIP.failed(name, "the probe may be left behind: " + e.getMessage());
        }
        return saw.isEmpty()
                ? ROUND_TRIP.passed(settings.secretsPrefix(), "stored, read and removed")
                : ROUND_TRIP.failed(name, saw);
    }

    private String read(String name, String probe) {
        for (int attempt = 1; ; attempt++) {
            try {
                String read = call(
                                Operation.GET_SECRET_VALUE,
                                name,
                                () -> client.getSecretValue(
                                        request -> request.secretId(name).versionStage(SecretCalls.CURRENT)))
                        .secretString();
                return probe.equals(read) ? "" : "another value was read than was stored";
            } catch (ResourceNotFoundException e) {
                if (attempt == SecretCalls.READS_AFTER_WRITE) {
                    return "it was stored and cannot be found";
                }
                SdkFailures.backOff(attempt, Operation.GET_SECRET_VALUE.qualified());
            } catch (OperationInterruptedException e) {
                throw e;
            } catch (OnboardingException e) {
                return String.valueOf(e.getMessage());
            }
        }
    }

    private <R> R call(Operation operation, String name, Supplier<R> call) {
        try {
            return call.get();
        } catch (ResourceNotFoundException e) {
            throw e;
        } catch (SdkException e) {
            throw calls.failure(e, operation, name);
        }
    }

    @Override
    public void close() {
        close.run();
    }
}
