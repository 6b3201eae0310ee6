package io.threatengine.onboarding.scan;

import com.google.auto.value.AutoValue;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.PlainValues;
import io.threatengine.onboarding.internal.Rules;
import io.threatengine.onboarding.internal.WireTime;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.Checks;
import io.threatengine.onboarding.run.RunStatus;
import io.threatengine.onboarding.storage.Entity;
import io.threatengine.onboarding.storage.Revision;
import io.threatengine.onboarding.storage.UniqueKey;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A scan of an account and what came of it. Immutable; the named changes follow the life cycle and return a changed copy,
 * which {@link ScanResultRepository} stores:
 *
 * <pre>{@code
 * scans.update(id, scan -> scan.withMetadata(Map.of("engine", "4.2")).complete(Checks.of(120, 110, 8, 2), path, now));
 * }</pre>
 *
 * <p>Ending what has ended is an {@link IllegalTransitionException} that names the first outcome, which stays. What is
 * pending has to start before it ends; one change may do both: {@code scan.start(now).cancel(now)}.
 */
@AutoValue
@SuppressWarnings("AutoValueImmutableFields") // the builder copies the map
public abstract class ScanResult implements Entity<ScanId, ScanResult> {
    private static final int LONGEST_MESSAGE = 16_384;
    private static final int LONGEST_PATH = 2_048;
    private static final String KIND = "scan";

    ScanResult() {}

    @Override
    public abstract ScanId id();

    public abstract AccountId accountId();

    public abstract ProviderType providerType();

    public abstract ScanType type();

    /** When it began; while it is pending, when it was created. */
    public abstract Instant startedAt();

    public abstract RunStatus status();

    /** 1970 where other engines have stored a row without it. */
    public abstract Instant createdAt();

    @Override
    public abstract Revision revision();

    abstract @Nullable TenantId nullableTenantId();

    abstract @Nullable Instant nullableCompletedAt();

    abstract @Nullable Checks nullableChecks();

    abstract @Nullable String nullableResultPath();

    abstract @Nullable String nullableErrorMessage();

    abstract @Nullable Map<String, @Nullable Object> nullableMetadata();

    /** The tenant; empty in rows of engines that do not write it. */
    public Optional<TenantId> tenantId() {
        return Optional.ofNullable(nullableTenantId());
    }

    /**
     * When it ended, whatever came of it, by the clock of the machine that ended it. Where another machine began it, whose
     * clock is ahead, that may be before {@link #startedAt()}; such an end is kept as it is given, since a run must be able to
     * end. A duration below zero is to be read as none.
     */
    public Optional<Instant> completedAt() {
        return Optional.ofNullable(nullableCompletedAt());
    }

    /** What its checks came to. */
    public Optional<Checks> checks() {
        return Optional.ofNullable(nullableChecks());
    }

    /** Where the full result is kept. */
    public Optional<String> resultPath() {
        return Optional.ofNullable(nullableResultPath());
    }

    /** Why it failed. */
    public Optional<String> errorMessage() {
        return Optional.ofNullable(nullableErrorMessage());
    }

    /**
     * What the scanner says besides: text, {@link java.math.BigDecimal}, {@link Boolean}, null, and lists and maps of these;
     * binary, as read-only {@link java.nio.ByteBuffer}, and sets, where other engines have written them.
     */
    public Optional<Map<String, @Nullable Object>> metadata() {
        return Optional.ofNullable(nullableMetadata());
    }

    /**
     * Begins what is pending.
     *
     * @throws IllegalTransitionException if it is not
     */
    public ScanResult start(Instant at) {
        return toBuilder()
                .status(status().become(RunStatus.RUNNING, KIND, id()))
                .startedAt(WireTime.stored(at))
                .build();
    }

    /**
     * Says what the scanner has to say besides, also when the scan has ended.
     *
     * @param metadata as {@link #metadata()} says; numbers of any kind, of at most 38 digits and magnitudes from 1E-130 to
     *     9.99E+125; no secret
     * @throws InvalidValueException if it contains anything else
     */
    public ScanResult withMetadata(Map<String, ? extends @Nullable Object> metadata) {
        return toBuilder().metadata(metadata).build();
    }

