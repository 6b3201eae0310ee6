package io.threatengine.onboarding.tenant;

import io.threatengine.onboarding.internal.Rules;

/**
 * A tenant's status. The list is open: a value that is unknown here is kept and written back as it is.
 *
 * @param value as stored
 */
public record TenantStatus(String value) {
    public static final TenantStatus ACTIVE = new TenantStatus("active");

    /** Releases the tenant's name. */
    public static final TenantStatus DELETED = new TenantStatus("deleted");

    public TenantStatus {
        Rules.word("tenant status", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
