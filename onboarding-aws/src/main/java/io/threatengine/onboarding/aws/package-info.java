/**
 * What the modules over AWS share: how the SDK clients that we open behave, and how an SDK failure becomes one of our
 * errors. For this project's own modules, not for users.
 */
@NullMarked
package io.threatengine.onboarding.aws;

import org.jspecify.annotations.NullMarked;
