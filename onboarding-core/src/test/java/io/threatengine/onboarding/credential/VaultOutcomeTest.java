package io.threatengine.onboarding.credential;

import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.error.AccessDeniedException;
import io.threatengine.onboarding.error.CredentialRefusedException;
import io.threatengine.onboarding.error.CredentialUnavailableException;
import io.threatengine.onboarding.error.CredentialUnavailableException.Reason;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.error.MalformedDataException;
import io.threatengine.onboarding.error.NotFoundException;
import io.threatengine.onboarding.error.OperationInterruptedException;
import io.threatengine.onboarding.error.ServiceException;
import io.threatengine.onboarding.error.ServiceUnavailableException;
import io.threatengine.onboarding.error.ThrottledException;
import io.threatengine.onboarding.error.VersionConflictException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VaultOutcomeTest {
    @Test
    void eachFailureHasItsKind() {
        Map.<Throwable, VaultOutcome>ofEntries(
                        Map.entry(new NotFoundException("credential", "a"), VaultOutcome.NOT_FOUND),
                        Map.entry(unavailable(Reason.PENDING_DELETION), VaultOutcome.PENDING_DELETION),
                        Map.entry(unavailable(Reason.EXPIRED), VaultOutcome.EXPIRED),
                        Map.entry(unavailable(Reason.KEY_UNUSABLE), VaultOutcome.KEY_UNUSABLE),
                        Map.entry(new AccessDeniedException("o", "r", null), VaultOutcome.ACCESS_DENIED),
                        Map.entry(new ThrottledException("o", "r", null), VaultOutcome.THROTTLED),
                        Map.entry(new ServiceUnavailableException("o", "r", null), VaultOutcome.UNAVAILABLE),
                        Map.entry(new InvalidValueException("f", "r", "v"), VaultOutcome.INVALID),
                        Map.entry(new MalformedDataException("w", "p"), VaultOutcome.MALFORMED),
                        Map.entry(new VersionConflictException("account", "a", 1, 2), VaultOutcome.CONFLICT),
                        Map.entry(
                                new CredentialRefusedException("s", new IllegalStateException()), VaultOutcome.REFUSED),
                        Map.entry(new OperationInterruptedException("o", null), VaultOutcome.INTERRUPTED),
                        Map.entry(new ServiceException("o", "r", "p", null), VaultOutcome.FAILED),
                        Map.entry(new IllegalStateException("closed"), VaultOutcome.FAILED))
                .forEach((failure, kind) -> assertThat(VaultOutcome.of(failure)).isEqualTo(kind));
    }

    @Test
    void twoOfThemAreNoFailures() {
        assertThat(VaultOutcome.values())
                .filteredOn(outcome -> !outcome.isFailure())
                .containsExactly(VaultOutcome.SUCCEEDED, VaultOutcome.KEPT);
    }

    @Test
    void twoOfThemSayNothingOfTheCredential() {
        assertThat(VaultOutcome.values())
                .filteredOn(VaultOutcome::isTransient)
                .containsExactly(VaultOutcome.THROTTLED, VaultOutcome.UNAVAILABLE);
    }

    private static CredentialUnavailableException unavailable(Reason reason) {
        return new CredentialUnavailableException("secret", reason);
    }
}
