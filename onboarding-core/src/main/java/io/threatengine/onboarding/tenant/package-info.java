/** Tenants: the customers whose cloud accounts are onboarded. */
@NullMarked
package io.threatengine.onboarding.tenant;

import org.jspecify.annotations.NullMarked;
