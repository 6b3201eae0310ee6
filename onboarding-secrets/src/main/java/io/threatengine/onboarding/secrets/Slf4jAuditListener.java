package io.threatengine.onboarding.secrets;

import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.AuditEvent;
import io.threatengine.onboarding.credential.AuditListener;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes audit events to SLF4J, a line each: what failed as a warning, all else as information. Thread-safe.
 *
 * <pre>{@code
 * actor=scanner operation=LOAD tenant=t1 account=a1 asked=v1 secret=threat-engine/account/t1/a1 version=v2 outcome=SUCCEEDED
 * }</pre>
 *
 * <p>A blank or control character in a value is written as {@code \}{@code uXXXX}, so that no value can pass for another one or
 * for a line of its own.
 */
public final class Slf4jAuditListener implements AuditListener {
    /** The logger that is used if none is given. */
    public static final String LOGGER = "io.threatengine.onboarding.audit";

    private final Logger log;

    /** Writes to the logger {@value #LOGGER}. */
    public Slf4jAuditListener() {
        this(LoggerFactory.getLogger(LOGGER));
    }

    public Slf4jAuditListener(Logger log) {
        this.log = Objects.requireNonNull(log, "log");
    }

    @Override
    public void on(AuditEvent event) {
        CredentialVersion version = event.version();
        log.atLevel(event.outcome().isFailure() ? Level.WARN : Level.INFO)
                .log(
                        "actor={} operation={} tenant={} account={} asked={} secret={} version={} outcome={}",
                        shown(event.actor()),
                        event.operation(),
                        event.key().tenantId(),
                        event.key().accountId(),
                        shown(event.key().versionId().orElse(null)),
                        shown(version == null ? event.key().reference().orElse(null) : version.reference()),
                        shown(version == null ? null : version.versionId()),
                        event.outcome());
    }

    private static String shown(@Nullable String value) {
        if (value == null) {
            return "-";
        }
        var text = new StringBuilder(value.length());
        value.codePoints().forEach(c -> {
            if (Character.isWhitespace(c) || Character.isISOControl(c)) {
                text.append(String.format("\\u%04x", c));
            } else {
                text.appendCodePoint(c);
            }
        });
        return text.toString();
    }
}
