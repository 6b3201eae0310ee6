package io.threatengine.onboarding.infrastructure.cost;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What a workload costs a month of 730 hours, item by item, in US dollars without taxes. Free tiers are not taken off, so that it is an
 * upper bound. Immutable.
 *
 * <p>What it counts, for rows below 1 KB:
 *
 * <ul>
 *   <li>A run is two transactions of two rows each, claim and completion, which write six entries of indexes each; a scan
 *       result is one transaction and one write. In a transaction a row counts twice, an index entry once (Amazon DynamoDB Developer
 *       Guide, "Amazon DynamoDB Transactions: How it works"). {@code docs/calls.md} has the operations.
 *   <li>A run reads the account's row once, and each process looks for due schedules every minute.
 *   <li>A cached credential is loaded when it is read after 75 % of the cache's time to live have passed, by each process for itself;
 *       reads are taken to come at random. Where they come close together, as those of a scan do, there are fewer loads.
 *   <li>Each load of a secret under a key of one's own is a call of KMS too.
 *   <li>A row is 700 bytes with DynamoDB's own 100, and each index has a copy of it.
 * </ul>
 *
 * <p>Onboarding, rotations, backups, alarms, CloudTrail and traffic are not in it; nor is what a rotated key costs more, a dollar a
 * month for each of the first two rotations (AWS KMS pricing).
 *
 * @param workload what was asked for
 * @param prices at which prices
 * @param lines the items, in the order of the services
 */
public record CostEstimate(Workload workload, RegionPrices prices, List<Line> lines) {
    private static final double HOURS_PER_MONTH = 730;
    private static final double DAYS_PER_MONTH = HOURS_PER_MONTH / 24;
    private static final double SECONDS_PER_DAY = 86_400;

    private static final double MILLION = 1e6;
    private static final double TEN_THOUSAND = 1e4;
    private static final double GIGABYTE = 1 << 30;

    /** In a transaction a row counts twice. */
    private static final double ROW_IN_TRANSACTION = 2;

    // ---- what docs/calls.md has, counted as AWS counts it
    private static final double WRITES_OF_CLAIM = 2 * ROW_IN_TRANSACTION + 6;
    private static final double WRITES_OF_COMPLETION = 2 * ROW_IN_TRANSACTION + 6;
    private static final double WRITES_OF_SCAN = 2 * ROW_IN_TRANSACTION + 2;
    private static final double WRITES_OF_SCAN_OUTCOME = 1 + 3;

    private static final double READS_OF_RUN = 1;
    private static final double LOOKS_PER_DAY = 24 * 60;
    private static final double READS_OF_LOOK = 0.5;

    /** Refreshes begin between 70 and 80 % of the time to live. */
    private static final double REFRESHED_AT = 0.75;

    private static final double BYTES_OF_ROW = 700;
    private static final double COPIES_OF_ACCOUNT = 3;
    private static final double COPIES_OF_SCHEDULE = 4;
    private static final double COPIES_OF_RUN = 3 + 3;

    /**
     * An item of the bill.
     *
     * @param service DynamoDB, Secrets Manager or KMS
     * @param item what is paid for
     * @param quantity how much of it in a month
     * @param unit of the quantity
     * @param dollars a month
     */
    public record Line(String service, String item, double quantity, String unit, double dollars) {
        public Line {
            Objects.requireNonNull(service, "service");
            Objects.requireNonNull(item, "item");
            Objects.requireNonNull(unit, "unit");
        }

