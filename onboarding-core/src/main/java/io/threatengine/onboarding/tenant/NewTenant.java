package io.threatengine.onboarding.tenant;

import io.threatengine.onboarding.internal.Rules;

/**
 * What a tenant is created from.
 *
 * @param name 1 to 255 printable characters, unique among all tenants
 * @param description any text of at most 16,384 characters, may be empty
 */
public record NewTenant(String name, String description) {
    public NewTenant {
        Rules.name("tenant name", name);
        Rules.description("tenant description", description);
    }

    public static NewTenant of(String name) {
        return new NewTenant(name, "");
    }
}
