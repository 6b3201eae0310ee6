/** What a DynamoDB in this JVM, or a container with all of AWS, must offer to be found by the test kit. */
@NullMarked
package io.threatengine.onboarding.testkit.spi;

import org.jspecify.annotations.NullMarked;
