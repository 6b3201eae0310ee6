package io.threatengine.onboarding.infrastructure.cost;

import io.threatengine.onboarding.error.InvalidValueException;
import java.time.LocalDate;
import java.util.Objects;

/**
 * What is paid in one region, in US dollars. Immutable.
 *
 * @param region such as {@code ap-south-1}
 * @param asOf the day for which these prices were read
 * @param writesPerMillion of DynamoDB's on-demand write request units
 * @param readsPerMillion of its read request units
 * @param storagePerGigabyteMonth of its tables and indexes
 * @param recoveryPerGigabyteMonth of point-in-time recovery
 * @param secretPerMonth of a secret
 * @param secretCallsPerTenThousand of Secrets Manager
 * @param keyPerMonth of a KMS key of one's own
 * @param keyCallsPerTenThousand of KMS
 */
public record RegionPrices(
        String region,
        LocalDate asOf,
        double writesPerMillion,
        double readsPerMillion,
        double storagePerGigabyteMonth,
        double recoveryPerGigabyteMonth,
        double secretPerMonth,
        double secretCallsPerTenThousand,
        double keyPerMonth,
        double keyCallsPerTenThousand) {
    public RegionPrices {
        Objects.requireNonNull(region, "region");
        Objects.requireNonNull(asOf, "asOf");
        check("writesPerMillion", writesPerMillion);
        check("readsPerMillion", readsPerMillion);
        check("storagePerGigabyteMonth", storagePerGigabyteMonth);
        check("recoveryPerGigabyteMonth", recoveryPerGigabyteMonth);
        check("secretPerMonth", secretPerMonth);
        check("secretCallsPerTenThousand", secretCallsPerTenThousand);
        check("keyPerMonth", keyPerMonth);
        check("keyCallsPerTenThousand", keyCallsPerTenThousand);
    }

    private static void check(String field, double price) {
        if (!(price >= 0 && Double.isFinite(price))) {
            throw new InvalidValueException(field, "must be a price in dollars, 0 or more", Double.toString(price));
        }
    }
}
