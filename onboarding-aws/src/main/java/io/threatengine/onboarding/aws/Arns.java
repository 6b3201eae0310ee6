package io.threatengine.onboarding.aws;

import java.util.Objects;

/**
 * Makes ARNs. Each part may be a template's word for it, like {@code ${AWS::AccountId}}. Immutable.
 *
 * @param partition {@code aws} in most regions
 * @param region the region
 * @param account the account's number
 */
public record Arns(String partition, String region, String account) {
    public Arns {
        Objects.requireNonNull(partition, "partition");
        Objects.requireNonNull(region, "region");
        Objects.requireNonNull(account, "account");
    }

    /** The ARN of something in this account and region. */
    public String of(String service, String resource) {
        return "arn:" + partition + ":" + service + ":" + region + ":" + account + ":" + resource;
    }
}
