package io.threatengine.onboarding.secrets;

import static io.threatengine.onboarding.credential.CredentialStage.CURRENT;
import static io.threatengine.onboarding.credential.CredentialStage.PENDING;
import static io.threatengine.onboarding.credential.CredentialStage.PREVIOUS;
import static io.threatengine.onboarding.secrets.SecretCalls.READS_AFTER_WRITE;
import static io.threatengine.onboarding.secrets.SecretCalls.notFound;

import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialProof;
import io.threatengine.onboarding.credential.CredentialRotation;
import io.threatengine.onboarding.credential.CredentialStage;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.credential.VersionDescription;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.RotationConflictException;
import io.threatengine.onboarding.error.RotationConflictException.Reason;
import io.threatengine.onboarding.internal.Proofs;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretVersionsListEntry;

/**
 * Staged rotation by labels. The new version is written as a draft, takes {@code AWSPENDING} on condition that no other has
 * it, is tried, and takes {@code AWSCURRENT} on condition that the version which it replaces has it. That version's id stands
 * in the document, so that another process can go on. At last {@code AWSPENDING} is released; where that is left out, by a
 * crash, whoever changes the secret next does it.
 */
final class SecretRotation implements CredentialRotation {
    /** What ListSecretVersionIds says of the AWS managed key (API reference, SecretVersionsListEntry). */
    static final String DEFAULT_KEY = "DefaultEncryptionKey";

    private final SecretCalls calls;
    private final SecretReads reads;
    private final InstantSource clock;

    SecretRotation(SecretCalls calls, SecretReads reads, InstantSource clock) {
        this.calls = calls;
        this.reads = reads;
        this.clock = clock;
    }

    /**
     * What waits for its proof.
     *
     * @param replaces which version it is to replace
     */
    private record Pending(String name, String versionId, String replaces, CredentialDocument document) {}

    @Override
    public CredentialVersion rotate(
            CredentialKey key, Credential next, @Nullable Instant expiresAt, CredentialProof proof) {
        CredentialDocument.of(key, next, clock.instant(), expiresAt); // refuses what breaks a rule, before any call
        SecretContent current = reads.own(key);
        CredentialDocument present = current.document();
        CredentialDocument document = present.with(next, expiresAt);
        if (document.equals(present)) {
            if (current.is(PENDING)) {
                calls.release(current.name(), PENDING, current.versionId());
            }
            return current.version();
        }
        return prove(key, stage(key, current, document), proof);
    }

    @Override
    public CredentialVersion resume(CredentialKey key, CredentialProof proof) {
        SecretContent current = reads.own(key);
        SecretContent pending = pending(current.name()).orElseThrow(() -> nonePending(key));
        if (pending.is(CURRENT) || pending.is(PREVIOUS)) {
            calls.release(pending.name(), PENDING, pending.versionId());
            if (pending.is(CURRENT)) {
                return pending.version(); // all but the last step was done
            }
            throw nonePending(key);
        }
        CredentialDocument document = pending.document();
        if (!document.isFor(key)) {
            throw notFound(key, null);
        }
        // Where another has staged it, what it replaces is what is current now.
        String replaces = pending.replaces().orElse(current.versionId());
        return prove(key, new Pending(pending.name(), pending.versionId(), replaces, document), proof);
    }

    @Override
    public void discard(CredentialKey key) {
        String name = reads.own(key).name();
        calls.describe(name).versionIdsToStages().entrySet().stream()
                .filter(version -> version.getValue().contains(PENDING.value()))
                .forEach(version -> calls.release(name, PENDING, version.getKey()));
    }

    @Override
    public CredentialVersion rollback(CredentialKey key) {
        SecretContent read = reads.own(key);
        String name = read.name();
        List<SecretVersionsListEntry> labelled = calls.versions(name, false);
        SecretVersionsListEntry current = at(CURRENT, labelled).orElseThrow(() -> notFound(key, null));
        SecretVersionsListEntry previous =
                at(PREVIOUS, labelled).orElseThrow(() -> NotFoundException.ofPreviousVersion(key.toString()));
        if (!key.accepts(current.versionId())) {
            if (!key.accepts(previous.versionId())) {
                throw new RotationConflictException(name, Reason.OVERTAKEN);
            }
            if (replaced(key, name, previous.versionId()).equals(Optional.of(current.versionId()))) {
                return new CredentialVersion(name, current.versionId()); // it was rolled back before
            }
            // else the row does not know of the rotation yet
        }
        if (calls.promote(name, current.versionId(), previous.versionId()).isPresent()) {
            throw new RotationConflictException(name, Reason.OVERTAKEN);
        }
        return new CredentialVersion(name, previous.versionId());
    }

