/**
 * The set-up of what the library needs around it: planned, applied and verified. The modules of the services implement
 * {@link io.threatengine.onboarding.setup.Setup}; the types here say what they found and did.
 */
@NullMarked
package io.threatengine.onboarding.setup;

import org.jspecify.annotations.NullMarked;
