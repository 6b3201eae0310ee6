package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.provider.ProviderType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The service account of the cluster that the scanner runs in: no secret of its own.
 *
 * @param clusterName the cluster's name, where stored
 */
public record InCluster(@Nullable String clusterName) implements Credential {
    public static final String TYPE = "in_cluster";

    /**
     * Checks the parts.
     *
     * @throws InvalidValueException if the name is blank or unprintable
     */
    public InCluster {
        Fields.optional("cluster_name", clusterName);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Optional<ProviderType> providerType() {
        return Optional.of(ProviderType.KUBERNETES);
    }
}
