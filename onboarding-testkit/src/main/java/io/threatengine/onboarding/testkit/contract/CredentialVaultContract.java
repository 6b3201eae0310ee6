package io.threatengine.onboarding.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.AlicloudAccessKey;
import io.threatengine.onboarding.credential.AwsAccessKey;
import io.threatengine.onboarding.credential.AwsIamRole;
import io.threatengine.onboarding.credential.AzureServicePrincipal;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialDescription;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.credential.CustomCredential;
import io.threatengine.onboarding.credential.GcpServiceAccount;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.InCluster;
import io.threatengine.onboarding.credential.Kubeconfig;
import io.threatengine.onboarding.credential.OciUserPrincipal;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.credential.StoreOptions;
import io.threatengine.onboarding.credential.StoreOptions.WhenDeleted;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.credential.VaultOutcome;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.CredentialUnavailableException.Reason;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult.Outcome;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.testkit.Deviation;
import io.threatengine.onboarding.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What every {@link CredentialVault} does. */
public interface CredentialVaultContract extends Contract {

    /** A marker inside the secrets of these tests, to be found nowhere in what is printed. */
    String MARKER = "PLANTED-SECRET";

    /** The vault under test. */
    CredentialVault vault();

    /** The clock of the vault under test. */
    SettableClock clock();

    /** One credential of each type, with all of its fields. */
    static List<Credential> credentials() {
        String keyFile = "{\"type\": \"service_account\", \"project_id\": \"acme-prod\", \"private_key\": \"" + MARKER
                + "\", \"client_email\": \"scan@acme-prod.iam.gserviceaccount.com\"}";
        String kubeconfig = "apiVersion: v1\nkind: Config\nusers:\n- name: scan\n  user:\n    token: " + MARKER + "\n";
        return List.of(
                new AwsAccessKey("AKIAIOSFODNN7EXAMPLE", Secret.of(MARKER), Secret.of(MARKER), "123456789012"),
                new AwsIamRole(
                        "arn:aws:iam::123456789012:role/scan",
                        "threat-engine-0123456789abcdef",
                        "123456789012",
                        "scan",
                        Duration.ofHours(1)),
                new AzureServicePrincipal(
                        "11111111-2222-3333-4444-555555555555",
                        Secret.of(MARKER),
                        "66666666-7777-8888-9999-000000000000",
                        "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"),
                new GcpServiceAccount(Secret.of(keyFile), "acme-prod"),
                new AlicloudAccessKey("LTAI4EXAMPLE", Secret.of(MARKER), Secret.of(MARKER), "1234567890123456"),
                new OciUserPrincipal(
                        "ocid1.user.oc1..aaaa",
                        "ocid1.tenancy.oc1..bbbb",
                        "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff",
                        Secret.of("-----BEGIN PRIVATE KEY-----\n" + MARKER + "\n-----END PRIVATE KEY-----\n"),
                        "eu-frankfurt-1"),
                new IbmApiKey(Secret.of(MARKER)),
                new Kubeconfig(Secret.of(kubeconfig)),
                new InCluster("scan-cluster"),
                new CustomCredential(
                        "github_app",
                        Map.of("private_key", Secret.of(MARKER)),
                        Map.of(
                                "app_id", Secret.of("12345"),
                                "scopes", Secret.of("[\"repo\",{\"deep\":null}]"),
                                "empty", Secret.of("\"\""))));
    }

    @Test
    default void aCredentialOfEachTypeComesBackAsItWasStored() {
        for (Credential credential : credentials()) {
            CredentialKey key = key();

            CredentialVersion version = vault().store(key, credential);

            assertThat(vault().get(key)).isEqualTo(credential);
            assertThat(vault().load(key).version()).isEqualTo(version);
            assertThat(vault().load(key).createdAt()).isEqualTo(clock().instant());
            assertThat(vault().get(key.at(version.reference(), version.versionId())))
                    .isEqualTo(credential);
        }
    }

