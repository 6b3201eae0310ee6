package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.account.AccountId;
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
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.storage.TimeRange;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

final class DynamoDbScanResultRepository extends DynamoDbRepository<ScanId, ScanResult>
        implements ScanResultRepository {
    private static final Table.Index BY_ACCOUNT = Table.SCAN_RESULTS.index("account-scans-index");
    private static final Table.Index BY_STATUS = Table.SCAN_RESULTS.index("status-scans-index");

    private final DynamoDbAccountRepository accounts;

    DynamoDbScanResultRepository(Tables tables, DynamoDbAccountRepository accounts) {
        super(
                tables,
                EntityMapping.of("scan", Table.SCAN_RESULTS, ScanResult.class, DynamoDbScanResultRepository::restore)
                        .text("scan_id", scan -> scan.id().value())
                        .fixedText("account_id", scan -> scan.accountId().value())
                        .fixedText("provider_type", scan -> scan.providerType().value())
                        .text("scan_type", scan -> scan.type().value())
                        .instantIfKnown(Row.STARTED_AT, ScanResult::startedAt)
                        .text(Row.STATUS, scan -> scan.status().value())
                        .instant(Row.COMPLETED_AT, scan -> scan.completedAt().orElse(null))
                        .checks(scan -> scan.checks().orElse(null))
                        .number(
                                Row.ERROR_CHECKS,
                                scan -> scan.checks().map(Checks::errors).orElse(null))
                        .text("result_storage_path", scan -> scan.resultPath().orElse(null))
                        .value(
                                "metadata",
                                scan -> scan.metadata()
                                        .map(PlainAttributes::attribute)
                                        .orElse(null))

                        // what the Python engines do not know
                        .text(Row.ERROR_MESSAGE, scan -> scan.errorMessage().orElse(null))
                        .fixedText(
                                Row.TENANT_ID,
                                scan -> scan.tenantId().map(TenantId::value).orElse(null))
                        .expiring(
                                Table.SCAN_RESULTS.retention(tables.settings()),
                                scan -> scan.completedAt().orElse(scan.startedAt()))
                        .build(ScanResult::createdAt));
        this.accounts = accounts;
    }

    @Override
    public ScanResult create(NewScan scan) {
        return create(
                ScanResult.created(scan, now()),
                transaction -> accounts.mustExist(
                        transaction,
                        scan.accountId(),
                        Map.of(Row.TENANT_ID, scan.tenantId().value())));
    }

    @Override
    public BulkResult<NewScan, ScanResult> createAll(Collection<NewScan> scans, BulkOptions options) {
        return manyRows()
                .createAll(
                        scans,
                        options,
                        scan -> ScanResult.created(scan, now()),
                        chunk -> accounts.manyRows()
                                .refusals(
                                        chunk,
                                        NewScan::accountId,
                                        (scan, account) -> !account.isDeleted()
                                                && account.tenantId().equals(scan.tenantId())));
    }

    @Override
    public Listing<ScanResult> ofAccount(AccountId account, TimeRange started) {
        return lists().query(BY_ACCOUNT, account.value(), started, ScanResult::startedAt);
    }

    @Override
    public Listing<ScanResult> withStatus(RunStatus status, TimeRange started) {
        return lists().query(BY_STATUS, status.value(), started, ScanResult::startedAt);
    }

    private static ScanResult restore(Row row) {
        Instant created = row.createdAt();
        Instant started = row.instant(Row.STARTED_AT);
        return ScanResult.builder()
                .id(ScanId.of(row.required("scan_id")))
                .tenantId(row.value(Row.TENANT_ID, TenantId::of))
                .accountId(AccountId.of(row.required("account_id")))
                .providerType(new ProviderType(row.required("provider_type")))
                .type(row.value("scan_type", ScanType::new, ScanType.SCHEDULED))
                .startedAt(started == null ? created : started)
                .status(row.value(Row.STATUS, RunStatus::new, RunStatus.RUNNING))
                .completedAt(row.instant(Row.COMPLETED_AT))
                .checks(row.checks())
                .resultPath(row.text("result_storage_path"))
                .metadata(row.map("metadata"))
                .errorMessage(row.text(Row.ERROR_MESSAGE))
                .createdAt(created)
                .revision(row.revision(EntityMapping.Stamp.STATUS))
                .build();
    }
}
