package io.threatengine.onboarding.tenant;

import io.threatengine.onboarding.internal.Rules;
import java.util.UUID;

/**
 * A tenant's id: the text of a UUID in what the engines and this library write.
 *
 * @param value 1 to 128 letters, digits, {@code .}, {@code _} or {@code -}
 */
public record TenantId(String value) {
    public TenantId {
        Rules.id("tenant id", value);
    }

    public static TenantId of(String value) {
        return new TenantId(value);
    }

    /** A new, random id. */
    public static TenantId random() {
        return new TenantId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
