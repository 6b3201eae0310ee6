package io.threatengine.onboarding.setup;

import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A table as these settings want it. All key attributes are text, all indexes hold whole rows, and the table is billed on
 * demand. Immutable.
 *
 * @param name the table's name
 * @param partitionKey its key attribute
 * @param indexes its global secondary indexes
 * @param expiryAttribute the attribute by which the service removes rows; null where none are
 */
public record TableDefinition(
        String name,
        String partitionKey,
        List<Index> indexes,
        @Nullable String expiryAttribute) {
    public TableDefinition {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(partitionKey, "partition key");
        indexes = List.copyOf(indexes);
    }

    /** The attributes that are a key of the table or of an index, in alphabetical order. */
    public List<String> keyAttributes() {
        var keys = new TreeSet<String>();
        keys.add(partitionKey);
        indexes.forEach(index -> keys.addAll(index.keys()));
        return List.copyOf(keys);
    }

    /**
     * A global secondary index.
     *
     * @param name the index's name
     * @param keys its partition key and, where it has one, its sort key
     */
    public record Index(String name, List<String> keys) {
        public Index {
            Objects.requireNonNull(name, "name");
            keys = List.copyOf(keys);
        }
    }
}
