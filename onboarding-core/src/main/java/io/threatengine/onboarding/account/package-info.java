/** Cloud accounts: what is onboarded, scanned and, in the end, offboarded. */
@NullMarked
package io.threatengine.onboarding.account;

import org.jspecify.annotations.NullMarked;
