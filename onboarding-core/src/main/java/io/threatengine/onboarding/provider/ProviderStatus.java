package io.threatengine.onboarding.provider;

import io.threatengine.onboarding.internal.Rules;

/**
 * A provider's status. The list is open: a value that is unknown here is kept and written back as it is.
 *
 * @param value as stored
 */
public record ProviderStatus(String value) {
    public static final ProviderStatus ACTIVE = new ProviderStatus("active");

    /** Releases the tenant's place for this provider type. */
    public static final ProviderStatus DELETED = new ProviderStatus("deleted");

    public ProviderStatus {
        Rules.word("provider status", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
