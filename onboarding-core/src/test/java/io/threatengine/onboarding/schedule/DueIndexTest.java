package io.threatengine.onboarding.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.error.InvalidValueException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DueIndexTest {
    @Test
    void whatItSaysIsReadBack() {
        assertThat(DueIndex.parse("x", "legacy")).isEqualTo(DueIndex.LEGACY);
        assertThat(DueIndex.parse("x", "Sharded:16")).isEqualTo(DueIndex.sharded(16));
        assertThat(DueIndex.parse("x", DueIndex.sharded(256).toString())).isEqualTo(DueIndex.sharded(256));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "sharded", "sharded:", "sharded:0", "sharded:257", "sharded:-1", "sharded:9999", "both"})
    void anythingElseIsRefused(String text) {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> DueIndex.parse("x", text));
    }

    @Test
    void idsSpreadOverAllShardsAndStayWhereTheyAre() {
        DueIndex index = DueIndex.sharded(16);
        int[] counts = new int[16];
        IntStream.range(0, 16_000).forEach(i -> counts[index.shardOf(ScheduleId.of("schedule-" + i))]++);

        assertThat(IntStream.of(counts).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(800, 1_200));
        // stored rows depend on it
        assertThat(IntStream.range(0, 5).map(i -> index.shardOf(ScheduleId.of("schedule-" + i))))
                .containsExactly(8, 10, 13, 13, 14);
    }
}
