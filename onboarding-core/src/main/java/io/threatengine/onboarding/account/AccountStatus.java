package io.threatengine.onboarding.account;

import io.threatengine.onboarding.internal.Rules;

/**
 * An account's status: pending → active ⇄ inactive → deleted, from any to deleted, which is final. The list is open: a
 * value that is unknown here is kept and written back as it is.
 *
 * @param value as stored
 */
public record AccountStatus(String value) {
    public static final AccountStatus PENDING = new AccountStatus("pending");
    public static final AccountStatus ACTIVE = new AccountStatus("active");
    public static final AccountStatus INACTIVE = new AccountStatus("inactive");

    /** Final; releases the account's name and number. */
    public static final AccountStatus DELETED = new AccountStatus("deleted");

    public AccountStatus {
        Rules.word("account status", value);
    }

    /** Whether the life cycle leads from this status to the next; from an unknown one it may lead anywhere. */
    boolean canBecome(AccountStatus next) {
        if (equals(next)) {
            return true;
        }
        if (equals(DELETED) || next.equals(PENDING)) {
            return false;
        }
        return !(equals(PENDING) && next.equals(INACTIVE));
    }

    @Override
    public String toString() {
        return value;
    }
}
