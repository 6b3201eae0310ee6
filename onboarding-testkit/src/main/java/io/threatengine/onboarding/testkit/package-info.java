/**
 * Real storage for tests, without Docker and without an AWS account.
 *
 * <ul>
 *   <li>{@link io.threatengine.onboarding.testkit.EmbeddedAws}: DynamoDB, Secrets Manager and KMS in this JVM, for
 *       unmodified SDK clients.
 *   <li>{@link io.threatengine.onboarding.testkit.Backend}: what tests run on, embedded or in memory; each {@link
 *       io.threatengine.onboarding.testkit.Workspace} of it has tables and secrets of its own.
 *   <li>{@code …testkit.junit}: the JUnit extension; {@code …testkit.contract}: what every implementation of the ports must
 *       do, as test suites; {@code …testkit.memory}: the fakes.
 * </ul>
 */
@NullMarked
package io.threatengine.onboarding.testkit;

import org.jspecify.annotations.NullMarked;
