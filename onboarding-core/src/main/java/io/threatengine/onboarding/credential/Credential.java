package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.provider.ProviderType;
import java.util.Optional;

/**
 * What opens a cloud account. Immutable; its parts are checked when it is made, and its secret parts never print.
 *
 * <pre>{@code
 * Credential credential = vault.get(account.credentialKey());
 * if (credential instanceof AwsIamRole role) {
 *     assume(role.roleArn(), role.externalId());
 * }
 * }</pre>
 */
public sealed interface Credential
        permits AwsAccessKey,
                AwsIamRole,
                AzureServicePrincipal,
                GcpServiceAccount,
                AlicloudAccessKey,
                OciUserPrincipal,
                IbmApiKey,
                Kubeconfig,
                InCluster,
                CustomCredential {

    /** The {@code credential_type} under which it is stored. */
    String type();

    /** The only kind of provider that it fits; empty if it may fit any. */
    Optional<ProviderType> providerType();

    /** The number of the cloud account that it is for, where it says so. */
    default Optional<String> accountNumber() {
        return Optional.empty();
    }
}
