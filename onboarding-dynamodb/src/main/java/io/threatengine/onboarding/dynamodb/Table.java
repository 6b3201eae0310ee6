package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.TableNames;
import io.threatengine.onboarding.setup.TableDefinition;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The manifest: every table with its keys and indexes. Mapping, queries and set-up read it; nothing repeats it. All key
 * attributes are text, all indexes hold whole items, all tables are billed on demand.
 */
@SuppressWarnings("ImmutableEnumChecker") // its functions are method references, its lists are List.of
enum Table {
    TENANTS(TableNames::tenants, "tenant_id", new Index("tenant-name-index", "tenant_name", null)),
    PROVIDERS(TableNames::providers, "provider_id", new Index("tenant-provider-index", "tenant_id", "provider_type")),
    ACCOUNTS(
            TableNames::accounts,
            "account_id",
            new Index("tenant-accounts-index", "tenant_id", "status"),
            new Index("provider-accounts-index", "provider_id", "status")),
    SCHEDULES(
            TableNames::schedules,
            "schedule_id",
            new Index("tenant-schedules-index", "tenant_id", "schedule_id"),
            new Index("account-schedules-index", "account_id", "schedule_id"),
            new Index("next-run-index", "enabled", "next_run_at")),
    EXECUTIONS(
            TableNames::executions,
            "execution_id",
            new Index("schedule-executions-index", "schedule_id", "started_at"),
            new Index("account-executions-index", "account_id", "started_at")),
    SCAN_RESULTS(
            TableNames::scanResults,
            "scan_id",
            new Index("account-scans-index", "account_id", "started_at"),
            new Index("status-scans-index", "status", "started_at")),
    UNIQUE_KEYS(TableNames::uniqueKeys, "unique_key");

    /** The attribute by which rows expire, where they do. */
    static final String EXPIRY = "ttl";

    /** Of the schedules, where the settings ask for it: sparse, since only what is enabled and due at some time has its keys. */
    static final Index DUE_SHARDS = new Index("due-shard-index", "due_shard", "due_at");

    /** A global secondary index. */
    record Index(String name, String partitionKey, @Nullable String sortKey) {
        List<String> keys() {
            return sortKey == null ? List.of(partitionKey) : List.of(partitionKey, sortKey);
        }
    }

    private final Function<TableNames, String> name;
    private final String partitionKey;
    private final List<Index> indexes;

    Table(Function<TableNames, String> name, String partitionKey, Index... indexes) {
        this.name = name;
        this.partitionKey = partitionKey;
        this.indexes = List.of(indexes);
    }

    /** The table's name in these settings. */
    String in(TableNames names) {
        return name.apply(names);
    }

    String partitionKey() {
        return partitionKey;
    }

    /** The attribute by which rows of this table may expire; null where they do not. */
    @Nullable
    String expiryAttribute() {
        return this == EXECUTIONS || this == SCAN_RESULTS ? EXPIRY : null;
    }

    /** How long rows are kept by these settings; null for ever. */
    @Nullable
    Duration retention(OnboardingSettings settings) {
        return switch (this) {
            case EXECUTIONS -> settings.executionRetention().orElse(null);
            case SCAN_RESULTS -> settings.scanResultRetention().orElse(null);
            default -> null;
        };
    }

    /** The indexes that every table of the kind has. */
    List<Index> indexes() {
        return indexes;
    }

    /** Those that it has with these settings. */
    List<Index> indexes(OnboardingSettings settings) {
        return this == SCHEDULES && settings.dueIndex().isSharded()
                ? Stream.concat(indexes.stream(), Stream.of(DUE_SHARDS)).toList()
                : indexes;
    }

    /** The table as these settings want it. */
    TableDefinition definition(OnboardingSettings settings) {
        return new TableDefinition(
                in(settings.tables()),
                partitionKey,
                indexes(settings).stream()
                        .map(index -> new TableDefinition.Index(index.name(), index.keys()))
                        .toList(),
                retention(settings) == null ? null : expiryAttribute());
    }

    Index index(String indexName) {
        return indexes.stream()
                .filter(index -> index.name().equals(indexName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no index " + indexName + " on " + this));
    }

    /** Whether the attribute is a key of an index, or of the table. */
    boolean isKey(String attribute) {
        return attribute.equals(partitionKey)
                || indexes.stream().anyMatch(index -> index.keys().contains(attribute));
    }
}
