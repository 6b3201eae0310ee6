package com.example.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.testkit.Fixtures;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import io.threatengine.onboarding.testkit.junit.OnboardingTest.On;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On fakes: no start-up, microseconds a call. */
@OnboardingTest(On.MEMORY)
class ManyTenantsTest {

    @Test
    void eachHasAnInvoice(Onboarding onboarding, Fixtures fixtures) {
        List<Account> accounts = fixtures.fleet(20, 3);
        Mailbox mailbox = mock(Mailbox.class);
        Invoices invoices = new Invoices(onboarding, mailbox);

        accounts.stream().map(Account::tenantId).distinct().forEach(invoices::send);

        assertThat(accounts).hasSize(60);
        verify(mailbox, times(20)).send(anyString(), eq("{\"accounts\":3}"));
    }
}
