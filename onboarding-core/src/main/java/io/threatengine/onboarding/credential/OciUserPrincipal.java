package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.Rules;
import io.threatengine.onboarding.provider.ProviderType;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An API signing key of an Oracle Cloud user.
 *
 * @param userOcid {@code ocid1.user.…}
 * @param tenancyOcid {@code ocid1.tenancy.…}
 * @param fingerprint 16 hexadecimal pairs with colons between
 * @param privateKey in PEM
 * @param region the home region, where stored
 */
public record OciUserPrincipal(
        String userOcid,
        String tenancyOcid,
        String fingerprint,
        Secret privateKey,
        @Nullable String region) implements Credential {
    public static final String TYPE = "oci_user_principal";

    private static final Pattern USER =
            Pattern.compile("ocid1\\.user\\.[A-Za-z0-9-]+\\.[A-Za-z0-9-]*\\.[A-Za-z0-9_-]+");
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){15}");

    /**
     * Checks the parts.
     *
     * @throws InvalidValueException naming the field that is missing or wrong
     */
    public OciUserPrincipal {
        Rules.matches("user_ocid", "must be a user's OCID like ocid1.user.oc1..aaaa", userOcid, USER);
        ProviderType.OCI.checkAccountNumber(tenancyOcid);
        Rules.matches("fingerprint", "must be 16 hexadecimal pairs with colons between", fingerprint, FINGERPRINT);
        Fields.required("private_key", privateKey);
        if (!privateKey.reveal().contains("-----BEGIN ")) {
            throw InvalidValueException.ofSecret("private_key", "must be a key in PEM form");
        }
        Fields.optional("region", region);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Optional<ProviderType> providerType() {
        return Optional.of(ProviderType.OCI);
    }

    @Override
    public Optional<String> accountNumber() {
        return Optional.of(tenancyOcid);
    }
}
