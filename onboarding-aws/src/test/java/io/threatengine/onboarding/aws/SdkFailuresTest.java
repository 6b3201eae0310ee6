package io.threatengine.onboarding.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

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
        "400, ValidationException, io.threatengine.onboarding.error.ServiceException",
    })
    void namesWhatTheServiceSaid(int status, String code, Class<? extends ServiceException> expected) {
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

    @Test
    void keepsTheInterruption() {
        assertThat(translated(AbortedException.create("aborted"))).isInstanceOf(OperationInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(translated(SdkClientException.create("wrapped", new InterruptedException())))
                .isInstanceOf(OperationInterruptedException.class);
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
