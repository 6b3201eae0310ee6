package com.example.billing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.tenant.TenantId;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service under test: sends a tenant what its accounts cost. */
final class Invoices {
    private static final Logger LOG = LoggerFactory.getLogger(Invoices.class);

    private final ObjectMapper json = new ObjectMapper();
    private final Onboarding onboarding;
    private final Mailbox mailbox;

    Invoices(Onboarding onboarding, Mailbox mailbox) {
        this.onboarding = onboarding;
        this.mailbox = mailbox;
    }

    void send(TenantId id) {
        String name = onboarding.tenants().get(id).name();
        long accounts = onboarding.accounts().ofTenant(id).stream().count();
        LOG.debug("{} has {} accounts", name, accounts);
        try {
            mailbox.send(name, json.writeValueAsString(Map.of("accounts", accounts)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
