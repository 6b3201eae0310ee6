/** Runs LocalStack, or an image that answers as it does, in a container, by way of Testcontainers. */
@NullMarked
package io.threatengine.onboarding.testkit.localstack;

import org.jspecify.annotations.NullMarked;