    /**
     * Ends it well.
     *
     * @param resultPath where the full result is kept, 1 to 2,048 printable characters
     * @throws IllegalTransitionException if it is not running
     * @throws InvalidValueException if the counts do not fit each other, or the path is odd
     */
    public ScanResult complete(Checks checks, String resultPath, Instant at) {
        return ended(RunStatus.COMPLETED, at)
                .nullableChecks(checks.check())
                .nullableResultPath(Rules.printable("result path", resultPath, 1, LONGEST_PATH))
                .build();
    }

    /**
     * Ends it badly.
     *
     * @param reason 1 to 16,384 characters; no secret
     * @throws IllegalTransitionException if it is not running
     */
    public ScanResult fail(String reason, Instant at) {
        return ended(RunStatus.FAILED, at)
                .nullableErrorMessage(Rules.text("error message", reason, LONGEST_MESSAGE))
                .build();
    }

    /**
     * Breaks it off.
     *
     * @throws IllegalTransitionException if it is not running
     */
    public ScanResult cancel(Instant at) {
        return ended(RunStatus.CANCELLED, at).build();
    }

    private Builder ended(RunStatus how, Instant at) {
        return toBuilder().status(status().become(how, KIND, id())).nullableCompletedAt(WireTime.stored(at));
    }

    @Override
    public List<String> belongsTo() {
        String tenant = nullableTenantId() == null ? "" : nullableTenantId().value();
        return List.of(tenant, accountId().value(), providerType().value());
    }

    @Override
    public List<UniqueKey> uniqueKeys() {
        return List.of();
    }

    @Override
    public ScanResult written(Instant now) {
        return toBuilder().revision(revision().next(status().value())).build();
    }

    abstract Builder toBuilder();

    /** For storage: a scan that begins now, with a random id. */
    public static ScanResult created(NewScan scan, Instant now) {
        return builder()
                .id(ScanId.random())
                .tenantId(scan.tenantId())
                .accountId(scan.accountId())
                .providerType(scan.providerType())
                .type(scan.type())
                .startedAt(now)
                .status(scan.status())
                .createdAt(now)
                .revision(Revision.first(scan.status().value()))
                .build();
    }

    /** For storage: restores a scan result as it was stored, without judging it. To make one, use the repository. */
    public static Builder builder() {
        return new AutoValue_ScanResult.Builder().type(ScanType.SCHEDULED).status(RunStatus.RUNNING);
    }

    /** See {@link ScanResult#builder()}. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        public abstract Builder id(ScanId id);

        public abstract Builder accountId(AccountId accountId);

        public abstract Builder providerType(ProviderType providerType);

        public abstract Builder type(ScanType type);

        public abstract Builder startedAt(Instant startedAt);

        public abstract Builder status(RunStatus status);

        public abstract Builder createdAt(Instant createdAt);

        public abstract Builder revision(Revision revision);

        abstract Builder nullableTenantId(@Nullable TenantId tenantId);

        abstract Builder nullableCompletedAt(@Nullable Instant completedAt);

        abstract Builder nullableChecks(@Nullable Checks checks);

        abstract Builder nullableResultPath(@Nullable String resultPath);

        abstract Builder nullableErrorMessage(@Nullable String errorMessage);

        abstract Builder nullableMetadata(@Nullable Map<String, @Nullable Object> metadata);

        public Builder tenantId(@Nullable TenantId tenantId) {
            return nullableTenantId(tenantId);
        }

        public Builder completedAt(@Nullable Instant completedAt) {
            return nullableCompletedAt(completedAt);
        }

        public Builder checks(@Nullable Checks checks) {
            return nullableChecks(checks);
        }

        public Builder resultPath(@Nullable String resultPath) {
            return nullableResultPath(resultPath);
        }

        public Builder errorMessage(@Nullable String errorMessage) {
            return nullableErrorMessage(errorMessage);
        }

        /** Copied, in the form in which it is read back. */
        public Builder metadata(@Nullable Map<String, ? extends @Nullable Object> metadata) {
            return nullableMetadata(metadata == null ? null : PlainValues.map("metadata", metadata));
        }

        public abstract ScanResult build();
    }
}
