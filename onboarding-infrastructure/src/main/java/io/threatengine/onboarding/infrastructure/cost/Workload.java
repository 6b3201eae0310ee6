package io.threatengine.onboarding.infrastructure.cost;

import com.google.auto.value.AutoValue;
import io.threatengine.onboarding.error.InvalidValueException;
import java.time.Duration;

/**
 * What an installation has and does. Immutable.
 *
 * <pre>{@code
 * Workload workload = Workload.builder().accounts(100).schedules(100).runsPerDay(2_400).credentialReadsPerDay(24_000).build();
 * }</pre>
 */
@AutoValue
public abstract class Workload {
    Workload() {}

    /** Accounts, each with a secret of its own. */
    public abstract long accounts();

    /** Schedules, whether enabled or not. */
    public abstract long schedules();

    /** Runs of all schedules together, each with an execution and a scan result. */
    public abstract long runsPerDay();

    /** Reads of credentials by all processes together, cached or not. */
    public abstract long credentialReadsPerDay();

    /** Rows that are read by id beside those that a run reads, one. */
    public abstract long rowReadsPerDay();

    /** How long the cache keeps a credential; zero for no cache. */
    public abstract Duration cacheTimeToLive();

    /** Processes, each with a cache and a runner of its own. */
    public abstract int processes();

    /** How long executions and scan results stay. */
    public abstract Duration retention();

    /** Whether the secrets are under a KMS key of one's own; AWS's managed key costs nothing. */
    public abstract boolean customerKey();

    /** Whether the tables have point-in-time recovery. */
    public abstract boolean pointInTimeRecovery();

    /** A builder that starts from this. */
    public abstract Builder toBuilder();

    /** The same without a cache. */
    public Workload withoutCache() {
        return toBuilder().cacheTimeToLive(Duration.ZERO).build();
    }

    /**
     * A builder that starts from the library's defaults: a cache of five minutes, one process, point-in-time recovery, rows that
     * stay for a year, a key of one's own; and from nothing to do.
     */
    public static Builder builder() {
        return new AutoValue_Workload.Builder()
                .accounts(0)
                .schedules(0)
                .runsPerDay(0)
                .credentialReadsPerDay(0)
                .rowReadsPerDay(0)
                .cacheTimeToLive(Duration.ofMinutes(5))
                .processes(1)
                .retention(Duration.ofDays(365))
                .customerKey(true)
                .pointInTimeRecovery(true);
    }

    /** Builds workloads; {@link #build()} checks them. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        /** 0 by default. */
        public abstract Builder accounts(long accounts);

        /** 0 by default. */
        public abstract Builder schedules(long schedules);

        /** 0 by default. */
        public abstract Builder runsPerDay(long runs);

        /** 0 by default. */
        public abstract Builder credentialReadsPerDay(long reads);

        /** 0 by default. */
        public abstract Builder rowReadsPerDay(long reads);

        /** 5 minutes by default. */
        public abstract Builder cacheTimeToLive(Duration timeToLive);

        /** 1 by default. */
        public abstract Builder processes(int processes);

        /** A year by default. */
        public abstract Builder retention(Duration retention);

        /** True by default. */
        public abstract Builder customerKey(boolean own);

        /** True by default. */
        public abstract Builder pointInTimeRecovery(boolean on);

        abstract Workload autoBuild();

        /**
         * Checks the workload.
         *
         * @throws InvalidValueException if a number or a time is negative, there is no process, or credentials are read of no account
         */
        public Workload build() {
            Workload workload = autoBuild();
            notNegative("accounts", workload.accounts());
            notNegative("schedules", workload.schedules());
            notNegative("runs per day", workload.runsPerDay());
            notNegative("credential reads per day", workload.credentialReadsPerDay());
            notNegative("row reads per day", workload.rowReadsPerDay());
            notNegative("cache time to live", workload.cacheTimeToLive());
            notNegative("retention", workload.retention());
            if (workload.processes() < 1) {
                throw new InvalidValueException(
                        "processes", "must be 1 or more", Integer.toString(workload.processes()));
            }
            if (workload.credentialReadsPerDay() > 0 && workload.accounts() == 0) {
                throw new InvalidValueException("accounts", "must be 1 or more where credentials are read", "0");
            }
            return workload;
        }

        private static void notNegative(String field, long number) {
            if (number < 0) {
                throw new InvalidValueException(field, "must be 0 or more", Long.toString(number));
            }
        }

        private static void notNegative(String field, Duration time) {
            if (time.isNegative()) {
                throw new InvalidValueException(field, "must not be negative", time.toString());
            }
        }
    }
}
