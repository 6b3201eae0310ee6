package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.threatengine.onboarding.testkit.Deviation;
import io.threatengine.onboarding.testkit.contract.Contract;
import io.threatengine.onboarding.testkit.contract.FailsWith;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** An assumption is named and held to: what was assumed is reported as aborted, what is no more so is found. */
class FailsWithTest {

    /** On a backend that deletes once, and races. */
    static class Sample implements Contract {
        @Override
        public Set<Deviation> deviations() {
            return Set.of(Deviation.DELETE_TWICE, Deviation.CONCURRENT_WRITES);
        }

        @Test
        @FailsWith({Deviation.NO_BACKUPS, Deviation.DELETE_TWICE})
        void failsAsItSays() {
            fail("deleted twice");
        }

        @Test
        @FailsWith(Deviation.DELETE_TWICE)
        void passesInSpiteOfIt() {}

        @Test
        @FailsWith(Deviation.NO_BACKUPS)
        void failsForAnotherReason() {
            fail("not because of what this backend does");
        }

        @Test
        @FailsWith(Deviation.NO_BACKUPS)
        void passesElsewhere() {}

        @Test
        @FailsWith(Deviation.CONCURRENT_WRITES)
        void mayPassByChance() {}
    }

    @Test
    void whatIsAssumedIsAbortedWithItsReasonAndMustBeTrue() {
        var results = new TreeMap<String, TestExecutionResult>();

        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(Sample.class))
                                .build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                                if (test.isTest()) {
                                    results.put(test.getDisplayName(), result);
                                }
                            }
                        });

        var statuses = new TreeMap<String, Status>();
        results.forEach((test, result) -> statuses.put(test, result.getStatus()));
        assertThat(statuses)
                .isEqualTo(Map.of(
                        "failsAsItSays()", Status.ABORTED,
                        "passesInSpiteOfIt()", Status.FAILED,
                        "failsForAnotherReason()", Status.FAILED,
                        "passesElsewhere()", Status.SUCCESSFUL,
                        "mayPassByChance()", Status.ABORTED));
        assertThat(results.get("failsAsItSays()").getThrowable().orElseThrow())
                .hasMessageContaining(Deviation.DELETE_TWICE.sentence());
        assertThat(results.get("passesInSpiteOfIt()").getThrowable().orElseThrow())
                .hasMessageContaining(Deviation.DELETE_TWICE.sentence());
    }
}
