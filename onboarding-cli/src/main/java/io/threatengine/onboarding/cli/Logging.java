package io.threatengine.onboarding.cli;

import java.util.Arrays;

/** What the libraries log, on standard error: nothing, unless it is asked for. */
final class Logging {
    private static final String LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";
    private static final String LEVEL_OF = "org.slf4j.simpleLogger.log.";

    private Logging() {}

    /** To be called before anything logs: SLF4J's simple logger looks once. What is set already stays. */
    static void configure(String... args) {
        boolean verbose = Arrays.asList(args).contains("--verbose");
        set(LEVEL, verbose ? "info" : "off");
        if (verbose) {
            // operations, addresses and names of headers; the bodies, which hold secrets, are logged elsewhere (SDK
            // 2.54)
            set(LEVEL_OF + "software.amazon.awssdk.request", "debug");
            set(LEVEL_OF + "software.amazon.awssdk.requestId", "debug");
        }
    }

    private static void set(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
