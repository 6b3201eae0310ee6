package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.aws.Arns;
import io.threatengine.onboarding.aws.ClientOptions;
import io.threatengine.onboarding.aws.Permission;
import io.threatengine.onboarding.aws.SdkClients;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.setup.Check;
import io.threatengine.onboarding.setup.Finding;
import io.threatengine.onboarding.setup.PlannedChange;
import io.threatengine.onboarding.setup.Setup;
import io.threatengine.onboarding.setup.SetupOptions;
import io.threatengine.onboarding.setup.SetupPlan;
import io.threatengine.onboarding.setup.SetupProgress;
import io.threatengine.onboarding.setup.SetupProgress.State;
import io.threatengine.onboarding.setup.TableDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The set-up of the tables: keys, indexes, billing, expiry of rows, point-in-time recovery, deletion protection, encryption
 * and tags. Thread-safe.
 *
 * <pre>{@code
 * try (var setup = DynamoDbSetup.open(OnboardingSettings.fromEnvironment(), SetupOptions.defaults())) {
 *     setup.apply(System.out::println);
 * }
 * }</pre>
 *
 * <p>{@link DynamoDbStorage#createTables} is the simple way, which makes tables and indexes only. What exists and has more than
 * is asked for (a protection, a key of the customer's, other tags) keeps it.
 */
public final class DynamoDbSetup implements Setup, AutoCloseable {
    /** How often what another process is changing is waited for. */
    private static final int ROUNDS = 5;

    private final TableCalls calls;
    private final OnboardingSettings settings;
    private final SetupOptions options;
    private final Runnable close;

    private DynamoDbSetup(DynamoDbClient client, OnboardingSettings settings, SetupOptions options, Runnable close) {
        this.calls = new TableCalls(client);
        this.settings = Objects.requireNonNull(settings, "settings");
        this.options = Objects.requireNonNull(options, "options");
        this.close = close;
    }

    /** Opens a client of its own: the SDK's default credentials, the settings' region, the default options. */
    public static DynamoDbSetup open(OnboardingSettings settings, SetupOptions options) {
        return open(settings, options, ClientOptions.defaults());
    }

    /** Like {@link #open(OnboardingSettings, SetupOptions)}, with these options of the client. */
    public static DynamoDbSetup open(OnboardingSettings settings, SetupOptions options, ClientOptions clientOptions) {
        DynamoDbClient client = SdkClients.open(DynamoDbClient.builder(), settings, clientOptions);
        return new DynamoDbSetup(client, settings, options, client::close);
    }

    /** Uses the caller's client, which stays the caller's to close. */
    public static DynamoDbSetup using(DynamoDbClient client, OnboardingSettings settings, SetupOptions options) {
        return new DynamoDbSetup(client, settings, options, () -> {});
    }

    /** The tables as these settings want them, for templates. */
    public static List<TableDefinition> tables(OnboardingSettings settings) {
        return Arrays.stream(Table.values())
                .map(table -> table.definition(settings))
                .toList();
    }

    /** What each role must be allowed. */
    public static List<Permission> permissions(OnboardingSettings settings, Arns arns) {
        return Operation.permissions(settings, arns);
    }

    /** All that {@link #verify} checks. */
    public static List<Check> checks() {
        return TableChecks.ALL;
    }

    @Override
    public SetupPlan plan() {
        return join(plans());
    }

    private List<TablePlan> plans() {
        return tables(settings).stream()
                .map(table -> TablePlan.of(table, options, calls))
                .toList();
    }

    private static SetupPlan join(List<TablePlan> plans) {
        return SetupPlan.join(plans.stream().map(TablePlan::asPlan).toList());
    }

    @Override
    public SetupPlan apply(Consumer<? super SetupProgress> progress) {
        Objects.requireNonNull(progress, "progress");
        List<TablePlan> plans = plans();
        SetupPlan first = join(plans);
        var report = new Report(progress, first.changes().size());
        for (int round = 1; ; round++) {
            join(plans).requireNoConflicts(Operation.UPDATE_TABLE.qualified());
            // all tables are asked for before one is waited for
            plans.forEach(plan -> plan.create(calls, report::started));
            List<String> inUse = plans.stream()
                    .filter(plan -> !plan.finish(calls, report::started, report::done))
                    .map(plan -> plan.table().name())
                    .toList();
            if (inUse.isEmpty()) {
                return first;
            }
            if (round == ROUNDS) {
                throw new ServiceUnavailableException(
                        Operation.UPDATE_TABLE.qualified(), String.join(", ", inUse), null);
            }
            plans = plans();
        }
    }

    @Override
    public List<Finding> verify() {
        return new TableChecks(calls, options).run(tables(settings));
    }

    @Override
    public void close() {
        close.run();
    }

    /** Counts what is done. */
    private static final class Report {
        private final Consumer<? super SetupProgress> progress;
        private final int total;
        private int done;

        Report(Consumer<? super SetupProgress> progress, int total) {
            this.progress = progress;
            this.total = total;
        }

        void started(PlannedChange change) {
            progress.accept(new SetupProgress(change, State.STARTED, done, Math.max(done, total)));
        }

        void done(PlannedChange change, boolean known) {
            done++;
            progress.accept(new SetupProgress(change, known ? State.DONE : State.SKIPPED, done, Math.max(done, total)));
        }
    }
}
