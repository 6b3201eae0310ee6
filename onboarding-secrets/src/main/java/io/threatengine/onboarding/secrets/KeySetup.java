package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.aws.Arns;
import io.threatengine.onboarding.aws.ClientOptions;
import io.threatengine.onboarding.aws.Permission;
import io.threatengine.onboarding.aws.SdkClients;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.setup.Check;
import io.threatengine.onboarding.setup.Finding;
import io.threatengine.onboarding.setup.PlannedChange;
import io.threatengine.onboarding.setup.PlannedChange.Kind;
import io.threatengine.onboarding.setup.Setup;
import io.threatengine.onboarding.setup.SetupOptions;
import io.threatengine.onboarding.setup.SetupPlan;
import io.threatengine.onboarding.setup.SetupProgress;
import io.threatengine.onboarding.setup.SetupProgress.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyManagerType;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.MultiRegionKeyType;
import software.amazon.awssdk.services.kms.model.OriginType;

/**
 * The set-up of the KMS key that encrypts the secrets: the key, its alias, its policy, its rotation, its tags. Thread-safe.
 *
 * <pre>{@code
 * var settings = OnboardingSettings.builder().kmsKeyId("alias/threat-engine").build();
 * try (var setup = KeySetup.open(settings, SetupOptions.builder().engineRoles(List.of(roleArn)).build())) {
 *     setup.apply(System.out::println);
 * }
 * }</pre>
 *
 * <p>Where the settings name an alias, a key of that alias is made if there is none. A key or alias that they name by id or ARN
 * must exist. Where they name none, the AWS managed key is used, and nothing is to be set up. A key that is disabled or scheduled for
 * deletion is a conflict: somebody has decided that. Statements of others in the key's policy stay. A key costs a dollar a month;
 * after a crash the one that was made is found again by its description. Of two processes that make it at the same moment the
 * slower one fails and names the key that is too many: KMS makes no key under a name, and nothing here deletes one.
 */
public final class KeySetup implements Setup, AutoCloseable {
    /** What is said of a key of AWS's own. */
    static final String OF_AWS = "the AWS managed key";

    private static final String DESCRIPTION = "Threat Engine onboarding credentials, ";

    private final KeyCalls calls;
    private final OnboardingSettings settings;
    private final SetupOptions options;
    private final Runnable close;

    private KeySetup(KmsClient client, OnboardingSettings settings, SetupOptions options, Runnable close) {
        this.calls = new KeyCalls(client);
        this.settings = Objects.requireNonNull(settings, "settings");
        this.options = Objects.requireNonNull(options, "options");
        this.close = close;
    }

    /** Opens a client of its own: the SDK's default credentials, the settings' region, the default options. */
    public static KeySetup open(OnboardingSettings settings, SetupOptions options) {
        return open(settings, options, ClientOptions.defaults());
    }

    /** Like {@link #open(OnboardingSettings, SetupOptions)}, with these options of the client. */
    public static KeySetup open(OnboardingSettings settings, SetupOptions options, ClientOptions clientOptions) {
        KmsClient client = SdkClients.open(KmsClient.builder(), settings, clientOptions);
        return new KeySetup(client, settings, options, client::close);
    }

    /** Uses the caller's client, which stays the caller's to close. */
    public static KeySetup using(KmsClient client, OnboardingSettings settings, SetupOptions options) {
        return new KeySetup(client, settings, options, () -> {});
    }

    /** What each role must be allowed, of Secrets Manager and of KMS. */
    public static List<Permission> permissions(OnboardingSettings settings, Arns arns) {
        return Operation.permissions(settings, arns);
    }

    /** All that {@link #verify} checks. */
    public static List<Check> checks() {
        return KeyChecks.ALL;
    }

    /**
     * The policy that the key gets, as JSON.
     *
     * @param partition {@code aws}, or a template's word for it
     * @param region the region, or a template's word for it
     * @param account the account's number, or a template's word for it
     */
    public static String keyPolicy(String partition, String region, String account, SetupOptions options) {
        return KeyPolicy.of(partition, region, account, options).text();
    }

