package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.dynamodb.DynamoDbSetup;
import io.threatengine.onboarding.dynamodb.DynamoDbStorage;
import io.threatengine.onboarding.error.NotSetUpException;
import io.threatengine.onboarding.error.ThrottledException;
import io.threatengine.onboarding.schedule.DueIndex;
import io.threatengine.onboarding.setup.Check;
import io.threatengine.onboarding.setup.Finding;
import io.threatengine.onboarding.setup.PlannedChange;
import io.threatengine.onboarding.setup.PlannedChange.Kind;
import io.threatengine.onboarding.setup.SetupOptions;
import io.threatengine.onboarding.setup.SetupPlan;
import io.threatengine.onboarding.setup.SetupProgress;
import io.threatengine.onboarding.setup.SetupProgress.State;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsUnavailableException;
import software.amazon.awssdk.services.dynamodb.model.DeleteGlobalSecondaryIndexAction;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.UpdateContinuousBackupsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveRequest;

/** Plan, apply, verify, plan again; then drift made by hand. */
@OnboardingTest
class TableSetupTest {
    private final DynamoDbClient plain;
    private final DynamoDbClient full;
    private final TableNames names = TableNames.withPrefix("setup-" + UUID.randomUUID() + "-");
    private final OnboardingSettings settings = OnboardingSettings.builder()
            .tables(names)
            .dueIndex(DueIndex.sharded(4))
            .executionRetention(Duration.ofDays(30))
            .build();
    private final SetupOptions options = SetupOptions.builder()
            .tags(Map.of("team", "platform", "stage", "test"))
            .build();

    TableSetupTest(EmbeddedAws aws) {
        this.plain = aws.dynamoDb();
        this.full = new FullDynamoDb().over(plain);
    }

    private DynamoDbSetup setup() {
        return DynamoDbSetup.using(full, settings, options);
    }

    @Test
    void planApplyVerifyAndNothingIsLeftToDo() {
        SetupPlan plan = setup().plan();
        assertThat(plan.changes())
                .filteredOn(change -> change.kind() == Kind.CREATE)
                .hasSize(7);
        assertThat(plan.changes()).extracting(PlannedChange::aspect).contains("tags", "point-in-time recovery");
        assertThat(setup().verify())
                .hasSize(7)
                .allMatch(finding -> finding.isProblem() && finding.check().id().equals("table-missing"));

        List<SetupProgress> steps = new ArrayList<>();
        assertThat(setup().apply(steps::add)).isEqualTo(plan);

        assertThat(steps)
                .filteredOn(step -> step.state() == State.DONE)
                .hasSize(plan.changes().size());
        assertThat(steps.get(steps.size() - 1).done()).isEqualTo(plan.changes().size());
        assertThat(setup().plan().isEmpty()).isTrue();
        assertThat(setup().plan().notCheckable()).isEmpty();
        assertThat(setup().verify()).noneMatch(Finding::isProblem);
        assertThat(setup().apply(step -> {}).changes()).isEmpty();
    }

    @Test
    void whatTheServiceDoesNotKnowIsNamedAndLeftAlone() {
        var setup = DynamoDbSetup.using(plain, settings, options);
        List<SetupProgress> steps = new ArrayList<>();
        setup.apply(steps::add);

        assertThat(steps)
                .filteredOn(step -> step.state() == State.SKIPPED)
                .extracting(step -> step.change().aspect())
                .containsOnly("point-in-time recovery", "tags");
        assertThat(setup.plan().isEmpty()).isTrue();
        assertThat(setup.plan().notCheckable()).hasSize(14);
        assertThat(setup.verify())
                .filteredOn(finding -> finding.result() == Finding.Result.NOT_CHECKABLE)
                .extracting(finding -> finding.check().id())
                .containsOnly("table-recovery", "table-tags");
    }

    @Test
    void driftMadeByHandIsFoundAndMended() {
        setup().apply(step -> {});
        plain.updateTable(request -> request.tableName(names.accounts()).deletionProtectionEnabled(false));
        dropIndex(names.schedules(), "due-shard-index");
        dropIndex(names.accounts(), "tenant-accounts-index");

        assertThat(setup().plan().changes())
                .extracting(PlannedChange::toString)
                .containsExactlyInAnyOrder(
                        names.accounts() + ": index tenant-accounts-index will be made (on tenant_id and status)",
                        names.accounts() + ": deletion protection will be changed (found off, wanted on)",
                        names.schedules() + ": index due-shard-index will be made (on due_shard and due_at)");
        assertThat(setup().verify())
                .filteredOn(Finding::isProblem)
                .extracting(finding -> finding.check().id())
                .containsExactlyInAnyOrder("table-shape", "table-deletion-protection", "table-shape");

        setup().apply(step -> {});

        assertThat(setup().plan().isEmpty()).isTrue();
    }

