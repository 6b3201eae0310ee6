package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.aws.SdkFailures;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.error.ThrottledException;
import io.threatengine.onboarding.storage.Bulk;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult;
import io.threatengine.onboarding.storage.BulkResult.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretValueEntry;

/**
 * Reads many credentials, 20 a call. What a batch does not give at once, with the version that the row knows, is read alone,
 * so that every rule and error is that of a single read: a secret that cannot be decrypted, is scheduled for deletion, or
 * was changed a moment ago. A whole fleet is read alone where the caller may not use the call, or the service lacks it.
 */
final class SecretBatch {
    private static final Logger LOG = LoggerFactory.getLogger(SecretBatch.class);

    /** API reference, BatchGetSecretValue: SecretIdList has at most 20 items. */
    private static final int MOST_IN_A_CALL = 20;

    /** User guide, "AWS Secrets Manager quotas": BatchGetSecretValue 100 a second. */
    private static final long NANOS_BETWEEN_CALLS = TimeUnit.SECONDS.toNanos(1) / 100;

    /** How a service, or what stands in for it, says that it does not know the call; or by the status 501. */
    private static final Set<String> UNKNOWN = Set.of("InvalidAction", "NotImplemented", "UnknownOperationException");

    private static final int NOT_IMPLEMENTED = 501;

    private final SecretCalls calls;
    private final SecretNames names;
    private final SecretReads reads;
    private final Pace pace = new Pace(NANOS_BETWEEN_CALLS);
    private volatile boolean allowed = true;

    SecretBatch(SecretCalls calls, SecretNames names, SecretReads reads) {
        this.calls = calls;
        this.names = names;
        this.reads = reads;
    }

    BulkResult<CredentialKey, StoredCredential> load(Collection<CredentialKey> keys, BulkOptions options) {
        return keys.size() > 1
                ? Bulk.chunks(keys, MOST_IN_A_CALL, options, this::loadChunk)
                : Bulk.each(keys, options, reads::load);
    }

    private List<Outcome<CredentialKey, StoredCredential>> loadChunk(List<CredentialKey> keys) {
        Map<CredentialKey, SecretContent> found = new HashMap<>();
        Set<CredentialKey> nowhere = new HashSet<>();
        lookUp(keys, found, nowhere);
        List<Outcome<CredentialKey, StoredCredential>> outcomes = new ArrayList<>(keys.size());
        for (CredentialKey key : keys) {
            try {
                if (nowhere.contains(key)) {
                    throw SecretCalls.notFound(key, null);
                }
                SecretContent content = found.get(key);
                outcomes.add(Outcome.of(key, content == null ? reads.load(key) : reads.opened(key, content)));
            } catch (OperationInterruptedException e) {
                throw e;
            } catch (OnboardingException e) {
                outcomes.add(Outcome.failed(key, e));
            }
        }
        return outcomes;
    }

    /**
     * Looks for what stands under the first of each key's names that has a secret, a call for each place in the order of
     * names. What is neither found nor nowhere has to be read alone.
     */
    private void lookUp(List<CredentialKey> keys, Map<CredentialKey, SecretContent> found, Set<CredentialKey> nowhere) {
        Map<CredentialKey, List<String>> open = new LinkedHashMap<>();
        keys.forEach(key -> open.put(key, names.of(key)));
        for (int i = 0; !open.isEmpty() && allowed; i++) {
            int place = i;
            Answers answers = read(open.values().stream()
                    .map(ofKey -> ofKey.get(place))
                    .distinct()
                    .toList());
            open.entrySet().removeIf(entry -> {
                CredentialKey key = entry.getKey();
                List<String> ofKey = entry.getValue();
                SecretContent content = answers.found.get(ofKey.get(place));
                if (content != null && key.accepts(content.versionId())) {
                    found.put(key, content);
                }
                boolean isMissing = content == null && answers.missing.contains(ofKey.get(place));
                boolean wasLast = place + 1 == ofKey.size();
                if (isMissing && wasLast && key.versionId().isEmpty()) {
                    nowhere.add(key);
                }
                return !isMissing || wasLast;
            });
        }
    }

    /**
     * What came of one call, by the names that were asked for.
     *
     * @param missing names under which there is nothing
     */
    private record Answers(Map<String, SecretContent> found, Set<String> missing) {
        static final Answers NONE = new Answers(Map.of(), Set.of());
    }

    private Answers read(List<String> asked) {
        pace.await();
        try {
            return answers(asked, calls.readBatch(asked));
        } catch (ThrottledException | ServiceUnavailableException | OperationInterruptedException e) {
            if (!isUnknownCall(e)) {
                throw e;
            }
            readAloneFromNowOn(e);
        } catch (OnboardingException e) {
            if (isUnknownCall(e) || codeOf(e).equals("AccessDeniedException")) {
                readAloneFromNowOn(e);
            }
        } catch (ResourceNotFoundException e) {
            // said of one of them, perhaps; which, single reads will tell
        }
        return Answers.NONE;
    }

    private static Answers answers(List<String> asked, BatchGetSecretValueResponse response) {
        Map<String, SecretContent> found = new HashMap<>();
        for (SecretValueEntry value : response.secretValues()) {
            for (String name : asked) {
                if (name.equals(value.name()) || name.equals(value.arn())) {
                    found.put(
                            name,
                            new SecretContent(name, value.versionId(), value.secretString(), value.versionStages()));
                }
            }
        }
        Set<String> missing = new HashSet<>();
        response.errors().stream()
                .filter(error -> "ResourceNotFoundException".equals(error.errorCode()))
                .forEach(error -> missing.add(error.secretId()));
        return new Answers(found, missing);
    }

    private void readAloneFromNowOn(OnboardingException reason) {
        boolean first;
        synchronized (this) {
            first = allowed;
            allowed = false;
        }
        if (first) {
            LOG.warn(
                    "Credentials are read one by one from now on, which takes twenty times as many calls: {}",
                    reason.getMessage());
        }
    }

    private static boolean isUnknownCall(OnboardingException e) {
        return UNKNOWN.contains(codeOf(e))
                || (e.getCause() instanceof AwsServiceException refusal && refusal.statusCode() == NOT_IMPLEMENTED);
    }

    private static String codeOf(OnboardingException e) {
        return e.getCause() instanceof AwsServiceException refusal ? SdkFailures.errorCode(refusal) : "";
    }
}
