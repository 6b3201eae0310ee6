package io.threatengine.onboarding.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.error.AccessDeniedException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.Crc32MismatchException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.model.ReplicatedWriteConflictException;
import software.amazon.awssdk.utils.DateUtils;

class SdkFailuresTest {

    @ParameterizedTest
    @CsvSource({
        "400, ThrottlingException, io.threatengine.onboarding.error.ThrottledException",
        "400, ProvisionedThroughputExceededException, io.threatengine.onboarding.error.ThrottledException",
        "429, TooManyRequestsException, io.threatengine.onboarding.error.ThrottledException",
        "400, AccessDeniedException, io.threatengine.onboarding.error.AccessDeniedException",
        "403, UnrecognizedClientException, io.threatengine.onboarding.error.AccessDeniedException",
        "400, ExpiredTokenException, io.threatengine.onboarding.error.AccessDeniedException",
        "500, InternalServerError, io.threatengine.onboarding.error.ServiceUnavailableException",
        "503, ServiceUnavailable, io.threatengine.onboarding.error.ServiceUnavailableException",
        "503, ThrottlingException, io.threatengine.onboarding.error.ThrottledException",
        "503, SlowDown, io.threatengine.onboarding.error.ThrottledException",
        "403, SignatureDoesNotMatch, io.threatengine.onboarding.error.AccessDeniedException",
        "400, InvalidSignatureException, io.threatengine.onboarding.error.AccessDeniedException",
        "400, IncompleteSignatureException, io.threatengine.onboarding.error.AccessDeniedException",
        "400, OptInRequired, io.threatengine.onboarding.error.AccessDeniedException",
        "400, InvalidIdentityToken, io.threatengine.onboarding.error.AccessDeniedException",
        "403, , io.threatengine.onboarding.error.AccessDeniedException",
        "401, NeverSeenBefore, io.threatengine.onboarding.error.AccessDeniedException",
        "400, RequestTimeout, io.threatengine.onboarding.error.ServiceUnavailableException",
        "408, RequestTimeoutException, io.threatengine.onboarding.error.ServiceUnavailableException",
        "400, PriorRequestNotComplete, io.threatengine.onboarding.error.ServiceUnavailableException",
        "400, InternalError, io.threatengine.onboarding.error.ServiceUnavailableException",
        "400, IDPCommunicationError, io.threatengine.onboarding.error.ServiceUnavailableException",
        "502, , io.threatengine.onboarding.error.ServiceUnavailableException",
        "400, ValidationException, io.threatengine.onboarding.error.ServiceException",
    })
    void namesWhatTheServiceSaid(int status, @Nullable String code, Class<? extends ServiceException> expected) {
        SdkException failure = AwsServiceException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage("as the service put it")
                        .build())
                .build();

        OnboardingException error = SdkFailures.translate(failure, "dynamodb:GetItem", "a-table");

        assertThat(error).isExactlyInstanceOf(expected).hasCause(failure);
        assertThat(error.getMessage()).contains("dynamodb:GetItem", "a-table");
        assertThat(((ServiceException) error).operation()).isEqualTo("dynamodb:GetItem");
        assertThat(((ServiceException) error).resource()).isEqualTo("a-table");
    }

    @Test
    void tellsThatNoAnswerCame() {
        assertThat(translated(ApiCallTimeoutException.create(20_000))).isInstanceOf(ServiceUnavailableException.class);
        assertThat(translated(ApiCallAttemptTimeoutException.create(5_000)))
                .isInstanceOf(ServiceUnavailableException.class);
        assertThat(translated(SdkClientException.create("no answer", new SocketTimeoutException())))
                .isInstanceOf(ServiceUnavailableException.class);
    }

    @Test
    void saysWhatElseFailedInTheClient() {
        assertThat(translated(SdkClientException.create("Unable to load credentials from any of " + "x".repeat(1_000))))
                .isExactlyInstanceOf(ServiceException.class)
                .hasMessageContaining("no AWS credentials were found");
        assertThat(translated(SdkClientException.create("Unable to marshall")))
                .isExactlyInstanceOf(ServiceException.class)
                .hasMessageContaining("Unable to marshall");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Unable to load credentials from system settings. Access key must be specified",
                "Failed to load credentials from IMDS.",
                "Profile file contained no credentials for profile 'default'",
                "Cannot fetch credentials from container - neither of two environment variables is set."
            })
    void saysThatThereAreNoCredentials(String message) {
        assertThat(translated(SdkClientException.create(message)))
                .isExactlyInstanceOf(ServiceException.class)
                .hasMessageContaining("no AWS credentials were found");
    }

    @Test
    void tellsADamagedAnswerFromARefusal() {
        assertThat(translated(Crc32MismatchException.create("expected 1, but was 2", null)))
                .isInstanceOf(ServiceUnavailableException.class);
        assertThat(translated(ReplicatedWriteConflictException.builder()
                        .statusCode(400)
                        .message("a write in another region")
                        .build()))
                .isInstanceOf(ServiceUnavailableException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"})
    void saysThatTheClockIsWrong(String code) {
        assertThat(translated(AwsServiceException.builder()
                        .statusCode(403)
                        .awsErrorDetails(
                                AwsErrorDetails.builder().errorCode(code).build())
                        .build()))
                .isExactlyInstanceOf(ServiceException.class)
                .hasMessageContaining("set the clock of this machine");
    }

    @ParameterizedTest
    @CsvSource({"InvalidSignatureException, true", "SignatureDoesNotMatch, true", "AccessDeniedException, false"})
    void blamesTheClockForASignatureOnlyIfItIsWrong(String code, boolean clocks) {
        Instant hourAgo = Instant.now().minus(Duration.ofHours(1));
        SdkHttpResponse response = SdkHttpResponse.builder()
                .statusCode(403)
                .putHeader("Date", DateUtils.formatRfc822Date(hourAgo))
                .build();

        assertThat(translated(AwsServiceException.builder()
                        .statusCode(403)
                        .clockSkew(Duration.ZERO)
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .errorCode(code)
                                .sdkHttpResponse(response)
                                .build())
                        .build()))
                .isExactlyInstanceOf(clocks ? ServiceException.class : AccessDeniedException.class);
    }

    @Test
    void keepsTheInterruption() {
        assertThat(translated(AbortedException.create("aborted"))).isInstanceOf(OperationInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(translated(SdkClientException.create("wrapped", new InterruptedException())))
                .isInstanceOf(OperationInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aWaitThatEndedInInterruptionIsNotTheServicesFault() {
        Thread.currentThread().interrupt();
        assertThat(translated(SdkClientException.create("closed", new ClosedByInterruptException())))
                .isInstanceOf(OperationInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();

        Thread.currentThread().interrupt();
        assertThat(translated(AwsServiceException.builder().statusCode(500).build()))
                .isInstanceOf(ServiceUnavailableException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aPauseEndsWhenTheThreadIsInterrupted() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(OperationInterruptedException.class)
                .isThrownBy(() -> SdkFailures.backOff(20, "a test"));
        assertThat(Thread.interrupted()).isTrue();
    }

    private static OnboardingException translated(SdkException failure) {
        return SdkFailures.translate(failure, "dynamodb:GetItem", "a-table");
    }
}
