package io.threatengine.onboarding.scan;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.EntityRepository;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.storage.TimeRange;
import java.util.Collection;

/** The scan results. Thread-safe. */
public interface ScanResultRepository extends EntityRepository<ScanId, ScanResult> {

    /**
     * Creates a scan result with a random id.
     *
     * @throws NotFoundException if its account does not exist any more
     */
    ScanResult create(NewScan scan);

    /**
     * Creates many scan results, with an outcome for each. A call whose answer is lost makes none twice. Unlike {@link #create},
     * which looks at the account in the moment of the write, it does so shortly before: of an account that is deleted just then,
     * a scan result may still be created.
     *
     * @param scans of any number and of any accounts
     */
    BulkResult<NewScan, ScanResult> createAll(Collection<NewScan> scans, BulkOptions options);

    /** An account's scans, the oldest first. */
    default Listing<ScanResult> ofAccount(AccountId account) {
        return ofAccount(account, TimeRange.ALL);
    }

    /**
     * An account's scans that began within a time. Within one second, those whose time other engines have stored without
     * its fraction, or with a {@code Z} at its end, may stand out of order.
     */
    Listing<ScanResult> ofAccount(AccountId account, TimeRange started);

    /** The scans in one status, of all accounts, the oldest first. */
    default Listing<ScanResult> withStatus(RunStatus status) {
        return withStatus(status, TimeRange.ALL);
    }

    /** The scans in one status that began within a time, ordered as {@link #ofAccount(AccountId, TimeRange)}. */
    Listing<ScanResult> withStatus(RunStatus status, TimeRange started);
}
