package io.threatengine.onboarding.secrets;

import static io.threatengine.onboarding.secrets.SecretCalls.CURRENT;
import static io.threatengine.onboarding.secrets.SecretCalls.READS_AFTER_WRITE;
import static io.threatengine.onboarding.secrets.SecretCalls.notFound;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialDescription;
import io.threatengine.onboarding.credential.CredentialStage;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.CredentialUnavailableException.Reason;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** Finds an account's secret under its names, and opens it for those who may. */
final class SecretReads {
    /** After this long, a read that does not show a version means that there is none. */
    private static final Duration SETTLED = Duration.ofMinutes(1);

    private final SecretCalls calls;
    private final SecretNames names;
    private final InstantSource clock;

    SecretReads(SecretCalls calls, SecretNames names, InstantSource clock) {
        this.calls = calls;
        this.names = names;
        this.clock = clock;
    }

    /** The secret under the first of the account's names that has one. */
    Optional<SecretContent> lookUp(CredentialKey key) {
        return lookUp(key, calls::read);
    }

    private Optional<SecretContent> lookUp(CredentialKey key, Function<String, SecretContent> read) {
        for (String name : names.of(key)) {
            try {
                return Optional.of(read.apply(name));
            } catch (ResourceNotFoundException e) {
                // the next name, then
            }
        }
        return Optional.empty();
    }