    private void dropIndex(String table, String index) {
        plain.updateTable(request -> request.tableName(table)
                .globalSecondaryIndexUpdates(GlobalSecondaryIndexUpdate.builder()
                        .delete(DeleteGlobalSecondaryIndexAction.builder()
                                .indexName(index)
                                .build())
                        .build()));
    }

    @Test
    void whatTheSimpleWayMadeIsTakenOver() {
        DynamoDbStorage.using(plain, settings).createTables();

        assertThat(setup().plan().conflicts()).isEmpty();
        setup().apply(step -> {});

        assertThat(setup().plan().isEmpty()).isTrue();
    }

    @Test
    void anotherShapeIsAConflictAndNothingIsChanged() {
        plain.createTable(request -> request.tableName(names.accounts())
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
                .isThrownBy(() -> setup().apply(step -> {}))
                .withMessageContaining(names.accounts())
                .withMessageContaining("partition key id")
                .withMessageContaining("partition key account_id");
        assertThat(plain.listTables().tableNames()).doesNotContain(names.tenants(), names.schedules());
        assertThat(setup().verify()).anySatisfy(finding -> {
            assertThat(finding.check().id()).isEqualTo("table-shape");
            assertThat(finding.isProblem()).isTrue();
            assertThat(finding.toString())
                    .contains("not partition key account_id")
                    .contains("Other keys need a new table");
        });
    }

    @Test
    void anExpiryByAnotherAttributeIsAConflict() {
        DynamoDbStorage.using(
                        plain, settings.toBuilder().executionRetention(null).build())
                .createTables();
        plain.updateTimeToLive(request -> request.tableName(names.executions())
                .timeToLiveSpecification(specification ->
                        specification.attributeName("expires_at").enabled(true)));

        assertThatExceptionOfType(NotSetUpException.class)
                .isThrownBy(() -> setup().apply(step -> {}))
                .withMessageContaining("expires_at");
        assertThat(setup().plan().conflicts()).hasSize(1);
    }

    @Test
    void whoDiesOnTheWayGoesOnWhereItStopped() {
        var stop = new IllegalStateException("the process ends");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> setup().apply(step -> {
                    if (step.done() == 4) {
                        throw stop;
                    }
                }))
                .isSameAs(stop);
        int left = setup().plan().changes().size();

        assertThat(left).isBetween(1, 17);
        setup().apply(step -> {});
        assertThat(setup().plan().isEmpty()).isTrue();
    }

    /** As a table is that is being deleted, or whose key somebody has disabled. */
    @Test
    void aTableThatCannotBeUsedIsAConflictAndIsNotWaitedFor() {
        setup().apply(step -> {});
        for (TableStatus status : List.of(TableStatus.DELETING, TableStatus.INACCESSIBLE_ENCRYPTION_CREDENTIALS)) {
            var setup = DynamoDbSetup.using(
                    answering(
                            DescribeTableResponse.class,
                            response -> response.copy(
                                    answer -> answer.table(response.table().copy(table -> table.tableStatus(status))))),
                    settings,
                    options);

            assertThatExceptionOfType(NotSetUpException.class)
                    .isThrownBy(() -> setup.apply(step -> {}))
                    .withMessageContaining(status.toString());
            assertThat(setup.verify())
                    .filteredOn(Finding::isProblem)
                    .hasSize(7)
                    .allMatch(finding -> finding.check().id().equals("table-state")
                            && finding.saw().contains(status.toString()));
        }
    }

    /** AWS refuses for a while after a table was made: "Backups are being enabled for the table". */
    @Test
    void recoveryIsSwitchedOnWhenTheServiceIsReadyForIt() {
        var refused = new AtomicInteger();
        var setup = DynamoDbSetup.using(
                answering(UpdateContinuousBackupsResponse.class, response -> {
                    if (refused.incrementAndGet() <= 2) {
                        throw ContinuousBackupsUnavailableException.builder()
                                .message("Backups are being enabled for the table. Please retry later")
                                .statusCode(400)
                                .build();
                    }
                    return response;
                }),
                settings,
                options);

        setup.apply(step -> {});

        assertThat(refused).hasValue(7 + 2);
        assertThat(setup().plan().isEmpty()).isTrue();
    }

