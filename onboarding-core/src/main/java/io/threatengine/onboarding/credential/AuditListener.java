package io.threatengine.onboarding.credential;

/**
 * Is told of each operation on a credential, by {@link AuditedVault}. Called on the thread of the operation, when that has
 * ended and before its caller goes on, by many threads at once. What it throws is logged and harms nothing.
 */
@FunctionalInterface
public interface AuditListener {
    /** Takes note of what happened. */
    void on(AuditEvent event);
}
