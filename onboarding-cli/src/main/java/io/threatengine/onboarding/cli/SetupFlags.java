package io.threatengine.onboarding.cli;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.setup.SetupOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is wanted of tables and key beside the settings of the environment. */
final class SetupFlags {
    @Option(
            names = "--engine-role",
            paramLabel = "ARN",
            description = "A role that uses the KMS key, through Secrets Manager. May be repeated."
                    + " Without: whom the account's IAM policies allow.")
    private List<String> engineRoles = new ArrayList<>();

    @Option(
            names = "--administrator",
            paramLabel = "ARN",
            description = "A role or user that administers the KMS key beside the account's root. May be repeated.")
    private List<String> administrators = new ArrayList<>();

    @Option(names = "--tag", paramLabel = "KEY=VALUE", description = "A tag of tables and key. May be repeated.")
    private Map<String, String> tags = new LinkedHashMap<>();

    @Option(names = "--no-point-in-time-recovery", description = "Do not ask for it. Where it is on, it stays.")
    private boolean withoutRecovery;

    @Option(names = "--no-deletion-protection", description = "Do not ask for it. Where it is on, it stays.")
    private boolean withoutProtection;

    @Option(
            names = "--managed-table-key",
            description = "Encrypt tables with the account's key aws/dynamodb, whose use is logged and billed.")
    private boolean managedTableKey;

    @Option(
            names = "--execution-retention",
            paramLabel = "DAYS",
            description = "Let DynamoDB remove executions so long after their end. Without: they stay.")
    private @Nullable Integer executionRetention;

    @Option(names = "--scan-result-retention", paramLabel = "DAYS", description = "The same for scan results.")
    private @Nullable Integer scanResultRetention;

    SetupOptions options() {
        return SetupOptions.builder()
                .engineRoles(engineRoles)
                .administrators(administrators)
                .tags(tags)
                .pointInTimeRecovery(!withoutRecovery)
                .deletionProtection(!withoutProtection)
                .managedTableKey(managedTableKey)
                .build();
    }

    OnboardingSettings over(OnboardingSettings settings) {
        return settings.toBuilder()
                .executionRetention(days(executionRetention))
                .scanResultRetention(days(scanResultRetention))
                .build();
    }

    private static @Nullable Duration days(@Nullable Integer days) {
        return days == null ? null : Duration.ofDays(days);
    }
}
