package io.threatengine.onboarding.provider;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.Rules;

/**
 * A kind of cloud or other thing that is scanned. The list is open: any type is kept as it is given.
 *
 * @param value as stored, 1 to 255 printable characters
 */
public record ProviderType(String value) {
    public static final ProviderType AWS = new ProviderType("aws");
    public static final ProviderType AZURE = new ProviderType("azure");
    public static final ProviderType GCP = new ProviderType("gcp");
    public static final ProviderType ALICLOUD = new ProviderType("alicloud");
    public static final ProviderType OCI = new ProviderType("oci");
    public static final ProviderType IBM = new ProviderType("ibm");
    public static final ProviderType KUBERNETES = new ProviderType("k8s");

    public ProviderType {
        Rules.word("provider type", value);
    }

    /**
     * Checks an account number by this provider's rule. The whole text must match; nothing is trimmed.
     *
     * <ul>
     *   <li>{@code aws}: 12 digits. {@code alicloud}: 16 digits. {@code ibm}: 32 hexadecimal digits.
     *   <li>{@code azure}: a subscription's UUID.
     *   <li>{@code gcp}: a project id, 6 to 30 of {@code [a-z0-9-]}, starting with a letter and not ending with {@code -},
     *       with an optional {@code domain.com:} before it.
     *   <li>{@code oci}: a tenancy's OCID.
     *   <li>{@code k8s}: a cluster's or context's name, 2 to 251 of {@code [A-Za-z0-9._@:/-]}, starting with a letter or
     *       digit.
     *   <li>Any other: 1 to 255 printable characters.
     * </ul>
     *
     * @return the number in the form in which it is stored: lower case for an Azure subscription, else as given
     * @throws InvalidValueException if it is not one
     */
    public String checkAccountNumber(String number) {
        return AccountNumberRule.check(value, number);
    }

    @Override
    public String toString() {
        return value;
    }
}