    /** Which version that one was made to replace. */
    private Optional<String> replaced(CredentialKey key, String name, String versionId) {
        try {
            return calls.readVersion(name, versionId).replaces();
        } catch (ResourceNotFoundException e) {
            throw notFound(key, e);
        }
    }

    @Override
    public List<VersionDescription> versions(CredentialKey key) {
        String name = reads.lookUp(key)
                .filter(content -> content.document().isFor(key))
                .orElseThrow(() -> notFound(key, null))
                .name();
        return calls.versions(name, true).stream()
                .sorted(Comparator.comparing(SecretVersionsListEntry::createdDate)
                        .reversed()
                        .thenComparingInt(SecretRotation::ageByStage))
                .map(version -> described(name, version))
                .toList();
    }

    /** Of versions that were written at the same moment, as far as the service says, the labels tell the newer one. */
    private static int ageByStage(SecretVersionsListEntry version) {
        List<String> stages = version.versionStages();
        if (stages.contains(CredentialStage.PENDING.value())) {
            return 0;
        }
        if (stages.contains(CredentialStage.CURRENT.value())) {
            return 1;
        }
        return stages.contains(CredentialStage.PREVIOUS.value()) ? 2 : 3;
    }

    @Override
    public StoredCredential load(CredentialKey key, String versionId) {
        VersionDescription.checkId(versionId);
        return reads.load(key, name -> calls.readVersion(name, versionId));
    }

    @Override
    public StoredCredential load(CredentialKey key, CredentialStage stage) {
        return reads.load(key, name -> calls.read(name, stage));
    }

    // ---- steps

    private Pending stage(CredentialKey key, SecretContent current, CredentialDocument next) {
        String name = current.name();
        String draft = draft(key, name, next, current.versionId());
        var staged = new Pending(name, draft, current.versionId(), next);
        String holder = current.is(PENDING) ? current.versionId() : null; // left there by a rotation that is over
        for (int attempt = 1; attempt <= READS_AFTER_WRITE; attempt++) {
            if (calls.move(name, PENDING, holder, draft) == null) {
                return staged;
            }
            SecretContent pending = pending(name).orElse(null);
            if (pending == null) {
                holder = null;
            } else if (pending.versionId().equals(draft)) {
                return staged;
            } else if (pending.is(CURRENT) || pending.is(PREVIOUS)) {
                holder = pending.versionId();
            } else {
                return adopted(pending, next)
                        .orElseThrow(() -> new RotationConflictException(name, Reason.IN_PROGRESS));
            }
        }
        throw new RotationConflictException(name, Reason.IN_PROGRESS);
    }

    /** The same rotation, begun before by a process that has died. */
    private static Optional<Pending> adopted(SecretContent pending, CredentialDocument next) {
        try {
            CredentialDocument document = pending.document();
            return pending.replaces()
                    .filter(replaces -> document.sharesCredentialWith(next))
                    .map(replaces -> new Pending(pending.name(), pending.versionId(), replaces, document));
        } catch (MalformedDataException e) {
            return Optional.empty(); // another engine's
        }
    }

    private CredentialVersion prove(CredentialKey key, Pending staged, CredentialProof proof) {
        Credential credential = staged.document().credential();
        Proofs.run(() -> proof.prove(credential), staged.name(), () -> release(staged));
        if (!holds(key, staged.name(), staged.versionId(), staged.versionId())) {
            return finishedByAnother(key, staged);
        }
        Pending pending = staged;
        for (int attempt = 1; attempt <= READS_AFTER_WRITE; attempt++) {
            Optional<SecretContent> other = promote(key, pending);
            if (other.isEmpty()) {
                releaseIfPossible(pending);
                return new CredentialVersion(pending.name(), pending.versionId());
            }
            Optional<Pending> next = rebased(key, pending, other.get());
            if (next.isEmpty()) {
                break;
            }
            pending = next.get();
        }
        release(pending);
        throw new RotationConflictException(pending.name(), Reason.OVERTAKEN);
    }