        /** In a line of text. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s, %s: %,.2f %s, $%,.2f", service, item, quantity, unit, dollars);
        }
    }

    public CostEstimate {
        Objects.requireNonNull(workload, "workload");
        Objects.requireNonNull(prices, "prices");
        lines = List.copyOf(lines);
    }

    /** Works it out. */
    public static CostEstimate of(Workload workload, RegionPrices prices) {
        double runs = workload.runsPerDay() * DAYS_PER_MONTH;
        double runWrites = runs * (WRITES_OF_CLAIM + WRITES_OF_COMPLETION);
        double scanWrites = runs * (WRITES_OF_SCAN + WRITES_OF_SCAN_OUTCOME);
        double reads = runs * READS_OF_RUN + workload.rowReadsPerDay() * DAYS_PER_MONTH;
        double looks = workload.processes() * LOOKS_PER_DAY * DAYS_PER_MONTH * READS_OF_LOOK;
        double gigabytes = bytes(workload) / GIGABYTE;
        double loads = credentialLoadsPerDay(workload) * DAYS_PER_MONTH;
        double key = workload.customerKey() ? 1 : 0;
        return new CostEstimate(
                workload,
                prices,
                List.of(
                        line("DynamoDB", "runs", runWrites, "write units", prices.writesPerMillion() / MILLION),
                        line(
                                "DynamoDB",
                                "scan results",
                                scanWrites,
                                "write units",
                                prices.writesPerMillion() / MILLION),
                        line("DynamoDB", "rows read", reads, "read units", prices.readsPerMillion() / MILLION),
                        line(
                                "DynamoDB",
                                "looks for due schedules",
                                looks,
                                "read units",
                                prices.readsPerMillion() / MILLION),
                        line("DynamoDB", "storage", gigabytes, "GB", prices.storagePerGigabyteMonth()),
                        line(
                                "DynamoDB",
                                "point-in-time recovery",
                                workload.pointInTimeRecovery() ? gigabytes : 0,
                                "GB",
                                prices.recoveryPerGigabyteMonth()),
                        line(
                                "Secrets Manager",
                                "secrets",
                                (double) workload.accounts(),
                                "secrets",
                                prices.secretPerMonth()),
                        line(
                                "Secrets Manager",
                                "credentials loaded",
                                loads,
                                "calls",
                                prices.secretCallsPerTenThousand() / TEN_THOUSAND),
                        line("KMS", "key", key, "keys", prices.keyPerMonth()),
                        line(
                                "KMS",
                                "credentials decrypted",
                                key * loads,
                                "calls",
                                prices.keyCallsPerTenThousand() / TEN_THOUSAND)));
    }

    /** The whole of it, in dollars a month. */
    public double dollars() {
        return lines.stream().mapToDouble(Line::dollars).sum();
    }

    /** What one service costs, in dollars a month. */
    public double dollarsOf(String service) {
        return lines.stream()
                .filter(line -> line.service().equals(service))
                .mapToDouble(Line::dollars)
                .sum();
    }

    /** What more it would cost without the cache, in dollars a month. */
    public double savedByCache() {
        return of(workload.withoutCache(), prices).dollars() - dollars();
    }

    private static Line line(String service, String item, double quantity, String unit, double price) {
        return new Line(service, item, quantity, unit, quantity * price);
    }

    /** Of reads that come at random: one load, then none until the credential is to be refreshed and somebody reads it. */
    private static double credentialLoadsPerDay(Workload workload) {
        double reads = workload.credentialReadsPerDay();
        if (reads == 0) {
            return 0;
        }
        double caches = (double) workload.accounts() * workload.processes(); // one entry of an account in each process
        double secondsBetweenReads = SECONDS_PER_DAY / (reads / caches);
        return caches * SECONDS_PER_DAY / (secondsBetweenReads + REFRESHED_AT * seconds(workload.cacheTimeToLive()));
    }

    private static double bytes(Workload workload) {
        double runsKept = workload.runsPerDay() * seconds(workload.retention()) / SECONDS_PER_DAY;
        return BYTES_OF_ROW
                * (workload.accounts() * COPIES_OF_ACCOUNT
                        + workload.schedules() * COPIES_OF_SCHEDULE
                        + runsKept * COPIES_OF_RUN);
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1e3;
    }
}
