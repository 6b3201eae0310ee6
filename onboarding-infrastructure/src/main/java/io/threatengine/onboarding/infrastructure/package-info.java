/**
 * What is around the library, made from the same manifest as the library itself: IAM policies, templates for
 * CloudFormation and Terraform, and the files that engines and customers need. All of it is text; nothing here calls AWS.
 */
@NullMarked
package io.threatengine.onboarding.infrastructure;

import org.jspecify.annotations.NullMarked;
