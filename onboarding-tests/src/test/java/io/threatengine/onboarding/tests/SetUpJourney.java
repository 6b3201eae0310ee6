package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.dynamodb.DynamoDbSetup;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.infrastructure.Doctor;
import io.threatengine.onboarding.secrets.KeySetup;
import io.threatengine.onboarding.secrets.SecretChecks;
import io.threatengine.onboarding.setup.Finding;
import io.threatengine.onboarding.setup.Finding.Result;
import io.threatengine.onboarding.setup.PlannedChange;
import io.threatengine.onboarding.setup.Setup;
import io.threatengine.onboarding.setup.SetupOptions;
import io.threatengine.onboarding.testkit.Deviation;
import io.threatengine.onboarding.testkit.TestAws;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kms.model.KeyMetadata;

/** Tables and key together: plan, apply, verify, plan again; then drift made by hand. On the backend that a subclass names. */
abstract class SetUpJourney {
    private final TestAws aws;
    private final String name = "journey-" + UUID.randomUUID();
    private final TableNames tables = TableNames.withPrefix(name + "-");
    private final OnboardingSettings settings = OnboardingSettings.builder()
            .tables(tables)
            .secretsPrefix(name)
            .kmsKeyId("alias/" + name)
            .executionRetention(Duration.ofDays(30))
            .build();
    private final Setup setup;

    SetUpJourney(TestAws aws) {
        this.aws = aws;
        SetupOptions options =
                SetupOptions.builder().tags(Map.of("team", "platform")).build();
        this.setup = Setup.of(
                DynamoDbSetup.using(aws.dynamoDb(), settings, options), KeySetup.using(aws.kms(), settings, options));
    }

    @Test
    void planApplyVerifyAndNothingIsLeftToDo() {
        assertThat(setup.plan().isEmpty()).isFalse();
        assertThat(problems()).contains("table-missing", "key-missing");

        setup.apply(step -> {});

        assertThat(setup.plan().changes()).isEmpty();
        assertThat(setup.plan().notCheckable())
                .extracting(PlannedChange::aspect)
                .hasSameElementsAs(unknownAspects());
        assertThat(problems()).isEmpty();
        assertThat(findings())
                .filteredOn(finding -> finding.check().id().endsWith("round-trip"))
                .hasSize(2)
                .allMatch(finding -> finding.result() == Result.PASSED);
        assertThat(setup.apply(step -> {}).changes()).isEmpty();
    }

    @Test
    void driftMadeByHandIsFoundAndMended() {
        setup.apply(step -> {});
        aws.dynamoDb()
                .updateTable(request -> request.tableName(tables.accounts()).deletionProtectionEnabled(false));
        KeyMetadata key =
                aws.kms().describeKey(request -> request.keyId("alias/" + name)).keyMetadata();
        aws.kms().disableKeyRotation(request -> request.keyId(key.keyId()));
        aws.kms().untagResource(request -> request.keyId(key.keyId()).tagKeys("team"));

        assertThat(setup.plan().changes())
                .extracting(PlannedChange::aspect)
                .containsExactlyInAnyOrder("deletion protection", "rotation", "tags");
        assertThat(problems()).containsExactlyInAnyOrder("table-deletion-protection", "key-rotation", "key-tags");

        setup.apply(step -> {});

        assertThat(setup.plan().isEmpty()).isTrue();
        assertThat(problems()).isEmpty();
    }

    private List<Finding> findings() {
        return Doctor.of(
                        setup,
                        DynamoDbStorage.using(aws.dynamoDb(), settings),
                        SecretChecks.using(aws.secretsManager(), aws.kms(), settings))
                .verify();
    }

    private List<String> problems() {
        return findings().stream()
                .filter(Finding::isProblem)
                .map(finding -> finding.check().id())
                .toList();
    }

    /** What the service behind the backend does not know. */
    private Set<String> unknownAspects() {
        var aspects = new TreeSet<String>();
        if (aws.deviations().contains(Deviation.NO_BACKUPS)) {
            aspects.add("point-in-time recovery");
        }
        if (aws.deviations().contains(Deviation.NO_TABLE_TAGS)) {
            aspects.add("tags");
        }
        return aspects;
    }
}
