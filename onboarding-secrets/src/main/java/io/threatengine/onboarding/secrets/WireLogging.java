package io.threatengine.onboarding.secrets;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of logs that would show credentials: those of HTTP clients that log all bytes, before encryption on the way. */
final class WireLogging {
    /** Of Apache's HTTP client 5, which we bring, and 4, which callers may. */
    private static final List<String> LOGGERS = List.of("org.apache.hc.client5.http.wire", "org.apache.http.wire");

    private static final Logger LOG = LoggerFactory.getLogger(SecretsManagerVault.class);

    private WireLogging() {}

    static void warn() {
        for (String name : LOGGERS) {
            if (LoggerFactory.getLogger(name).isDebugEnabled()) {
                LOG.warn(
                        "The logger {} is at debug level: it writes the credentials of customers to the log."
                                + " Set it to info and open the vault anew.",
                        name);
            }
        }
    }
}
