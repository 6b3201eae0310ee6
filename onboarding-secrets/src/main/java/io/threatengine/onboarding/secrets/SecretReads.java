package io.threatengine.onboarding.secrets;

import static io.threatengine.onboarding.secrets.SecretCalls.CURRENT;
import static io.threatengine.onboarding.secrets.SecretCalls.READS_AFTER_WRITE;
import static io.threatengine.onboarding.secrets.SecretCalls.notFound;

import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialDescription;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.CredentialUnavailableException.Reason;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
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

    /** The secret under the first of the account's names that has one and is meant. */
    Optional<SecretContent> lookUp(CredentialKey key, Predicate<SecretContent> meant) {
        for (String name : names.of(key)) {
            try {
                SecretContent content = calls.read(name);
                if (meant.test(content)) {
                    return Optional.of(content);
                }
            } catch (ResourceNotFoundException e) {
                // the next name, then
            }
        }
        return Optional.empty();
    }

    StoredCredential load(CredentialKey key) {
        for (int attempt = 1; ; attempt++) {
            Optional<SecretContent> found = lookUp(key, content -> true).map(content -> asTheRowKnows(key, content));
            boolean lags = key.versionId().isPresent()
                    && (found.isEmpty() || !found.get().isSettled());
            if (!lags) {
                return opened(key, found.orElseThrow(() -> notFound(key, null)));
            }
            if (attempt == READS_AFTER_WRITE) {
                SecretContent latest = found.orElseThrow(() -> notFound(key, null));
                requireLongUnchanged(latest.name());
                return opened(key, latest); // the version that the row knows is gone: the row is old
            }
            // The row knows of a version that is not visible yet.
            SdkFailures.backOff(attempt, "secretsmanager:GetSecretValue");
        }
    }

    boolean holds(CredentialKey key, Credential credential) {
        Optional<SecretContent> found = lookUp(key, content -> true);
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
                if (names.isTenantScoped(key, name) || mayTell(key, name, secret)) {
                    return described(name, secret);
                }
            } catch (ResourceNotFoundException e) {
                // the next name, then
            }
        }
        throw notFound(key, null);
    }

    /** Whether it says that it is the tenant's, or is too old to say so. */
    boolean readsAsFor(CredentialKey key, String name) {
        try {
            return calls.read(name).document().isFor(key);
        } catch (MalformedDataException e) {
            return false; // it does not say whose it is
        }
    }

    /**
     * A read may be answered from before a write. Where the row names another version than the one that came, that version
     * itself is asked for: if it is the current one, the answer was old; if it is not any more, the row is.
     */
    private SecretContent asTheRowKnows(CredentialKey key, SecretContent content) {
        if (key.accepts(content.versionId())) {
            return content.settled();
        }
        try {
            return calls.readIfCurrent(content.name(), key.versionId().orElseThrow())
                    .orElseGet(content::settled);
        } catch (ResourceNotFoundException e) {
            return content; // not there yet, or not there any more
        }
    }

    /** A secret that was changed a moment ago may still be answered from before. */
    private void requireLongUnchanged(String name) {
        DescribeSecretResponse secret = calls.describe(name);
        Instant changed = secret.lastChangedDate();
        if (changed != null && changed.isAfter(clock.instant().minus(SETTLED))) {
            throw new ServiceUnavailableException("secretsmanager:GetSecretValue", name, null);
        }
    }

    private StoredCredential opened(CredentialKey key, SecretContent content) {
        CredentialDocument document = content.document();
        boolean shared = key.reference().filter(content.name()::equals).isPresent();
        if (!(shared ? document.isFor(key) : document.isOf(key))) {
            throw notFound(key, null);
        }
        Instant expiresAt = document.expiresAt();
        if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
            throw new CredentialUnavailableException(content.name(), Reason.EXPIRED);
        }
        return new StoredCredential(
                document.credential(),
                new CredentialVersion(content.name(), content.versionId()),
                document.createdAt(),
                expiresAt);
    }

    private boolean mayTell(CredentialKey key, String name, DescribeSecretResponse secret) {
        return secret.deletedDate() == null ? readsAsFor(key, name) : names.isLegacy(key, name);
    }

    private static CredentialDescription described(String name, DescribeSecretResponse secret) {
        String current = secret.versionIdsToStages().entrySet().stream()
                .filter(version -> version.getValue().contains(CURRENT))
                .map(version -> version.getKey())
                .findFirst()
                .orElse("");
        return new CredentialDescription(
                new CredentialVersion(name, current),
                secret.arn(),
                secret.createdDate(),
                secret.lastChangedDate() == null ? secret.createdDate() : secret.lastChangedDate(),
                secret.kmsKeyId(),
                secret.deletedDate());
    }
}
