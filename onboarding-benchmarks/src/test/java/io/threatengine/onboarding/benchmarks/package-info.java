/**
 * How fast the vault's cache is, and how it behaves when the service is slow or fails, beside others; and what claims of due
 * schedules cost.
 */
@NullMarked
package io.threatengine.onboarding.benchmarks;

import org.jspecify.annotations.NullMarked;
