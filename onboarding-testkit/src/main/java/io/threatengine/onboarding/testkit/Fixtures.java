package io.threatengine.onboarding.testkit;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.credential.AlicloudAccessKey;
import io.threatengine.onboarding.credential.AwsIamRole;
import io.threatengine.onboarding.credential.AzureServicePrincipal;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.GcpServiceAccount;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.InCluster;
import io.threatengine.onboarding.credential.OciUserPrincipal;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.tenant.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Tenants and accounts that a test needs but does not care about, with random values that obey every rule. Thread-safe.
 *
 * <pre>{@code
 * Account account = workspace.fixtures().onboarded(ProviderType.AZURE);
 * List<Account> fleet = workspace.fixtures().fleet(3, 20);
 * }</pre>
 *
 * <p>The values follow from the {@link #seed()}, which the JUnit extension prints when a test fails. To have them again, set {@code
 * ONBOARDING_TEST_SEED} to it, or the system property {@code onboarding.test.seed}. (Ids are the library's, and always random.)
 */
public final class Fixtures {
    private static final List<ProviderType> TYPES = List.of(
            ProviderType.AWS,
            ProviderType.AZURE,
            ProviderType.GCP,
            ProviderType.ALICLOUD,
            ProviderType.OCI,
            ProviderType.IBM,
            ProviderType.KUBERNETES);

    private final Onboarding onboarding;
    private final long seed;
    private final Random random;

    private Fixtures(Onboarding onboarding, long seed) {
        this.onboarding = onboarding;
        this.seed = seed;
        this.random = new Random(seed);
    }

    /**
     * By the seed of {@code ONBOARDING_TEST_SEED}, or a new one.
     *
     * @throws IllegalArgumentException if that variable is not a whole number
     */
    public static Fixtures of(Onboarding onboarding) {
        return of(
                onboarding,
                Variables.find("ONBOARDING_TEST_SEED").map(Fixtures::number).orElseGet(new Random()::nextLong));
    }

    /** By this seed. */
    public static Fixtures of(Onboarding onboarding, long seed) {
        return new Fixtures(onboarding, seed);
    }

    private static Long number(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("ONBOARDING_TEST_SEED must be a whole number, but is '" + text + "'", e);
        }
    }

    /** What the values follow from. */
    public long seed() {
        return seed;
    }

    /** A stored tenant with a name that no other has. */
    public Tenant tenant() {
        return onboarding.tenants().create("tenant-" + hex(12));
    }

    /** An account of a new tenant, with its row and its credential stored, as {@link Onboarding#onboardAccount} leaves it. */
    public Account onboarded(ProviderType type) {
        return onboarded(tenant().id(), type);
    }

    /** The same, of a tenant that exists. */
    public Account onboarded(TenantId tenant, ProviderType type) {
        NewAccount account = newAccount(tenant, type);
        return onboarding.onboardAccount(account, credential(type, account.number()));
    }

    /** An AWS account of a new tenant, onboarded with a role. */
    public Account aws() {
        return onboarded(ProviderType.AWS);
    }

    /** An Azure subscription of a new tenant, onboarded with a service principal. */
    public Account azure() {
        return onboarded(ProviderType.AZURE);
    }

    /** A GCP project of a new tenant, onboarded with a service account. */
    public Account gcp() {
        return onboarded(ProviderType.GCP);
    }

    /**
     * Onboarded accounts of new tenants, of all kinds of providers in turn.
     *
     * @param tenants how many tenants
     * @param accounts how many accounts each of them has
     * @return all accounts, those of one tenant side by side
     */
    public List<Account> fleet(int tenants, int accounts) {
        var fleet = new ArrayList<Account>();
        for (int tenant = 0; tenant < tenants; tenant++) {
            TenantId id = tenant().id();
            for (int account = 0; account < accounts; account++) {
                fleet.add(onboarded(id, TYPES.get(account % TYPES.size())));
            }
        }
        return List.copyOf(fleet);
    }

    /**
     * An account that is not stored, with a name and a number that no other has.
     *
     * @throws IllegalArgumentException if it is of a type that this library has no rules for
     */
    public NewAccount newAccount(TenantId tenant, ProviderType type) {
        return NewAccount.of(tenant, type, "account-" + hex(12), accountNumber(type));
    }

    /**
     * A number, as that provider's accounts have.
     *
     * @throws IllegalArgumentException if it is of a type that this library has no rules for
     */
    public String accountNumber(ProviderType type) {
        return switch (type.value()) {
            case "aws" -> digits(12);
            case "azure" -> uuid();
            case "gcp" -> "project-" + hex(12);
            case "alicloud" -> digits(16);
            case "oci" -> "ocid1.tenancy.oc1.." + hex(20);
            case "ibm" -> hex(32);
            case "k8s" -> "cluster-" + hex(12);
            default -> throw unknown(type);
        };
    }

    /**
     * A credential for an account, of the type that is usual there: a role, a service principal, a service account, an access key, an
     * API key, a user, or the cluster's own. Its secret parts are random, and open nothing.
     *
     * @throws IllegalArgumentException if it is of a type that this library has no rules for
     */
    public Credential credential(ProviderType type, String accountNumber) {
        return switch (type.value()) {
            case "aws" ->
                new AwsIamRole(
                        "arn:aws:iam::" + accountNumber + ":role/ThreatEngine-" + hex(6), "threat-engine-" + hex(16));
            case "azure" -> new AzureServicePrincipal(uuid(), secret(), uuid(), accountNumber);
            case "gcp" ->
                new GcpServiceAccount(
                        Secret.of("{\"type\": \"service_account\", \"project_id\": \"" + accountNumber
                                + "\", \"private_key\": \"" + hex(40) + "\", \"client_email\": \"scan@" + accountNumber
                                + ".iam.gserviceaccount.com\"}"),
                        accountNumber);
            case "alicloud" -> new AlicloudAccessKey("LTAI" + hex(16), secret(), null, accountNumber);
            case "oci" ->
                new OciUserPrincipal(
                        "ocid1.user.oc1.." + hex(20),
                        accountNumber,
                        hex(32).replaceAll("(..)(?!$)", "$1:"),
                        Secret.of("-----BEGIN PRIVATE KEY-----\n" + hex(40) + "\n-----END PRIVATE KEY-----\n"),
                        null);
            case "ibm" -> new IbmApiKey(secret());
            case "k8s" -> new InCluster(accountNumber);
            default -> throw unknown(type);
        };
    }

    private static IllegalArgumentException unknown(ProviderType type) {
        return new IllegalArgumentException(
                "there are no rules for '" + type + "': make its accounts and credentials yourself");
    }

    private Secret secret() {
        return Secret.of(hex(40));
    }

    private String hex(int length) {
        return characters(length, 16);
    }

    private String digits(int length) {
        return characters(length, 10);
    }

    private synchronized String characters(int length, int radix) {
        return random.ints(length, 0, radix)
                .collect(
                        StringBuilder::new,
                        (text, digit) -> text.append(Character.forDigit(digit, radix)),
                        StringBuilder::append)
                .toString();
    }

    private String uuid() {
        var bits = new UUID(randomLong(), randomLong());
        return bits.toString();
    }

    private synchronized long randomLong() {
        return random.nextLong();
    }
}
