package io.threatengine.onboarding.internal;

import io.threatengine.onboarding.error.CredentialRefusedException;
import io.threatengine.onboarding.error.OnboardingException;
import io.threatengine.onboarding.error.OperationInterruptedException;

/** Runs the proof of a new credential. */
public final class Proofs {
    private Proofs() {}

    /** The proof, with the credential that it tries. */
    @FunctionalInterface
    public interface Trial {
        /** Returns if the credential works. */
        void run() throws Exception;
    }

    /**
     * Returns if the proof accepts the credential.
     *
     * @param secretName for the error
     * @param discard what to do before a refusal is told; if that fails too, the refusal carries it along
     * @throws CredentialRefusedException if the proof throws an exception
     * @throws OperationInterruptedException if it was interrupted, with the flag set again; nothing is discarded
     */
    public static void run(Trial proof, String secretName, Runnable discard) {
        try {
            proof.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException("The proof of " + secretName, e);
        } catch (OperationInterruptedException e) {
            throw e;
        } catch (Exception e) {
            var refused = new CredentialRefusedException(secretName, e);
            try {
                discard.run();
            } catch (OnboardingException left) {
                refused.addSuppressed(left);
            }
            throw refused;
        }
    }
}
