package io.threatengine.onboarding.schedule;

import com.google.auto.value.AutoValue;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.Rules;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.tenant.TenantId;
import java.util.List;

/**
 * What a schedule is created from. Immutable.
 *
 * <pre>{@code
 * NewSchedule.of(account, ProviderType.AWS, "nightly", Recurrence.cron("0 2 * * *", ZoneId.of("Europe/Berlin")));
 * NewSchedule.builder(account, ProviderType.AWS, "keys", Recurrence.every(Duration.ofHours(6)))
 *         .regions(List.of("eu-central-1"))
 *         .services(List.of("iam", "kms"))
 *         .build();
 * }</pre>
 */
@AutoValue
@SuppressWarnings("AutoValueImmutableFields") // build() copies the lists
public abstract class NewSchedule {
    NewSchedule() {}

    public abstract TenantId tenantId();

    public abstract AccountId accountId();

    public abstract ProviderType providerType();

    public abstract String name();

    public abstract Recurrence recurrence();

    public abstract String description();

    public abstract List<String> regions();

    public abstract List<String> services();

    public abstract List<String> excludedServices();

    public abstract boolean notifyOnSuccess();

    public abstract boolean notifyOnFailure();

    public abstract boolean enabled();

    /**
     * A schedule of an account, enabled, for all regions and services, that notifies of failures.
     *
     * @param providerType the account's; it is written into the schedule's row
     * @param name 1 to 255 printable characters
     * @throws InvalidValueException if a value breaks its rule
     */
    public static NewSchedule of(Account account, ProviderType providerType, String name, Recurrence recurrence) {
        return builder(account, providerType, name, recurrence).build();
    }

    /** A builder that starts from what {@link #of} gives. */
    public static Builder builder(Account account, ProviderType providerType, String name, Recurrence recurrence) {
        return new AutoValue_NewSchedule.Builder()
                .tenantId(account.tenantId())
                .accountId(account.id())
                .providerType(providerType)
                .name(name)
                .recurrence(recurrence)
                .description("")
                .regions(List.of())
                .services(List.of())
                .excludedServices(List.of())
                .notifyOnSuccess(false)
                .notifyOnFailure(true)
                .enabled(true);
    }

    /** Builds a new schedule; {@link #build()} checks it. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        abstract Builder tenantId(TenantId tenantId);

        abstract Builder accountId(AccountId accountId);

        abstract Builder providerType(ProviderType providerType);

        abstract Builder name(String name);

        abstract Builder recurrence(Recurrence recurrence);

        /** At most 16,384 characters. */
        public abstract Builder description(String description);

        /** The regions to scan; empty for all. */
        public abstract Builder regions(List<String> regions);

        /** The services to scan; empty for all. */
        public abstract Builder services(List<String> services);

        /** The services to leave out. */
        public abstract Builder excludedServices(List<String> services);

        public abstract Builder notifyOnSuccess(boolean notify);

        public abstract Builder notifyOnFailure(boolean notify);

        /** Whether it is due from the beginning, or only once it is resumed. */
        public abstract Builder enabled(boolean enabled);

        abstract List<String> regions();

        abstract List<String> services();

        abstract List<String> excludedServices();

        abstract NewSchedule autoBuild();

        /**
         * Checks the values.
         *
         * @throws InvalidValueException if one breaks its rule
         */
        public NewSchedule build() {
            regions(Rules.words("region", regions()));
            services(Rules.words("service", services()));
            excludedServices(Rules.words("excluded service", excludedServices()));
            NewSchedule built = autoBuild();
            Rules.name("schedule name", built.name());
            Rules.description("schedule description", built.description());
            built.recurrence().check();
            return built;
        }
    }
}
