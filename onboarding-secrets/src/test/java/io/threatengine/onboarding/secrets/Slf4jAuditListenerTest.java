package io.threatengine.onboarding.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.AuditEvent;
import io.threatengine.onboarding.credential.AuditEvent.Operation;
import io.threatengine.onboarding.credential.VaultOutcome;
import io.threatengine.onboarding.tenant.TenantId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

class Slf4jAuditListenerTest {
    private static final CredentialKey KEY =
            CredentialKey.of(TenantId.of("t1"), AccountId.of("a1")).at("named/by/row", "v1");

    private final Lines lines = new Lines();
    private final Slf4jAuditListener listener = new Slf4jAuditListener(lines);

    @Test
    void writesALineForEachEvent() {
        listener.on(new AuditEvent(
                "scanner", Operation.LOAD, KEY, new CredentialVersion("a/secret", "v2"), VaultOutcome.SUCCEEDED));
        listener.on(new AuditEvent("scanner", Operation.DELETE, KEY, null, VaultOutcome.ACCESS_DENIED));
        listener.on(new AuditEvent("scanner", Operation.DELETE, KEY, null, VaultOutcome.KEPT));
        listener.on(new AuditEvent(
                "scanner",
                Operation.LOAD,
                CredentialKey.of(KEY.tenantId(), KEY.accountId()),
                null,
                VaultOutcome.EXPIRED));

        assertThat(lines.written)
                .containsExactly(
                        "INFO actor=scanner operation=LOAD tenant=t1 account=a1 asked=v1 secret=a/secret version=v2"
                                + " outcome=SUCCEEDED",
                        "WARN actor=scanner operation=DELETE tenant=t1 account=a1 asked=v1 secret=named/by/row version=-"
                                + " outcome=ACCESS_DENIED",
                        "INFO actor=scanner operation=DELETE tenant=t1 account=a1 asked=v1 secret=named/by/row version=-"
                                + " outcome=KEPT",
                        "WARN actor=scanner operation=LOAD tenant=t1 account=a1 asked=- secret=- version=-"
                                + " outcome=EXPIRED");
    }

    @Test
    void noValuePassesForAnother() {
        listener.on(new AuditEvent(
                "me outcome=SUCCEEDED\nINFO actor=you", Operation.LOAD, KEY, null, VaultOutcome.NOT_FOUND));

        assertThat(lines.written.get(0)).contains("actor=me\\u0020outcome=SUCCEEDED\\u000aINFO\\u0020actor=you ");
    }

    @Test
    void hasALoggerOfItsOwn() {
        assertThat(Slf4jAuditListener.LOGGER).isEqualTo("io.threatengine.onboarding.audit");
        new Slf4jAuditListener().on(new AuditEvent("scanner", Operation.LOAD, KEY, null, VaultOutcome.SUCCEEDED));
    }

    /** A logger that keeps what it is given. */
    private static final class Lines extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1L;

        private final transient List<String> written = new ArrayList<>();

        @Override
        protected String getFullyQualifiedCallerName() {
            return Lines.class.getName();
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String message,
                Object @Nullable [] arguments,
                @Nullable Throwable throwable) {
            written.add(level + " " + MessageFormatter.basicArrayFormat(message, arguments));
        }

        @Override
        public boolean isTraceEnabled() {
            return true;
        }

        @Override
        public boolean isDebugEnabled() {
            return true;
        }

        @Override
        public boolean isInfoEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }
    }
}