    /** What is looked at, with what to do. */
    record Item(PlannedChange change, @Nullable Consumer<String> step) {}

    @Override
    public SetupPlan plan() {
        return asPlan(items());
    }

    private static SetupPlan asPlan(List<Item> items) {
        return new SetupPlan(items.stream().map(Item::change).toList());
    }

    private List<Item> items() {
        Optional<String> named = settings.kmsKeyId();
        if (named.isEmpty()) {
            return List.of(item(KeyDiagnosis.AWS_MANAGED, "key", Kind.NONE, OF_AWS, "", null));
        }
        String name = named.get();
        return calls.describe(name).map(key -> compared(name, key)).orElseGet(() -> missing(name));
    }

    private List<Item> missing(String name) {
        Optional<String> alias = alias();
        if (alias.isEmpty()) {
            return List.of(item(
                    name,
                    "key",
                    Kind.CONFLICT,
                    "no such key",
                    "a key that exists, or the name of an alias, alias/…, which can be made",
                    null));
        }
        var items = new ArrayList<Item>();
        items.add(item(name, "key", Kind.CREATE, "none", "a symmetric key of the account", null));
        items.add(item(name, "policy", Kind.CHANGE, "the default", wantedPolicy(), this::addToPolicy));
        items.add(item(name, "rotation", Kind.CHANGE, "off", "on", calls::rotate));
        if (!options.tags().isEmpty()) {
            items.add(item(name, "tags", Kind.CHANGE, "none", options.tags().toString(), this::tag));
        }
        // last: who sees the alias finds a key that is ready
        items.add(item(name, "alias", Kind.CREATE, "none", "of that key", key -> {
            calls.name(alias.get(), key);
            String named = calls.await(name).arn();
            if (!named.equals(key)) {
                throw new ServiceException(
                        Operation.CREATE_ALIAS.qualified(),
                        name,
                        "another process was faster and gave it to " + named + "; " + key
                                + " was made too many, and is billed until you schedule its deletion; repeat the set-up",
                        null);
            }
        }));
        return items;
    }

    private List<Item> compared(String name, KeyMetadata key) {
        var items = new ArrayList<Item>();
        String arn = key.arn();
        if (key.keyManager() == KeyManagerType.AWS) {
            return List.of(item(name, "key", Kind.NONE, OF_AWS, "", null));
        }
        if (!isSymmetric(key)) {
            // Secrets Manager takes no other (its User Guide, "Secret encryption and decryption")
            String kind = arn + " is " + key.keySpecAsString() + " for " + key.keyUsageAsString();
            return List.of(item(name, "kind of key", Kind.CONFLICT, kind, "a symmetric key for encryption", null));
        }
        boolean enabled = key.keyState() == KeyState.ENABLED;
        String state = arn + " is in the state " + key.keyStateAsString();
        items.add(item(name, "key", enabled ? Kind.NONE : Kind.CONFLICT, state, "the state Enabled", null));
        if (!enabled) {
            return items;
        }
        String policy = calls.policy(arn);
        Optional<List<String>> missing = wanted(key).missingIn(policy);
        items.add(
                missing.isEmpty()
                        ? item(name, "policy", Kind.CONFLICT, "no policy that can be read", wantedPolicy(), null)
                        : item(
                                name,
                                "policy",
                                missing.get().isEmpty() ? Kind.NONE : Kind.CHANGE,
                                missing.get().isEmpty()
                                        ? "all statements"
                                        : "without " + String.join(", ", missing.get()),
                                wantedPolicy(),
                                this::addToPolicy));
        items.add(rotation(name, key));
        if (!options.tags().isEmpty()) {
            var tags = calls.tags(arn);
            boolean all = tags.entrySet().containsAll(options.tags().entrySet());
            items.add(item(
                    name,
                    "tags",
                    all ? Kind.NONE : Kind.CHANGE,
                    tags.toString(),
                    options.tags().toString(),
                    this::tag));
        }
        return items;
    }

    /** Stand-ins may leave both out. */
    private static boolean isSymmetric(KeyMetadata key) {
        return (key.keySpec() == null || key.keySpec() == KeySpec.SYMMETRIC_DEFAULT)
                && (key.keyUsage() == null || key.keyUsage() == KeyUsageType.ENCRYPT_DECRYPT);
    }

