package io.threatengine.onboarding.secrets;

import static io.threatengine.onboarding.secrets.SecretCalls.CURRENT;
import static io.threatengine.onboarding.secrets.SecretCalls.READS_AFTER_WRITE;
import static io.threatengine.onboarding.secrets.SecretCalls.failure;
import static io.threatengine.onboarding.secrets.SecretCalls.notFound;

import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.internal.WireTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** Makes an account's secret, or changes it where it is. */
final class SecretWrites {
    private final SecretCalls calls;
    private final SecretNames names;
    private final SecretReads reads;
    private final InstantSource clock;

    SecretWrites(SecretCalls calls, SecretNames names, SecretReads reads, InstantSource clock) {
        this.calls = calls;
        this.names = names;
        this.reads = reads;
        this.clock = clock;
    }

    CredentialVersion store(CredentialKey key, Credential credential, @Nullable Instant expiresAt) {
        Instant now = WireTime.now(clock);
        var first = CredentialDocument.of(key, credential, now, expiresAt);
        String name = names.tenantScoped(key);
        for (int attempt = 1; ; attempt++) {
            Optional<SecretContent> found = reads.lookUp(key, content -> !isAnotherAccounts(key, content));
            if (found.isPresent()) {
                return change(key, found.get(), credential, now, expiresAt);
            }
            try {
                return calls.create(name, first);
            } catch (ResourceNotFoundException e) {
                throw failure(e, "CreateSecret", name); // what it needs: a key
            } catch (ResourceExistsException e) {
                // made between look-up and creation, not seen yet, or made empty by a template
                if (hasNoValue(name)) {
                    return put(key, name, first);
                }
                if (attempt == READS_AFTER_WRITE) {
                    throw failure(e, "CreateSecret", name);
                }
                SdkFailures.backOff(attempt, "secretsmanager:CreateSecret");
            }
        }
    }

    /** Whether it is a secret of another account of the tenant, which this one shares by its reference. */
    private static boolean isAnotherAccounts(CredentialKey key, SecretContent content) {
        if (key.reference().filter(content.name()::equals).isEmpty()) {
            return false;
        }
        try {
            return content.document().isFor(key) && !content.document().isOf(key);
        } catch (MalformedDataException e) {
            return false;
        }
    }

    private boolean hasNoValue(String name) {
        try {
            return calls.describe(name).versionIdsToStages().values().stream()
                    .noneMatch(stages -> stages.contains(CURRENT));
        } catch (ResourceNotFoundException e) {
            return false;
        }
    }

    private CredentialVersion change(
            CredentialKey key, SecretContent content, Credential credential, Instant now, @Nullable Instant expiresAt) {
        CredentialDocument next;
        try {
            CredentialDocument present = content.document();
            if (!present.isFor(key)) {
                throw notFound(key, null);
            }
            next = present.with(credential, expiresAt);
            if (next.equals(present)) {
                return new CredentialVersion(content.name(), content.versionId());
            }
        } catch (MalformedDataException e) {
            if (!names.isTenantScoped(key, content.name())) {
                throw e; // it does not say whose it is
            }
            next = CredentialDocument.over(
                    content.text() == null ? "" : content.text(), key, credential, now, expiresAt);
        }
        return put(key, content.name(), next);
    }

    private CredentialVersion put(CredentialKey key, String name, CredentialDocument document) {
        try {
            return calls.put(name, document);
        } catch (ResourceNotFoundException e) {
            throw notFound(key, e);
        }
    }
}
