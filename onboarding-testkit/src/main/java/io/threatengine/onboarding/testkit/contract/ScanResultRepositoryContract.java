package io.threatengine.onboarding.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.scan.NewScan;
import io.threatengine.onboarding.scan.ScanId;
import io.threatengine.onboarding.scan.ScanResult;
import io.threatengine.onboarding.scan.ScanResultRepository;
import io.threatengine.onboarding.scan.ScanType;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.TimeRange;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link ScanResultRepository} does. */
public interface ScanResultRepositoryContract extends EntityRepositoryContract<ScanId, ScanResult> {

    @Override
    default ScanResultRepository repository() {
        return storage().scanResults();
    }

    @Override
    default ScanResult create() {
        return repository().create(NewScan.of(Samples.account(storage()), ProviderType.AWS));
    }

    @Override
    default ScanResult changed(ScanResult scan) {
        return scan.withMetadata(Map.of("change", UUID.randomUUID().toString()));
    }

    @Test
    default void aScanIsCreatedRunning() {
        Account account = Samples.account(storage());

        ScanResult scan =
                repository().create(NewScan.of(account, ProviderType.AWS).as(ScanType.FULL));

        assertThat(repository().get(scan.id())).isEqualTo(scan);
        assertThat(scan.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(scan.type()).isEqualTo(ScanType.FULL);
        assertThat(scan.tenantId()).contains(account.tenantId());
        assertThat(scan.providerType()).isEqualTo(ProviderType.AWS);
        assertThat(scan.metadata()).isEmpty();
    }

    @Test
    default void everyFactOfAScanIsKept() {
        ScanResult scan = create();
        Instant end = scan.startedAt().plusSeconds(90);
        var nested = new HashMap<String, Object>();
        nested.put("nothing", null);
        nested.put("list", Arrays.asList("a", 1, true, null, Map.of("deep", 2.50)));

        repository()
                .update(scan.withMetadata(Map.of("engine", "4.2", "nested", nested, "count", 12L))
                        .complete(Checks.of(9, 5, 3, 1), "s3://results/scan-1", end));

        ScanResult read = repository().get(scan.id());
        assertThat(read.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(read.checks()).contains(new Checks(9, 5, 3, 1));
        assertThat(read.resultPath()).contains("s3://results/scan-1");
        assertThat(read.completedAt()).contains(end);
        assertThat(read.metadata()).hasValueSatisfying(metadata -> {
            assertThat(metadata.get("engine")).isEqualTo("4.2");
            assertThat(metadata.get("count")).isEqualTo(new BigDecimal("12"));
            nested.put(
                    "list", Arrays.asList("a", new BigDecimal("1"), true, null, Map.of("deep", new BigDecimal("2.5"))));
            assertThat(metadata.get("nested")).isEqualTo(nested);
        });
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> scan.withMetadata(Map.of("odd", new Object())))
                .satisfies(e -> assertThat(e.field()).isEqualTo("metadata"));
    }

    @Test
    default void whatHasEndedKeepsItsFirstOutcome() {
        ScanResult scan = create();
        Instant end = scan.startedAt().plusSeconds(1);
        ScanResult cancelled = repository().update(scan.id(), s -> s.cancel(end));

        assertThatExceptionOfType(IllegalTransitionException.class)
                .isThrownBy(() -> repository().update(scan.id(), s -> s.fail("too late", end)))
                .satisfies(e -> assertThat(e.from()).isEqualTo("cancelled"));
        assertThatExceptionOfType(IllegalTransitionException.class)
                .isThrownBy(() -> repository().update(scan.id(), s -> s.complete(Checks.of(0, 0, 0), "path", end)));
        assertThat(repository().get(scan.id())).isEqualTo(cancelled);
        ScanResult failed = repository().update(create().fail("no answer", end));
        assertThat(repository().get(failed.id()).errorMessage()).contains("no answer");
    }

    @Test
    default void aScanNeedsItsAccount() {
        Account account = Samples.account(storage());
        NewScan scan = NewScan.of(account, ProviderType.AWS);
        storage().accounts().update(account.id(), Account::markDeleted);

        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> repository().create(scan))
                .satisfies(e -> assertThat(e.kind()).isEqualTo("account"));
        assertThat(repository().createAll(List.of(scan), BulkOptions.defaults()).failures())
                .hasSize(1);
        assertThat(repository().ofAccount(account.id()).stream()).isEmpty();
    }

    @Test
    default void manyScansAreCreatedAndListed() {
        Account account = Samples.account(storage());
        List<NewScan> wanted = IntStream.range(0, 60)
                .mapToObj(i -> NewScan.of(account, ProviderType.AWS))
                .toList();

        BulkResult<NewScan, ScanResult> made = repository().createAll(wanted, BulkOptions.defaults());

        assertThat(repository().ofAccount(account.id()).stream()).containsExactlyInAnyOrderElementsOf(made.values());
        assertThat(repository().ofAccount(account.id(), TimeRange.ALL.latestFirst()).stream())
                .hasSize(60);
    }

    @Test
    default void scansAreListedByStatusAndTime() {
        ScanResult running = create();
        ScanResult failed = repository().update(create().fail("no answer", running.startedAt()));
        TimeRange now =
                TimeRange.between(running.startedAt(), running.startedAt().plusSeconds(1));

        assertThat(repository().withStatus(RunStatus.RUNNING, now).stream())
                .contains(running)
                .doesNotContain(failed);
        assertThat(repository().withStatus(RunStatus.FAILED).stream())
                .contains(failed)
                .doesNotContain(running);
        assertThat(repository().withStatus(RunStatus.RUNNING, TimeRange.before(running.startedAt())).stream())
                .doesNotContain(running);
    }
}
