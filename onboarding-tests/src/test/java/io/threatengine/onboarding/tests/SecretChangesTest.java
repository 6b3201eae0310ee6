package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CredentialRotation;
import io.threatengine.onboarding.credential.CredentialStage;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.credential.StoreOptions;
import io.threatengine.onboarding.credential.StoreOptions.WhenDeleted;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.RotationConflictException;
import io.threatengine.onboarding.error.RotationConflictException.Reason;
import io.threatengine.onboarding.secrets.SecretsManagerVault;
import io.threatengine.onboarding.tenant.TenantId;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import io.threatengine.onboarding.testkit.Workspace;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Changes of a secret, call by call: a process that dies between two, others that write between two, lost answers. */
@OnboardingTest
class SecretChangesTest {
    /** More calls than any change makes. */
    private static final int ENOUGH_CALLS = 20;

    private static final Credential FIRST = apiKey("first");
    private static final Credential SECOND = apiKey("second");
    private static final Credential THIRD = apiKey("third");

    private final Workspace workspace;
    private final SecretsManagerClient client;
    private final CredentialVault vault;

    SecretChangesTest(Workspace workspace, EmbeddedAws aws) {
        this.workspace = workspace;
        this.client = aws.secretsManager();
        this.vault = over(client);
    }

    // ---- a process that dies

    @Test
    void aRotationThatDiesAtAnyCallIsFinishedByTheSameCall() {
        dyingAtEachCall(rotation -> rotation.rotate(key, SECOND, credential -> {}), () -> {
            assertThat(vault.get(key)).isIn(FIRST, SECOND);
            vault.rotation().rotate(key, SECOND, credential -> {});
            assertThat(vault.get(key)).isEqualTo(SECOND);
        });
    }

    @Test
    void aRotationThatDiesAtAnyCallIsFinishedByResuming() {
        dyingAtEachCall(rotation -> rotation.rotate(key, SECOND, credential -> {}), () -> {
            Credential before = vault.get(key);
            try {
                vault.rotation().resume(key, credential -> {});
                assertThat(vault.get(key)).isEqualTo(SECOND);
            } catch (NotFoundException nothingPending) {
                assertThat(vault.get(key)).isEqualTo(before);
            }
        });
    }

    @Test
    void aRotationThatDiesAtAnyCallCanBeDiscarded() {
        dyingAtEachCall(rotation -> rotation.rotate(key, SECOND, credential -> {}), () -> {
            Credential before = vault.get(key);
            vault.rotation().discard(key);
            assertThat(vault.get(key)).isEqualTo(before);
        });
    }

    @Test
    void aResumptionOrADiscardThatDiesIsFinishedByTheSameCall() {
        dyingAtEachCall(
                rotation -> {
                    pending(SECOND);
                    rotation.resume(key, credential -> {});
                },
                () -> {
                    Credential before = vault.get(key);
                    try {
                        vault.rotation().resume(key, credential -> {});
                    } catch (NotFoundException nothingPending) {
                        assertThat(before).isEqualTo(SECOND);
                    }
                    assertThat(vault.get(key)).isEqualTo(SECOND);
                });
        dyingAtEachCall(
                rotation -> {
                    pending(SECOND);
                    rotation.discard(key);
                },
                () -> {
                    vault.rotation().discard(key);
                    assertThat(vault.get(key)).isEqualTo(FIRST);
                });
    }

    @Test
    void aRollbackThatDiesIsFinishedByTheSameCall() {
        dyingAtEachCall(rotation -> rotation.rollback(rotated()), () -> {
            vault.rotation().rollback(rotated());
            assertThat(vault.get(key)).isEqualTo(FIRST);
        });
    }

    @Test
    void aChangeThatDiesAtAnyCallIsFinishedByTheSameCall() {
        StoreOptions restoring = StoreOptions.defaults().whenDeleted(WhenDeleted.RESTORE);
        for (boolean afterEffect : new boolean[] {false, true}) {
            for (int step = 1; ; step++) {
                begin();
                write("agent_token", "t0k3n");
                vault.delete(key);
                boolean died = dies(step, afterEffect, dying -> dying.store(key, SECOND, restoring));

                vault.store(key, SECOND, restoring);

                assertThat(vault.get(key)).isEqualTo(SECOND);
                assertThat(json().path("agent_token").textValue()).isEqualTo("t0k3n");
                if (!died) {
                    break;
                }
            }
        }
    }

    // ---- others that write meanwhile

    @Test
    void whatAnotherEngineAddsBetweenReadAndWriteIsKept() {
        for (String moment : List.of("putSecretValue", "updateSecretVersionStage")) {
            begin();
            CredentialVault crossed =
                    over(Interposed.before(client, moment, 1, () -> write("agent_token", "written " + moment)));

            CredentialVersion version = crossed.store(key, SECOND);

            assertThat(vault.load(key).version()).isEqualTo(version);
            assertThat(vault.get(key)).isEqualTo(SECOND);
            assertThat(json().path("agent_token").textValue()).isEqualTo("written " + moment);
        }
    }

