package io.threatengine.onboarding.internal;

import io.threatengine.onboarding.error.MalformedDataException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row that cannot be read, with what it says of whose it is: a handle that is bound to a tenant must not quote another's. */
public final class MalformedRowException extends MalformedDataException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String tenantId;
    private final @Nullable String accountId;

    /**
     * Says what cannot be read, why, and whose it is.
     *
     * @param tenantId as stored; null where it says none
     * @param accountId the account that it belongs to, as stored; null where it says none
     */
    public MalformedRowException(
            String where,
            String problem,
            @Nullable Throwable cause,
            @Nullable String tenantId,
            @Nullable String accountId) {
        super(where, problem, cause);
        this.tenantId = tenantId;
        this.accountId = accountId;
    }

    public Optional<String> tenantId() {
        return Optional.ofNullable(tenantId);
    }

    public Optional<String> accountId() {
        return Optional.ofNullable(accountId);
    }
}
