package io.threatengine.onboarding.storage;

/**
 * How far work on many rows is.
 *
 * @param done how many are through, the failed ones among them
 * @param failed how many of these have failed
 * @param total how many there are
 */
public record BulkProgress(int done, int failed, int total) {
    @Override
    public String toString() {
        return done + " of " + total + (failed == 0 ? "" : ", " + failed + " failed");
    }
}
