package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.NewAccount;
import io.threatengine.onboarding.credential.AuditEvent;
import io.threatengine.onboarding.credential.AuditedVault;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialStage;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.credential.CustomCredential;
import io.threatengine.onboarding.credential.GcpServiceAccount;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.Kubeconfig;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.credential.StoreOptions;
import io.threatengine.onboarding.credential.StoreOptions.WhenDeleted;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.secrets.CachingVault;
import io.threatengine.onboarding.secrets.CachingVaultMetrics;
import io.threatengine.onboarding.secrets.RotationSchedule;
import io.threatengine.onboarding.secrets.SecretAdministration;
import io.threatengine.onboarding.secrets.SecretsManagerVault;
import io.threatengine.onboarding.secrets.Slf4jAuditListener;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.tenant.Tenant;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.contract.CredentialVaultContract;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Secrets with a mark on them go through every operation and failure, with every logger at its lowest level. Then the mark
 * is looked for in all that somebody could read: logs, errors with their causes, results as text and as JSON, the SDK's
 * requests and answers.
 */
@OnboardingTest
class PlantedSecretsTest {
    private static final String MARK = CredentialVaultContract.MARKER;

    private static final List<ObjectMapper> MAPPERS = List.of(
            JsonMapper.builder()
                    .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                    .disable(MapperFeature.REQUIRE_HANDLERS_FOR_JAVA8_TIMES)
                    .build(),
            JsonMapper.builder()
                    .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                    .disable(MapperFeature.REQUIRE_HANDLERS_FOR_JAVA8_TIMES)
                    .visibility(PropertyAccessor.ALL, Visibility.ANY)
                    .build());

    private final Workspace workspace;
    private final EmbeddedAws aws;
    private final Recorder recorder = new Recorder();
    private final Watch watch = new Watch();
    private final Logger everything = Logger.getLogger("");
    private final Logger wire = Logger.getLogger("org.apache.hc.client5.http.wire");
    private final Level usual = everything.getLevel();
    private final List<Handler> others = List.of(everything.getHandlers());

    private final List<AuditEvent> events = Collections.synchronizedList(new ArrayList<>());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private int driven;
    private int failed;

    PlantedSecretsTest(Workspace workspace, EmbeddedAws aws) {
        this.workspace = workspace;
        this.aws = aws;
    }

    @BeforeEach
    void logEverything() {
        others.forEach(everything::removeHandler); // too much for a console
        everything.addHandler(watch);
        everything.setLevel(Level.ALL);
        wire.setLevel(Level.INFO);
    }

    @AfterEach
    void logAsUsual() {
        everything.setLevel(usual);
        everything.removeHandler(watch);
        others.forEach(everything::addHandler);
        wire.setLevel(null);
    }

    @Test
    void noSecretIsSeenAnywhere() {
        try (SecretsManagerClient client = recorder.secretsManager(aws)) {
            var uncached = SecretsManagerVault.using(client, aws.kms(), workspace.settings(), workspace.clock());
            CachingVault cached = CachingVault.over(uncached);
            CachingVaultMetrics.of(cached).bindTo(meters);
            var log = new Slf4jAuditListener();
            CredentialVault audited = AuditedVault.over(
                    cached,
                    event -> {
                        events.add(event);
                        log.on(event);
                    },
                    () -> "operator");
            for (CredentialVault vault : List.of(uncached, cached, audited)) {
                for (Credential credential : CredentialVaultContract.credentials()) {
                    driveVault(vault, client, credential);
                    driveUseCases(Onboarding.of(workspace.storage(), vault), credential);
                }
                driveRefusals(vault);
            }
            driveAdministration(client, uncached);
            CredentialKey warmed = newKey();
            cached.store(warmed, new IbmApiKey(Secret.of(MARK)));
            shown(() -> cached.warm(List.of(warmed, newKey())));
            shown(cached::statistics);
        }

        assertThat(watch.seen).as("logs").isEmpty();
        assertThat(watch.records).as("records at the lowest levels").isGreaterThan(1_000);
        assertThat(recorder.calls()).hasSizeGreaterThan(500).allSatisfy(call -> {
            assertThat(call.toString()).doesNotContain(MARK);
            assertThat(call.request().toString()).doesNotContain(MARK);
        });
        assertThat(events).hasSizeGreaterThan(100).allSatisfy(event -> {
            assertThat(event.toString()).doesNotContain(MARK);
            shown(() -> event);
        });
        assertThat(meters.getMeters())
                .isNotEmpty()
                .allSatisfy(meter -> assertThat(meter.getId().toString()).doesNotContain(MARK));
        assertThat(driven).as("results").isGreaterThan(300);
        assertThat(failed).as("failures").isGreaterThan(150);
    }

