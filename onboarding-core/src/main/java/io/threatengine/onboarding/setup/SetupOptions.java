package io.threatengine.onboarding.setup;

import com.google.auto.value.AutoValue;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.Rules;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How the set-up protects and marks what it makes. Immutable. What exists and has more than is asked for here keeps it.
 *
 * <pre>{@code
 * var options = SetupOptions.builder().tags(Map.of("team", "platform")).engineRoles(List.of(roleArn)).build();
 * }</pre>
 */
@AutoValue
@SuppressWarnings("AutoValueImmutableFields") // build() copies them
public abstract class SetupOptions {
    private static final String ROLE_RULE =
            "must be the ARN of an IAM role or user, like arn:aws:iam::123456789012:role/name";
    private static final Pattern ROLE =
            Pattern.compile("arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[A-Za-z0-9+=,.@_/-]{1,576}");

    /** Of all services that have tags (General Reference, "Tagging AWS resources"). */
    private static final String TAG_RULE = "must be letters, digits, blanks and + - = . _ : / @";

    private static final Pattern TAG = Pattern.compile("[\\p{L}\\p{N}\\p{Zs}+\\-=._:/@]*");

    SetupOptions() {}

    /** Whether tables can be restored to any second of the last 35 days. */
    public abstract boolean pointInTimeRecovery();

    /** Whether the service refuses to delete a table. */
    public abstract boolean deletionProtection();

    /**
     * Whether tables are encrypted with the account's key {@code aws/dynamodb}, whose use is logged and billed, rather than
     * with a key of the service's own, which is free. They always are encrypted.
     */
    public abstract boolean managedTableKey();

    /** The tags of tables and key. */
    public abstract Map<String, String> tags();

    /** The ARNs of the roles that use the KMS key, through Secrets Manager. Empty: IAM policies of the account say who. */
    public abstract List<String> engineRoles();

    /** The ARNs of who administers the KMS key beside the account's root. */
    public abstract List<String> administrators();

    /** A builder that starts from these. */
    public abstract Builder toBuilder();

    /** A builder that starts from the defaults: recovery and protection on, the service's own table key, nothing else. */
    public static Builder builder() {
        return new AutoValue_SetupOptions.Builder()
                .pointInTimeRecovery(true)
                .deletionProtection(true)
                .managedTableKey(false)
                .tags(Map.of())
                .engineRoles(List.of())
                .administrators(List.of());
    }

    /** The defaults. */
    public static SetupOptions defaults() {
        return builder().build();
    }

    private static void checkTag(String key, String value) {
        Rules.printable("tag", key, 1, 128);
        if (key.startsWith("aws:")) {
            throw new InvalidValueException("tag", "must not begin with aws:", key);
        }
        Rules.matches("tag", TAG_RULE, key, TAG);
        Rules.matches("tag " + key, TAG_RULE, value, TAG);
        if (value.length() > 256) {
            throw new InvalidValueException("tag " + key, "must be at most 256 characters", value);
        }
    }

    /** Builds options; {@link #build()} checks them. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        /** True by default. */
        public abstract Builder pointInTimeRecovery(boolean on);

        /** True by default. */
        public abstract Builder deletionProtection(boolean on);

        /** False by default. */
        public abstract Builder managedTableKey(boolean on);

        /** At most 50. */
        public abstract Builder tags(Map<String, String> tags);

        /** ARNs of roles. */
        public abstract Builder engineRoles(List<String> arns);

        /** ARNs of roles or users. */
        public abstract Builder administrators(List<String> arns);

        abstract Map<String, String> tags();

        abstract List<String> engineRoles();

        abstract List<String> administrators();

        abstract SetupOptions autoBuild();

        /**
         * Checks the options.
         *
         * @throws InvalidValueException if one of them is wrong
         */
        public SetupOptions build() {
            tags(Collections.unmodifiableMap(new TreeMap<>(tags())));
            engineRoles(List.copyOf(engineRoles()));
            administrators(List.copyOf(administrators()));
            SetupOptions options = autoBuild();
            if (options.tags().size() > 50) {
                throw new InvalidValueException(
                        "tags",
                        "must be at most 50",
                        Integer.toString(options.tags().size()));
            }
            options.tags().forEach(SetupOptions::checkTag);
            options.engineRoles().forEach(arn -> Rules.matches("engine role", ROLE_RULE, arn, ROLE));
            options.administrators().forEach(arn -> Rules.matches("administrator", ROLE_RULE, arn, ROLE));
            return options;
        }
    }
}
