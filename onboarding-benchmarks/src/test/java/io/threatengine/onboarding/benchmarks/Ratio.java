package io.threatengine.onboarding.benchmarks;

/**
 * A figure beside its goal.
 *
 * @param ratio the figure: how many times as much, or how much
 * @param atLeast whether the goal is a least value, not a greatest
 */
record Ratio(String name, double ratio, double goal, boolean atLeast) {
    static Ratio atMost(String name, double ratio, double goal) {
        return new Ratio(name, ratio, goal, false);
    }

    static Ratio atMost(String name, long count, int goal) {
        return atMost(name, (double) count, goal);
    }

    static Ratio atLeast(String name, double ratio, double goal) {
        return new Ratio(name, ratio, goal, true);
    }

    boolean holds() {
        return atLeast ? ratio >= goal : ratio <= goal;
    }
}
