package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.error.NotSetUpException;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveRequest;

/** With a retention, making the tables switches the expiry of their rows on; without, nothing is asked. */
@OnboardingTest
class TableExpiryTest {
    private final TableNames names = TableNames.withPrefix("expiry-" + UUID.randomUUID() + "-");
    private final DynamoDbClient plain;
    private final AtomicBoolean crossed = new AtomicBoolean();
    private final Crossing recorder = new Crossing();
    private final DynamoDbClient client;

    TableExpiryTest(EmbeddedAws aws) {
        this.plain = aws.dynamoDb();
        this.client = recorder.dynamoDb(aws);
    }

    @AfterEach
    void close() {
        client.close();
    }

    /** Lets another process do the same a moment earlier. */
    private final class Crossing extends Recorder {
        @Override
        public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
            if (crossed.get() && context.request() instanceof UpdateTimeToLiveRequest request) {
                plain.updateTimeToLive(request);
            }
        }
    }

    private void createTables(UnaryOperator<OnboardingSettings.Builder> retention) {
        var settings =
                retention.apply(OnboardingSettings.builder().tables(names)).build();
        DynamoDbStorage.using(client, settings).createTables();
    }

    private void createTablesWithRetention() {
        createTables(
                settings -> settings.executionRetention(Duration.ofDays(30)).scanResultRetention(Duration.ofDays(400)));
    }

    @Test
    void bothTablesOfRunsExpireByTheAttributeThatTheirRowsHave() {
        createTablesWithRetention();

        assertThat(expiry(names.executions())).isEqualTo("ttl");
        assertThat(expiry(names.scanResults())).isEqualTo("ttl");
        for (String table :
                List.of(names.tenants(), names.providers(), names.accounts(), names.schedules(), names.uniqueKeys())) {
            assertThat(expiry(table)).isEqualTo("off");
        }
    }

    @Test
    void oneRetentionSwitchesOneTableOn() {
        createTables(settings -> settings.executionRetention(Duration.ofDays(1)));

        assertThat(expiry(names.executions())).isEqualTo("ttl");
        assertThat(expiry(names.scanResults())).isEqualTo("off");
    }

    @Test
    void tablesThatExistAreSwitchedOnToo() {
        createTables(settings -> settings);
        assertThat(expiry(names.executions())).isEqualTo("off");

        createTablesWithRetention();

        assertThat(expiry(names.executions())).isEqualTo("ttl");
        assertThat(expiry(names.scanResults())).isEqualTo("ttl");
    }

    @Test
    void whatIsOnIsLeftAlone() {
        createTablesWithRetention();
        recorder.clear();

        createTablesWithRetention();

        assertThat(recorder.operations()).contains("DescribeTimeToLive").doesNotContain("UpdateTimeToLive");
    }

    @Test
    void whatAnotherProcessSwitchesOnAtTheSameTimeIsFine() {
        crossed.set(true);

        createTablesWithRetention();

        assertThat(expiry(names.executions())).isEqualTo("ttl");
        assertThat(expiry(names.scanResults())).isEqualTo("ttl");
    }

    @Test
    void anExpiryByAnotherAttributeIsRefusedAndLeftAsItIs() {
        createTables(settings -> settings);
        switchOn(names.scanResults(), "expires_at");

        assertThatExceptionOfType(NotSetUpException.class)
                .isThrownBy(this::createTablesWithRetention)
                .withMessageContaining(names.scanResults())
                .withMessageContaining("expires_at")
                .withMessageContaining("ttl");

        assertThat(expiry(names.scanResults())).isEqualTo("expires_at");
    }

    @Test
    void withoutARetentionNothingIsAskedAboutExpiry() {
        createTables(settings -> settings);
        switchOn(names.executions(), "expires_at");

        createTables(settings -> settings);

        assertThat(recorder.operations()).doesNotContain("DescribeTimeToLive", "UpdateTimeToLive");
        assertThat(expiry(names.executions())).isEqualTo("expires_at");
    }

    @Test
    void whatWasSwitchedOffIsSwitchedOnAgain() {
        createTablesWithRetention();
        plain.updateTimeToLive(specification(names.executions(), "ttl", false));
        assertThat(expiry(names.executions())).isEqualTo("off");

        createTablesWithRetention();

        assertThat(expiry(names.executions())).isEqualTo("ttl");
    }

    private void switchOn(String table, String attribute) {
        plain.updateTimeToLive(specification(table, attribute, true));
    }

    private static UpdateTimeToLiveRequest specification(String table, String attribute, boolean enabled) {
        return UpdateTimeToLiveRequest.builder()
                .tableName(table)
                .timeToLiveSpecification(
                        specification -> specification.attributeName(attribute).enabled(enabled))
                .build();
    }

    /** The attribute by which rows of the table expire, or "off". */
    private String expiry(String table) {
        TimeToLiveDescription description =
                plain.describeTimeToLive(request -> request.tableName(table)).timeToLiveDescription();
        boolean on = description.timeToLiveStatus() == TimeToLiveStatus.ENABLED
                || description.timeToLiveStatus() == TimeToLiveStatus.ENABLING;
        return on ? description.attributeName() : "off";
    }
}
