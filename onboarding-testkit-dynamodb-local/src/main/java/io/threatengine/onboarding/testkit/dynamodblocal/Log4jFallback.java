package io.threatengine.onboarding.testkit.dynamodblocal;

import org.apache.logging.log4j.LogManager;

/**
 * Keeps Log4j's API quiet where no implementation of it is present.
 *
 * <p>DynamoDB Local logs through the Log4j API, which complains on the error stream if it finds no implementation. If
 * the build has one, nothing is done and its configuration decides. If not, the API's own simple logger is chosen for
 * it, which is what it would fall back to anyway: it prints errors, and errors only.
 */
final class Log4jFallback {
    private static final String FACTORY = "log4j2.loggerContextFactory";
    private static final String SIMPLE = "org.apache.logging.log4j.simple.SimpleLoggerContextFactory";

    private Log4jFallback() {}

    static synchronized void install() {
        ClassLoader loader = LogManager.class.getClassLoader();
        if (System.getProperty(FACTORY) != null
                || loader.getResource("META-INF/services/org.apache.logging.log4j.spi.Provider") != null
                || loader.getResource("META-INF/log4j-provider.properties") != null) {
            return;
        }
        System.setProperty(FACTORY, SIMPLE);
        try {
            LogManager.getFactory(); // read once, when the class is initialised
        } finally {
            System.clearProperty(FACTORY);
        }
    }
}