    /** Of material that is not its own, and of a replica, KMS lets nobody switch it on (API reference, EnableKeyRotation). */
    private Item rotation(String name, KeyMetadata key) {
        boolean rotates = calls.rotates(key.arn());
        boolean replica = key.multiRegionConfiguration() != null
                && key.multiRegionConfiguration().multiRegionKeyType() == MultiRegionKeyType.REPLICA;
        if (!rotates && (replica || (key.origin() != null && key.origin() != OriginType.AWS_KMS))) {
            String reason = replica
                    ? "it is set at the primary key"
                    : "KMS does not rotate material of " + key.originAsString();
            return item(name, "rotation", Kind.NOT_CHECKABLE, reason, "on", null);
        }
        return item(name, "rotation", rotates ? Kind.NONE : Kind.CHANGE, rotates ? "on" : "off", "on", calls::rotate);
    }

    private static Item item(
            String name, String aspect, Kind kind, String found, String wanted, @Nullable Consumer<String> step) {
        boolean changes = kind == Kind.CREATE || kind == Kind.CHANGE;
        return new Item(new PlannedChange(name, aspect, kind, found, wanted), changes ? step : null);
    }

    private String wantedPolicy() {
        return "the account administers it"
                + (options.administrators().isEmpty()
                        ? ""
                        : ", " + String.join(" and ", options.administrators()) + " too")
                + (options.engineRoles().isEmpty()
                        ? ""
                        : ", " + String.join(" and ", options.engineRoles()) + " may use it through Secrets Manager");
    }

    /** Where the settings give an alias by its name. An ARN may be that of another region or account. */
    private Optional<String> alias() {
        return settings.kmsKeyId().filter(name -> name.startsWith("alias/"));
    }

    private KeyPolicy wanted(KeyMetadata key) {
        String partition = key.arn().substring("arn:".length(), key.arn().indexOf(':', "arn:".length()));
        return KeyPolicy.of(partition, settings.region(), key.awsAccountId(), options);
    }

    private void addToPolicy(String keyArn) {
        KeyPolicy wanted = wanted(calls.await(keyArn));
        String found = calls.policy(keyArn);
        wanted.addedTo(found)
                .filter(policy -> !policy.equals(found))
                .ifPresent(policy -> calls.putPolicy(keyArn, policy));
    }

    private void tag(String keyArn) {
        calls.tag(keyArn, options.tags());
    }

    @Override
    public SetupPlan apply(Consumer<? super SetupProgress> progress) {
        Objects.requireNonNull(progress, "progress");
        List<Item> items = items();
        SetupPlan plan = asPlan(items);
        plan.requireNoConflicts(Operation.CREATE_KEY.qualified());
        int total = plan.changes().size();
        int done = 0;
        if (total == 0) {
            return plan;
        }
        String name = settings.kmsKeyId().orElse(KeyDiagnosis.AWS_MANAGED);
        String key = null;
        for (Item item : items) {
            Kind kind = item.change().kind();
            if (kind != Kind.CREATE && kind != Kind.CHANGE) {
                continue;
            }
            progress.accept(new SetupProgress(item.change(), State.STARTED, done, total));
            if (key == null) {
                key = keyToChange(name).arn();
            }
            if (item.step() != null) {
                item.step().accept(key);
            }
            progress.accept(new SetupProgress(item.change(), State.DONE, ++done, total));
        }
        return plan;
    }

    /** The key of that name; else the one that was left behind; else a new one. */
    private KeyMetadata keyToChange(String name) {
        String description = DESCRIPTION + name;
        KeyMetadata key =
                calls.describe(name).or(() -> calls.leftBehind(description)).orElseGet(() -> calls.create(description));
        return calls.await(key.arn());
    }

    @Override
    public List<Finding> verify() {
        return new KeyChecks(settings.kmsKeyId().orElse(KeyDiagnosis.AWS_MANAGED))
                .run(() -> items().stream().map(Item::change).toList());
    }

    @Override
    public void close() {
        close.run();
    }
}
