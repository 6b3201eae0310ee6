package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.dynamodb.TableProgress;
import io.threatengine.onboarding.dynamodb.TableProgress.State;
import io.threatengine.onboarding.error.NotSetUpException;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

@OnboardingTest
class TableCreationTest {
    private final DynamoDbClient client;
    private final OnboardingSettings settings;
    private final DynamoDbStorage storage;
    private final TableNames names = TableNames.withPrefix("creation-" + UUID.randomUUID() + "-");

    TableCreationTest(EmbeddedAws aws) {
        this.client = aws.dynamoDb();
        this.settings = OnboardingSettings.builder().tables(names).build();
        this.storage = DynamoDbStorage.using(client, settings);
    }

    @Test
    void makesTheTablesThatThePythonEnginesUseAndOneMore() {
        storage.createTables();

        assertThat(shape(names.tenants())).isEqualTo("tenant_id {tenant-name-index=tenant_name}");
        assertThat(shape(names.providers())).isEqualTo("provider_id {tenant-provider-index=tenant_id, provider_type}");
        assertThat(shape(names.accounts()))
                .isEqualTo(
                        "account_id {provider-accounts-index=provider_id, status, tenant-accounts-index=tenant_id, status}");
        assertThat(shape(names.schedules()))
                .isEqualTo("schedule_id {account-schedules-index=account_id, schedule_id,"
                        + " next-run-index=enabled, next_run_at, tenant-schedules-index=tenant_id, schedule_id}");
        assertThat(shape(names.executions()))
                .isEqualTo("execution_id {account-executions-index=account_id, started_at,"
                        + " schedule-executions-index=schedule_id, started_at}");
        assertThat(shape(names.scanResults()))
                .isEqualTo(
                        "scan_id {account-scans-index=account_id, started_at, status-scans-index=status, started_at}");
        assertThat(shape(names.uniqueKeys())).isEqualTo("unique_key {}");
    }

    @Test
    void reportsEachStepAndFindsEverythingTheSecondTime() {
        List<TableProgress> first = new ArrayList<>();
        List<TableProgress> second = new ArrayList<>();

        storage.createTables(first::add);
        storage.createTables(second::add);

        assertThat(first).hasSize(14);
        assertThat(first.subList(0, 7)).allMatch(step -> step.state() == State.CREATING && step.done() == 0);
        assertThat(first.subList(7, 14)).allMatch(step -> step.state() == State.READY);
        assertThat(first.get(13).done()).isEqualTo(7);
        assertThat(second).hasSize(7).allMatch(step -> step.state() == State.FOUND);
        assertThat(second.get(6)).hasToString("[7/7] " + names.uniqueKeys() + " found");
    }

    @Test
    void goesOnWhereItStopped() {
        storage.createTables();
        client.deleteTable(request -> request.tableName(names.executions()));
        List<TableProgress> steps = new ArrayList<>();

        storage.createTables(steps::add);

        assertThat(steps)
                .filteredOn(step -> step.state() == State.READY)
                .extracting(TableProgress::table)
                .containsExactly(names.executions());
    }

    @Test
    void severalProcessesMayMakeThemAtOnce() throws Exception {
        var threads = Executors.newFixedThreadPool(3);
        try {
            for (var creation : threads.invokeAll(List.<Callable<Void>>of(this::create, this::create, this::create))) {
                creation.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(shape(names.uniqueKeys())).isEqualTo("unique_key {}");
    }

    private Void create() {
        storage.createTables();
        return null;
    }

    @Test
    void leavesATableOfAnotherShapeAloneAndSaysWhatItLacks() {
        client.createTable(request -> request.tableName(names.accounts())
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(KeySchemaElement.builder()
                        .attributeName("id")
                        .keyType(KeyType.HASH)
                        .build())
                .attributeDefinitions(AttributeDefinition.builder()
                        .attributeName("id")
                        .attributeType(ScalarAttributeType.S)
                        .build()));

        assertThatExceptionOfType(NotSetUpException.class)
                .isThrownBy(storage::createTables)
                .withMessageContaining(names.accounts())
                .withMessageContaining("partition key account_id (it has [id])")
                .withMessageContaining("tenant-accounts-index")
                .withMessageContaining("provider-accounts-index");
        assertThat(shape(names.accounts())).isEqualTo("id {}");
    }

    @Test
    void aMissingTableIsNamedWhenItIsUsed() {
        assertThatExceptionOfType(NotSetUpException.class)
                .isThrownBy(() -> storage.tenants().create("acme"))
                .withMessageContaining("dynamodb:TransactWriteItems");
        assertThatExceptionOfType(NotSetUpException.class)
                .isThrownBy(() -> storage.tenants().named("acme").page(1))
                .withMessageContaining(names.tenants());
    }

    private String shape(String table) {
        TableDescription description =
                client.describeTable(request -> request.tableName(table)).table();
        assertThat(description.billingModeSummary().billingMode()).isEqualTo(BillingMode.PAY_PER_REQUEST);
        assertThat(description.attributeDefinitions())
                .allMatch(attribute -> attribute.attributeType() == ScalarAttributeType.S);
        var indexes = new TreeMap<String, String>();
        description.globalSecondaryIndexes().forEach(index -> {
            assertThat(index.projection().projectionType()).isEqualTo(ProjectionType.ALL);
            indexes.put(index.indexName(), keys(index.keySchema()));
        });
        return keys(description.keySchema()) + " " + indexes;
    }

    private static String keys(List<KeySchemaElement> keys) {
        return keys.stream().map(KeySchemaElement::attributeName).collect(Collectors.joining(", "));
    }
}
