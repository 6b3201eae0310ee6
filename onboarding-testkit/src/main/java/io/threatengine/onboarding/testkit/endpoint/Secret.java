package io.threatengine.onboarding.testkit.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A secret: its description, its versions in the order of their creation, and the rules of staging labels. */
final class Secret {
    static final String CURRENT = "AWSCURRENT";
    static final String PREVIOUS = "AWSPREVIOUS";
    static final String PENDING = "AWSPENDING";

    private static final int MAX_VERSIONS = 100;
    private static final Duration KEPT_AT_LEAST = Duration.ofHours(24);

    final String name;
    final String arn;
    final Instant created;
    /** Counts up in the order of creation, also where dates are equal. */
    final long number;

    final Tags tags = Tags.ofSecret();
    final Map<String, SecretVersion> versions = new LinkedHashMap<>();
    Instant lastChanged;

    @Nullable
    Instant lastAccessed;
    /** When the recovery window ends, if the secret is scheduled for deletion. */
    @Nullable
    Instant deletion;

    @Nullable
    String description;
    /** As the caller named it; none stands for {@code aws/secretsmanager}. */
    @Nullable
    String kmsKeyId;

    @Nullable
    PolicyDocument policy;

    @Nullable
    Rotation rotation;

    /** When a version that a rotation had staged became current last. */
    @Nullable
    Instant lastRotated;

    private long nextVersionNumber;

    Secret(String name, String arn, Instant created, long number) {
        this.name = name;
        this.arn = arn;
        this.created = created;
        this.number = number;
        this.lastChanged = created;
    }

    long nextVersionNumber() {
        return nextVersionNumber++;
    }

    Optional<SecretVersion> holderOf(String stage) {
        return versions.values().stream()
                .filter(version -> version.stages.contains(stage))
                .findFirst();
    }

    /**
     * Moves a label. The version that loses {@code AWSCURRENT} becomes {@code AWSPREVIOUS}, and if it still had
     * {@code AWSPENDING}, from the rotation that made it current, loses that too.
     */
    void move(String stage, SecretVersion target, Instant now) {
        Optional<SecretVersion> holder = holderOf(stage);
        if (holder.isPresent() && holder.get() == target) {
            return;
        }
        if (stage.equals(CURRENT) && target.stages.contains(PENDING) && rotation != null && rotation.enabled()) {
            lastRotated = now;
        }
        holder.ifPresent(version -> version.stages.remove(stage));
        target.stages.add(stage);
        if (stage.equals(CURRENT) && holder.isPresent()) {
            holder.get().stages.remove(PENDING);
            move(PREVIOUS, holder.get(), now);
            target.stages.remove(PREVIOUS);
        }
    }

    /**
     * Makes room for one more version: above 100, the oldest ones without a label go, but none that is younger than 24
     * hours. Who writes faster than that meets the quota, as in AWS.
     */
    void prune(Instant now) {
        var oldestFirst = versions.values().iterator();
        while (versions.size() >= MAX_VERSIONS && oldestFirst.hasNext()) {
            SecretVersion version = oldestFirst.next();
            if (version.stages.isEmpty() && !version.created.plus(KEPT_AT_LEAST).isAfter(now)) {
                oldestFirst.remove();
            }
        }
        if (versions.size() >= MAX_VERSIONS) {
            throw new AwsError(
                    "LimitExceededException",
                    "The secret has " + MAX_VERSIONS + " versions, and none of them is without a staging label and "
                            + "older than 24 hours. Write it less often than every 10 minutes.");
        }
    }

    void requireNotDeleted() {
        if (deletion != null) {
            throw new AwsError(
                    "InvalidRequestException",
                    "You can't perform this operation on the secret because it was marked for deletion.");
        }
    }
}
