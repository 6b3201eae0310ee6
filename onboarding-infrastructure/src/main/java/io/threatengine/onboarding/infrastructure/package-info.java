/**
 * What is around the library, made from the same manifest as the library itself: IAM policies, templates for
 * CloudFormation and Terraform, the files that engines and customers need, and checks over all services.
 */
@NullMarked
package io.threatengine.onboarding.infrastructure;

import org.jspecify.annotations.NullMarked;
