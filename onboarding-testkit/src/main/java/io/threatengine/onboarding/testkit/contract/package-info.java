/**
 * What every implementation of the ports must do, as test suites: a test class implements one of these interfaces and says
 * what to test.
 *
 * <pre>{@code
 * class MyTenantRepositoryTest implements TenantRepositoryContract {
 *     @Override
 *     public OnboardingStorage storage() {
 *         return myStorage;
 *     }
 * }
 * }</pre>
 *
 * <p>The suites use fresh random names, so that they may run on storage that holds other rows.
 */
@NullMarked
package io.threatengine.onboarding.testkit.contract;

import org.jspecify.annotations.NullMarked;