    @Test
    void whatAnotherEngineAddsWhileACredentialIsProvenIsKept() {
        begin();

        CredentialVersion version = vault.rotation().rotate(key, SECOND, credential -> write("agent_token", "t0k3n"));

        assertThat(vault.load(key).version()).isEqualTo(version);
        assertThat(vault.get(key)).isEqualTo(SECOND);
        assertThat(json().path("agent_token").textValue()).isEqualTo("t0k3n");
        assertThat(stages().get(version.versionId())).contains("AWSCURRENT").doesNotContain("AWSPENDING");
    }

    @Test
    void whatAnotherEngineAddedSinceACrashIsKeptByResuming() {
        begin();
        pending(SECOND);
        write("agent_token", "t0k3n");

        vault.rotation().resume(key, credential -> {});

        assertThat(vault.get(key)).isEqualTo(SECOND);
        assertThat(json().path("agent_token").textValue()).isEqualTo("t0k3n");
    }

    @Test
    void ofTwoRotationsThatStageAtOnceOneWinsAndTheOtherIsTold() {
        begin();
        CredentialVault crossed = over(Interposed.before(client, "updateSecretVersionStage", 1, () -> pending(THIRD)));

        assertThatExceptionOfType(RotationConflictException.class)
                .isThrownBy(() -> crossed.rotation().rotate(key, SECOND, credential -> fail("tried")))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.IN_PROGRESS));

        vault.rotation().resume(key, credential -> {});
        assertThat(vault.get(key)).isEqualTo(THIRD);
    }

    @Test
    void aRollbackThatCrossesARotationIsTold() {
        begin();
        CredentialKey second = rotated();
        CredentialVault crossed = over(Interposed.before(
                client, "updateSecretVersionStage", 1, () -> vault.rotation().rotate(key, THIRD, credential -> {})));

        assertThatExceptionOfType(RotationConflictException.class)
                .isThrownBy(() -> crossed.rotation().rollback(second))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.OVERTAKEN));
        assertThat(vault.get(key)).isEqualTo(THIRD);
    }

    @Test
    void manyRotationsAtOnceEndInOneOfThem() {
        begin();
        List<Credential> given =
                IntStream.range(0, 6).mapToObj(i -> apiKey("key " + i)).toList();

        Parallel.each(given, credential -> {
            try {
                vault.rotation().rotate(key, credential, proof -> {});
            } catch (RotationConflictException told) {
                assertThat(told.secretName()).isNotEmpty();
            }
        });

        assertThat(given).contains(vault.get(key));
        assertThat(stages().values()).noneMatch(labels -> labels.contains("AWSPENDING"));
    }

    @Test
    void aLabelThatIsLeftAtTheCurrentVersionStandsInNobodysWay() {
        for (Consumer<Credential> change : List.<Consumer<Credential>>of(
                next -> vault.store(key, next), next -> vault.rotation().rotate(key, next, credential -> {}))) {
            begin();
            label("AWSPENDING", "AWSCURRENT");

            change.accept(SECOND);

            assertThat(vault.get(key)).isEqualTo(SECOND);
            assertThat(stages().values()).noneMatch(labels -> labels.contains("AWSPENDING"));
        }
    }

    @Test
    void aLabelThatIsLeftAtThePreviousVersionStandsInNobodysWay() {
        begin();
        vault.store(key, SECOND);
        label("AWSPENDING", "AWSPREVIOUS");

        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> vault.rotation().resume(key, credential -> fail("tried")));
        label("AWSPENDING", "AWSPREVIOUS");
        vault.rotation().rotate(key, THIRD, credential -> {});

        assertThat(vault.get(key)).isEqualTo(THIRD);
    }

    @Test
    void whatAnotherEngineHasStagedIsNotOverwrittenAndCanBeResumed() {
        begin();
        client.putSecretValue(request -> request.secretId(name())
                .versionStages("AWSPENDING")
                .secretString(json().toString().replace("first", "second")));

        assertThatExceptionOfType(RotationConflictException.class)
                .isThrownBy(() -> vault.rotation().rotate(key, SECOND, credential -> fail("tried")));
        vault.rotation().resume(key, credential -> assertThat(credential).isEqualTo(SECOND));

        assertThat(vault.get(key)).isEqualTo(SECOND);
    }

    @Test
    void whatAnotherEngineStagesOfACopyOfOursIsResumed() {
        begin();
        vault.store(key, SECOND);
        client.putSecretValue(request -> request.secretId(name())
                .versionStages("AWSPENDING")
                .secretString(json().toString().replace("second", "third")));

        assertThatExceptionOfType(RotationConflictException.class)
                .isThrownBy(() -> vault.rotation().rotate(key, FIRST, credential -> fail("tried")))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.IN_PROGRESS));
        vault.rotation().resume(key, credential -> assertThat(credential).isEqualTo(THIRD));

        assertThat(vault.get(key)).isEqualTo(THIRD);
    }

    // ---- lost answers

    @Test
    void anAnswerThatIsLostChangesNothing() {
        for (String operation : List.of("createSecret", "putSecretValue", "updateSecretVersionStage", "deleteSecret")) {
            key = CredentialKey.of(TenantId.random(), AccountId.random());
            CredentialVault lossy = over(Interposed.losingAnswers(client, operation));
            lossy.store(key, FIRST);
            lossy.store(key, SECOND);
            CredentialVersion third = lossy.rotation().rotate(key, THIRD, credential -> {});
            assertThat(vault.get(key)).isEqualTo(THIRD);
            lossy.rotation().rollback(key.at(third.reference(), third.versionId()));
            assertThat(vault.get(key)).as(operation).isEqualTo(SECOND);
            lossy.delete(key);
            assertThat(vault.describe(key).deletionDate()).isNotNull();
        }
    }

    @Test
    void anAnswerThatIsLostWhileAnotherEngineWritesChangesNothing() {
        for (String operation : List.of("putSecretValue", "updateSecretVersionStage")) {
            begin();
            CredentialVault lossy = over(Interposed.losingAnswers(client, operation));

            CredentialVersion version =
                    lossy.rotation().rotate(key, SECOND, credential -> write("agent_token", "t0k3n"));

            assertThat(vault.load(key).version()).as(operation).isEqualTo(version);
            assertThat(vault.get(key)).isEqualTo(SECOND);
            assertThat(json().path("agent_token").textValue()).isEqualTo("t0k3n");
            assertThat(stages().values()).noneMatch(labels -> labels.contains("AWSPENDING"));
        }
    }

    // ---- fixture

    private CredentialKey key = CredentialKey.of(TenantId.random(), AccountId.random());

    private void dyingAtEachCall(Consumer<CredentialRotation> change, Runnable thenFinished) {
        for (boolean afterEffect : new boolean[] {false, true}) {
            int step = 1;
            boolean died;
            do {
                begin();
                String created = json().path("created_at").textValue();
                died = dies(step, afterEffect, dying -> change.accept(dying.rotation()));
                thenFinished.run();
                assertThat(stages().values())
                        .as("call " + step)
                        .noneMatch(labels -> labels.contains("AWSPENDING") && !labels.contains("AWSCURRENT"));
                vault.rotation().rotate(key, THIRD, credential -> {});
                assertThat(vault.get(key)).isEqualTo(THIRD);
                assertThat(json().path("created_at").textValue()).isEqualTo(created);
                step++;
            } while (died && step < ENOUGH_CALLS);
            assertThat(died).as("the last run does not die").isFalse();
            assertThat(step).as("calls").isGreaterThan(3);
        }
    }

    private boolean dies(int step, boolean afterEffect, Consumer<CredentialVault> change) {
        try {
            change.accept(over(Interposed.crashing(client, step, afterEffect)));
            return false;
        } catch (Interposed.Crash crash) {
            return true;
        }
    }

    private void begin() {
        key = CredentialKey.of(TenantId.random(), AccountId.random());
        vault.store(key, FIRST);
    }

    private void pending(Credential credential) {
        assertThatExceptionOfType(Interposed.Crash.class)
                .isThrownBy(() -> vault.rotation().rotate(key, credential, next -> {
                    throw new Interposed.Crash("the proof");
                }));
    }

    /** The key that a row has which knows of the second credential; it is rotated to, if it was not yet. */
    private CredentialKey rotated() {
        if (vault.rotation().versions(key).size() == 1) {
            vault.rotation().rotate(key, SECOND, credential -> {});
        }
        String second = vault.rotation().versions(key).get(0).version().versionId();
        return key.at(null, second);
    }

    private CredentialVault over(SecretsManagerClient with) {
        return SecretsManagerVault.using(with, workspace.settings(), workspace.clock());
    }

    private String name() {
        return vault.describe(key).version().reference();
    }

    /** Another engine reads, adds a field, and writes. */
    private void write(String field, String value) {
        JsonNode document = json();
        ((ObjectNode) document).put(field, value);
        client.putSecretValue(request -> request.secretId(name()).secretString(document.toString()));
    }

    private void label(String label, String holder) {
        String version = stages().entrySet().stream()
                .filter(entry -> entry.getValue().contains(holder))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
        client.updateSecretVersionStage(
                request -> request.secretId(name()).versionStage(label).moveToVersionId(version));
    }

    private Map<String, List<String>> stages() {
        return client.describeSecret(request -> request.secretId(name())).versionIdsToStages();
    }

    private JsonNode json() {
        try {
            return new ObjectMapper()
                    .readTree(client.getSecretValue(
                                    request -> request.secretId(name()).versionStage(CredentialStage.CURRENT.value()))
                            .secretString());
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static Credential apiKey(String text) {
        return new IbmApiKey(Secret.of(text));
    }
}
