/** What a DynamoDB that needs no Docker must offer to be found by the test kit. */
@NullMarked
package io.threatengine.onboarding.testkit.spi;

import org.jspecify.annotations.NullMarked;