    private Optional<SecretContent> promote(CredentialKey key, Pending pending) {
        try {
            return calls.promote(pending.name(), pending.replaces(), pending.versionId());
        } catch (ResourceNotFoundException e) {
            throw notFound(key, e);
        }
    }

    /** The same rotation from another version, if that one changed nothing of the credential that was to be replaced. */
    private Optional<Pending> rebased(CredentialKey key, Pending pending, SecretContent other) {
        CredentialDocument document;
        try {
            CredentialDocument present = other.document();
            CredentialDocument replaced =
                    calls.readVersion(pending.name(), pending.replaces()).document();
            if (!present.sharesCredentialWith(replaced)) {
                return Optional.empty();
            }
            document = present.with(
                    pending.document().credential(), pending.document().expiresAt());
        } catch (ResourceNotFoundException | MalformedDataException e) {
            return Optional.empty();
        }
        String draft = draft(key, pending.name(), document, other.versionId());
        return holds(key, pending.name(), pending.versionId(), draft)
                ? Optional.of(new Pending(pending.name(), draft, other.versionId(), document))
                : Optional.empty();
    }

    /**
     * Lets a version have {@code AWSPENDING} after another, or on after itself, on condition that nobody has taken it away.
     * The answer to a move that took effect may be lost, and a read that follows may be older: who has the label decides.
     */
    private boolean holds(CredentialKey key, String name, String from, String to) {
        try {
            for (int attempt = 1; ; attempt++) {
                if (calls.move(name, PENDING, from, to) == null) {
                    return true;
                }
                String holder = pending(name).map(SecretContent::versionId).orElse("");
                if (!holder.equals(from) || attempt == READS_AFTER_WRITE) {
                    return holder.equals(to);
                }
                SdkFailures.backOff(attempt, "secretsmanager:UpdateSecretVersionStage");
            }
        } catch (ResourceNotFoundException e) {
            throw notFound(key, e);
        }
    }

    /** What is pending no more was made current by another process that proved it, or given up. */
    private CredentialVersion finishedByAnother(CredentialKey key, Pending pending) {
        SecretContent current = reads.own(key);
        if (current.versionId().equals(pending.versionId())) {
            return current.version();
        }
        throw new RotationConflictException(
                pending.name(), current.versionId().equals(pending.replaces()) ? Reason.DISCARDED : Reason.OVERTAKEN);
    }

    private String draft(CredentialKey key, String name, CredentialDocument document, String replaces) {
        try {
            return calls.draft(name, document, replaces).versionId();
        } catch (ResourceNotFoundException e) {
            throw notFound(key, e);
        }
    }

    private void release(Pending pending) {
        calls.release(pending.name(), PENDING, pending.versionId());
    }

    /** The rotation is done; whoever changes the secret next takes the label away, if this fails. */
    private void releaseIfPossible(Pending pending) {
        try {
            release(pending);
        } catch (OnboardingException e) {
            // left to the next change
        }
    }

    /** What has the label; empty if nothing has, or AWS's own rotation has not written it yet. */
    private Optional<SecretContent> pending(String name) {
        try {
            return Optional.of(calls.read(name, PENDING));
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        }
    }

    private static NotFoundException nonePending(CredentialKey key) {
        return new NotFoundException("pending rotation", key.toString());
    }

    private static Optional<SecretVersionsListEntry> at(CredentialStage stage, List<SecretVersionsListEntry> versions) {
        return versions.stream()
                .filter(version -> version.versionStages().contains(stage.value()))
                .findFirst();
    }

    private static VersionDescription described(String name, SecretVersionsListEntry version) {
        return new VersionDescription(
                new CredentialVersion(name, version.versionId()),
                version.versionStages().stream().map(CredentialStage::new).collect(Collectors.toUnmodifiableSet()),
                version.createdDate(),
                version.kmsKeyIds().stream()
                        .filter(key -> !key.equals(DEFAULT_KEY))
                        .findFirst()
                        .orElse(null));
    }
}
