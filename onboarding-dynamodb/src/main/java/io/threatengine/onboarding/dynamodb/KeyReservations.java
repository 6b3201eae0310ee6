package io.threatengine.onboarding.dynamodb;

import io.threatengine.onboarding.error.AlreadyExistsException;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.VersionConflictException;
import io.threatengine.onboarding.storage.Bulk;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.Entity;
import io.threatengine.onboarding.storage.Listing;
import io.threatengine.onboarding.storage.UniqueKey;
import io.threatengine.onboarding.tenant.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Takes the unique keys of rows whose writers have not: a chunk of rows at a time, however many there are. */
final class KeyReservations {
    /** Of the keys of a row there are two at most, and a call reads a hundred guards. */
    private static final int CHUNK = Batch.MOST_READ / 2;

    private final DynamoDbTenantRepository tenants;
    private final DynamoDbProviderRepository providers;
    private final DynamoDbAccountRepository accounts;
    private final Guards guards;
    private final Consumer<? super UniqueKeyBackfill> progress;

    private final List<Candidate> waiting = new ArrayList<>(CHUNK);
    private final List<OnboardingException> problems = new ArrayList<>();
    private long rows;
    private long reserved;

    /** A row, and how its repository takes keys for it. */
    private record Candidate(Entity<?, ?> row, Consumer<List<UniqueKey>> reserve) {
        String id() {
            return String.valueOf(row.id());
        }
    }

    KeyReservations(
            Tables tables,
            DynamoDbTenantRepository tenants,
            DynamoDbProviderRepository providers,
            DynamoDbAccountRepository accounts,
            Consumer<? super UniqueKeyBackfill> progress) {
        this.tenants = tenants;
        this.providers = providers;
        this.accounts = accounts;
        this.guards = tables.guards();
        this.progress = Objects.requireNonNull(progress, "progress");
    }

    UniqueKeyBackfill run() {
        for (Tenant tenant : tenants.all().reporting(problems::add)) {
            add(tenant, tenants);
            addAll(providers.ofTenant(tenant.id()), providers);
            addAll(accounts.ofTenant(tenant.id()), accounts);
        }
        if (!waiting.isEmpty()) {
            reserve();
        }
        return soFar();
    }

    private <I, T extends Entity<I, T>> void addAll(Listing<T> listed, DynamoDbRepository<I, T> repository) {
        for (T row : listed.reporting(problems::add)) {
            add(row, repository);
        }
    }

    private <I, T extends Entity<I, T>> void add(T row, DynamoDbRepository<I, T> repository) {
        waiting.add(new Candidate(row, keys -> repository.reserve(row.id(), keys)));
        if (waiting.size() == CHUNK) {
            reserve();
        }
    }

    private void reserve() {
        Map<UniqueKey, String> owners = guards.owners(
                waiting.stream().flatMap(row -> row.row().uniqueKeys().stream()).toList());
        List<Candidate> without = waiting.stream()
                .filter(candidate -> missing(candidate, owners).findAny().isPresent())
                .toList();
        Bulk.each(without, BulkOptions.defaults(), candidate -> {
                    List<UniqueKey> keys = missing(candidate, owners).toList();
                    candidate.reserve().accept(keys);
                    return keys.size();
                })
                .outcomes()
                .forEach(this::note);
        rows += waiting.size();
        waiting.clear();
        progress.accept(soFar());
    }

    private static Stream<UniqueKey> missing(Candidate candidate, Map<UniqueKey, String> owners) {
        return candidate.row().uniqueKeys().stream()
                .filter(key -> !candidate.id().equals(owners.get(key)));
    }

    private void note(BulkResult.Outcome<Candidate, Integer> outcome) {
        OnboardingException failure = outcome.failure();
        if (failure == null) {
            reserved += Objects.requireNonNull(outcome.value());
        } else if (failure instanceof AlreadyExistsException
                || failure instanceof MalformedDataException
                || failure instanceof VersionConflictException) {
            problems.add(failure);
        } else if (!(failure instanceof NotFoundException)) { // a row that is gone needs none
            throw failure;
        }
    }

    private UniqueKeyBackfill soFar() {
        return new UniqueKeyBackfill(rows, reserved, problems);
    }
}
