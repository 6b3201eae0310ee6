package io.threatengine.onboarding.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.error.AccessDeniedException;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.CredentialUnavailableException.Reason;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.error.ThrottledException;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DescribeKeyRequest;
import software.amazon.awssdk.services.kms.model.DescribeKeyResponse;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.DecryptionFailureException;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretVersionStageRequest;

/** What a service seldom does, and no stand-in does on request. */
class SecretsManagerFailuresTest {
    private static final CredentialKey KEY = CredentialKey.of(TenantId.of("t1"), AccountId.of("a1"));
    private static final IbmApiKey CREDENTIAL = new IbmApiKey(Secret.of("key"));
    private static final GetSecretValueResponse STORED = GetSecretValueResponse.builder()
            .versionId("v1")
            .secretString("{\"credential_type\": \"ibm_api_key\", \"credentials\": {\"api_key\": \"key\"}}")
            .build();

    private final SecretsManagerClient client = mock(SecretsManagerClient.class);
    private final SecretsManagerVault vault = SecretsManagerVault.using(client, OnboardingSettings.defaults());

    @BeforeEach
    @SuppressWarnings("unchecked")
    void consumersBuildRequests() {
        when(client.getSecretValue(any(Consumer.class))).thenCallRealMethod();
        when(client.createSecret(any(Consumer.class))).thenCallRealMethod();
        when(client.putSecretValue(any(Consumer.class))).thenCallRealMethod();
        when(client.describeSecret(any(Consumer.class))).thenCallRealMethod();
        when(client.updateSecretVersionStage(any(Consumer.class))).thenCallRealMethod();
    }

    @Test
    void aSecretThatTheRowKnowsButThatIsNotVisibleYetIsAskedForAgain() {
        when(client.getSecretValue(any(GetSecretValueRequest.class)))
                .thenThrow(notThere(), notThere(), notThere())
                .thenReturn(STORED);

        assertThat(vault.get(KEY.at(null, "v1"))).isEqualTo(CREDENTIAL);
        verify(client, times(4)).getSecretValue(any(GetSecretValueRequest.class));
    }

