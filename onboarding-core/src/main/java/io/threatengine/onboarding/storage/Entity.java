package io.threatengine.onboarding.storage;

import java.time.Instant;
import java.util.List;

/**
 * What every stored entity tells its repository.
 *
 * @param <I> the id
 * @param <T> the entity itself
 */
public interface Entity<I, T extends Entity<I, T>> {

    I id();

    /** Which stored state this was read from. */
    Revision revision();

    /** The ids of what it belongs to, and what else no change may touch. */
    List<String> belongsTo();

    /** The values that no other entity may hold. */
    List<UniqueKey> uniqueKeys();

    /** For storage: the same entity as it stands after a write at that time, under its next revision. */
    T written(Instant now);
}
