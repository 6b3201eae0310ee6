package io.threatengine.onboarding.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.Workspace;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.function.Supplier;

/** One JVM's start of a backend, printed a line each: name and value. To be run in a JVM of its own, which has loaded nothing yet. */
final class StartupRun {
    private static final double MILLI = 1e6;
    private static final double MICRO = 1e3;
    private static final int WARM = 2_000;

    private StartupRun() {}

    /** {@code embedded} or {@code memory}. */
    public static void main(String[] args) {
        boolean embedded = args[0].equals("embedded");
        long start = System.nanoTime();
        Backend backend = embedded ? Backend.embedded() : Backend.inMemory();
        try (Workspace first = firstTenant(backend)) {
            say("first", (System.nanoTime() - start) / MILLI);
            say("cpu", cpu() / MILLI);
            if (embedded) {
                say("second", elapsed(() -> firstTenant(backend)) / MILLI);
            } else {
                for (int i = 0; i < WARM; i++) {
                    elapsed(() -> firstTenant(backend));
                }
                double[] warm = new double[WARM];
                Arrays.setAll(warm, i -> elapsed(() -> firstTenant(backend)) / MICRO);
                Arrays.sort(warm);
                say("warm", warm[WARM / 2]);
            }
            first.calls().clear();
        }
        backend.close();
    }

    /** What a test class needs before its first line: a workspace with its tables, and here a tenant as proof. */
    private static Workspace firstTenant(Backend backend) {
        Workspace workspace = backend.newWorkspace();
        workspace.onboarding().tenants().create("acme");
        return workspace;
    }

    /** With what comes after a class: the workspace is closed, its tables and secrets are deleted. */
    private static double elapsed(Supplier<Workspace> opening) {
        long start = System.nanoTime();
        opening.get().close();
        return System.nanoTime() - start;
    }

    private static double cpu() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static void say(String name, double value) {
        System.out.println(name + " " + value);
    }
}
