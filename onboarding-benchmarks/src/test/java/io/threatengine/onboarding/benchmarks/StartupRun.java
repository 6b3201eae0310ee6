package io.threatengine.onboarding.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.Workspace;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

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
        Workspace first = firstTenant(backend);
        say("first", (System.nanoTime() - start) / MILLI);
        say("cpu", cpu() / MILLI);
        say("closing", elapsed(first::close) / MILLI);
        if (embedded) {
            Opened second = open(backend);
            say("second", second.nanos / MILLI);
            say("closing-second", elapsed(second.workspace::close) / MILLI);
        } else {
            for (int i = 0; i < WARM; i++) {
                openAndClose(backend);
            }
            double[] warm = new double[WARM];
            Arrays.setAll(warm, i -> openAndClose(backend) / MICRO);
            Arrays.sort(warm);
            say("warm", warm[WARM / 2]);
        }
        backend.close();
    }

    private record Opened(Workspace workspace, double nanos) {}

    private static Opened open(Backend backend) {
        long start = System.nanoTime();
        Workspace workspace = firstTenant(backend);
        return new Opened(workspace, System.nanoTime() - start);
    }

    private static double openAndClose(Backend backend) {
        long start = System.nanoTime();
        firstTenant(backend).close();
        return System.nanoTime() - start;
    }

    /** What a test class needs before its first line: a workspace with its tables, and here a tenant as proof. */
    private static Workspace firstTenant(Backend backend) {
        Workspace workspace = backend.newWorkspace();
        workspace.onboarding().tenants().create("acme");
        return workspace;
    }

    private static double elapsed(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return System.nanoTime() - start;
    }

    private static double cpu() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static void say(String name, double value) {
        System.out.println(name + " " + value);
    }
}
