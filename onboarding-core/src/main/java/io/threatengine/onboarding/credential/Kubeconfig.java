package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.provider.ProviderType;
import java.util.Optional;

/**
 * A kubeconfig file.
 *
 * @param kubeconfig the file's text, YAML or JSON; a vault refuses one whose user entries would run a program ({@code exec},
 *     or an auth provider's {@code cmd-path})
 */
public record Kubeconfig(Secret kubeconfig) implements Credential {
    public static final String TYPE = "kubeconfig";

    /**
     * Checks the parts.
     *
     * @throws InvalidValueException if the text is missing or blank
     */
    public Kubeconfig {
        Fields.required("kubeconfig", kubeconfig);
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
