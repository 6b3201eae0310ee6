package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.error.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Under which names an account's secret may stand.
 *
 * @param prefix of all secrets of an installation
 */
record SecretNames(String prefix) {
    /** Where to look, in this order. */
    List<String> of(CredentialKey key) {
        var names = new ArrayList<String>(3);
        key.reference().ifPresent(names::add);
        names.add(tenantScoped(key));
        names.add(legacy(key));
        return names.stream().distinct().toList();
    }

    /** The same names, the account's own first. */
    List<String> ownFirst(CredentialKey key) {
        var names = new ArrayList<>(of(key));
        names.remove(tenantScoped(key));
        names.add(0, tenantScoped(key));
        return names;
    }

    /** Under this name a secret is the account's; under another one, what it says of itself decides. */
    String tenantScoped(CredentialKey key) {
        return ofTenant(key) + key.accountId();
    }

    boolean isTenantScoped(CredentialKey key, String name) {
        return name.equals(tenantScoped(key));
    }

    /** Whether it is the name of an account of the tenant, by which the secret is the tenant's. */
    boolean isTenants(CredentialKey key, String name) {
        return name.startsWith(ofTenant(key));
    }

    /** Whose a secret is under such a name; null if no account can have that id. */
    @Nullable
    AccountId ownerOf(CredentialKey key, String name) {
        try {
            return AccountId.of(name.substring(ofTenant(key).length()));
        } catch (InvalidValueException e) {
            return null;
        }
    }

    private String ofTenant(CredentialKey key) {
        return prefix + "/account/" + key.tenantId() + "/";
    }

    boolean isLegacy(CredentialKey key, String name) {
        return name.equals(legacy(key));
    }

    private String legacy(CredentialKey key) {
        return prefix + "/account/" + key.accountId();
    }
}
