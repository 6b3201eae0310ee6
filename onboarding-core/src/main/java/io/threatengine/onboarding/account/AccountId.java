package io.threatengine.onboarding.account;

import io.threatengine.onboarding.internal.Rules;
import java.util.UUID;

/**
 * An account's id, ours, not the cloud's number: the text of a UUID in what the engines and this library write.
 *
 * @param value 1 to 128 letters, digits, {@code .}, {@code _} or {@code -}
 */
public record AccountId(String value) {
    public AccountId {
        Rules.id("account id", value);
    }

    public static AccountId of(String value) {
        return new AccountId(value);
    }

    /** A new, random id. */
    public static AccountId random() {
        return new AccountId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
