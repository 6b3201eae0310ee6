/**
 * AWS Secrets Manager and AWS KMS inside the JVM, for tests: unmodified AWS SDK clients talk to it over loopback HTTP.
 *
 * <p>{@link io.threatengine.onboarding.testkit.endpoint.EmbeddedAwsEndpoint} is the only way in. A call passes through
 * three rooms: {@code HttpFront} reads the AWS JSON 1.1 protocol and picks the region that the caller signed for;
 * {@code RegionalServices} lets one call at a time into that region; {@code SecretsManagerService} and
 * {@code KmsService} hold one method per operation, over the state in {@code Secret} and {@code Keyring}. Parameters
 * come as a {@code Request}, answers leave as a {@code Reply} or an {@code AwsError}.
 */
@NullMarked
package io.threatengine.onboarding.testkit.endpoint;

import org.jspecify.annotations.NullMarked;
