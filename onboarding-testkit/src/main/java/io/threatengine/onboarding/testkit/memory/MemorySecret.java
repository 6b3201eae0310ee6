package io.threatengine.onboarding.testkit.memory;

import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.CredentialStage;
import io.threatengine.onboarding.credential.VersionDescription;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.CredentialUnavailableException.Reason;
import io.threatengine.onboarding.error.RotationConflictException;
import io.threatengine.onboarding.secrets.CredentialDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A secret of the fake vault, with its versions and their labels. Not thread-safe: the vault holds the lock. */
final class MemorySecret {
    /**
     * One version.
     *
     * @param number counts up in the order of creation
     * @param replaces which version it was made from
     */
    record Version(
            String id,
            int number,
            CredentialDocument document,
            Instant createdAt,
            @Nullable String replaces) {}

    final String name;
    final Instant createdAt;
    Instant changedAt;

    @Nullable
    Instant deletionDate;

    private final List<Version> versions = new ArrayList<>();
    private final Map<CredentialStage, Version> stages = new HashMap<>();

    MemorySecret(String name, Instant createdAt) {
        this.name = name;
        this.createdAt = createdAt;
        this.changedAt = createdAt;
    }

    void requireNotDeleted() {
        if (deletionDate != null) {
            throw new CredentialUnavailableException(name, Reason.PENDING_DELETION);
        }
    }

    Version current() {
        return at(CredentialStage.CURRENT).orElseThrow();
    }

    CredentialDocument document() {
        return current().document();
    }

    CredentialVersion version() {
        return new CredentialVersion(name, current().id());
    }

    Optional<Version> at(CredentialStage stage) {
        return Optional.ofNullable(stages.get(stage));
    }

    Optional<Version> version(String id) {
        return versions.stream().filter(version -> version.id().equals(id)).findFirst();
    }

    CredentialVersion store(CredentialDocument document, Instant now) {
        return makeCurrent(written(document, now), now);
    }

    /** The pending version: a new one, or the one of the same rotation that was left before. */
    Version stage(CredentialDocument document, Instant now) {
        Optional<Version> pending = at(CredentialStage.PENDING);
        if (pending.isPresent() && !pending.get().document().equals(document)) {
            throw new RotationConflictException(name, RotationConflictException.Reason.IN_PROGRESS);
        }
        return pending.orElseGet(() -> {
            Version staged = written(document, now);
            stages.put(CredentialStage.PENDING, staged);
            return staged;
        });
    }

    CredentialVersion promote(Version pending, Instant now) {
        boolean discarded = at(CredentialStage.PENDING).filter(pending::equals).isEmpty();
        if (discarded && current().equals(pending)) {
            return version(); // another has finished it
        }
        discard(pending);
        if (!current().id().equals(pending.replaces())) {
            throw new RotationConflictException(name, RotationConflictException.Reason.OVERTAKEN);
        }
        if (discarded) {
            throw new RotationConflictException(name, RotationConflictException.Reason.DISCARDED);
        }
        return makeCurrent(pending, now);
    }

    void discard(Version pending) {
        stages.remove(CredentialStage.PENDING, pending);
    }

    CredentialVersion makeCurrent(Version version, Instant now) {
        at(CredentialStage.CURRENT).ifPresent(former -> stages.put(CredentialStage.PREVIOUS, former));
        stages.put(CredentialStage.CURRENT, version);
        changedAt = now;
        return version();
    }

    List<VersionDescription> describeVersions() {
        return versions.stream()
                .sorted(Comparator.comparingInt(Version::number).reversed())
                .map(this::described)
                .toList();
    }

    private VersionDescription described(Version version) {
        var labels = new HashSet<CredentialStage>();
        stages.forEach((stage, holder) -> {
            if (holder.equals(version)) {
                labels.add(stage);
            }
        });
        return new VersionDescription(new CredentialVersion(name, version.id()), labels, version.createdAt(), null);
    }

    private Version written(CredentialDocument document, Instant now) {
        var version = new Version(
                UUID.randomUUID().toString(),
                versions.size(),
                document,
                now,
                at(CredentialStage.CURRENT).map(Version::id).orElse(null));
        versions.add(version);
        return version;
    }
}
