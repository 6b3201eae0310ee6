package io.threatengine.onboarding.error;

/**
 * The worker does not hold the schedule any more: its lease had ended and another has taken the run over, or the schedule was
 * given another time. Nothing was changed. The run is the other's now: stop working on it, and report nothing.
 */
public final class LeaseLostException extends OnboardingException {
    private static final long serialVersionUID = 1L;

    private final String scheduleId;
    private final long fence;
    private final long presentFence;

    /**
     * Says which lease is lost.
     *
     * @param fence of the lease that was held
     * @param presentFence of the schedule's last lease; the same where that lease was given back or has been finished
     */
    public LeaseLostException(String scheduleId, long fence, long presentFence) {
        super("The lease " + fence + " on schedule " + scheduleId + " is lost: "
                + (fence == presentFence
                        ? "it was given back or finished"
                        : "lease " + presentFence + " has followed it")
                + ". Stop the run; nothing was written.");
        this.scheduleId = scheduleId;
        this.fence = fence;
        this.presentFence = presentFence;
    }

    public String scheduleId() {
        return scheduleId;
    }

    /** Of the lease that was held. */
    public long fence() {
        return fence;
    }

    /** Of the schedule's last lease. */
    public long presentFence() {
        return presentFence;
    }
}
