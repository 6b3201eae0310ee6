package io.threatengine.onboarding.testkit.contract;

import io.threatengine.onboarding.testkit.Deviation;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The assumption of a test of a {@link Contract}: AWS does it, and on a backend with one of these deviations the test fails. There
 * it is run all the same, and must fail; then it is reported as aborted, with the deviation's {@linkplain Deviation#sentence()
 * sentence}. If it passes, it fails: the deviation is no more, or the test does not need it. A test that fails with a
 * {@linkplain Deviation#isRace() race} may pass by chance, and is not run there.
 *
 * <pre>{@code
 * @Test
 * @FailsWith(Deviation.DELETE_TWICE)
 * default void deletingTwiceIsDeletingOnce() {
 *     assertThat(vault().delete(key)).isEqualTo(vault().delete(key));
 * }
 * }</pre>
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ExpectedFailures.class)
public @interface FailsWith {

    /** The deviations, any of which the test fails with. */
    Deviation[] value();
}
