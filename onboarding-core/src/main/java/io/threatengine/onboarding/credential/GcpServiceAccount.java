package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.provider.ProviderType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key of a Google Cloud service account.
 *
 * @param serviceAccountJson the key file's text; a vault checks that it is a JSON object with {@code type}, {@code
 *     project_id}, {@code private_key} and {@code client_email}
 * @param projectId the project, where stored beside the key file; it need not be the account's, since a service account
 *     may be given access to other projects than its own
 */
public record GcpServiceAccount(
        Secret serviceAccountJson, @Nullable String projectId) implements Credential {
    public static final String TYPE = "gcp_service_account";

    /**
     * Checks the parts.
     *
     * @throws InvalidValueException naming the field that is missing or wrong
     */
    public GcpServiceAccount {
        Fields.required("service_account_json", serviceAccountJson);
        if (projectId != null) {
            ProviderType.GCP.checkAccountNumber(projectId);
        }
    }

    public GcpServiceAccount(Secret serviceAccountJson) {
        this(serviceAccountJson, null);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Optional<ProviderType> providerType() {
        return Optional.of(ProviderType.GCP);
    }
}