    /** What the mark would look like, and that the vault warns of it. */
    @Test
    void anHttpClientThatLogsAllBytesShowsThemAndTheVaultWarns() {
        wire.setLevel(Level.ALL);
        try (SecretsManagerClient client = recorder.secretsManager(aws)) {
            var vault = SecretsManagerVault.using(client, workspace.settings(), workspace.clock());

            vault.store(newKey(), new IbmApiKey(Secret.of(MARK)));
        }

        assertThat(watch.seen).isNotEmpty();
        assertThat(watch.warnings)
                .anySatisfy(warning -> assertThat(warning).contains("org.apache.hc.client5.http.wire", "credentials"));
    }

    private void driveVault(CredentialVault vault, SecretsManagerClient client, Credential credential) {
        CredentialKey key = newKey();
        Credential other = new IbmApiKey(Secret.of(MARK + " other"));
        shown(() -> credential);
        shown(() -> vault.store(key, credential));
        shown(() -> vault.store(key, credential));
        shown(() -> vault.load(key));
        shown(() -> vault.find(key));
        shown(() -> vault.loadAll(List.of(key, newKey()), BulkOptions.defaults()));

        shown(() -> vault.holds(key, credential));
        shown(() -> vault.describe(key));
        shown(() -> vault.rotation().rotate(key, other, proof -> {}));
        shown(() -> vault.rotation().versions(key));
        shown(() -> vault.rotation().load(key, CredentialStage.PREVIOUS));
        shown(() -> vault.rotation().load(key, vault.describe(key).version().versionId()));
        shown(() -> vault.rotation().rollback(key));

        fails(() -> vault.rotation().rotate(key, new IbmApiKey(Secret.of(MARK + "!")), proof -> {
            throw new IOException("refused");
        }));
        fails(() -> vault.rotation().rotate(key, new IbmApiKey(Secret.of(MARK + "!")), proof -> {
            throw new InterruptedException();
        }));
        assertThat(Thread.interrupted()).isTrue();
        fails(() -> vault.rotation().rotate(key, new IbmApiKey(Secret.of(MARK + "?")), proof -> {}));
        shown(() -> vault.rotation().resume(key, proof -> {}));
        fails(() -> {
            try {
                return vault.rotation().rotate(key, new IbmApiKey(Secret.of(MARK + "#")), proof -> {
                    throw new StackOverflowError("dies here");
                });
            } catch (StackOverflowError e) {
                throw new IllegalStateException(e);
            }
        });
        shown(() -> {
            vault.rotation().discard(key);
            return "";
        });

        fails(() -> vault.load(CredentialKey.of(TenantId.random(), key.accountId())));
        fails(() -> vault.store(
                CredentialKey.of(TenantId.random(), key.accountId())
                        .at(vault.describe(key).version().reference(), null),
                credential));
        shown(() -> vault.deleteUnless(key, secret -> true));
        shown(() -> vault.delete(key));
        fails(() -> vault.load(key));
        fails(() ->
                vault.loadAll(List.of(key, newKey()), BulkOptions.defaults()).values());
        shown(() -> {
            vault.restore(key);
            return "";
        });
        shown(() -> vault.delete(key));

        fails(() -> vault.store(key, other));
        shown(() -> vault.store(key, other, StoreOptions.defaults().whenDeleted(WhenDeleted.RESTORE)));

        String name = vault.describe(key).version().reference();
        for (String broken : List.of(
                MARK,
                "{\"" + MARK + "\": ",
                "{\"credential_type\": \"" + credential.type() + "\", \"credentials\": \"" + MARK + "\"}",
                "{\"credential_type\": \"aws_iam_role\", \"credentials\": {\"role_arn\": \"" + MARK + "\"}}")) {
            client.putSecretValue(request -> request.secretId(name).secretString(broken));
            fails(() -> SecretsManagerVault.using(client, workspace.settings(), workspace.clock())
                    .load(key));
            fails(() -> vault.rotation().load(key, CredentialStage.CURRENT));
            fails(() -> vault.rotation().rotate(key, credential, proof -> {}));
        }
        client.putSecretValue(request -> request.secretId(name).secretString(MARK));
        fails(() -> vault.store(key.at("elsewhere/" + UUID.randomUUID(), null), invalid()));
        shown(() -> vault.store(
                key,
                credential,
                StoreOptions.defaults().expiringAt(workspace.clock().instant())));
        fails(() -> vault.load(key));
    }