    @Test
    default void manyAreReadEachWithItsOwnOutcome() {
        TenantId tenant = TenantId.random();
        List<CredentialKey> keys = new ArrayList<>();
        for (int i = 0; i < 45; i++) {
            CredentialKey key = CredentialKey.of(tenant, AccountId.random());
            CredentialVersion version = vault().store(key, role(Integer.toString(i)));
            keys.add(i % 2 == 0 ? key : key.at(version.reference(), version.versionId()));
        }
        CredentialVersion old = vault().store(key(), role("old"));
        CredentialKey lagging = keys.get(3).withVersionId(old.versionId());
        CredentialKey sharing = CredentialKey.of(tenant, AccountId.random())
                .at(keys.get(1).reference().orElseThrow(), null);
        CredentialKey nothing = CredentialKey.of(tenant, AccountId.random());
        CredentialKey stranger = CredentialKey.of(TenantId.random(), keys.get(1).accountId())
                .at(keys.get(1).reference().orElseThrow(), null);
        CredentialKey deleted = CredentialKey.of(tenant, AccountId.random());
        vault().store(deleted, role("deleted"));
        vault().delete(deleted);
        CredentialKey expired = CredentialKey.of(tenant, AccountId.random());
        vault().store(
                        expired,
                        role("expired"),
                        StoreOptions.defaults().expiringAt(clock().instant().plusSeconds(1)));
        clock().advance(Duration.ofMinutes(2)); // reads are believed after one that nothing has changed in
        keys.addAll(List.of(lagging, sharing, keys.get(0), nothing, stranger, deleted, expired));

        for (int again = 0; again < 2; again++) {
            List<Outcome<CredentialKey, StoredCredential>> outcomes =
                    vault().loadAll(keys, BulkOptions.defaults()).outcomes();

            assertThat(outcomes).extracting(Outcome::input).containsExactlyElementsOf(keys);
            for (int i = 0; i < 45; i++) {
                StoredCredential stored = outcomes.get(i).found().orElseThrow();
                assertThat(stored.credential()).isEqualTo(role(Integer.toString(i)));
                assertThat(stored).isEqualTo(vault().load(keys.get(i)));
            }
            assertThat(outcomes.subList(45, 48))
                    .extracting(outcome -> outcome.found().orElseThrow().credential())
                    .containsExactly(role("3"), role("1"), role("0"));
            assertThat(outcomes.subList(48, 52))
                    .extracting(outcome -> VaultOutcome.of(Objects.requireNonNull(outcome.failure())))
                    .containsExactly(
                            VaultOutcome.NOT_FOUND,
                            VaultOutcome.NOT_FOUND,
                            VaultOutcome.PENDING_DELETION,
                            VaultOutcome.EXPIRED);
        }
        assertThat(vault().getAll(keys.subList(0, 2)).values()).containsExactly(role("0"), role("1"));
        assertThat(vault().getAll(List.of()).outcomes()).isEmpty();
    }

