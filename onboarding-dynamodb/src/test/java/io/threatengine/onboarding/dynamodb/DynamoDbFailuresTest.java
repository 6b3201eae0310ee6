package io.threatengine.onboarding.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.mockito.Mockito.when;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.claim.ClaimResult;
import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.NotSetUpException;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.error.ThrottledException;
import io.threatengine.onboarding.error.VersionConflictException;
import io.threatengine.onboarding.run.RunOutcome;
import io.threatengine.onboarding.schedule.ScheduleId;
import io.threatengine.onboarding.schedule.ScheduleRepository;
import io.threatengine.onboarding.storage.Revision;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.tenant.TenantRepository;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** What a service seldom does, and no stand-in does on request. */
class DynamoDbFailuresTest {
    private static final Instant NOW = Instant.parse("2026-11-24T08:17:00Z");
    private static final Tenant TENANT = Tenant.builder()
            .id(TenantId.of("t1"))
            .name("acme")
            .createdAt(NOW)
            .updatedAt(NOW)
            .revision(Revision.first(NOW))
            .build();

    private static final Map<String, AttributeValue> DUE = Map.of(
            "schedule_id", AttributeValue.fromS("s1"),
            "tenant_id", AttributeValue.fromS("t1"),
            "account_id", AttributeValue.fromS("a1"),
            "provider_type", AttributeValue.fromS("aws"),
            "schedule_type", AttributeValue.fromS("interval"),
            "interval_seconds", AttributeValue.fromN("3600"),
            "enabled", AttributeValue.fromS("true"),
            "next_run_at", AttributeValue.fromS("2026-11-24T08:00:00.000000"));

    private final DynamoDbClient client = mock(DynamoDbClient.class);
    private final DynamoDbStorage storage = DynamoDbStorage.using(client, OnboardingSettings.defaults(), () -> NOW);
    private final TenantRepository tenants = storage.tenants();
    private final ScheduleRepository schedules = storage.schedules();

    @Test
    void aMissingTableSaysSo() {
        when(client.getItem(any(GetItemRequest.class)))
                .thenThrow(
                        ResourceNotFoundException.builder().message("no table").build());

        assertThatExceptionOfType(NotSetUpException.class)
                .isThrownBy(() -> tenants.find(TENANT.id()))
                .withMessageContaining("threat-engine-tenants")
                .withMessageContaining("createTables");
    }

    @Test
    void aTransactionThatCrossedAnotherIsTriedAgain() {
        when(client.transactWriteItems(any(TransactWriteItemsRequest.class)))
                .thenThrow(canceled("TransactionConflict"), canceled("TransactionConflict"))
                .thenReturn(TransactWriteItemsResponse.builder().build());

        assertThat(tenants.create("acme").name()).isEqualTo("acme");
        verify(client, times(3)).transactWriteItems(any(TransactWriteItemsRequest.class));
    }

    @Test
    void aTransactionThatAlwaysCrossesAnotherGivesUp() {
        when(client.transactWriteItems(any(TransactWriteItemsRequest.class)))
                .thenThrow(canceled("TransactionConflict"));

        assertThatExceptionOfType(ServiceUnavailableException.class).isThrownBy(() -> tenants.create("acme"));
        verify(client, times(10)).transactWriteItems(any(TransactWriteItemsRequest.class));
    }

