package io.threatengine.onboarding.benchmarks;

import io.threatengine.onboarding.OnboardingSettings;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.account.CredentialKey;
import io.threatengine.onboarding.credential.CredentialVault;
import io.threatengine.onboarding.secrets.SecretsManagerVault;
import io.threatengine.onboarding.tenant.TenantId;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;

/** The secrets that all caches hold: access keys of one tenant's accounts. */
final class Secrets {
    static final String VERSION = "4b1c6f0e-9f5a-4d57-8c1b-0a2f6f1d3e77";
    private static final String TENANT = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
    private static final int READS = 1 << 17;

    private Secrets() {}

    /** The name of the secret of the account with this number; a new text each time, as one that came from a row. */
    private static String name(int account) {
        return "threat-engine/account/" + TENANT + "/"
                + new UUID(0x5eed_0000_0000_4000L, 0x8000_0000_0000_0000L | account);
    }

    /** What the row of the account with this number says. */
    static CredentialKey key(int account) {
        String name = name(account);
        AccountId id = AccountId.of(name.substring(name.lastIndexOf('/') + 1));
        return CredentialKey.of(TenantId.of(new String(TENANT)), id).at(name, new String(VERSION));
    }

    static String document(String name) {
        return """
                {"credential_type": "aws_access_key",
                 "credentials": {"access_key_id": "AKIAIOSFODNN7EXAMPLE",
                     "secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "account_number": "123456789012"},
                 "account_id": "%s", "tenant_id": "%s",
                 "created_at": "2026-11-24T08:17:00.123456", "expires_at": null}
                """.formatted(name.substring(name.lastIndexOf('/') + 1), TENANT);
    }

    static CredentialVault vault(StubSecretsManager client) {
        return SecretsManagerVault.using(client, OnboardingSettings.defaults());
    }

    /** Which accounts are read, one after the other: by Zipf's law, so that few are read often and many seldom. */
    static int[] reads(int accounts) {
        if (accounts == 1) {
            return new int[1];
        }
        double[] upTo = new double[accounts];
        double sum = 0;
        for (int i = 0; i < accounts; i++) {
            sum += 1 / Math.pow(i + 1, 0.99);
            upTo[i] = sum;
        }
        var random = new Random(42);
        int[] reads = new int[READS];
        for (int i = 0; i < READS; i++) {
            int found = Arrays.binarySearch(upTo, random.nextDouble() * sum);
            reads[i] = found < 0 ? Math.min(-found - 1, accounts - 1) : found;
        }
        return reads;
    }
}
