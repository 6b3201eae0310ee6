package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.account.CredentialKey;
import java.util.ArrayList;
import java.util.List;

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
        return prefix + "/account/" + key.tenantId() + "/" + key.accountId();
    }

    boolean isTenantScoped(CredentialKey key, String name) {
        return name.equals(tenantScoped(key));
    }

    boolean isLegacy(CredentialKey key, String name) {
        return name.equals(legacy(key));
    }

    private String legacy(CredentialKey key) {
        return prefix + "/account/" + key.accountId();
    }
}
