/**
 * Runs Amazon's DynamoDB Local inside the JVM of the tests, for builds that have no Docker.
 *
 * <p>The test kit finds {@link io.threatengine.onboarding.testkit.dynamodblocal.DynamoDbLocalEngine} with
 * {@link java.util.ServiceLoader}; adding this artifact to a build's test scope is all there is to do.
 *
 * <p><strong>Licence.</strong> DynamoDB Local is not open source. It comes under the <em>Amazon DynamoDB Local License
 * Agreement</em>, whose text is the file {@code LICENSE.txt} in the root of the DynamoDB Local jar. Among other things it
 * asks for an AWS account in good standing, allows internal business use in connection with AWS services only, and
 * forbids passing the software on, building it into one's own programs and decompiling it. Whoever adds this artifact
 * accepts those terms. Use it in test scope only, and never ship it. This artifact itself contains nothing of DynamoDB
 * Local; the build downloads it as a dependency.
 */
@NullMarked
package io.threatengine.onboarding.testkit.dynamodblocal;

import org.jspecify.annotations.NullMarked;
