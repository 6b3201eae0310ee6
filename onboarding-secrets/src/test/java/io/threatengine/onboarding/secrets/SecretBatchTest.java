package io.threatengine.onboarding.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.credential.VaultOutcome;
import io.threatengine.onboarding.storage.BulkOptions;
import io.threatengine.onboarding.storage.BulkResult.Outcome;
import io.threatengine.onboarding.tenant.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.APIErrorType;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.SecretValueEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

/** How many secrets are read when the service answers oddly, or not at all. */
class SecretBatchTest {
    private static final TenantId TENANT = TenantId.of("t1");
    private static final String DOCUMENT =
            "{\"credential_type\": \"ibm_api_key\", \"credentials\": {\"api_key\": \"key\"}}";

    private final SecretsManagerClient client = mock(SecretsManagerClient.class);
    private final SecretsManagerVault vault = SecretsManagerVault.using(client, OnboardingSettings.defaults());
    private final List<List<String>> asked = new ArrayList<>();

    @BeforeEach
    @SuppressWarnings("unchecked")
    void consumersBuildRequests() {
        when(client.getSecretValue(any(Consumer.class))).thenCallRealMethod();
        when(client.batchGetSecretValue(any(Consumer.class))).thenCallRealMethod();
        when(client.getSecretValue(any(GetSecretValueRequest.class)))
                .thenReturn(GetSecretValueResponse.builder()
                        .versionId("alone")
                        .secretString(DOCUMENT)
                        .build());
    }

    @Test
    void twentyAreReadInACall() {
        when(client.batchGetSecretValue(any(BatchGetSecretValueRequest.class))).thenAnswer(call -> {
            List<String> names =
                    call.getArgument(0, BatchGetSecretValueRequest.class).secretIdList();
            synchronized (asked) {
                asked.add(names);
            }
            return BatchGetSecretValueResponse.builder()
                    .secretValues(names.stream().map(name -> value(name, "v1")).toList())
                    .build();
        });

        assertThat(versions(keys(41))).hasSize(41).containsOnly("v1");
        assertThat(asked).extracting(List::size).containsExactlyInAnyOrder(20, 20, 1);
        verify(client, never()).getSecretValue(any(GetSecretValueRequest.class));
    }

    @Test
    void whatIsNotUnderItsFirstNameIsLookedForUnderTheNext() {
        when(client.batchGetSecretValue(any(BatchGetSecretValueRequest.class))).thenAnswer(call -> {
            List<String> names =
                    call.getArgument(0, BatchGetSecretValueRequest.class).secretIdList();
            asked.add(names);
            List<String> there = List.of("threat-engine/account/t1/a0", "threat-engine/account/a1");
            return BatchGetSecretValueResponse.builder()
                    .secretValues(names.stream()
                            .filter(there::contains)
                            .map(name -> value(name, "v1"))
                            .toList())
                    .errors(names.stream()
                            .filter(name -> !there.contains(name))
                            .map(name -> error(name, "ResourceNotFoundException"))
                            .toList())
                    .build();
        });

        List<Outcome<CredentialKey, StoredCredential>> outcomes =
                vault.loadAll(keys(3), BulkOptions.defaults()).outcomes();
        assertThat(outcomes).extracting(Outcome::succeeded).containsExactly(true, true, false);
        assertThat(asked).extracting(List::size).containsExactly(3, 2);
        verify(client, never()).getSecretValue(any(GetSecretValueRequest.class));
    }

    @Test
    void whatABatchDoesNotSayIsReadAlone() {
        List<CredentialKey> keys = new ArrayList<>(keys(4));
        keys.set(1, keys.get(1).withVersionId("alone"));
        when(client.batchGetSecretValue(any(BatchGetSecretValueRequest.class)))
                .thenReturn(BatchGetSecretValueResponse.builder()
                        .secretValues(
                                value("threat-engine/account/t1/a0", "v1"), value("threat-engine/account/t1/a1", "v1"))
                        .errors(error("threat-engine/account/t1/a2", "DecryptionFailure"))
                        .build());

        assertThat(versions(keys)).containsExactly("v1", "alone", "alone", "alone");
    }

    static Stream<SecretsManagerException> refusals() {
        return Stream.of(
                refusal(400, "AccessDeniedException"),
                refusal(400, "UnknownOperationException"),
                refusal(501, "InternalFailure"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whereTheCallIsDeniedOrMissingAllAreReadAloneFromThenOn(SecretsManagerException refusal) {
        when(client.batchGetSecretValue(any(BatchGetSecretValueRequest.class))).thenThrow(refusal);

        assertThat(versions(keys(3))).containsOnly("alone");
        assertThat(versions(keys(30))).containsOnly("alone");
        verify(client, times(1)).batchGetSecretValue(any(BatchGetSecretValueRequest.class));
    }

    @Test
    void aBatchThatFailsForOneOfThemIsReadAlone() {
        when(client.batchGetSecretValue(any(BatchGetSecretValueRequest.class)))
                .thenThrow(refusal(400, "InvalidParameterException"));

        assertThat(versions(keys(3))).containsOnly("alone");
        assertThat(versions(keys(3))).containsOnly("alone");
        verify(client, times(2)).batchGetSecretValue(any(BatchGetSecretValueRequest.class));
    }

    @Test
    void aServiceThatFailsIsNotAskedAgainForEach() {
        when(client.batchGetSecretValue(any(BatchGetSecretValueRequest.class)))
                .thenThrow(refusal(500, "InternalServiceError"));

        assertThat(vault.loadAll(keys(3), BulkOptions.defaults()).outcomes())
                .extracting(outcome -> VaultOutcome.of(outcome.failure()))
                .containsOnly(VaultOutcome.UNAVAILABLE);
        verify(client, never()).getSecretValue(any(GetSecretValueRequest.class));
    }

    @Test
    void oneIsReadAlone() {
        assertThat(versions(keys(1))).containsExactly("alone");
        assertThat(vault.getAll(keys(1)).values()).containsExactly(new IbmApiKey(Secret.of("key")));
        verify(client, never()).batchGetSecretValue(any(BatchGetSecretValueRequest.class));
    }

    private List<String> versions(List<CredentialKey> keys) {
        return vault.loadAll(keys, BulkOptions.defaults()).values().stream()
                .map(stored -> stored.version().versionId())
                .toList();
    }

    private static List<CredentialKey> keys(int count) {
        return Stream.iterate(0, i -> i + 1)
                .limit(count)
                .map(i -> CredentialKey.of(TENANT, AccountId.of("a" + i)))
                .toList();
    }

    private static SecretValueEntry value(String name, String versionId) {
        return SecretValueEntry.builder()
                .name(name)
                .versionId(versionId)
                .secretString(DOCUMENT)
                .build();
    }

    private static APIErrorType error(String name, String code) {
        return APIErrorType.builder().secretId(name).errorCode(code).build();
    }

    private static SecretsManagerException refusal(int status, String code) {
        return (SecretsManagerException) SecretsManagerException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage("refused")
                        .build())
                .build();
    }
}
