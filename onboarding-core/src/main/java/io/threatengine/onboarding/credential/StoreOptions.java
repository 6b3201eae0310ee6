package io.threatengine.onboarding.credential;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a credential is stored. Immutable.
 *
 * <pre>{@code
 * vault.store(key, credential, StoreOptions.defaults().expiringAt(expiry).whenDeleted(WhenDeleted.RESTORE));
 * }</pre>
 *
 * @param expiresAt when the credential stops being given out; null for never, the default
 * @param whenDeleted what to do if the account's secret is scheduled for deletion; to refuse is the default, since somebody
 *     meant the credential to go
 */
public record StoreOptions(@Nullable Instant expiresAt, WhenDeleted whenDeleted) {
    private static final StoreOptions DEFAULTS = new StoreOptions(null, WhenDeleted.REFUSE);

    /** What to do with a secret that is in its recovery window. */
    public enum WhenDeleted {
        /** Fail, and change nothing. */
        REFUSE,
        /** Take the deletion back first. Between the two steps, the older credential is there again. */
        RESTORE
    }

    /** Checks the parts. */
    public StoreOptions {
        Objects.requireNonNull(whenDeleted, "whenDeleted");
    }

    /** No expiry; a secret that is scheduled for deletion is not touched. */
    public static StoreOptions defaults() {
        return DEFAULTS;
    }

    /** With an expiry; null for none. */
    public StoreOptions expiringAt(@Nullable Instant expiry) {
        return new StoreOptions(expiry, whenDeleted);
    }

    /** With another answer to a secret that is scheduled for deletion. */
    public StoreOptions whenDeleted(WhenDeleted answer) {
        return new StoreOptions(expiresAt, answer);
    }
}
