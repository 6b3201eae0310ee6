package io.threatengine.onboarding.error;

import org.jspecify.annotations.Nullable;

/**
 * The service did not answer in time, could not be reached, or failed on its side, until the retries were spent. A write
 * may have taken effect; every write of this library may be repeated safely.
 */
public final class ServiceUnavailableException extends ServiceException {
    private static final long serialVersionUID = 1L;

    public ServiceUnavailableException(String operation, String resource, @Nullable Throwable cause) {
        super(
                operation,
                resource,
                "the service did not answer, or failed, until the retries were spent."
                        + " A write may have taken effect; repeating it is safe.",
                cause);
    }
}
