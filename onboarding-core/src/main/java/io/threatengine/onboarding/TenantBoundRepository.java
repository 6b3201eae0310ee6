package io.threatengine.onboarding;

import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.VersionConflictException;
import io.threatengine.onboarding.internal.MalformedRowException;
import io.threatengine.onboarding.storage.Bulk;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkProgress;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.BulkResult.Outcome;
import io.threatengine.onboarding.storage.Entity;
import io.threatengine.onboarding.storage.EntityRepository;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.storage.Page;
import io.threatengine.onboarding.storage.PageToken;
import io.threatengine.onboarding.tenant.TenantId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A repository of which one tenant's rows are there, and no others. */
abstract class TenantBoundRepository<I, T extends Entity<I, T>> implements EntityRepository<I, T> {
    private static final String INNER_TOKEN = "token";

    /** How many rows are read, and their owners asked for, at a time: what BatchGetItem reads in a call. */
    private static final int CHUNK = 100;

    private final String kind;
    private final EntityRepository<I, T> all;
    private final TenantBoundStorage bound;
    private final TenantId tenant;
    private final Predicate<T> ours;

    TenantBoundRepository(String kind, EntityRepository<I, T> all, TenantBoundStorage bound, Predicate<T> ours) {
        this.kind = kind;
        this.all = all;
        this.bound = bound;
        this.tenant = bound.tenant();
        this.ours = ours;
    }

