/** Tests of the in-JVM DynamoDB Local on the class path that this artifact brings. */
@NullMarked
package io.threatengine.onboarding.testkit.dynamodblocal;

import org.jspecify.annotations.NullMarked;
