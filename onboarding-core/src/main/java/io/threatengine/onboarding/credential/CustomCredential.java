package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.Rules;
import io.threatengine.onboarding.provider.ProviderType;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A credential of a type that this library does not know, kept whole. Every value counts as secret.
 *
 * @param type the {@code credential_type}; none of the known ones
 * @param fields the fields whose value is text
 * @param jsonFields the fields whose value is anything else (a number, a list, an object, null), each as JSON text
 */
public record CustomCredential(String type, Map<String, Secret> fields, Map<String, Secret> jsonFields)
        implements Credential {
    private static final Set<String> KNOWN = Set.of(
            AwsAccessKey.TYPE,
            AwsIamRole.TYPE,
            AzureServicePrincipal.TYPE,
            GcpServiceAccount.TYPE,
            AlicloudAccessKey.TYPE,
            OciUserPrincipal.TYPE,
            IbmApiKey.TYPE,
            Kubeconfig.TYPE,
            InCluster.TYPE,
            // what old data calls some of them
            "access_key",
            "iam_role",
            "service_account");

    /**
     * Checks the parts.
     *
     * @throws InvalidValueException if the type is blank or a known one, or a field stands in both maps
     */
    public CustomCredential {
        Rules.word("credential type", type);
        if (KNOWN.contains(type)) {
            throw new InvalidValueException("credential type", "must not be one that has its own class", type);
        }
        fields = Map.copyOf(fields);
        jsonFields = Map.copyOf(jsonFields);
        for (String field : jsonFields.keySet()) {
            if (fields.containsKey(field)) {
                throw new InvalidValueException("custom credential field", "must have one value", field);
            }
        }
    }

    public CustomCredential(String type, Map<String, Secret> fields) {
        this(type, fields, Map.of());
    }

    @Override
    public Optional<ProviderType> providerType() {
        return Optional.empty();
    }
}
