/** Cloud providers: which clouds a tenant uses, and what an account number is in each. */
@NullMarked
package io.threatengine.onboarding.provider;

import org.jspecify.annotations.NullMarked;
