package io.threatengine.onboarding.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.execution.Execution;
import io.threatengine.onboarding.execution.ExecutionId;
import io.threatengine.onboarding.execution.Trigger;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.scan.ScanId;
import io.threatengine.onboarding.scan.ScanResult;
import io.threatengine.onboarding.schedule.Schedule;
import io.threatengine.onboarding.schedule.ScheduleId;
import io.threatengine.onboarding.schedule.ScheduleType;
import io.threatengine.onboarding.storage.Entity;
import io.threatengine.onboarding.storage.Revision;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.instancio.Instancio;
import org.instancio.junit.InstancioExtension;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.Mockito;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Whatever valid entity is written is read back the same; a failure prints the seed that it came from. */
@ExtendWith(InstancioExtension.class)
class MappingPropertyTest {
    private final Tables tables =
            new Tables(Mockito.mock(DynamoDbClient.class), OnboardingSettings.defaults(), () -> Instant.EPOCH);
    private final DynamoDbTenantRepository tenants = new DynamoDbTenantRepository(tables);
    private final DynamoDbAccountRepository accounts =
            new DynamoDbAccountRepository(tables, tenants, new DynamoDbProviderRepository(tables, tenants));
    private final DynamoDbScheduleRepository schedules = new DynamoDbScheduleRepository(tables, accounts);

    @RepeatedTest(50)
    void aSchedule() {
        Instant updated = instant();
        survives(
                schedules,
                Schedule.builder()
                        .id(ScheduleId.of(id()))
                        .tenantId(TenantId.of(id()))
                        .accountId(AccountId.of(id()))
                        .providerType(new ProviderType(word()))
                        .name(word())
                        .description(Instancio.gen().booleans().get() ? "" : word())
                        .type(new ScheduleType(word()))
                        .cronExpression(word())
                        .intervalSeconds(Instancio.gen().longs().get())
                        .timeZone(word())
                        .regions(words())
                        .services(words())
                        .excludedServices(words())
                        .enabled(Instancio.gen().booleans().get())
                        .notifyOnFailure(Instancio.gen().booleans().get())
                        .notifyOnSuccess(Instancio.gen().booleans().get())
                        .runCount(Instancio.gen().longs().get())
                        .successCount(Instancio.gen().longs().get())
                        .failureCount(Instancio.gen().longs().get())
                        .nextRunAt(Instancio.gen().booleans().get() ? instant() : null)
                        .lastRunAt(Instancio.gen().booleans().get() ? instant() : null)
                        .createdAt(instant())
                        .updatedAt(updated)
                        .revision(Revision.first(updated))
                        .build());
    }

    @RepeatedTest(50)
    void anExecution() {
        survives(
                new DynamoDbExecutionRepository(tables, schedules),
                Execution.builder()
                        .id(ExecutionId.of(id()))
                        .tenantId(Instancio.gen().booleans().get() ? TenantId.of(id()) : null)
                        .scheduleId(ScheduleId.of(id()))
                        .accountId(AccountId.of(id()))
                        .startedAt(instant())
                        .status(RunStatus.COMPLETED)
                        .triggeredBy(new Trigger(word()))
                        .completedAt(Instancio.gen().booleans().get() ? instant() : null)
                        .scanId(Instancio.gen().booleans().get() ? ScanId.of(id()) : null)
                        .checks(Instancio.gen().booleans().get() ? checks() : null)
                        .errorMessage(Instancio.gen().booleans().get() ? word() : null)
                        .createdAt(instant())
                        .revision(Revision.first("completed"))
                        .build());
    }

    @RepeatedTest(50)
    void aScanResult() {
        var metadata = new HashMap<String, Object>();
        metadata.put(word(), Instancio.gen().longs().get());
        metadata.put(word(), Instancio.gen().doubles().range(-1e100, 1e100).get());
        metadata.put(word(), null);
        metadata.put(
                word(),
                List.of(
                        word(),
                        Instancio.gen().booleans().get(),
                        Map.of(word(), Instancio.gen().ints().get())));
        survives(
                new DynamoDbScanResultRepository(tables, accounts),
                ScanResult.builder()
                        .id(ScanId.of(id()))
                        .tenantId(Instancio.gen().booleans().get() ? TenantId.of(id()) : null)
                        .accountId(AccountId.of(id()))
                        .providerType(new ProviderType(word()))
                        .startedAt(instant())
                        .status(RunStatus.FAILED)
                        .checks(checks())
                        .resultPath(word())
                        .metadata(metadata)
                        .errorMessage(word())
                        .createdAt(instant())
                        .revision(Revision.first("failed"))
                        .build());
    }

    @RepeatedTest(50)
    void settings() {
        TableNames tables = TableNames.withPrefix(
                Instancio.gen().string().alphaNumeric().length(1, 50).get());
        String prefix = Instancio.gen().string().alphaNumeric().length(1, 200).get();
        String account = Instancio.gen().string().digits().length(12).get();

        OnboardingSettings read = OnboardingSettings.from(Map.of(
                "SECRETS_MANAGER_PREFIX", prefix,
                "PLATFORM_AWS_ACCOUNT_ID", account,
                "DYNAMODB_TENANTS_TABLE", tables.tenants(),
                "DYNAMODB_PROVIDERS_TABLE", tables.providers(),
                "DYNAMODB_ACCOUNTS_TABLE", tables.accounts(),
                "DYNAMODB_SCHEDULES_TABLE", tables.schedules(),
                "DYNAMODB_EXECUTIONS_TABLE", tables.executions(),
                "DYNAMODB_SCAN_RESULTS_TABLE", tables.scanResults(),
                "DYNAMODB_UNIQUE_KEYS_TABLE", tables.uniqueKeys()));

        assertThat(read)
                .isEqualTo(OnboardingSettings.builder()
                        .secretsPrefix(prefix)
                        .platformAwsAccountId(account)
                        .tables(tables)
                        .build());
    }

    private static <I, T extends Entity<I, T>> void survives(DynamoDbRepository<I, T> repository, T entity) {
        EntityMapping<T> mapping = repository.mapping();

        assertThat(mapping.schema().mapToItem(mapping.item(entity))).isEqualTo(entity);
    }

    private static String id() {
        return Instancio.gen().string().alphaNumeric().length(1, 128).get();
    }

    private static String word() {
        return Instancio.gen().string().alphaNumeric().length(1, 255).get();
    }

    private static List<String> words() {
        return Instancio.gen().ints().range(0, 3).get() == 0 ? List.of() : List.of(word(), word());
    }

    private static Checks checks() {
        return new Checks(
                Instancio.gen().longs().get(),
                Instancio.gen().longs().get(),
                Instancio.gen().longs().get(),
                Instancio.gen().longs().min(1L).get());
    }

    private static Instant instant() {
        return WireTime.stored(Instancio.gen()
                .temporal()
                .instant()
                .range(Instant.parse("1971-01-01T00:00:00Z"), Instant.parse("9999-12-31T23:59:59Z"))
                .get());
    }
}
