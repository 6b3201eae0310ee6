/**
 * What the modules over AWS share: how the SDK clients that we open behave, and how an SDK failure becomes one of our
 * errors.
 *
 * <p>{@link io.threatengine.onboarding.aws.ClientOptions} is for users. The other types are for this project's own modules.
 */
@NullMarked
package io.threatengine.onboarding.aws;

import org.jspecify.annotations.NullMarked;
