package io.threatengine.onboarding.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doReturn;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
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
    private static final Instant NOW = Instant.parse("2026-11-24T08:17:00Z");
    private static final IbmApiKey CREDENTIAL = new IbmApiKey(Secret.of("key"));
    private static final GetSecretValueResponse STORED = GetSecretValueResponse.builder()
            .versionId("v1")
            .secretString("{\"credential_type\": \"ibm_api_key\", \"credentials\": {\"api_key\": \"key\"}}")
            .build();

    private final SecretsManagerClient client = mock(SecretsManagerClient.class);
    private final SecretsManagerVault vault =
            SecretsManagerVault.using(client, OnboardingSettings.defaults(), InstantSource.fixed(NOW));

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
    void whatWasPromotedIsNeverAnsweredFromBeforeEvenIfItsLabelsLag() {
        for (String label : List.of("AWSPENDING", "threat-engine-draft", "of-another")) {
            Map<String, List<String>> before = Map.of("v1", List.of("AWSCURRENT"), "v2", List.of(label));
            changedAgo(Duration.ofSeconds(59));
            reads(before, Integer.MAX_VALUE, Map.of());
            assertThatExceptionOfType(ServiceUnavailableException.class)
                    .isThrownBy(() -> vault.get(KEY.at(null, "v2")))
                    .withMessageContaining("secretsmanager:GetSecretValue");
            reads(before, 5, Map.of("v1", List.of("AWSPREVIOUS"), "v2", List.of("AWSCURRENT", label)));
            assertThat(versionOf(KEY.at(null, "v2"))).isEqualTo("v2");

            changedAgo(Duration.ofMinutes(1));
            reads(before, Integer.MAX_VALUE, Map.of());
            assertThat(versionOf(KEY.at(null, "v2"))).isEqualTo("v1"); // v2 was given up long ago
        }
    }

    @Test
    void whatWasRolledBackToIsLookedForWhileItsLabelsMayLag() {
        Map<String, List<String>> before = Map.of("v1", List.of("AWSPREVIOUS"), "v2", List.of("AWSCURRENT"));
        changedAgo(Duration.ofSeconds(59));
        reads(before, 5, Map.of("v1", List.of("AWSCURRENT"), "v2", List.of("AWSPREVIOUS")));
        assertThat(versionOf(KEY.at(null, "v1"))).isEqualTo("v1");
        reads(before, Integer.MAX_VALUE, Map.of());
        assertThat(versionOf(KEY.at(null, "v1"))).isEqualTo("v2"); // or is it the row that lags?

        changedAgo(Duration.ofMinutes(1));
        clearInvocations(client);
        assertThat(versionOf(KEY.at(null, "v1"))).isEqualTo("v2");
        verify(client, times(2)).getSecretValue(any(GetSecretValueRequest.class));
    }

    private String versionOf(CredentialKey key) {
        return vault.load(key).version().versionId();
    }

    private void changedAgo(Duration age) {
        doReturn(DescribeSecretResponse.builder()
                        .lastChangedDate(NOW.minus(age))
                        .build())
                .when(client)
                .describeSecret(any(DescribeSecretRequest.class));
    }

    /** Some reads are answered from before, by the labels of then. Of the versions, v2 replaces v1. */
    private void reads(Map<String, List<String>> before, int count, Map<String, List<String>> after) {
        var left = new AtomicInteger(count);
        doAnswer(call -> answered(call.getArgument(0), left.getAndDecrement() > 0 ? before : after))
                .when(client)
                .getSecretValue(any(GetSecretValueRequest.class));
    }

    private static GetSecretValueResponse answered(GetSecretValueRequest request, Map<String, List<String>> stages) {
        String version = request.versionId() != null
                ? request.versionId()
                : stages.keySet().stream()
                        .filter(one -> stages.get(one).contains(request.versionStage()))
                        .findFirst()
                        .orElseThrow();
        String document = version.equals("v1")
                ? STORED.secretString()
                : STORED.secretString()
                        .replaceFirst("}$", ", \"replaces_version_id\": \"v1\", \"replacing_version_id\": \"v2\"}");
        return STORED.toBuilder()
                .versionId(version)
                .versionStages(stages.get(version))
                .secretString(document)
                .build();
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
