package io.threatengine.onboarding.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.error.InvalidValueException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunTest {
    private static final List<RunStatus> ALL =
            List.of(RunStatus.PENDING, RunStatus.RUNNING, RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED);

    @Test
    void theLifeCycleIsPendingRunningAndOneOfThreeEnds() {
        Map<RunStatus, Set<RunStatus>> leads = Map.of(
                RunStatus.PENDING, Set.of(RunStatus.RUNNING),
                RunStatus.RUNNING, Set.of(RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED));
        for (RunStatus from : ALL) {
            for (RunStatus to : ALL) {
                if (leads.getOrDefault(from, Set.of()).contains(to)) {
                    assertThat(from.become(to, "execution", "e1")).isEqualTo(to);
                } else {
                    assertThatExceptionOfType(IllegalTransitionException.class)
                            .isThrownBy(() -> from.become(to, "execution", "e1"))
                            .withMessage("The execution e1 is " + from + " and cannot become " + to + ".");
                }
            }
        }
    }

    @Test
    void anUnknownStatusMayLeadToAnyButTheFirst() {
        var unknown = new RunStatus("queued elsewhere");

        assertThat(unknown.isFinal()).isFalse();
        assertThat(unknown.become(RunStatus.COMPLETED, "scan", "s1")).isEqualTo(RunStatus.COMPLETED);
        assertThatExceptionOfType(IllegalTransitionException.class)
                .isThrownBy(() -> unknown.become(RunStatus.PENDING, "scan", "s1"));
    }

    @Test
    void aRunBeginsPendingOrRunning() {
        assertThat(RunStatus.PENDING.requireFirst()).isEqualTo(RunStatus.PENDING);
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(RunStatus.COMPLETED::requireFirst);
    }

    @ParameterizedTest
    @CsvSource({"-1,0,0,0", "1,-1,0,0", "1,0,-1,0", "1,0,0,-1", "1,1,1,0", "2,1,1,1", "1,9223372036854775807,1,0"})
    void countsFitEachOther(long total, long passed, long failed, long errors) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> Checks.of(total, passed, failed, errors));
        assertThatNoException().isThrownBy(() -> new Checks(total, passed, failed, errors));
    }

    @Test
    void checksThatWereLeftOutCountInTheTotalAlone() {
        assertThat(Checks.of(10, 3, 2)).isEqualTo(new Checks(10, 3, 2, 0));
    }
}
