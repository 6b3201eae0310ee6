package io.threatengine.onboarding;

import com.google.auto.value.AutoValue;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.Rules;
import io.threatengine.onboarding.schedule.DueIndex;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where everything is stored, and for how long. Immutable.
 *
 * <pre>{@code
 * var settings = OnboardingSettings.fromEnvironment();
 * var other = settings.toBuilder().region("eu-central-1").tables(TableNames.withPrefix("staging-")).build();
 * }</pre>
 *
 * <table>
 * <caption>The environment variables, all optional; an empty one counts as not set</caption>
 * <tr><th>variable</th><th>default</th></tr>
 * <tr><td>{@code AWS_REGION}</td><td>{@code ap-south-1}</td></tr>
 * <tr><td>{@code SECRETS_MANAGER_PREFIX}</td><td>{@code threat-engine}</td></tr>
 * <tr><td>{@code SECRETS_MANAGER_KMS_KEY_ID}</td><td>none: the AWS managed key</td></tr>
 * <tr><td>{@code DYNAMODB_TENANTS_TABLE}, {@code …PROVIDERS…}, {@code …ACCOUNTS…}, {@code …SCHEDULES…}, {@code
 *     …EXECUTIONS…}, {@code …SCAN_RESULTS…}, {@code …UNIQUE_KEYS…}</td>
 *     <td>{@code threat-engine-tenants} and so on</td></tr>
 * <tr><td>{@code SCHEDULE_DUE_INDEX}</td><td>{@code legacy}; or {@code sharded:16} with a number of shards</td></tr>
 * <tr><td>{@code PLATFORM_AWS_ACCOUNT_ID}</td><td>none</td></tr>
 * </table>
 */
@AutoValue
public abstract class OnboardingSettings {
    // A region is a part of host names, hence 63. What repeats is possessive: else each repetition takes stack.
    private static final Format REGION =
            Format.of("must be an AWS region like eu-central-1", "(?=.{1,63}$)[a-z]{2,}+(-[a-z]++)++-[0-9]{1,2}");
    private static final Format PREFIX = Format.of(
            "must be 1 to 200 of A-Z a-z 0-9 _ + = . @ - and '/', the slash neither first nor last",
            "(?=.{1,200}$)[A-Za-z0-9_+=.@-]++(/[A-Za-z0-9_+=.@-]++)*+");
    private static final String KEY_ID =
            "([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|mrk-[0-9a-f]{32})";
    private static final String ALIAS = "alias/[A-Za-z0-9/_-]{1,250}";
    private static final Format KMS_KEY = Format.of(
            "must be a KMS key id, key ARN, alias name (alias/…) or alias ARN",
            KEY_ID + "|" + ALIAS + "|arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key/" + KEY_ID + "|" + ALIAS + ")");
    private static final Format ACCOUNT = Format.of("must be exactly 12 digits", "[0-9]{12}");

    /** Below it, what is running could go. */
    private static final Duration SHORTEST_RETENTION = Duration.ofDays(1);

    private static final Duration LONGEST_RETENTION = Duration.ofDays(3_653);

    private static final Format TABLE = Format.of(TableNames.RULE, TableNames.PATTERN);

    OnboardingSettings() {}

    /** The AWS region of tables and secrets. */
    public abstract String region();

    /** What the names of all secrets start with, without the slash that follows. */
    public abstract String secretsPrefix();

    public abstract TableNames tables();

    /** By which index due schedules are found. */
    public abstract DueIndex dueIndex();

    abstract @Nullable Duration nullableExecutionRetention();

    abstract @Nullable Duration nullableScanResultRetention();

    abstract @Nullable String nullableKmsKeyId();

    abstract @Nullable String nullablePlatformAwsAccountId();

    /** The customer managed key for secrets: id, ARN, alias or alias ARN. Empty for the AWS managed key. */
    public Optional<String> kmsKeyId() {
        return Optional.ofNullable(nullableKmsKeyId());
    }

    /** The AWS account that customers' roles trust. */
    public Optional<String> platformAwsAccountId() {
        return Optional.ofNullable(nullablePlatformAwsAccountId());
    }

    /** How long an execution is kept after its end, or after its beginning while it has none. Empty for ever. */
    public Optional<Duration> executionRetention() {
        return Optional.ofNullable(nullableExecutionRetention());
    }

    /** How long a scan result is kept after its end, or after its beginning while it has none. Empty for ever. */
    public Optional<Duration> scanResultRetention() {
        return Optional.ofNullable(nullableScanResultRetention());
    }

    public abstract Builder toBuilder();

    /** A builder that starts from the defaults. */
    public static Builder builder() {
        return new AutoValue_OnboardingSettings.Builder()
                .region("ap-south-1")
                .secretsPrefix("threat-engine")
                .tables(TableNames.withPrefix("threat-engine-"))
                .dueIndex(DueIndex.LEGACY);
    }

    public static OnboardingSettings defaults() {
        return builder().build();
    }

    /**
     * The settings that the process's environment variables give.
     *
     * @throws InvalidValueException if one of them is wrong; its field is the variable's name
     */
    public static OnboardingSettings fromEnvironment() {
        return from(System.getenv());
    }

