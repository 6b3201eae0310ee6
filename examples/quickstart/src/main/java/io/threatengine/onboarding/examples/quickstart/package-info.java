/** The library in one screen. */
@NullMarked
package io.threatengine.onboarding.examples.quickstart;

import org.jspecify.annotations.NullMarked;