    /**
     * The secret that a change is for: not one that the account shares. Of one that is scheduled for deletion, under a name
     * that is not the account's, nobody can tell whose it is; it is passed over as well.
     */
    Optional<SecretContent> lookUpToChange(CredentialKey key) {
        for (String name : names.of(key)) {
            try {
                SecretContent content = calls.read(name);
                if (!content.isAnotherAccounts(key)) {
                    return Optional.of(content);
                }
            } catch (ResourceNotFoundException e) {
                // the next name, then
            } catch (CredentialUnavailableException e) {
                if (e.reason() != Reason.PENDING_DELETION
                        || names.isTenantScoped(key, name)
                        || names.isLegacy(key, name)) {
                    throw e;
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The account's own secret, to be changed: not one that it shares.
     *
     * @throws io.threatengine.onboarding.error.NotFoundException if there is none, or it is another tenant's
     */
    SecretContent own(CredentialKey key) {
        return lookUpToChange(key)
                .filter(content -> content.document().isFor(key))
                .orElseThrow(() -> notFound(key, null));
    }

    /** A version under the first of the account's names that has it. */
    StoredCredential load(CredentialKey key, Function<String, SecretContent> read) {
        return opened(key, lookUp(key, read).orElseThrow(() -> notFound(key, null)));
    }

    /** What a read says of the version that the row names. */
    private enum Agreement {
        /** It is what came, or the row is older than what came. */
        CERTAIN,
        /** It was current before: the row is old, or it has just become current again. */
        BEFORE,
        /** It has not been current yet, or is not to be seen: what came is from before it, unless it has been given up. */
        NOT_YET
    }

    private record Seen(SecretContent content, Agreement agreement) {}

    StoredCredential load(CredentialKey key) {
        for (int attempt = 1; ; attempt++) {
            boolean isLast = attempt == READS_AFTER_WRITE;
            Optional<Seen> seen = lookUp(key).map(content -> asTheRowKnows(key, content));
            if (seen.isPresent() || key.versionId().isEmpty()) {
                SecretContent content =
                        seen.orElseThrow(() -> notFound(key, null)).content();
                boolean isAnswer = switch (seen.get().agreement()) {
                    case CERTAIN -> true;
                    case BEFORE -> isLast || isLongUnchanged(content.name());
                    case NOT_YET -> isLast && requireLongUnchanged(content.name());
                };
                if (isAnswer) {
                    return opened(key, content);
                }
            } else if (isLast) {
                throw notFound(key, null);
            }
            // The row knows of a version that is not visible yet.
            SdkFailures.backOff(attempt, Operation.GET_SECRET_VALUE.qualified());
        }
    }

    boolean holds(CredentialKey key, Credential credential) {
        Optional<SecretContent> found = lookUp(key);
        if (found.isEmpty()) {
            return false;
        }
        CredentialDocument document = found.get().document();
        return document.isFor(key) && document.holds(credential);
    }

    CredentialDescription describe(CredentialKey key) {
        for (String name : names.of(key)) {
            try {
                DescribeSecretResponse secret = calls.describe(name);
                if (names.isTenants(key, name)) {
                    return described(name, secret, names.ownerOf(key, name));
                }
                if (secret.deletedDate() != null) {
                    if (names.isLegacy(key, name)) {
                        return described(name, secret, key.accountId());
                    }
                } else {
                    Optional<CredentialDocument> document = documentFor(key, name);
                    if (document.isPresent()) {
                        return described(name, secret, document.get().owner());
                    }
                }
            } catch (CredentialUnavailableException e) {
                if (e.reason() != Reason.KEY_UNUSABLE || !names.isLegacy(key, name)) {
                    throw e;
                }
                // nobody can read whose it is: its name alone says so
                return described(name, calls.describe(name), key.accountId());
            } catch (ResourceNotFoundException e) {
                // the next name, then
            }
        }
        throw notFound(key, null);
    }

    /** What stands under the name, if it says that it is the tenant's, or is too old to say so. */
    Optional<CredentialDocument> documentFor(CredentialKey key, String name) {
        try {
            return Optional.of(calls.read(name).document()).filter(document -> document.isFor(key));
        } catch (MalformedDataException e) {
            return Optional.empty(); // it does not say whose it is
        }
    }

    /**
     * A read may be answered from before a write. Where the row names another version than the one that came, that version
     * itself is asked for: if it is the current one, the answer was old; if it has been and is not any more, the row is, as
     * far as that can be told.
     */
    private Seen asTheRowKnows(CredentialKey key, SecretContent content) {
        if (key.accepts(content.versionId())) {
            return new Seen(content, Agreement.CERTAIN);
        }
        try {
            SecretContent named =
                    calls.readVersion(content.name(), key.versionId().orElseThrow());
            if (named.is(CredentialStage.CURRENT)) {
                return new Seen(named, Agreement.CERTAIN);
            }
            if (named.is(CredentialStage.PREVIOUS)) {
                return new Seen(content, Agreement.BEFORE);
            }
            boolean isToCome =
                    named.is(CredentialStage.PENDING) || named.isDraft() || named.replaces(content.versionId());
            return new Seen(content, isToCome ? Agreement.NOT_YET : Agreement.CERTAIN);
        } catch (ResourceNotFoundException e) {
            return new Seen(content, Agreement.NOT_YET); // not there yet, or not there any more
        }
    }

    /** Whether reads show what the secret is: one that was changed a moment ago may still be answered from before. */
    private boolean isLongUnchanged(String name) {
        Instant changed = calls.describe(name).lastChangedDate();
        return changed == null || !changed.isAfter(clock.instant().minus(SETTLED));
    }

    private boolean requireLongUnchanged(String name) {
        if (!isLongUnchanged(name)) {
            throw new ServiceUnavailableException(Operation.GET_SECRET_VALUE.qualified(), name, null);
        }
        return true;
    }

    /** The credential in it, for those who may see it and while it has not expired. */
    StoredCredential opened(CredentialKey key, SecretContent content) {
        CredentialDocument document = content.document();
        boolean shared = key.reference().filter(content.name()::equals).isPresent();
        if (!(shared ? document.isFor(key) : document.isOf(key))) {
            throw notFound(key, null);
        }
        Instant expiresAt = document.expiresAt();
        if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
            throw new CredentialUnavailableException(content.name(), Reason.EXPIRED);
        }
        return new StoredCredential(document.credential(), content.version(), document.createdAt(), expiresAt);
    }

    static CredentialDescription described(String name, DescribeSecretResponse secret, @Nullable AccountId owner) {
        String current = secret.versionIdsToStages().entrySet().stream()
                .filter(version -> version.getValue().contains(CURRENT))
                .map(version -> version.getKey())
                .findFirst()
                .orElse("");
        return new CredentialDescription(
                new CredentialVersion(name, current),
                secret.arn(),
                owner,
                secret.createdDate(),
                secret.lastChangedDate() == null ? secret.createdDate() : secret.lastChangedDate(),
                secret.kmsKeyId(),
                secret.deletedDate());
    }
}
