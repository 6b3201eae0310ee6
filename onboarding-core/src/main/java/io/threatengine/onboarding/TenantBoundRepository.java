package io.threatengine.onboarding;

import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.VersionConflictException;
import io.threatengine.onboarding.storage.BulkOptions;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A repository of which one tenant's rows are there, and no others. */
abstract class TenantBoundRepository<I, T extends Entity<I, T>> implements EntityRepository<I, T> {
    private static final String INNER_TOKEN = "token";

    private final String kind;
    private final EntityRepository<I, T> all;
    private final TenantId tenant;
    private final Predicate<T> ours;

    TenantBoundRepository(String kind, EntityRepository<I, T> all, TenantId tenant, Predicate<T> ours) {
        this.kind = kind;
        this.all = all;
        this.tenant = tenant;
        this.ours = ours;
    }

    @Override
    public final Optional<T> find(I id) {
        return all.find(id).filter(ours);
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
        } catch (VersionConflictException | InvalidValueException | AlreadyExistsException e) {
            if (find(entity.id()).isEmpty()) {
                throw notFound(entity.id());
            }
            throw e;
        }
    }

    @Override
    public final T update(I id, UnaryOperator<T> change) {
        return all.update(id, row -> {
            if (!ours.test(row)) {
                throw notFound(id);
            }
            return change.apply(row);
        });
    }

    @Override
    public final void delete(I id) {
        // what belongs to a tenant does so for ever: nothing can come between
        get(id);
        all.delete(id);
    }

    @Override
    public final BulkResult<I, T> getAll(Collection<I> ids, BulkOptions options) {
        return new BulkResult<>(all.getAll(ids, options).outcomes().stream()
                .map(outcome -> outcome.found().filter(ours.negate()).isPresent()
                        ? Outcome.<I, T>failed(outcome.input(), notFound(outcome.input()))
                        : outcome)
                .toList());
    }

    @Override
    public final BulkResult<I, I> deleteAll(Collection<I> ids, BulkOptions options) {
        Map<I, OnboardingException> refused = new HashMap<>();
        List<I> found = new ArrayList<>();
        for (Outcome<I, T> outcome :
                getAll(ids, options.withProgress(progress -> {})).outcomes()) {
            if (outcome.failure() == null) {
                found.add(outcome.input());
            } else {
                refused.put(outcome.input(), outcome.failure());
            }
        }
        Map<I, Outcome<I, I>> deleted = new HashMap<>();
        all.deleteAll(found, options).outcomes().forEach(outcome -> deleted.put(outcome.input(), outcome));
        return new BulkResult<>(ids.stream()
                .map(id -> deleted.containsKey(id)
                        ? Objects.requireNonNull(deleted.get(id))
                        : Outcome.<I, I>failed(id, Objects.requireNonNull(refused.get(id))))
                .toList());
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
                .map(input -> tenantOf.apply(input).equals(tenant)
                        ? created.next()
                        : Outcome.<N, T>failed(input, foreign.apply(input)))
                .toList());
    }

    /** A list of all tenants, of which our rows are left, and whose tokens are of no use to another tenant. */
    final Listing<T> ofAll(Listing<T> listing) {
        // a row that cannot be understood may be anybody's, and so is nobody's to see here
        return bound(listing, () -> true, broken -> {});
    }

    /**
     * The same for a list of what belongs to one other row.
     *
     *
     * @param parentIsOurs asked before a page is read; where it is not, the list is empty, as of what does not exist
     */
    final Listing<T> ofParent(Listing<T> listing, BooleanSupplier parentIsOurs) {
        return bound(listing, parentIsOurs, null);
    }

    private Listing<T> bound(
            Listing<T> listing,
            BooleanSupplier parentIsOurs,
            @Nullable Consumer<MalformedDataException> insteadOfReporting) {
        String query = kind + "\u0000" + tenant;
        return Listing.of((limit, after, unreadable) -> {
            PageToken inner =
                    after == null ? null : new PageToken(after.position(query).getOrDefault(INNER_TOKEN, ""));
            if (!parentIsOurs.getAsBoolean()) {
                return new Page<>(List.of(), null);
            }
            Page<T> page = listing.reporting(insteadOfReporting == null ? unreadable : insteadOfReporting)
                    .read(limit, inner);

            PageToken next = page.next() == null
                    ? null
                    : PageToken.of(query, Map.of(INNER_TOKEN, page.next().text()));
            return new Page<>(page.items().stream().filter(ours).toList(), next);
        });
    }

    final NotFoundException notFound(Object id) {
        return new NotFoundException(kind, id.toString());
    }
}
