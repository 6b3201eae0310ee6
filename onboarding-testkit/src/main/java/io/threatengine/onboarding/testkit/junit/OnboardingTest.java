package io.threatengine.onboarding.testkit.junit;

import io.threatengine.onboarding.testkit.Backend;
import io.threatengine.onboarding.testkit.ContainerOptions;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class storage and a vault of its own, as parameters of its constructor and methods: {@code Onboarding}, the
 * repositories, {@code CredentialVault}, {@code OnboardingStorage}, {@code OnboardingSettings}, {@code SettableClock}, {@code Faults}, {@code CallRecorder}, {@code Fixtures},
 * {@code PythonRows} or the
 * whole {@code Workspace}; on the embedded backend also {@code EmbeddedAws}, on all that speak an AWS protocol {@code TestAws}, for their SDK clients; and {@code Backend}.
 * The methods of a class share tables and secrets unless {@link #isolation} says otherwise; the clock stands still until the
 * test moves it. Works on JUnit 5 and 6.
 *
 * <pre>{@code
 * @OnboardingTest
 * class BillingTest {
 *     @Test
 *     void billsTheTenant(Onboarding onboarding) {
 *         Tenant tenant = onboarding.tenants().create("acme");
 *     }
 * }
 * }</pre>
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnboardingExtension.class)
public @interface OnboardingTest {

    /** What the tests run on. One backend is started for all test classes that ask for it. */
    On value() default On.EMBEDDED;

    /** Who shares tables and secrets. */
    Isolation isolation() default Isolation.CLASS;

    /** What tests run on. */
    enum On {
        /** DynamoDB, Secrets Manager and KMS in this JVM, behind real SDK clients. */
        EMBEDDED,
        /** Maps in this JVM. */
        MEMORY,
        /**
         * A container of LocalStack or of a compatible image, one for the whole run, {@linkplain ContainerOptions#fromEnvironment()
         * as the environment says}; the tests are skipped where there is no engine or no image.
         */
        CONTAINER,
        /** What runs at {@code ONBOARDING_TEST_ENDPOINT}; the tests are skipped where nothing does. */
        ENDPOINT,
        /** {@linkplain Backend#auto() The nearest to AWS that is there}, which a line in the log names. */
        AUTO
    }

    /** Who shares tables and secrets. */
    enum Isolation {
        /** The test methods of a class, nested classes included. */
        CLASS,
        /** Nobody: each test method has its own, and the constructor that method's (of JUnit before 5.12, the class's). */
        METHOD
    }
}