    private void driveUseCases(Onboarding onboarding, Credential credential) {
        Tenant tenant = onboarding.tenants().create("tenant " + UUID.randomUUID());
        ProviderType type = credential.providerType().orElse(new ProviderType("github"));
        NewAccount given = NewAccount.withoutNumber(tenant.id(), type, "production");
        Account account = onboarding.onboardAccount(given, credential);
        shown(() -> account);
        shown(account::credentialKey);
        shown(() -> onboarding.onboardAccount(given, credential));
        shown(() -> onboarding.rotateCredential(account.id(), credential, proof -> {}));
        fails(() -> onboarding.onboardAccount(
                NewAccount.withoutNumber(tenant.id(), type, "production"),
                new CustomCredential("other", Map.of("secret", Secret.of(MARK)), Map.of())));
        Account second = onboarding.onboardAccount(NewAccount.withoutNumber(tenant.id(), type, "second"), credential);
        shown(() -> onboarding.shareCredential(second.id(), account.id()));
        shown(() -> onboarding.resumeRotation(account.id(), proof -> {}));
        fails(() -> onboarding.rollbackCredential(account.id()));

        fails(() -> onboarding.forTenant(TenantId.random()).rotateCredential(account.id(), credential));
        shown(() -> onboarding.offboardAccount(account.id()));
        fails(() -> onboarding.rotateCredential(account.id(), credential));
    }

    private void driveRefusals(CredentialVault vault) {
        for (Credential refused : List.of(
                invalid(),
                new Kubeconfig(Secret.of("users: [" + MARK)),
                new GcpServiceAccount(Secret.of(MARK)),
                new GcpServiceAccount(Secret.of("{\"type\": \"" + MARK + "\"}")),
                new CustomCredential("odd", Map.of(), Map.of("value", Secret.of("{" + MARK))),
                new IbmApiKey(Secret.of(MARK + "\ud800")),
                new IbmApiKey(Secret.of(MARK + "x".repeat(65_536))))) {
            fails(() -> vault.store(newKey(), refused));
            fails(() -> {
                vault.check(newKey(), refused);
                return "";
            });
        }
    }

    private void driveAdministration(SecretsManagerClient client, CredentialVault vault) {
        String keyId = aws.kms().createKey().keyMetadata().keyId();
        CredentialKey key = newKey();
        vault.store(key, new IbmApiKey(Secret.of(MARK)));
        var administration = SecretAdministration.using(
                client,
                aws.kms(),
                workspace.settings().toBuilder().kmsKeyId(keyId).build());
        shown(() -> administration.encryption(key));
        shown(() -> administration.encryptAsSet(key));
        shown(() -> administration.rotateAutomatically(
                key, "arn:aws:lambda:us-east-1:000000000000:function:f", RotationSchedule.every(Duration.ofDays(1))));
        aws.kms().disableKey(request -> request.keyId(keyId));
        fails(() -> vault.load(key));
        fails(() -> vault.store(key, new IbmApiKey(Secret.of(MARK + " next"))));
        fails(() -> administration.encryptAsSet(key));
    }

    private static Credential invalid() {
        return new Kubeconfig(Secret.of("users: [{name: a, user: {exec: {command: " + MARK + "}}}]"));
    }

    private static CredentialKey newKey() {
        return CredentialKey.of(TenantId.random(), AccountId.random());
    }

    private void shown(Callable<?> operation) {
        driven++;
        try {
            Object result = operation.call();
            assertThat(String.valueOf(result)).doesNotContain(MARK);
            for (ObjectMapper mapper : MAPPERS) {
                assertThat(mapper.writeValueAsString(result)).doesNotContain(MARK);
            }
        } catch (JsonProcessingException e) {
            assertThat(traceOf(e)).doesNotContain(MARK); // a value that no mapper takes shows nothing either
        } catch (Exception e) {
            throw new AssertionError("must not fail", e);
        }
    }

    private void fails(Callable<?> operation) {
        failed++;
        try {
            Object result = operation.call();
            throw new AssertionError("must fail, but gave " + result);
        } catch (Exception e) {
            assertThat(traceOf(e)).doesNotContain(MARK);
            Logger.getLogger("application").log(Level.SEVERE, "failed", e);
        }
    }

    private static String traceOf(Throwable error) {
        var text = new StringWriter();
        error.printStackTrace(new PrintWriter(text, true)); // with causes and what was suppressed
        return text.toString();
    }

    /** Keeps of all that is logged what shows a secret. */
    private static final class Watch extends Handler {
        private final Formatter formatter = new SimpleFormatter();
        private final List<String> seen = new ArrayList<>();
        private final List<String> warnings = new ArrayList<>();
        private int records;

        @Override
        public synchronized void publish(LogRecord record) {
            records++;
            String text = formatter.format(record);
            if (text.contains(MARK)) {
                seen.add(text);
            }
            if (record.getLevel().equals(Level.WARNING)) {
                warnings.add(text);
            }
        }

        @Override
        public void flush() {
            // nothing is kept back
        }

        @Override
        public void close() {
            // nothing was opened
        }
    }
}
