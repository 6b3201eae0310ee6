/** Shared by this project's own modules; not for users, and free to change. */
@NullMarked
package io.threatengine.onboarding.internal;

import org.jspecify.annotations.NullMarked;