    @Test
    void aClaimThatCrossesAnotherIsLostAtOnceAndAReportIsTriedAgain() {
        var claims = DynamoDbStorage.using(client, OnboardingSettings.defaults(), () -> NOW)
                .claims();
        when(client.getItem(any(GetItemRequest.class)))
                .thenReturn(GetItemResponse.builder().build());
        when(client.query(any(QueryRequest.class)))
                .thenReturn(QueryResponse.builder().items(List.of(DUE)).build());
        when(client.transactWriteItems(any(TransactWriteItemsRequest.class)))
                .thenThrow(canceled("TransactionConflict"))
                .thenReturn(TransactWriteItemsResponse.builder().build())
                .thenThrow(canceled("TransactionConflict"))
                .thenReturn(TransactWriteItemsResponse.builder().build());

        ClaimResult crossed = claims.claimDue("one", Duration.ofMinutes(5), 1);
        assertThat(crossed.lost()).isEqualTo(1);
        assertThat(crossed.claims()).isEmpty();
        verify(client).transactWriteItems(any(TransactWriteItemsRequest.class));

        claims.complete(
                claims.claimDue("one", Duration.ofMinutes(5), 1).claims().get(0));
        verify(client, times(4)).transactWriteItems(any(TransactWriteItemsRequest.class));
    }

    @Test
    void aTransactionThatIsThrottledForAWhileIsTriedAgain() {
        when(client.transactWriteItems(any(TransactWriteItemsRequest.class)))
                .thenThrow(canceled("ThrottlingError"))
                .thenReturn(TransactWriteItemsResponse.builder().build())
                .thenThrow(canceled("ProvisionedThroughputExceeded"))
                .thenReturn(TransactWriteItemsResponse.builder().build());

        assertThat(tenants.create("acme").name()).isEqualTo("acme");
        schedules.recordRun(ScheduleId.of("s1"), RunOutcome.FAILED, NOW);

        verify(client, times(4)).transactWriteItems(any(TransactWriteItemsRequest.class));
    }

    @Test
    void aTransactionThatIsThrottledToTheEndSaysSo() {
        when(client.transactWriteItems(any(TransactWriteItemsRequest.class))).thenThrow(canceled("ThrottlingError"));

        assertThatExceptionOfType(ThrottledException.class).isThrownBy(() -> tenants.create("acme"));
        verify(client, times(10)).transactWriteItems(any(TransactWriteItemsRequest.class));
    }

