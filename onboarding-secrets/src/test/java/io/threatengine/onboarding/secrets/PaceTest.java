package io.threatengine.onboarding.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.error.OperationInterruptedException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
    @Test
    void callersWaitForEachOtherAndNotForThePast() {
        var pace = new Pace(10);
        long now = System.nanoTime() + TimeUnit.HOURS.toNanos(1);

        assertThat(pace.reserve(now)).isZero();
        assertThat(pace.reserve(now)).isEqualTo(10);
        assertThat(pace.reserve(now + 5)).isEqualTo(15);
        assertThat(pace.reserve(now + 100)).isZero();
        assertThat(pace.reserve(now + 101)).isEqualTo(9);
    }

    @Test
    void aCallerThatIsInterruptedStops() {
        var pace = new Pace(TimeUnit.HOURS.toNanos(1));
        pace.await();
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(OperationInterruptedException.class).isThrownBy(pace::await);
        assertThat(Thread.interrupted()).isTrue();
    }
}