    @Override
    public final Optional<T> find(I id) {
        try {
            return all.find(id).filter(ours);
        } catch (MalformedDataException e) {
            if (isOurs(e)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** What cannot be read, and does not say that it is ours, may be another's: nothing of it is told. */
    private boolean isOurs(MalformedDataException broken) {
        return bound.isOurs(broken, false);
    }

    @Override
    public final T get(I id) {
        return find(id).orElseThrow(() -> notFound(id));
    }

    @Override
    public final T update(T entity) {
        if (!ours.test(entity)) {
            throw notFound(entity.id());
        }
        try {
            // the write is on condition that the row belongs where the entity says
            return all.update(entity);
        } catch (MalformedDataException e) {
            throw isOurs(e) ? e : notFound(entity.id());
        } catch (VersionConflictException | InvalidValueException | AlreadyExistsException e) {
            if (find(entity.id()).isEmpty()) {
                throw notFound(entity.id());
            }
            throw e;
        }
    }

    @Override
    public final T update(I id, UnaryOperator<T> change) {
        try {
            return all.update(id, row -> {
                if (!ours.test(row)) {
                    throw notFound(id);
                }
                return change.apply(row);
            });
        } catch (MalformedRowException e) {
            // of any row, but not of what the change itself may have read
            throw isOurs(e) ? e : notFound(id);
        }
    }

    @Override
    public final void delete(I id) {
        // what belongs to a tenant does so for ever: nothing can come between
        get(id);
        all.delete(id);
    }

    @Override
    public final BulkResult<I, T> getAll(Collection<I> ids, BulkOptions options) {
        // judged chunk by chunk, so that progress does not tell another's rows from those that do not exist
        return Bulk.inOrderOf(ids, Bulk.chunks(new LinkedHashSet<>(ids), CHUNK, options, this::ownOf));
    }

    private List<Outcome<I, T>> ownOf(List<I> ids) {
        List<Outcome<I, T>> outcomes =
                all.getAll(ids, BulkOptions.defaults().withParallelism(1)).outcomes();
        Predicate<T> own = filter().of(outcomes.stream()
                .flatMap(outcome -> outcome.found().stream())
                .toList());
        return outcomes.stream()
                .map(outcome -> isForeign(outcome, own)
                        ? Outcome.<I, T>failed(outcome.input(), notFound(outcome.input()))
                        : outcome)
                .toList();
    }

    private boolean isForeign(Outcome<?, T> outcome, Predicate<T> own) {
        return outcome.failure() instanceof MalformedDataException broken
                ? !isOurs(broken)
                : outcome.found().filter(own.negate()).isPresent();
    }

    @Override
    public final BulkResult<I, I> deleteAll(Collection<I> ids, BulkOptions options) {
        Map<I, Outcome<I, I>> outcomes = new HashMap<>();
        List<I> found = new ArrayList<>();
        for (Outcome<I, T> outcome : getAll(new LinkedHashSet<>(ids), options.withProgress(progress -> {}))
                .outcomes()) {
            if (outcome.failure() == null) {
                found.add(outcome.input());
            } else {
                outcomes.put(outcome.input(), Outcome.failed(outcome.input(), outcome.failure()));
            }
        }
        int refused = outcomes.size();
        if (refused > 0) {
            options.progress().accept(new BulkProgress(refused, refused, refused + found.size()));
        }
        BulkOptions rest = options.withProgress(progress -> options.progress()
                .accept(new BulkProgress(
                        refused + progress.done(), refused + progress.failed(), refused + progress.total())));
        all.deleteAll(found, rest).outcomes().forEach(outcome -> outcomes.put(outcome.input(), outcome));
        return new BulkResult<>(
                ids.stream().map(outcomes::get).map(Objects::requireNonNull).toList());
    }

    /**
     * Creates those that are of this tenant.
     *
     * @param tenantOf whose an input is
     * @param foreign what is said of another tenant's
     */
    final <N> BulkResult<N, T> createAll(
            Collection<N> inputs,
            Function<N, TenantId> tenantOf,
            Function<N, NotFoundException> foreign,
            Function<Collection<N>, BulkResult<N, T>> create) {
        List<N> own = inputs.stream()
                .filter(input -> tenantOf.apply(input).equals(tenant))
                .toList();
        var created = create.apply(own).outcomes().iterator();
        return new BulkResult<>(inputs.stream()
                .map(input -> {
                    Outcome<N, T> outcome = tenantOf.apply(input).equals(tenant) ? created.next() : null;
                    // what it is to belong to may be another's, and broken
                    return outcome == null || isForeign(outcome, ours)
                            ? Outcome.<N, T>failed(input, foreign.apply(input))
                            : outcome;
                })
                .toList());
    }

    /** Which rows are this tenant's, for the length of one list; a repository may ask for many at once. */
    Listing.PageFilter<T> filter() {
        return rows -> ours;
    }

    /** A list of all tenants, of which our rows are left, and whose tokens are of no use to another tenant. */
    final Listing<T> ofAll(Listing<T> listing) {
        return bound(listing, () -> true, false);
    }

    /**
     * The same for a list of what belongs to one other row.
     *
     * @param parentIsOurs asked before a page is read; where it is not, the list is empty, as of what does not exist
     */
    final Listing<T> ofParent(Listing<T> listing, BooleanSupplier parentIsOurs) {
        return bound(listing, parentIsOurs, true);
    }

    /** @param unsaid whether a row is ours that cannot be read and does not say whose it is */
    private Listing<T> bound(Listing<T> listing, BooleanSupplier parentIsOurs, boolean unsaid) {
        String query = kind + "\u0000" + tenant;
        Listing<T> withOwnTokens = Listing.of((limit, after, own, unreadable) -> {
            PageToken inner =
                    after == null ? null : new PageToken(after.position(query).getOrDefault(INNER_TOKEN, ""));
            if (!parentIsOurs.getAsBoolean()) {
                return new Page<>(List.of(), null);
            }
            Page<T> page = listing.read(limit, inner, own, broken -> {
                if (bound.isOurs(broken, unsaid)) {
                    unreadable.accept(broken);
                }
            });
            PageToken next = page.next() == null
                    ? null
                    : PageToken.of(query, Map.of(INNER_TOKEN, page.next().text()));
            return new Page<>(page.items(), next);
        });
        return withOwnTokens.keeping(this::filter);
    }

    final NotFoundException notFound(Object id) {
        return new NotFoundException(kind, id.toString());
    }
}
