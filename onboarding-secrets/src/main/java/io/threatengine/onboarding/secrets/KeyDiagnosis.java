package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.error.CredentialUnavailableException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.NotFoundException;

/**
 * Says what is wrong with a key. Secrets Manager only tells that it could not use it; KMS knows why, if it may be asked
 * ({@code kms:DescribeKey}).
 */
final class KeyDiagnosis {
    static final String AWS_MANAGED = "alias/aws/secretsmanager";

    private final @Nullable Supplier<KmsClient> kms;

    /** @param kms null if KMS cannot be asked */
    KeyDiagnosis(@Nullable Supplier<KmsClient> kms) {
        this.kms = kms;
    }

    /**
     * The error for a key that Secrets Manager could not use.
     *
     * @param operation of Secrets Manager, which needs the key
     * @param keyId gives the key, or null for the AWS managed one
     */
    CredentialUnavailableException unusable(
            String secretName, Operation operation, Supplier<@Nullable String> keyId, SdkException cause) {
        String given = keyId.get();
        String key = given == null ? AWS_MANAGED : given;
        return CredentialUnavailableException.ofKey(secretName, key, problem(key, needs(operation)), cause);
    }

    private static String needs(Operation operation) {
        List<String> actions = operation.keyActions().isEmpty() ? List.of("kms:Decrypt") : operation.keyActions();
        int last = actions.size() - 1;
        return last == 0 ? actions.get(0) : String.join(", ", actions.subList(0, last)) + " and " + actions.get(last);
    }

    private String problem(String key, String needed) {
        if (kms != null) {
            try {
                KeyMetadata metadata =
                        kms.get().describeKey(request -> request.keyId(key)).keyMetadata();
                return switch (metadata.keyState()) {
                    case ENABLED ->
                        "is enabled, but the caller may not use it; allow " + needed
                                + " in the key's policy or the caller's role";
                    case DISABLED -> "is disabled; " + needed + " is needed: enable it (kms:EnableKey)";
                    case PENDING_DELETION, PENDING_REPLICA_DELETION ->
                        "is scheduled for deletion; " + needed
                                + " is needed: cancel the deletion (kms:CancelKeyDeletion), then enable it";
                    default ->
                        "is in the state " + metadata.keyStateAsString() + "; " + needed
                                + " is needed: bring it to the state Enabled";
                };
            } catch (NotFoundException e) {
                return "does not exist, or no more; " + needed
                        + " is needed: name one that exists, or store the credential anew under another";
            } catch (SdkException e) {
                // KMS may not be asked: all that it can be is said
            }
        }
        return "cannot be used; " + needed
                + " is needed: enable the key if it is disabled, cancel its deletion if one is"
                + " scheduled, or allow the caller these actions in the key's policy or the caller's role";
    }
}
