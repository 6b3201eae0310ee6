package com.example.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.verify;

import io.threatengine.onboarding.Onboarding;
import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.credential.AwsIamRole;
import io.threatengine.onboarding.testkit.Fixtures;
import io.threatengine.onboarding.testkit.junit.OnboardingTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.Mock;
import org.mockito.junit.jupiter.MockitoExtension;

/** On DynamoDB, Secrets Manager and KMS in this JVM: real SDK clients, tables and secrets of this class only. */
@OnboardingTest
@ExtendWith(MockitoExtension.class)
class InvoicesTest {
    @Mock
    private Mailbox mailbox;

    @Test
    void tenantPaysForItsAccounts(Onboarding onboarding, Fixtures fixtures) {
        Account account = fixtures.aws(); // tenant, account and credential, with random values

        new Invoices(onboarding, mailbox).send(account.tenantId());

        verify(mailbox).send(onboarding.tenants().get(account.tenantId()).name(), "{\"accounts\":1}");
    }

    @Test
    void credentialIsInTheVault(Onboarding onboarding, Fixtures fixtures) {
        Account account = fixtures.aws();

        assertThat(onboarding.vault().get(account.credentialKey())).isInstanceOf(AwsIamRole.class);
    }
}
