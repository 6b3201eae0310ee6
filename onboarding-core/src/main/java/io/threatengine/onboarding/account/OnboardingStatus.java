package io.threatengine.onboarding.account;

import io.threatengine.onboarding.internal.Rules;

/**
 * How far an account's onboarding is: pending → deployed → validated. The list is open: a value that is unknown here is
 * kept and written back as it is.
 *
 * @param value as stored
 */
public record OnboardingStatus(String value) {
    /** The account is known; its credential is not stored yet. */
    public static final OnboardingStatus PENDING = new OnboardingStatus("pending");

    /** The credential is stored; nobody has tried it yet. */
    public static final OnboardingStatus DEPLOYED = new OnboardingStatus("deployed");

    /** The credential was tried and works. */
    public static final OnboardingStatus VALIDATED = new OnboardingStatus("validated");

    public OnboardingStatus {
        Rules.word("onboarding status", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