    /** Like {@link #fromEnvironment()}, with the variables given. */
    public static OnboardingSettings from(Map<String, String> environment) {
        OnboardingSettings defaults = defaults();
        TableNames tables = defaults.tables();
        return builder()
                .region(value(environment, "AWS_REGION", REGION).orElse(defaults.region()))
                .secretsPrefix(
                        value(environment, "SECRETS_MANAGER_PREFIX", PREFIX).orElse(defaults.secretsPrefix()))
                .kmsKeyId(value(environment, "SECRETS_MANAGER_KMS_KEY_ID", KMS_KEY)
                        .orElse(null))
                .dueIndex(dueIndex(environment, defaults.dueIndex()))
                .platformAwsAccountId(
                        value(environment, "PLATFORM_AWS_ACCOUNT_ID", ACCOUNT).orElse(null))
                .tables(new TableNames(
                        table(environment, "DYNAMODB_TENANTS_TABLE", tables.tenants()),
                        table(environment, "DYNAMODB_PROVIDERS_TABLE", tables.providers()),
                        table(environment, "DYNAMODB_ACCOUNTS_TABLE", tables.accounts()),
                        table(environment, "DYNAMODB_SCHEDULES_TABLE", tables.schedules()),
                        table(environment, "DYNAMODB_EXECUTIONS_TABLE", tables.executions()),
                        table(environment, "DYNAMODB_SCAN_RESULTS_TABLE", tables.scanResults()),
                        table(environment, "DYNAMODB_UNIQUE_KEYS_TABLE", tables.uniqueKeys())))
                .build();
    }

    private static Optional<String> value(Map<String, String> environment, String variable, Format format) {
        String value = environment.get(variable);
        return value == null || value.isEmpty() ? Optional.empty() : Optional.of(format.check(variable, value));
    }

    private static DueIndex dueIndex(Map<String, String> environment, DueIndex otherwise) {
        String variable = "SCHEDULE_DUE_INDEX";
        String value = environment.get(variable);
        return value == null || value.isEmpty() ? otherwise : DueIndex.parse(variable, value);
    }

    private static String table(Map<String, String> environment, String variable, String otherwise) {
        return value(environment, variable, TABLE).orElse(otherwise);
    }

    private static void checkRetention(String field, @Nullable Duration retention) {
        if (retention != null
                && (retention.compareTo(SHORTEST_RETENTION) < 0 || retention.compareTo(LONGEST_RETENTION) > 0)) {
            throw new InvalidValueException(field, "must be a day to ten years", retention.toString());
        }
    }

    /** A rule for a setting's text, in words and as a pattern. */
    private record Format(String rule, Pattern pattern) {
        static Format of(String rule, String pattern) {
            return new Format(rule, Pattern.compile(pattern));
        }

        String check(String field, @Nullable String value) {
            return Rules.matches(field, rule, value, pattern);
        }
    }

    /** Builds settings; {@link #build()} checks them. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        /** For example {@code eu-central-1}. */
        public abstract Builder region(String region);

        /** Without a slash at either end. */
        public abstract Builder secretsPrefix(String prefix);

        public abstract Builder tables(TableNames tables);

        /** The legacy index unless a fleet has outgrown it; {@code createTables} makes the other one. */
        public abstract Builder dueIndex(DueIndex dueIndex);

        abstract Builder nullableKmsKeyId(@Nullable String keyId);

        abstract Builder nullablePlatformAwsAccountId(@Nullable String accountId);

        abstract Builder nullableExecutionRetention(@Nullable Duration retention);

        abstract Builder nullableScanResultRetention(@Nullable Duration retention);

        /**
         * Lets the service remove executions so long after their end; null, the default, keeps them for ever. It counts for
         * what is written from then on, once {@code createTables} has switched it on. The service takes some days more over it
         * (DynamoDB Developer Guide, "Using time to live").
         *
         * @param retention at least a day and at most ten years; null for ever
         */
        public Builder executionRetention(@Nullable Duration retention) {
            return nullableExecutionRetention(retention);
        }

        /** The same for scan results. */
        public Builder scanResultRetention(@Nullable Duration retention) {
            return nullableScanResultRetention(retention);
        }

        /** Key id, key ARN, alias name ({@code alias/…}) or alias ARN; null for the AWS managed key. */
        public Builder kmsKeyId(@Nullable String keyId) {
            return nullableKmsKeyId(keyId);
        }

        /** 12 digits; null for none. */
        public Builder platformAwsAccountId(@Nullable String accountId) {
            return nullablePlatformAwsAccountId(accountId);
        }

        abstract OnboardingSettings autoBuild();

        /**
         * Checks the settings.
         *
         * @throws InvalidValueException if a setting is wrong
         */
        public OnboardingSettings build() {
            OnboardingSettings settings = autoBuild();
            REGION.check("region", settings.region());
            PREFIX.check("secrets prefix", settings.secretsPrefix());
            settings.kmsKeyId().ifPresent(key -> KMS_KEY.check("KMS key id", key));
            settings.platformAwsAccountId().ifPresent(account -> ACCOUNT.check("platform AWS account id", account));
            checkRetention("execution retention", settings.nullableExecutionRetention());
            checkRetention("scan result retention", settings.nullableScanResultRetention());

            return settings;
        }
    }
}
