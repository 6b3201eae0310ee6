package io.threatengine.onboarding.secrets;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts at a third of an atomic addition's price, which is a tenth of a hit's. Threads whose ids agree in their last six bits
 * share a count and may lose one of two additions at the very same time: what a counter of a metric may do, and no other.
 */
final class HitCounter {
    private static final int COUNTS = 64;

    /** A count to a pair of cache lines, which processors fetch together. */
    private static final int SPACING = 128 / Long.BYTES;

    private final AtomicLongArray counts = new AtomicLongArray(COUNTS * SPACING);

    void increment() {
        int mine = ((int) Thread.currentThread().getId() & (COUNTS - 1)) * SPACING;
        counts.setOpaque(mine, counts.getOpaque(mine) + 1);
    }

    long sum() {
        long sum = 0;
        for (int i = 0; i < counts.length(); i += SPACING) {
            sum += counts.getOpaque(i);
        }
        return sum;
    }
}