    /** Whose rows go without anybody's having asked for it; an expiry that was ours stays. */
    @Test
    void anExpiryByAnotherAttributeIsFoundWhereNoneWasAskedFor() {
        setup().apply(step -> {});
        plain.updateTimeToLive(request -> request.tableName(names.accounts())
                .timeToLiveSpecification(ttl -> ttl.enabled(true).attributeName("delete_after")));
        OnboardingSettings without =
                settings.toBuilder().executionRetention(null).build();
        var setup = DynamoDbSetup.using(full, without, options);

        assertThat(setup.plan().isEmpty()).isTrue();
        assertThat(setup.verify())
                .filteredOn(Finding::isProblem)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.check().id()).isEqualTo("table-expiry");
                    assertThat(finding.resource()).isEqualTo(names.accounts());
                    assertThat(finding.saw()).contains("delete_after");
                });
    }

    /** DynamoDB refuses an expiry that is on already. */
    @Test
    void whoIsSlowerWithTheExpiryOfRowsIsDoneAsWell() {
        var setup = DynamoDbSetup.using(
                before("updateTimeToLive", request -> plain.updateTimeToLive((UpdateTimeToLiveRequest) request)),
                settings,
                options);

        setup.apply(step -> {});

        assertThat(setup().plan().isEmpty()).isTrue();
    }

    @Test
    void anExpiryThatSomebodyElseWasFasterWithIsAConflict() {
        var setup = DynamoDbSetup.using(
                before(
                        "updateTimeToLive",
                        request -> plain.updateTimeToLive(
                                other -> other.tableName(((UpdateTimeToLiveRequest) request).tableName())
                                        .timeToLiveSpecification(
                                                ttl -> ttl.enabled(true).attributeName("delete_after")))),
                settings,
                options);

        assertThatExceptionOfType(NotSetUpException.class)
                .isThrownBy(() -> setup.apply(step -> {}))
                .withMessageContaining("delete_after");
    }

    @Test
    void throttlingWhileATableIsWaitedForIsSaidAsSuch() {
        var looks = new AtomicInteger();
        var setup = DynamoDbSetup.using(
                before("describeTable", request -> {
                    if (looks.incrementAndGet() > 7) {
                        throw ProvisionedThroughputExceededException.builder()
                                .message("slow down")
                                .awsErrorDetails(AwsErrorDetails.builder()
                                        .errorCode("ThrottlingException")
                                        .build())
                                .statusCode(400)
                                .build();
                    }
                }),
                settings,
                options);

        assertThatExceptionOfType(ThrottledException.class).isThrownBy(() -> setup.apply(step -> {}));
    }

    private DynamoDbClient before(String operation, Consumer<Object> act) {
        return between((method, request, call) -> {
            if (method.equals(operation)) {
                act.accept(request);
            }
            return call.call();
        });
    }

    private <R> DynamoDbClient answering(Class<R> type, UnaryOperator<R> change) {
        return between((method, request, call) -> {
            Object answer = call.call();
            return type.isInstance(answer) ? change.apply(type.cast(answer)) : answer;
        });
    }

    private interface Between {
        Object call(String operation, Object request, Callable<Object> call) throws Exception;
    }

    private DynamoDbClient between(Between between) {
        return (DynamoDbClient) Proxy.newProxyInstance(
                TableSetupTest.class.getClassLoader(),
                new Class<?>[] {DynamoDbClient.class},
                (proxy, method, args) -> between.call(method.getName(), args == null ? "" : args[0], () -> {
                    try {
                        return method.invoke(full, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause() instanceof Exception failure ? failure : e;
                    }
                }));
    }

    @Test
    void everyCheckIsListedOnceAndSaysWhatHelps() {
        assertThat(DynamoDbSetup.checks()).extracting(Check::id).doesNotHaveDuplicates();
        assertThat(DynamoDbSetup.checks()).allSatisfy(check -> {
            assertThat(check.why()).endsWith(".");
            assertThat(check.remedy()).endsWith(".");
        });
        setup().apply(step -> {});
        assertThat(DynamoDbSetup.checks())
                .containsAll(setup().verify().stream().map(Finding::check).toList());
    }
}
