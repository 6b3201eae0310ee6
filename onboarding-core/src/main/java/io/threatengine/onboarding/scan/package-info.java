/** Scan results: what came of the scans of accounts. */
@NullMarked
package io.threatengine.onboarding.scan;

import org.jspecify.annotations.NullMarked;
