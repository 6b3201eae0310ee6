package io.threatengine.onboarding.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.threatengine.onboarding.account.Account;
import io.threatengine.onboarding.account.AccountId;
import io.threatengine.onboarding.error.IllegalTransitionException;
import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.provider.ProviderId;
import io.threatengine.onboarding.provider.ProviderType;
import io.threatengine.onboarding.run.RunOutcome;
import io.threatengine.onboarding.storage.Revision;
import io.threatengine.onboarding.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    private static final Instant NOW = Instant.parse("2026-11-24T08:17:00.123456Z");
    private static final Account ACCOUNT = Account.builder()
            .id(AccountId.of("a"))
            .tenantId(TenantId.of("t"))
            .providerId(ProviderId.of("p"))
            .name("production")
            .createdAt(NOW)
            .updatedAt(NOW)
            .revision(Revision.first(NOW))
            .build();
    private static final Duration HOUR = Duration.ofHours(1);

    private final Schedule hourly = Schedule.created(newSchedule(Recurrence.every(HOUR)), NOW);

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT59S", "PT60.5S", "-PT1H", "PT87672H1S", "PT9223372036854775807S"})
    void anIntervalIsAMinuteToTenYearsInWholeSeconds(String interval) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> Recurrence.every(Duration.parse(interval)))
                .satisfies(e -> assertThat(e.field()).isEqualTo("interval"));
    }

    @Test
    void whatAnotherEngineWroteIsShownAsItIsAndJudgedWhenItIsUsed() {
        List<Recurrence> odd = List.of(
                new Recurrence.Interval(Duration.ofSeconds(5)),
                new Recurrence.OneTime(null),
                new Recurrence.Unknown(new ScheduleType("lunar")));

        assertThat(odd).allSatisfy(recurrence -> {
            assertThatExceptionOfType(InvalidValueException.class).isThrownBy(recurrence::check);
            assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> hourly.reschedule(recurrence, NOW));
        });
        Schedule lunar = hourly.toBuilder().type(new ScheduleType("lunar")).build();
        assertThat(lunar.recurrence()).isEqualTo(new Recurrence.Unknown(new ScheduleType("lunar")));
    }

    @Test
    void onceIsDueOnce() {
        Recurrence once = Recurrence.once(NOW.plusSeconds(1));

        assertThat(once.nextAfter(NOW)).contains(NOW.plusSeconds(1));
        assertThat(once.nextAfter(NOW.plusSeconds(1))).isEmpty();
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> Recurrence.once(Instant.MAX));
    }

    @Test
    void aPausedScheduleKeepsWhatItKnowsAndStaysPausedWhenRescheduled() {
        Schedule paused = hourly.pause();

        assertThat(paused.enabled()).isFalse();
        assertThat(paused.nextRunAt()).isEqualTo(hourly.nextRunAt());
        assertThat(paused.pause()).isEqualTo(paused);
        Schedule slower = paused.reschedule(Recurrence.every(HOUR.multipliedBy(6)), NOW);
        assertThat(slower.enabled()).isFalse();
        assertThat(slower.nextRunAt()).contains(NOW.plus(HOUR.multipliedBy(6)));

        assertThat(slower.resume(NOW.plus(HOUR)).nextRunAt()).contains(NOW.plus(HOUR.multipliedBy(7)));
        Schedule once = paused.reschedule(Recurrence.once(NOW.plus(HOUR)), NOW);
        assertThat(once.nextRunAt()).contains(NOW.plus(HOUR));
        assertThat(once.resume(NOW).nextRunAt()).contains(NOW.plus(HOUR));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> once.resume(NOW.plus(HOUR)))
                .withMessageContaining("must be due at some time after");
    }

    @Test
    void aScheduleThatDoesNotKnowWhenItIsDueLearnsItWhenItIsResumed() {
        Schedule legacy = hourly.toBuilder().nextRunAt(null).build();

        assertThat(legacy.resume(NOW).nextRunAt()).contains(NOW.plus(HOUR));
        assertThat(hourly.resume(NOW.plus(HOUR))).isEqualTo(hourly);
    }

    @Test
    void aScheduleMadePausedIsDueOnlyWhenItIsResumed() {
        Schedule paused = Schedule.created(
                NewSchedule.builder(ACCOUNT, ProviderType.AWS, "later", Recurrence.every(HOUR))
                        .enabled(false)
                        .build(),
                NOW);

        assertThat(paused.status()).isEqualTo(ScheduleStatus.PAUSED);
        assertThat(paused.enabled()).isFalse();
        assertThat(paused.nextRunAt()).contains(NOW.plus(HOUR));
        assertThat(paused.resume(NOW.plusSeconds(1)).nextRunAt())
                .contains(NOW.plus(HOUR).plusSeconds(1));
    }

    @Test
    void whatIsOverIsNotResumedAndSaysSo() {
        Schedule over = Schedule.created(newSchedule(Recurrence.once(NOW.plusSeconds(1))), NOW)
                .ran(RunOutcome.SUCCEEDED, NOW.plusSeconds(2));

        assertThatExceptionOfType(IllegalTransitionException.class)
                .isThrownBy(() -> over.resume(NOW))
                .satisfies(e -> assertThat(e.from()).contains("over"));
        assertThat(over.reschedule(Recurrence.every(HOUR), NOW).resume(NOW).enabled())
                .isTrue();
    }

    @Test
    void aScheduleThatOthersCallPausedThoughItIsEnabledIsActiveOnceItIsResumed() {
        Schedule odd = hourly.toBuilder().status(ScheduleStatus.PAUSED).build();

        assertThat(odd.resume(NOW).status()).isEqualTo(ScheduleStatus.ACTIVE);
    }

    @Test
    void whatRecursOtherwiseThanByCronGoesByNoTimeZone() {
        Schedule nightly = Schedule.created(newSchedule(Recurrence.every(HOUR)), NOW).toBuilder()
                .type(ScheduleType.CRON)
                .cronExpression("0 2 * * *")
                .timeZone("Europe/Berlin")
                .build();

        assertThat(nightly.reschedule(Recurrence.every(HOUR), NOW).timeZone()).isEqualTo("UTC");
    }

    @Test
    void anIntervalCountsFromWhenItWasDueHoweverLateItsRunsAre() {
        Recurrence recurrence = Recurrence.every(HOUR);

        assertThat(recurrence.nextAfter(NOW, NOW)).contains(NOW.plus(HOUR));
        assertThat(recurrence.nextAfter(NOW, NOW.plusSeconds(3_599))).contains(NOW.plus(HOUR));
        assertThat(recurrence.nextAfter(NOW, NOW.plus(HOUR))).contains(NOW.plus(HOUR.multipliedBy(2)));
        assertThat(recurrence.nextAfter(NOW, NOW.plus(HOUR.multipliedBy(30)).plusNanos(1)))
                .contains(NOW.plus(HOUR.multipliedBy(31)));
        assertThat(recurrence.nextAfter(NOW, NOW.minus(HOUR))).contains(NOW);
    }

    @Test
    void theLastRunNeverGoesBack() {
        Schedule ran = hourly.ran(RunOutcome.FAILED, NOW).ran(RunOutcome.SUCCEEDED, NOW.minusSeconds(1));

        assertThat(ran.lastRunAt()).contains(NOW);
        assertThat(ran.runCount()).isEqualTo(2);
    }

    @Test
    void aRunCountsWhateverCameOfIt() {
        Schedule ran = hourly.ran(RunOutcome.FAILED, NOW).ran(RunOutcome.SUCCEEDED, NOW.plusSeconds(1));

        assertThat(ran.runCount()).isEqualTo(2);
        assertThat(ran.failureCount()).isEqualTo(1);
        assertThat(ran.successCount()).isEqualTo(1);
        assertThat(ran.lastRunAt()).contains(NOW.plusSeconds(1));
        assertThat(ran.enabled()).isTrue();
        assertThat(ran.nextRunAt()).isEqualTo(hourly.nextRunAt());
    }

    @Test
    void namedChangesChangeOneThing() {
        assertThat(hourly.rename("other").name()).isEqualTo("other");
        assertThat(hourly.describe("words").description()).isEqualTo("words");
        assertThat(hourly.withRegions(List.of("r")).regions()).containsExactly("r");
        assertThat(hourly.withServices(List.of("s")).services()).containsExactly("s");
        assertThat(hourly.withoutServices(List.of("x")).excludedServices()).containsExactly("x");
        assertThat(hourly.notifying(true, false).notifyOnSuccess()).isTrue();
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> hourly.rename(" "));
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> hourly.withRegions(List.of("")));
    }

    @Test
    void listsAreCopied() {
        var regions = new ArrayList<>(List.of("one"));
        NewSchedule made = NewSchedule.builder(ACCOUNT, ProviderType.AWS, "copied", Recurrence.every(HOUR))
                .regions(regions)
                .build();
        Schedule restored = hourly.toBuilder().regions(regions).build();

        regions.add("two");

        assertThat(made.regions()).containsExactly("one");
        assertThat(restored.regions()).containsExactly("one");
    }

    private static NewSchedule newSchedule(Recurrence recurrence) {
        return NewSchedule.of(ACCOUNT, ProviderType.AWS, "nightly", recurrence);
    }
}