    @Test
    default void whatWasNeverStoredIsEmptyOrAnError() {
        CredentialKey nothing = key();

        assertThat(vault().find(nothing)).isEmpty();
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> vault().get(nothing))
                .satisfies(e -> assertThat(e.kind()).isEqualTo("credential"));
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault().describe(nothing));
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault().delete(nothing));
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault().restore(nothing));
    }

    @Test
    default void storingAgainMakesTheNextVersionAndKeepsTheDateOfTheFirst() {
        CredentialKey key = key();
        Instant begun = clock().instant();
        CredentialVersion first = vault().store(key, role("1"));
        clock().advance(Duration.ofMinutes(30));

        CredentialVersion second = vault().store(key, role("2"));

        assertThat(second.versionId()).isNotEqualTo(first.versionId());
        assertThat(second.reference()).isEqualTo(first.reference());
        assertThat(vault().get(key)).isEqualTo(role("2"));
        assertThat(vault().load(key).createdAt()).isEqualTo(begun);
    }

    @Test
    default void storingTheSameAgainMakesNoNewVersion() {
        for (Credential credential : credentials()) {
            CredentialKey key = key();

            CredentialVersion first = vault().store(key, credential);

            assertThat(vault().holds(key, credential)).isTrue();
            assertThat(vault().store(key, credential)).as(credential.type()).isEqualTo(first);
            assertThat(vault().describe(key).version()).isEqualTo(first);
        }
    }

    @Test
    default void whatIsHeldIsWhatWasStoredWhateverTheBlanks() {
        CredentialKey key = key();
        var credential = new CustomCredential(
                "github_app",
                Map.of(),
                Map.of("scopes", Secret.of("{ \"a\" : [1, 2.0] }"), "text", Secret.of("\"x\"")));

        assertThat(vault().holds(key, credential)).isFalse();
        vault().store(key, credential);

        assertThat(vault().holds(key, credential)).isTrue();
        assertThat(vault().holds(key, role("1"))).isFalse();
    }

    @Test
    default void anotherTenantsCredentialIsNotFound() {
        CredentialKey key = key();
        CredentialVersion version = vault().store(key, role("1"));
        CredentialKey stranger = CredentialKey.of(TenantId.random(), key.accountId());
        CredentialKey pointing = stranger.at(version.reference(), version.versionId());

        assertThat(vault().find(stranger)).isEmpty();
        assertThat(vault().find(pointing)).isEmpty();
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault().describe(pointing));
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault().delete(pointing));
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault().restore(pointing));
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault().store(pointing, role("2")));
        assertThat(vault().get(key)).isEqualTo(role("1"));
        vault().delete(key);
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault().restore(pointing));
        assertThat(vault().describe(key).deletionDate()).isNotNull();
    }

    @Test
    default void anAccountThatSharesTheSecretOfAnotherReadsItButDoesNotEndIt() {
        CredentialKey owner = key();
        CredentialVersion version = vault().store(owner, role("1"));
        CredentialKey sharing =
                CredentialKey.of(owner.tenantId(), AccountId.random()).at(version.reference(), version.versionId());

        assertThat(vault().get(sharing)).isEqualTo(role("1"));
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault().delete(sharing));
        assertThat(vault().get(owner)).isEqualTo(role("1"));

        CredentialVersion own = vault().store(sharing, role("2"));

        assertThat(own.reference()).isNotEqualTo(version.reference());
        assertThat(vault().get(sharing.at(own.reference(), own.versionId()))).isEqualTo(role("2"));
        assertThat(vault().get(owner)).isEqualTo(role("1"));
    }

    @Test
    default void aDescriptionSaysWhereAndWhichButNotWhat() {
        CredentialKey key = key();
        CredentialVersion version = vault().store(key, new IbmApiKey(Secret.of(MARKER)));

        CredentialDescription description = vault().describe(key);

        assertThat(description.version()).isEqualTo(version);
        assertThat(description.arn()).startsWith("arn:aws:secretsmanager:").contains(version.reference());
        assertThat(description.deletionDate()).isNull();
        assertThat(description.toString()).doesNotContain(MARKER);
    }

    @Test
    default void aDeletedCredentialIsNotGivenOutAndCanBeRestored() {
        CredentialKey key = key();
        vault().store(key, role("1"));

        Instant date = vault().delete(key);

        assertThatExceptionOfType(CredentialUnavailableException.class)
                .isThrownBy(() -> vault().get(key))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.PENDING_DELETION));
        assertThatExceptionOfType(CredentialUnavailableException.class).isThrownBy(() -> vault().store(key, role("2")));
        assertThat(vault().describe(key).deletionDate()).isEqualTo(date);
        vault().restore(key);
        assertThat(vault().get(key)).isEqualTo(role("1"));
        assertThat(vault().describe(key).deletionDate()).isNull();
        vault().restore(key);
    }

    @Test
    default void storingInsideTheRecoveryWindowRestoresFirstWhereTheCallerSaysSo() {
        StoreOptions restoring = StoreOptions.defaults().whenDeleted(WhenDeleted.RESTORE);
        CredentialKey key = key();
        Instant begun = clock().instant();
        CredentialVersion first = vault().store(key, role("1"));
        clock().advance(Duration.ofMinutes(1));
        vault().delete(key);

        CredentialVersion second = vault().store(key, role("2"), restoring);

        assertThat(second.versionId()).isNotEqualTo(first.versionId());
        assertThat(vault().get(key)).isEqualTo(role("2"));
        assertThat(vault().load(key).createdAt()).isEqualTo(begun);
        assertThat(vault().describe(key).deletionDate()).isNull();
        vault().delete(key);
        assertThat(vault().store(key, role("2"), restoring)).isEqualTo(second);
        assertThat(vault().describe(key).deletionDate()).isNull();
        CredentialKey fresh = key();
        vault().store(fresh, role("3"), restoring);
        assertThat(vault().get(fresh)).isEqualTo(role("3"));
    }

    @Test
    default void aSharedSecretIsDeletedOnceNobodyNeedsIt() {
        CredentialKey owner = key();
        CredentialVersion version = vault().store(owner, role("1"));
        CredentialKey sharing =
                CredentialKey.of(owner.tenantId(), AccountId.random()).at(version.reference(), version.versionId());
        var asked = new ArrayList<CredentialDescription>();

        assertThat(vault().deleteUnless(sharing, asked::add)).isEmpty();
        assertThat(vault().get(owner)).isEqualTo(role("1"));
        assertThat(asked).singleElement().satisfies(secret -> {
            assertThat(secret.version()).isEqualTo(version);
            assertThat(secret.owner()).isEqualTo(owner.accountId());
            assertThat(secret.isAt(version.reference())).isTrue();
            assertThat(secret.isAt(secret.arn())).isTrue();
            assertThat(secret.isAt(secret.arn().substring(0, secret.arn().length() - 7)))
                    .isTrue();
            assertThat(secret.isAt(version.reference() + "0")).isFalse();
        });

        Instant date = vault().deleteUnless(sharing, secret -> false).orElseThrow();
        assertThat(vault().describe(owner).deletionDate()).isEqualTo(date);
    }

    @Test
    @FailsWith(Deviation.DELETE_TWICE)
    default void deletingTwiceIsDeletingOnce() {
        CredentialKey owner = key();
        CredentialVersion version = vault().store(owner, role("1"));
        CredentialKey sharing =
                CredentialKey.of(owner.tenantId(), AccountId.random()).at(version.reference(), version.versionId());

        Instant date = vault().delete(owner);

        assertThat(vault().delete(owner)).isEqualTo(date);
        assertThat(vault().deleteUnless(sharing, secret -> false)).contains(date);
        assertThat(vault().deleteUnless(owner, secret -> false)).contains(date);
    }

    @Test
    default void anotherAccountsSecretThatIsGoingStandsInNobodysWay() {
        CredentialKey owner = key();
        CredentialVersion version = vault().store(owner, role("1"));
        Instant date = vault().delete(owner);
        for (TenantId tenant : List.of(owner.tenantId(), TenantId.random())) {
            CredentialKey sharing =
                    CredentialKey.of(tenant, AccountId.random()).at(version.reference(), version.versionId());

            assertThatExceptionOfType(NotFoundException.class)
                    .isThrownBy(() -> vault().rotation().rotate(sharing, role("2"), credential -> {}));
            CredentialVersion own = vault().store(sharing, role("2"));

            assertThat(vault().get(sharing.at(own.reference(), own.versionId())))
                    .isEqualTo(role("2"));
            assertThat(vault().describe(owner).deletionDate()).isEqualTo(date);
        }
    }

    @Test
    default void noSecretOfAnotherTenantIsDeletedByPointingToIt() {
        CredentialKey key = key();
        CredentialVersion version = vault().store(key, role("1"));
        CredentialKey stranger =
                CredentialKey.of(TenantId.random(), AccountId.random()).at(version.reference(), version.versionId());

        assertThat(vault().deleteUnless(stranger, secret -> {
                    throw new AssertionError("asked for " + secret);
                }))
                .isEmpty();
        assertThat(vault().get(key)).isEqualTo(role("1"));
    }

    @Test
    default void anExpiredCredentialIsNotGivenOut() {
        CredentialKey key = key();
        Instant expiry = clock().instant().plus(Duration.ofMinutes(1));

        vault().store(key, role("1"), StoreOptions.defaults().expiringAt(expiry));

        assertThat(vault().load(key).expiresAt()).isEqualTo(expiry);
        assertThat(vault().get(key)).isEqualTo(role("1"));
        clock().advance(Duration.ofMinutes(1));
        assertThatExceptionOfType(CredentialUnavailableException.class)
                .isThrownBy(() -> vault().get(key))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.EXPIRED));
        vault().store(key, role("2"));
        assertThat(vault().get(key)).isEqualTo(role("2"));
    }

    @Test
    default void aCredentialThatBreaksARuleIsRefusedAndNothingIsStored() {
        List<Credential> bad = List.of(
                new Kubeconfig(Secret.of("users: [{name: a, user: {exec: {command: " + MARKER + "}}}]")),
                new Kubeconfig(
                        Secret.of("users: [{name: a, user: {auth-provider: {config: {cmd-path: " + MARKER + "}}}}]")),
                new Kubeconfig(Secret.of("x: &a {exec: {command: " + MARKER + "}}\nusers: [{name: a, user: *a}]")),
                new Kubeconfig(Secret.of("users: [" + MARKER)),
                new Kubeconfig(Secret.of("[".repeat(20_000))),
                new Kubeconfig(
                        Secret.of("users: [{name: a, user: {? !!binary ZXhlYw== : {command: " + MARKER + "}}}]")),
                new Kubeconfig(Secret.of("users: [{name: a, user: !!set {exec: {command: " + MARKER + "}}}]")),
                new Kubeconfig(Secret.of("users: !!null [{name: a, user: {exec: {command: " + MARKER + "}}}]")),
                new Kubeconfig(Secret.of("x: &x {users: [{user: {exec: {command: " + MARKER + "}}}]}\n<<: *x")),
                new Kubeconfig(Secret.of("kind: Config # c\u2028users: [{user: {exec: {command: " + MARKER + "}}}]")),
                new CustomCredential("deep", Map.of(), Map.of("v", Secret.of("[".repeat(900) + "]".repeat(900)))),
                new IbmApiKey(Secret.of(MARKER + "\ud800")),
                new GcpServiceAccount(Secret.of(MARKER)),
                new GcpServiceAccount(
                        Secret.of("{\"type\": \"service_account\", \"private_key\": \"" + MARKER + "\"}")),
                new CustomCredential("odd", Map.of(), Map.of("value", Secret.of("{" + MARKER))),
                new IbmApiKey(Secret.of(MARKER + "x".repeat(65_536))));
        for (Credential credential : bad) {
            CredentialKey key = key();

            assertThatExceptionOfType(InvalidValueException.class)
                    .isThrownBy(() -> vault().check(key, credential))
                    .satisfies(CredentialVaultContract::saysNoSecret);
            assertThatExceptionOfType(InvalidValueException.class)
                    .isThrownBy(() -> vault().store(key, credential))
                    .satisfies(CredentialVaultContract::saysNoSecret);
            assertThat(vault().find(key)).isEmpty();
        }
    }

    @Test
    default void anExpiryThatCannotBeStoredIsRefused() {
        CredentialKey key = key();

        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() ->
                        vault().store(key, role("1"), StoreOptions.defaults().expiringAt(Instant.MAX)));
        assertThat(vault().find(key)).isEmpty();
    }

    @Test
    default void aKubeconfigThatIsDeepByAliasesIsCheckedToItsEnd() {
        CredentialKey key = key();

        vault().check(key, new Kubeconfig(Secret.of(deepByAliases("{}"))));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(
                        () -> vault().check(key, new Kubeconfig(Secret.of(deepByAliases("{exec: {command: sh}}")))));
    }

    /** Each line nests the one before it, through its alias. */
    private static String deepByAliases(String innermost) {
        var yaml = new StringBuilder("a0: &a0 " + innermost + "\n");
        for (int i = 1; i < 49; i++) {
            yaml.append("a" + i + ": &a" + i + " " + "[".repeat(45) + "*a" + (i - 1) + "]".repeat(45) + "\n");
        }
        return yaml.append("users: [*a48]\n").toString();
    }

    private static void saysNoSecret(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain(MARKER);
        }
    }

    private static CredentialKey key() {
        return CredentialKey.of(TenantId.random(), AccountId.random());
    }

    private static AwsIamRole role(String name) {
        return new AwsIamRole("arn:aws:iam::123456789012:role/" + name, "threat-engine-0123456789abcdef");
    }
}
