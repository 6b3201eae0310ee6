package io.threatengine.onboarding.error;

import org.jspecify.annotations.Nullable;

/**
 * The service did not answer in time, could not be reached, or failed on its side, until the retries were spent. A write
 * may have taken effect; repeat it, but look first before you repeat a bare {@code create}, which may have made its row.
 */
public final class ServiceUnavailableException extends ServiceException {
    private static final long serialVersionUID = 1L;

    public ServiceUnavailableException(String operation, String resource, @Nullable Throwable cause) {
        super(
                operation,
                resource,
                "the service did not answer, or failed, until the retries were spent."
                        + " A write may have taken effect: repeat it, but look before you repeat a creation.",
                cause);
    }
}
