package io.threatengine.onboarding.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.error.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderTypeTest {

    @ParameterizedTest
    @CsvSource({
        "aws, 123456789012",
        "azure, 0b1f6471-1bf0-4dda-aec3-cb9272f09590",
        "gcp, acme-1",
        "gcp, a12345678901234567890123456789",
        "gcp, example.com:acme-prod",
        "alicloud, 1234567890123456",
        "oci, ocid1.tenancy.oc1..aaaaaaaaba3pv6wkcr4jqae5f44n2b2m2yt2j6rx32uzr4h25vqstifsfdsq",
        "oci, ocid1.tenancy.oc2.us-luke-1.aaaa",
        "ibm, 0123456789abcdef0123456789ABCDEF",
        "k8s, c1",
        "k8s, arn:aws:eks:eu-central-1:123456789012:cluster/prod",
        "k8s, admin@prod_1.example",
        "github, acme/platform",
        "postgres, Kunden-Datenbank Süd",
    })
    void acceptsWhatTheProviderGivesOut(String type, String number) {
        assertThat(new ProviderType(type).checkAccountNumber(number)).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            value = {
                "aws, 12345678901",
                "aws, 1234567890123",
                "aws, 12345678901a",
                "aws, ' 123456789012'",
                "aws, '123456789012\n'",
                "aws, ١٢٣٤٥٦٧٨٩٠١٢",
                "aws, ''",
                "aws, NULL",
                "azure, 0b1f6471-1bf0-4dda-aec3",
                "azure, 0b1f64711bf04ddaaec3cb9272f09590",
                "gcp, acme",
                "gcp, 1acme-prod",
                "gcp, acme-prod-",
                "gcp, Acme-prod",
                "gcp, a123456789012345678901234567890",
                "gcp, :acme-prod",
                "alicloud, 123456789012345",
                "oci, ocid1.user.oc1..aaaa",
                "oci, ocid1.tenancy.oc1",
                "ibm, 0123456789abcdef0123456789abcde",
                "ibm, 0123456789abcdef0123456789abcdeg",
                "k8s, c",
                "k8s, -prod",
                "k8s, 'prod cluster'",
                "github, ''",
                "github, 'acme\u0007'",
            })
    void refusesWhatItDoesNot(String type, String number) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> new ProviderType(type).checkAccountNumber(number))
                .satisfies(e -> {
                    assertThat(e.field()).isEqualTo(type + " account number");
                    assertThat(e.rule()).startsWith("must be");
                    assertThat(e.getMessage()).contains(e.field(), e.rule(), e.value());
                });
    }

    @ParameterizedTest
    @CsvSource({"251, true", "252, false"})
    void boundsAClustersName(int length, boolean fits) {
        String name = "c".repeat(length);
        if (fits) {
            assertThat(ProviderType.KUBERNETES.checkAccountNumber(name)).isEqualTo(name);
        } else {
            assertThatExceptionOfType(InvalidValueException.class)
                    .isThrownBy(() -> ProviderType.KUBERNETES.checkAccountNumber(name));
        }
    }

    @Test
    void isNotRunOverByALongText() {
        String domains = "a" + ".b".repeat(20_000) + ":acme-prod";
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> ProviderType.GCP.checkAccountNumber(domains));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> ProviderType.OCI.checkAccountNumber("ocid1.tenancy.oc1.." + "a".repeat(300)));
    }

    @ParameterizedTest
    @CsvSource("0B1F6471-1BF0-4DDA-AEC3-CB9272F09590")
    void storesAnAzureSubscriptionInLowerCase(String number) {
        assertThat(ProviderType.AZURE.checkAccountNumber(number)).isEqualTo("0b1f6471-1bf0-4dda-aec3-cb9272f09590");
    }

    @ParameterizedTest
    @CsvSource({
        "aws, '', 1, ''",
        "azure, 0b1f6471, -1bf0, -cb9272f09590",
        "gcp, a, .a, :acme-prod",
        "gcp, a, -a, ''",
        "alicloud, '', 1, ''",
        "oci, ocid1.tenancy.oc1., .a, ''",
        "ibm, '', a, ''",
        "k8s, a, /a, ''",
        "other, a, /a, ''",
    })
    void refusesANumberOfManyParts(String type, String start, String part, String end) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> new ProviderType(type).checkAccountNumber(start + part.repeat(100_000) + end));
    }
}
