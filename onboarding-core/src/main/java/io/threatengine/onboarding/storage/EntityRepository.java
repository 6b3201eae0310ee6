package io.threatengine.onboarding.storage;

import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.VersionConflictException;
import java.util.Collection;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What every repository does with one row. Thread-safe.
 *
 * <pre>{@code
 * Tenant tenant = tenants.get(id);
 * tenants.update(tenant.rename("acme corp"));                      // fails if somebody else changed it meanwhile
 * tenants.update(id, t -> t.describe("the first customer"));       // reads, changes and, on a conflict, tries again
 * }</pre>
 *
 * <p>Beside the exceptions named at each method, all of them throw {@link
 * io.threatengine.onboarding.error.ServiceException} or a subclass when the service refuses or fails.
 *
 * @param <I> the id
 * @param <T> the entity
 */
public interface EntityRepository<I, T extends Entity<I, T>> {

    /** The row with this id, strongly consistent: it reflects every write that was answered before. */
    Optional<T> find(I id);

    /**
     * Like {@link #find}, for a row that must exist.
     *
     * @throws NotFoundException if it does not
     */
    T get(I id);

    /**
     * Writes a changed entity, if nobody else has changed the row since the entity was read. Attributes of the row that
     * this library does not know stay as they are; those that it knows become what the entity says.
     *
     * <p>That somebody else has changed the row is told by its version and by its {@linkplain Revision#stamp stamp}. The stamp
     * of an execution or a scan is its status: what another engine has written to such a row since it was read, leaving its
     * status as it was, is overwritten, unless the entity has no value for it. {@link #update(Object, UnaryOperator)} writes
     * only what the change has changed, and so leaves the rest to the other engine.
     *
     * @return the entity as it is stored now, with its new revision
     * @throws NotFoundException if there is no such row; none is made
     * @throws VersionConflictException if it was changed meanwhile
     * @throws AlreadyExistsException if a value that must be unique is taken
     * @throws InvalidValueException if the row would become larger than the service takes, or would move to another
     *     tenant or provider
     */
    T update(T entity);

    /**
     * Reads the row, changes it, writes it, and starts over when somebody else changed it meanwhile. A change that returns
     * its argument writes nothing. Of executions and scans, only what the change has changed is written.
     *
     * @param change may be called several times
     * @throws VersionConflictException if it lost every try; others keep changing the row
     * @throws NotFoundException as {@link #update(Entity)}
     * @throws AlreadyExistsException as {@link #update(Entity)}
     * @throws InvalidValueException as {@link #update(Entity)}
     */
    T update(I id, UnaryOperator<T> change);

    /**
     * Removes the row and releases its unique values. Nothing else goes with it, an account's credential neither: to end
     * an account use {@link io.threatengine.onboarding.Onboarding#offboardAccount}.
     *
     * @throws NotFoundException if there is no such row
     */
    void delete(I id);

    /**
     * The rows with these ids, strongly consistent, a hundred in a call. A row that does not exist is the outcome {@link
     * NotFoundException}, one that cannot be understood {@link io.threatengine.onboarding.error.MalformedDataException};
     * what the service leaves undone is asked for again with growing pauses, and is {@link
     * io.threatengine.onboarding.error.ThrottledException} in the end.
     *
     * @param ids of any number; twice the same gives twice the outcome
     */
    BulkResult<I, T> getAll(Collection<I> ids, BulkOptions options);

    /** {@link #getAll(Collection, BulkOptions)} with {@link BulkOptions#defaults()}. */
    default BulkResult<I, T> getAll(Collection<I> ids) {
        return getAll(ids, BulkOptions.defaults());
    }

    /**
     * Removes the rows with these ids, as {@link #delete} does. The outcome is the id, or {@link NotFoundException} where
     * there was no such row.
     *
     * @param ids of any number; twice the same gives twice the outcome
     */
    BulkResult<I, I> deleteAll(Collection<I> ids, BulkOptions options);
}