    @Test
    void aSecretThatNobodyKnowsIsAskedForOnceUnderEachName() {
        when(client.getSecretValue(any(GetSecretValueRequest.class))).thenThrow(notThere());

        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> vault.get(KEY));
        verify(client, times(2)).getSecretValue(any(GetSecretValueRequest.class));
    }

    @Test
    void aSecretThatAnotherMadeMeanwhileIsChanged() {
        when(client.getSecretValue(any(GetSecretValueRequest.class)))
                .thenThrow(notThere(), notThere())
                .thenReturn(STORED);
        when(client.createSecret(any(CreateSecretRequest.class)))
                .thenThrow(ResourceExistsException.builder().message("exists").build());
        when(client.describeSecret(any(DescribeSecretRequest.class)))
                .thenReturn(DescribeSecretResponse.builder()
                        .versionIdsToStages(Map.of("v1", List.of("AWSCURRENT")))
                        .build());
        when(client.putSecretValue(any(PutSecretValueRequest.class)))
                .thenReturn(PutSecretValueResponse.builder().versionId("v2").build());

        CredentialVersion version = vault.store(KEY, new IbmApiKey(Secret.of("next")));

        assertThat(version).isEqualTo(new CredentialVersion("threat-engine/account/t1/a1", "v2"));
    }

    @Test
    void aFirstSecretCostsTwoReadsAndOneWrite() {
        when(client.getSecretValue(any(GetSecretValueRequest.class))).thenThrow(notThere());
        when(client.createSecret(any(CreateSecretRequest.class)))
                .thenReturn(CreateSecretResponse.builder().versionId("v1").build());

        vault.store(KEY, CREDENTIAL);

        verify(client, times(2)).getSecretValue(any(GetSecretValueRequest.class));
        verify(client).createSecret(any(CreateSecretRequest.class));
    }

    @Test
    void refusalsAreTold() {
        when(client.describeSecret(any(DescribeSecretRequest.class)))
                .thenReturn(
                        DescribeSecretResponse.builder().kmsKeyId("alias/ours").build())
                .thenThrow(notThere());
        when(client.getSecretValue(any(GetSecretValueRequest.class)))
                .thenThrow(refusal("AccessDeniedException", "User: x is not authorized to perform"))
                .thenThrow(refusal("AccessDeniedException", "Access to KMS is not allowed"))
                .thenThrow(DecryptionFailureException.builder()
                        .message("cannot decrypt")
                        .build())
                .thenThrow(refusal("ThrottlingException", "Rate exceeded"))
                .thenThrow(refusal("InternalFailure", "something"));

        assertThatExceptionOfType(AccessDeniedException.class)
                .isThrownBy(() -> vault.get(KEY))
                .withMessageContaining("secretsmanager:GetSecretValue on threat-engine/account/t1/a1");
        for (String key : List.of("alias/ours", "alias/aws/secretsmanager")) {
            assertThatExceptionOfType(CredentialUnavailableException.class)
                    .isThrownBy(() -> vault.get(KEY))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.KEY_UNUSABLE))
                    .satisfies(e -> assertThat(e.kmsKeyId()).contains(key))
                    .withMessageContainingAll("the KMS key " + key, "kms:Decrypt", "enable the key");
        }
        assertThatExceptionOfType(ThrottledException.class).isThrownBy(() -> vault.get(KEY));
        assertThatExceptionOfType(ServiceException.class).isThrownBy(() -> vault.get(KEY));
    }

    @Test
    @SuppressWarnings("unchecked")
    void kmsSaysWhatIsWrongWithAKey() {
        KmsClient kms = mock(KmsClient.class);
        when(kms.describeKey(any(Consumer.class))).thenCallRealMethod();
        when(kms.describeKey(any(DescribeKeyRequest.class)))
                .thenReturn(DescribeKeyResponse.builder()
                        .keyMetadata(
                                KeyMetadata.builder().keyState(KeyState.ENABLED).build())
                        .build())
                .thenThrow(software.amazon.awssdk.services.kms.model.NotFoundException.builder()
                        .message("no such key")
                        .build())
                .thenReturn(DescribeKeyResponse.builder()
                        .keyMetadata(KeyMetadata.builder()
                                .keyState(KeyState.UNAVAILABLE)
                                .build())
                        .build())
                .thenThrow(KmsException.builder().message("denied").build());
        when(client.describeSecret(any(DescribeSecretRequest.class)))
                .thenReturn(
                        DescribeSecretResponse.builder().kmsKeyId("alias/ours").build());
        when(client.getSecretValue(any(GetSecretValueRequest.class)))
                .thenThrow(refusal("AccessDeniedException", "Access to KMS is not allowed"));
        SecretsManagerVault asking =
                SecretsManagerVault.using(client, kms, OnboardingSettings.defaults(), InstantSource.system());

        for (String problem : List.of(
                "is enabled, but the caller may not use it; allow kms:Decrypt",
                "does not exist",
                "is in the state Unavailable",
                "cannot be used; kms:Decrypt is needed: enable the key")) {
            assertThatExceptionOfType(CredentialUnavailableException.class)
                    .isThrownBy(() -> asking.get(KEY))
                    .withMessageContaining("the KMS key alias/ours " + problem);
        }
    }

    @Test
    void aSecretThatNeverShowsWhatWasWrittenIsAFailureOfTheService() {
        when(client.getSecretValue(any(GetSecretValueRequest.class))).thenReturn(STORED);
        when(client.putSecretValue(any(PutSecretValueRequest.class)))
                .thenReturn(PutSecretValueResponse.builder().versionId("v2").build());
        when(client.updateSecretVersionStage(any(UpdateSecretVersionStageRequest.class)))
                .thenThrow(InvalidParameterException.builder().message("no").build());

        assertThatExceptionOfType(ServiceUnavailableException.class)
                .isThrownBy(() -> vault.store(KEY, new IbmApiKey(Secret.of("next"))))
                .withMessageContaining("secretsmanager:UpdateSecretVersionStage");
    }

    @Test
    void theCallersClientStaysOpen() {
        vault.close();

        verify(client, times(0)).close();
    }

    private static ResourceNotFoundException notThere() {
        return ResourceNotFoundException.builder().message("not there").build();
    }

    private static SecretsManagerException refusal(String code, String message) {
        return (SecretsManagerException) SecretsManagerException.builder()
                .message(message)
                .statusCode(400)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
    }
}