    @Test
    void aTransactionThatIsInvalidSaysSoAtOnce() {
        when(client.transactWriteItems(any(TransactWriteItemsRequest.class))).thenThrow(canceled("ValidationError"));

        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> tenants.create("acme"))
                .isExactlyInstanceOf(ServiceException.class);
        verify(client).transactWriteItems(any(TransactWriteItemsRequest.class));
    }

    @Test
    void anUpdateWhoseAnswerWasLostIsRecognisedAsOurOwn() {
        Tenant changed = TENANT.describe("changed");
        // the SDK's first try took effect; its second try finds what the first has written
        refuseUpdates(2, "changed");

        Tenant stored = tenants.update(changed);

        assertThat(stored.description()).isEqualTo("changed");
        assertThat(stored.revision().version()).isEqualTo(2);
        verify(client).updateItem(any(UpdateItemRequest.class));
        verifyNoMoreInteractions(client);
    }

    @Test
    void anUpdateWhoseAnswerWasLostIsRecognisedThoughATransactionThenHadTheRow() {
        // the call's first try took effect, its second crossed a transaction; the next call finds what was written
        when(client.updateItem(any(UpdateItemRequest.class)))
                .thenThrow(crossed(2), refused(1, "changed"))
                .thenThrow(crossed(1), refused(1, "changed"));

        assertThat(tenants.update(TENANT.describe("changed")).revision().version())
                .isEqualTo(2);
        // here no try can have taken effect: it is the same change by somebody else
        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> tenants.update(TENANT.describe("changed")));
    }

    @Test
    void anotherWritersUpdateIsNotTakenForOurOwn() {
        refuseUpdates(2, "by somebody else");

        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> tenants.update(TENANT.describe("changed")));
    }

    @Test
    void theSameUpdateByAnotherWriterIsNotTakenForOurOwn() {
        refuseUpdates(1, "changed");

        assertThatExceptionOfType(VersionConflictException.class)
                .isThrownBy(() -> tenants.update(TENANT.describe("changed")));
    }

    @Test
    void anUpdateThatCrossedATransactionIsTriedAgain() {
        when(client.updateItem(any(UpdateItemRequest.class)))
                .thenThrow(crossed(1))
                .thenReturn(UpdateItemResponse.builder()
                        .attributes(row("changed", "2"))
                        .build());

        assertThat(tenants.update(TENANT.describe("changed")).description()).isEqualTo("changed");
        verify(client, times(2)).updateItem(any(UpdateItemRequest.class));
    }

    @Test
    void aStaleOwnerThatChangesWhileItsGuardIsTakenOverIsLookedAtAgain() {
        var guard =
                Map.of("unique_key", AttributeValue.fromS("tenant.name#acme"), "owner_id", AttributeValue.fromS("t0"));
        when(client.getItem(any(GetItemRequest.class)))
                .thenReturn(GetItemResponse.builder().build());
        when(client.transactWriteItems(any(TransactWriteItemsRequest.class)))
                .thenThrow(refused(1, guard))
                .thenThrow(refused(2, Map.of()))
                .thenThrow(refused(1, guard))
                .thenReturn(TransactWriteItemsResponse.builder().build());

        assertThat(tenants.create("acme").name()).isEqualTo("acme");
        verify(client, times(4)).transactWriteItems(any(TransactWriteItemsRequest.class));
        verify(client, times(2)).getItem(any(GetItemRequest.class));
    }

    @Test
    void aGuardWhoseOwnerHoldsItsKeyIsNotTakenOver() {
        var guard =
                Map.of("unique_key", AttributeValue.fromS("tenant.name#acme"), "owner_id", AttributeValue.fromS("t1"));
        when(client.getItem(any(GetItemRequest.class)))
                .thenReturn(
                        GetItemResponse.builder().item(row("the owner", "1")).build());
        when(client.transactWriteItems(any(TransactWriteItemsRequest.class))).thenThrow(refused(1, guard));

        assertThatExceptionOfType(AlreadyExistsException.class).isThrownBy(() -> tenants.create("acme"));
        verify(client).transactWriteItems(any(TransactWriteItemsRequest.class));
    }

    /** A transaction of which one step, counted from 0, was refused by this row. */
    private static TransactionCanceledException refused(int step, Map<String, AttributeValue> row) {
        var reasons = new ArrayList<CancellationReason>();
        for (int i = 0; i < step; i++) {
            reasons.add(CancellationReason.builder().code("None").build());
        }
        reasons.add(CancellationReason.builder()
                .code("ConditionalCheckFailed")
                .item(row)
                .build());
        return TransactionCanceledException.builder()
                .cancellationReasons(reasons)
                .build();
    }

    private void refuseUpdates(int attempts, String description) {
        when(client.updateItem(any(UpdateItemRequest.class))).thenThrow(refused(attempts, description));
    }

    private static DynamoDbException refused(int attempts, String description) {
        return ConditionalCheckFailedException.builder()
                .item(row(description, "2"))
                .numAttempts(attempts)
                .build();
    }

    private static DynamoDbException crossed(int attempts) {
        return TransactionConflictException.builder()
                .message("crossed")
                .numAttempts(attempts)
                .build();
    }

    private static Map<String, AttributeValue> row(String description, String version) {
        return Map.of(
                "tenant_id", AttributeValue.fromS("t1"),
                "tenant_name", AttributeValue.fromS("acme"),
                "description", AttributeValue.fromS(description),
                "status", AttributeValue.fromS("active"),
                "created_at", AttributeValue.fromS("2026-11-24T08:17:00.000000"),
                "updated_at", AttributeValue.fromS("2026-11-24T08:17:00.000000"),
                "version", AttributeValue.fromN(version));
    }

    private static TransactionCanceledException canceled(String code) {
        return TransactionCanceledException.builder()
                .message("Transaction cancelled: " + code)
                .cancellationReasons(List.of(
                        CancellationReason.builder().code(code).build(),
                        CancellationReason.builder().code("None").build()))
                .build();
    }
}
