package io.threatengine.onboarding.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.threatengine.onboarding.benchmarks.ClaimRun.Load;
import io.threatengine.onboarding.benchmarks.ClaimRun.Measured;
import io.threatengine.onboarding.schedule.DueIndex;
import io.threatengine.onboarding.testkit.EmbeddedAws;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the load harness counts, on a load that is small enough to know what it has to be. */
class ClaimRunTest {
    private static EmbeddedAws aws;

    @BeforeAll
    static void start() {
        aws = EmbeddedAws.start();
    }

    @AfterAll
    static void stop() {
        aws.close();
    }

    @Test
    void aRunIsTwoWritesAndAShareOfOnePage() throws InterruptedException {
        Measured measured = new ClaimRun(aws).measure(new Load(DueIndex.LEGACY, 1, 20, 10));
        assertThat(measured.writesPerRun()).isEqualTo(2);
        assertThat(measured.refusedPerRun()).isZero();
        assertThat(measured.lost()).isZero();
        // two looks that bring ten each, of 20 and 10 rows, and one that finds nothing
        assertThat(measured.queriesPerRun()).isEqualTo(3 / 20.0);
        assertThat(measured.rowsPerRun()).isEqualTo(30 / 20.0);
        assertThat(measured.writeUnitsPerRun()).isEqualTo(32);
        assertThat(measured.claimsPerSecond()).isGreaterThan(measured.runsPerSecond());
    }
}
